import { announce } from "../announce";
import { behavior } from "../behavior";
import { element, insertText } from "../dom";
import { t } from "../strings";
import { caretPosition } from "./caret";
import { type Suggestion, type Wish, wishAt } from "./mention-sources";
import { collapse, expand } from "./mention-text";

const PAUSE_MS = 120;

behavior("[data-composer]", (form) => {
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
    const one = found[index];
    const wish = wishAt(form, field);
    if (!one || !wish) return;
    insertText(field, `${collapse(form, one.insert)} `, field.selectionStart - wish.query.length - 1, field.selectionStart);
    one.onPick?.();
    close();
  };
  const look = async (wish: Wish): Promise<void> => {
    const mine = ++latest;
    const answer = await wish.find();
    if (mine !== latest || !answer) return;
    found = answer;
    list.replaceChildren(...found.map((one, index) => row(list.id, one, index)));
    list.hidden = found.length === 0;
    if (found.length) {
      mark(0);
      placeAtCaret(list, field);
    }
    if (found.length) announce(t("mention_count", { count: found.length }));
    else if (!wish.isQuiet) announce(t("mention_none"));
  };

  field.addEventListener("input", () => {
    clearTimeout(timer);
    const wish = wishAt(form, field);
    if (!wish) return close();
    timer = setTimeout(() => void look(wish), PAUSE_MS);
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

function row(listId: string, one: Suggestion, index: number): HTMLElement {
  const item = element("li", { class: "suggestion", role: "option", id: `${listId}-${index}`, "aria-selected": "false" });
  if (one.picture_url) item.append(element("img", { src: one.picture_url, alt: "" }));
  if (one.glyph) item.append(one.glyph);
  item.append(element("span", {}, one.name));
  if (one.detail) item.append(element("span", { class: "suggestion__detail" }, one.detail));
  return item;
}
