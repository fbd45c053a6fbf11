/** Words of the behaviours, translated by the server and printed by the layout as JSON. */
let words: Record<string, string> | undefined;

function load(): Record<string, string> {
  // A page with an island prints its words beside those of every page.
  const holders = document.querySelectorAll("#strings, [data-strings]");
  return Object.assign({}, ...[...holders].map((holder) => JSON.parse(holder.textContent || "{}") as object)) as Record<string, string>;
}

export function t(key: string, values: Record<string, string | number> = {}): string {
  words ??= load();
  const plural = typeof values.count === "number" ? words[`${key}_${pluralForm(values.count)}`] : undefined;
  const text = plural ?? words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

export function language(): string {
  return document.documentElement.lang || "en";
}

function pluralForm(count: number): string {
  return new Intl.PluralRules(language()).select(count) === "one" ? "one" : "other";
}

export function forgetStrings(): void {
  words = undefined;
}
