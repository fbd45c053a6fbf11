import { announce } from "../announce";
import { behavior } from "../behavior";
import { element, insertText } from "../dom";
import { t } from "../strings";
import { caretPosition } from "./caret";
import { collapse, expand } from "./mention-text";

interface Suggestion { id: string; name: string; insert: string; detail?: string; picture_url?: string | null }

const QUERY = /(?:^|[\s(])@([\p{L}\p{N}][\p{L}\p{N}'’. -]{0,40})?$/u;
const TOPIC = /(?:^|[\s(])#([\p{L}\p{N}_][\p{L}\p{M}\p{N}_-]{0,40})$/u;
const PAUSE_MS = 120;

behavior("[data-composer][data-suggest-url]", (form) => {
  const field = form.querySelector<HTMLTextAreaElement>("[data-text]");
  const list = form.querySelector<HTMLElement>(".suggestions");
  if (!field || !list) return;
  let found: Suggestion[] = [];
  let chosen = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let latest = 0;
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);

  const close = (): void => {
    list.hidden = true;
    latest += 1;
    field.removeAttribute("aria-activedescendant");
  };
  const mark = (index: number): void => {
    chosen = (index + found.length) % found.length;
    [...list.children].forEach((item, at) => item.setAttribute("aria-selected", String(at === chosen)));
    const item = list.children[chosen];
    item?.scrollIntoView({ block: "nearest" });
    if (item) field.setAttribute("aria-activedescendant", item.id);
  };
  const pick = (index: number): void => {
    const person = found[index];
    const query = wanted(field) ?? wantedTopic(field);
    if (!person || query === null) return;
    insertText(field, `${collapse(form, person.insert)} `, field.selectionStart - query.length - 1, field.selectionStart);
    close();
  };
  const look = async (address: string, query: string): Promise<void> => {
    const mine = ++latest;
    const url = new URL(address, location.href);
    const space = (form as HTMLFormElement).elements.namedItem("space") as HTMLSelectElement | HTMLInputElement | null;
    if (space?.value) url.searchParams.set("space", space.value);
    url.searchParams.set("q", query.trim());
    const answer = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
    if (mine !== latest || !answer?.ok) return;
    const body = (await answer.json()) as Suggestion[] | { results: Suggestion[] };
    found = Array.isArray(body) ? body : body.results;
    list.replaceChildren(...found.map((person, index) => row(list.id, person, index)));
    list.hidden = found.length === 0;
    if (found.length) {
      mark(0);
      placeAtCaret(list, field);
    }
    announce(found.length ? t("mention_count", { count: found.length }) : t("mention_none"));
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    const person = wanted(field);
    const topic = form.dataset.topicsUrl ? wantedTopic(field) : null;
    const query = person ?? topic;
    if (query === null) return close();
    const address = person !== null ? form.dataset.suggestUrl! : form.dataset.topicsUrl!;
    timer = setTimeout(() => void look(address, query), PAUSE_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(chosen + 1);
    else if (event.key === "ArrowUp") mark(chosen - 1);
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") pick(chosen);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  field.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const item = (event.target as Element).closest("[role=option]");
    if (item) pick([...list.children].indexOf(item));
  });
});

// Every composer, also one where nobody can be suggested: an edited text may hold mentions.
behavior("[data-composer]", (form) => {
  const field = form.querySelector<HTMLTextAreaElement>("[data-text]");
  if (!field) return;
  field.value = collapse(form, field.value);
  form.addEventListener("formdata", (event) => event.formData.set(field.name, expand(form, field.value)));
});

function placeAtCaret(list: HTMLElement, field: HTMLTextAreaElement): void {
  const caret = caretPosition(field);
  const room = field.offsetWidth - list.offsetWidth - 8;
  list.style.left = `${Math.max(8, Math.min(caret.left - 24, room))}px`;
  list.style.top = `${caret.top + caret.height + 4}px`;
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

function row(listId: string, person: Suggestion, index: number): HTMLElement {
  const item = element("li", { class: "suggestion", role: "option", id: `${listId}-${index}`, "aria-selected": "false" });
  if (person.picture_url) item.append(element("img", { src: person.picture_url, alt: "" }));
  item.append(element("span", {}, person.name));
  if (person.detail) item.append(element("span", { class: "suggestion__detail" }, person.detail));
  return item;
}
