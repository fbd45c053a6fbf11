import { behavior } from "../behavior";
import { element, insertText } from "../dom";
import { type Emoji, catalogue, filter, recent, remember, toned, used } from "../emoji-catalogue";
import { t } from "../strings";
import { place } from "../place";

let opener: HTMLElement | undefined;
let asked = 0;

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
  picker.querySelector<HTMLElement>("input[type=search]")?.focus();
});

behavior("#emoji-picker", (picker) => {
  const search = picker.querySelector<HTMLInputElement>("input[type=search]")!;
  search.addEventListener("input", () => void show(picker, search.value));
  search.addEventListener("keydown", (event) => {
    const first = picker.querySelector<HTMLElement>(".emoji-picker__choice");
    if (event.key === "Enter") first?.click();
    else if (event.key === "ArrowDown") first?.focus();
    else return;
    event.preventDefault();
  });
  picker.querySelector(".emoji-picker__grid")?.addEventListener("keydown", (event) => walk(picker, event as KeyboardEvent));
  picker.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState === "open") return;
    search.value = "";
    opener?.focus({ preventScroll: true });
  });
  picker.addEventListener("click", (event) => {
    const choice = (event.target as Element).closest<HTMLButtonElement>(".emoji-picker__choice");
    if (choice) choose(picker, choice.value);
  });
  picker.addEventListener("change", (event) => {
    const tone = (event.target as HTMLInputElement).name === "tone" ? Number((event.target as HTMLInputElement).value) : null;
    if (tone === null) return;
    remember({ tone: String(tone) });
    void catalogue().then((all) => {
      all.mine.tone = tone;
      return show(picker, search.value);
    });
  });
});

/** Arrows move among the emoji, as one sees them; above the first line stands the search. */
function walk(picker: HTMLElement, event: KeyboardEvent): void {
  const all = [...picker.querySelectorAll<HTMLElement>(".emoji-picker__choice")];
  const at = all.indexOf(document.activeElement as HTMLElement);
  const here = all[at]?.getBoundingClientRect();
  if (!here) return;
  const below = (one: HTMLElement, sign: number): boolean => (one.getBoundingClientRect().top - here.top) * sign > 4 && Math.abs(one.getBoundingClientRect().left - here.left) < here.width / 2;
  const next = {
    ArrowRight: () => all[at + 1],
    ArrowLeft: () => all[at - 1],
    ArrowDown: () => all.slice(at).find((one) => below(one, 1)) ?? all.at(-1),
    ArrowUp: () => all.slice(0, at).reverse().find((one) => below(one, -1)) ?? picker.querySelector<HTMLElement>("input[type=search]"),
  }[event.key];
  if (!next) return;
  event.preventDefault();
  next()?.focus();
}

function choose(picker: HTMLElement, emoji: string): void {
  picker.hidePopover();
  void used(emoji);
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
  const mine = ++asked;
  const grid = picker.querySelector<HTMLElement>(".emoji-picker__grid")!;
  const all = await catalogue();
  if (mine !== asked) return;
  const { tone } = all.mine;
  const radio = picker.querySelector<HTMLInputElement>(`input[name=tone][value="${tone}"]`);
  if (radio) radio.checked = true;
  const found = filter([{ name: t("emoji_ours"), emoji: all.ours }, ...all.groups], query);
  const shown = query ? found : [{ name: t("emoji_recent"), emoji: recent(all) }, ...found];
  grid.replaceChildren(...shown.flatMap((group) => [element("h3", {}, group.name), ...group.emoji.map((one) => choice(one, tone))]));
  grid.scrollTop = 0;
  picker.querySelector(".emoji-picker__none")!.textContent = found.length ? "" : t("emoji_none");
}

function choice(one: Emoji, tone: number): HTMLElement {
  const emoji = toned(one, tone);
  return element("button", { type: "button", class: "emoji-picker__choice", value: emoji, "aria-label": one.name, title: one.code ? `${one.name} · :${one.code}:` : one.name }, glyph({ ...one, emoji }));
}

/** What an emoji looks like; a moving one stands still where motion is not wanted. */
export function glyph({ emoji, url, still }: Emoji): Node | string {
  if (!url) return emoji;
  const image = element("img", { class: "emoji", src: url, alt: "", loading: "lazy" });
  return still ? element("picture", {}, element("source", { srcset: still, media: "(prefers-reduced-motion: reduce)" }), image) : image;
}
