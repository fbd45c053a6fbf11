/** In the field a mention reads "@Ada Lovelace"; what travels and what is kept is "@[Ada Lovelace](person:…)". */
const MARKUP = /@\[([^\]\n]{1,120})\]\(([a-z]+:[0-9a-f-]{8,40})\)/g;
const known = new WeakMap<HTMLElement, Map<string, string>>();

/** Raw text in, readable text out; whom it names is remembered for the way back. */
export function collapse(form: HTMLElement, raw: string): string {
  return raw.replace(MARKUP, (markup: string, name: string) => (learn(form, name, markup) ? `@${name}` : markup));
}

/** Readable text in, raw text out. The longest name first: "@Anna Maria" is not "@Anna". */
export function expand(form: HTMLElement, text: string): string {
  const people = known.get(form);
  if (!people?.size) return text;
  const names = [...people.keys()].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])@(${names.map(escape).join("|")})(?![\\p{L}\\p{N}])`, "gu");
  return text.replace(pattern, (_, name: string) => people.get(name)!);
}

/** Two people of one name cannot both be "@Name": the second keeps its markup. */
function learn(form: HTMLElement, name: string, markup: string): boolean {
  const people = known.get(form) ?? new Map<string, string>();
  known.set(form, people);
  if (people.has(name)) return people.get(name) === markup;
  people.set(name, markup);
  return true;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
