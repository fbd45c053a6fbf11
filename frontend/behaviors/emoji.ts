import { behavior } from "../behavior";
import { element, insertText } from "../dom";
import { language, t } from "../strings";
import { place } from "./menu";

interface Emoji { emoji: string; name: string; words: string }
interface Group { name: string; emoji: Emoji[] }

const FAVOURITES = ["👍", "❤️", "🎉", "😄", "👏", "🙏", "💡", "👀"];
let groups: Promise<Group[]> | undefined;
let opener: HTMLElement | undefined;

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-emoji-picker]");
  const picker = document.getElementById("emoji-picker");
  if (!button || !picker) return;
  opener = button;
  // A dialog is above everything else in the page: the picker must stand inside it to be reachable.
  const home = button.closest("dialog") ?? document.body;
  if (picker.parentElement !== home) home.append(picker);
  picker.showPopover();
  void show(picker, "").then(() => place(picker, button));
  picker.querySelector("input")?.focus();
});

behavior("#emoji-picker", (picker) => {
  const search = picker.querySelector<HTMLInputElement>("input")!;
  search.addEventListener("input", () => void show(picker, search.value));
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") picker.querySelector<HTMLElement>(".emoji-picker__choice")?.click();
    else return;
    event.preventDefault();
  });
  picker.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState === "open") return;
    search.value = "";
    opener?.focus({ preventScroll: true });
  });
  picker.addEventListener("click", (event) => {
    const emoji = (event.target as Element).closest<HTMLButtonElement>(".emoji-picker__choice")?.value;
    if (emoji) choose(picker, emoji);
  });
});

function choose(picker: HTMLElement, emoji: string): void {
  picker.hidePopover();
  const reactions = opener?.closest<HTMLFormElement>("[data-reactions]");
  if (reactions) {
    const field = element("button", { type: "submit", name: "emoji", value: emoji, hidden: "" });
    reactions.append(field);
    reactions.requestSubmit(field);
    return void setTimeout(() => field.remove());
  }
  const text = opener?.closest("form")?.querySelector<HTMLTextAreaElement>("[data-text]");
  if (text) insertText(text, emoji);
}

async function show(picker: HTMLElement, query: string): Promise<void> {
  const grid = picker.querySelector<HTMLElement>(".emoji-picker__grid")!;
  const none = picker.querySelector<HTMLElement>(".emoji-picker__none")!;
  if (!grid.children.length) grid.replaceChildren(...FAVOURITES.map((emoji) => choice({ emoji, name: emoji, words: "" })));
  groups ??= load(picker);
  const found = filter(await groups, query);
  grid.replaceChildren(...(query ? [] : FAVOURITES.map((emoji) => choice({ emoji, name: emoji, words: "" }))));
  for (const group of found) grid.append(element("h3", {}, group.name), ...group.emoji.map(choice));
  none.textContent = found.length ? "" : t("emoji_none");
}

export function filter(all: Group[], query: string): Group[] {
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  const matches = ({ name, words }: Emoji): boolean => wanted.every((word) => plain(`${name} ${words}`).includes(word));
  return all.map((group) => ({ ...group, emoji: group.emoji.filter(matches) })).filter((group) => group.emoji.length);
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function choice({ emoji, name }: Emoji): HTMLElement {
  return element("button", { type: "button", class: "emoji-picker__choice", value: emoji, "aria-label": name, title: name }, emoji);
}

async function load(picker: HTMLElement): Promise<Group[]> {
  const source = (language().startsWith("fr") ? picker.dataset.sourceFr : picker.dataset.sourceEn) ?? "";
  const answer = await fetch(source).catch(() => null);
  if (!answer?.ok) groups = undefined;
  return answer?.ok ? ((await answer.json()) as Group[]) : [];
}
