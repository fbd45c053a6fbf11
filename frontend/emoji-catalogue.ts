import { csrfToken } from "./dom";
import { language } from "./strings";

/** An emoji of the chooser: a character, or `:name:` with the picture of the organization's own. */
export interface Emoji { emoji: string; name: string; words: string; code?: string; tones?: 1; url?: string; still?: string }
export interface Group { name: string; emoji: Emoji[] }
interface Custom { name: string; url: string; still: string }
interface Mine { tone: number; recent: string[]; custom: Custom[] }
export interface Catalogue { groups: Group[]; ours: Emoji[]; mine: Mine }

const TONES = ["", "🏻", "🏼", "🏽", "🏾", "🏿"];
const FAVOURITES = ["👍", "❤️", "🎉", "😄", "👏", "🙏", "💡", "👀"];
const NOTHING: Mine = { tone: 0, recent: [], custom: [] };
let loading: Promise<Catalogue> | undefined;

/** Both are fetched when they are first needed: most pages need neither. */
export function catalogue(): Promise<Catalogue> {
  return (loading ??= load());
}

async function load(): Promise<Catalogue> {
  const { sourceEn, sourceFr, mineUrl } = document.getElementById("emoji-picker")?.dataset ?? {};
  const source = language().startsWith("fr") ? sourceFr : sourceEn;
  const [groups, mine] = await Promise.all([fetched<Group[]>(source), fetched<Mine>(mineUrl)]);
  if (!groups || !mine) loading = undefined;
  const ours = (mine?.custom ?? []).map(({ name, url, still }) => ({ emoji: `:${name}:`, name: name.replace(/[-_]/g, " "), words: name, code: name, url, still }));
  return { groups: groups ?? [], ours, mine: mine ?? NOTHING };
}

async function fetched<T>(url: string | undefined): Promise<T | null> {
  const answer = url ? await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null) : null;
  return answer?.ok ? ((await answer.json()) as T) : null;
}

/** What one used last; what one is likely to use, until then. */
export function recent({ groups, ours, mine }: Catalogue): Emoji[] {
  const known = new Map([...ours, ...groups.flatMap((group) => group.emoji)].map((one) => [one.emoji, one]));
  return [...new Set([...mine.recent, ...FAVOURITES])]
    .filter((emoji) => known.has(emoji) || !emoji.startsWith(":"))
    .slice(0, 16)
    .map((emoji) => known.get(emoji) ?? { emoji, name: emoji, words: "" });
}

export function toned({ emoji, tones }: Emoji, tone: number): string {
  const first = [...emoji][0] ?? "";
  return tones && tone ? first + TONES[tone] + emoji.slice(first.length).replace(/^\uFE0F/, "") : emoji;
}

export function filter(all: Group[], query: string): Group[] {
  const wanted = plain(query).split(/[\s:_-]+/).filter(Boolean);
  const matches = ({ name, words }: Emoji): boolean => {
    const text = plain(`${name} ${words}`);
    return wanted.every((word) => text.includes(word));
  };
  return all.map((group) => ({ ...group, emoji: group.emoji.filter(matches) })).filter((group) => group.emoji.length);
}

/** The best few for what was typed after a colon: one's organization's first, then by how the word begins. */
export function completions({ groups, ours, mine }: Catalogue, query: string, most = 8): Emoji[] {
  const [wanted] = [plain(query)];
  const rank = ({ name, code, words }: Emoji): number =>
    [code, name].some((text) => plain(text ?? "").startsWith(wanted)) ? 0 : plain(words).split(" ").some((word) => word.startsWith(wanted)) ? 1 : 2;
  const found = filter([{ name: "", emoji: ours }, ...groups], query).flatMap((group) => group.emoji);
  return found
    .map((one, at) => ({ one: { ...one, emoji: toned(one, mine.tone) }, order: rank(one) * 10_000 + at }))
    .sort((a, b) => a.order - b.order)
    .slice(0, most)
    .map(({ one }) => one);
}

export function remember(what: Record<string, string>): void {
  const url = document.getElementById("emoji-picker")?.dataset.mineUrl;
  if (!url) return;
  const body = new FormData();
  for (const [name, value] of Object.entries(what)) body.append(name, value);
  void fetch(url, { method: "POST", body, keepalive: true, headers: { "X-CSRFToken": csrfToken() } }).catch(() => null);
}

export async function used(emoji: string): Promise<void> {
  remember({ used: emoji });
  const { mine } = await catalogue();
  mine.recent = [emoji, ...mine.recent.filter((one) => one !== emoji)];
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
