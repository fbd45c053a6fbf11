import { element } from "../dom";
import { catalogue, completions, used } from "../emoji-catalogue";
import { glyph } from "./emoji";

export interface Suggestion { id: string; name: string; insert: string; detail?: string; picture_url?: string | null; glyph?: Node | string; onPick?: () => void }

/** What is being written at the caret, and who knows how it may go on. */
export interface Wish { query: string; isQuiet: boolean; find: () => Promise<Suggestion[] | null> }

const QUERY = /(?:^|[\s(])@([\p{L}\p{N}][\p{L}\p{N}'’. -]{0,40})?$/u;
const TOPIC = /(?:^|[\s(])#([\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]{0,40})$/u;
// From two letters on: ":p" and ":D" are smileys already.
const EMOJI = /(?:^|[\s(]):([\p{L}\p{N}+][\p{L}\p{M}\p{N}_+-]{1,30})$/u;

export function wishAt(form: HTMLElement, field: HTMLTextAreaElement): Wish | null {
  const { suggestUrl, topicsUrl } = form.dataset;
  const person = suggestUrl ? wanted(field) : null;
  if (person !== null) return { query: person, isQuiet: false, find: () => ask(form, suggestUrl!, person) };
  const topic = topicsUrl ? wantedTopic(field) : null;
  if (topic !== null) return { query: topic, isQuiet: false, find: () => ask(form, topicsUrl!, topic) };
  const emoji = wantedEmoji(field);
  return emoji !== null ? { query: emoji, isQuiet: true, find: () => emojiFor(emoji) } : null;
}

async function ask(form: HTMLElement, address: string, query: string): Promise<Suggestion[] | null> {
  const url = new URL(address, location.href);
  const space = (form as HTMLFormElement).elements.namedItem("space") as HTMLSelectElement | HTMLInputElement | null;
  if (space?.value) url.searchParams.set("space", space.value);
  url.searchParams.set("q", query.trim());
  const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return null;
  const body = (await answer.json()) as Suggestion[] | { results: Suggestion[] };
  return Array.isArray(body) ? body : body.results;
}

async function emojiFor(query: string): Promise<Suggestion[]> {
  return completions(await catalogue(), query).map((one) => ({
    id: one.emoji,
    name: one.name,
    insert: one.emoji,
    detail: one.code ? `:${one.code}:` : "",
    glyph: element("span", { class: "suggestion__glyph", "aria-hidden": "true" }, glyph(one)),
    onPick: () => void used(one.emoji),
  }));
}

/** What stands between the last @ and the caret; null where nobody is being mentioned. */
export function wanted(field: HTMLTextAreaElement): string | null {
  const match = QUERY.exec(field.value.slice(0, field.selectionStart));
  return match ? (match[1] ?? "") : null;
}

/** What stands between the last # and the caret; null where no topic is being written. A lone # may become a heading. */
export function wantedTopic(field: HTMLTextAreaElement): string | null {
  return TOPIC.exec(field.value.slice(0, field.selectionStart))?.[1] ?? null;
}

/** What stands between the last colon and the caret; null where it is no emoji that is being written. */
export function wantedEmoji(field: HTMLTextAreaElement): string | null {
  return EMOJI.exec(field.value.slice(0, field.selectionStart))?.[1] ?? null;
}
