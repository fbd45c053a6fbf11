import { behavior } from "../behavior";
import { isTyping } from "../dom";
import { openDialog } from "./dialog";

const GO: Record<string, string> = { h: "home", i: "inbox", d: "directory", s: "search", c: "chat" };
let waitsForPlace = false;
let chosen = "";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (document.querySelector("dialog[open], [popover]:popover-open")) return;
  if (waitsForPlace) {
    waitsForPlace = false;
    const place = document.querySelector<HTMLElement>(".shortcuts")?.dataset[GO[event.key] ?? ""];
    if (place) location.href = place;
    return;
  }
  if (act(event.key)) event.preventDefault();
});

function act(key: string): boolean {
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1);
  if (key === "Enter") return open();
  if (key === "u") return mark();
  if (key === "?") return openDialog("shortcuts"), true;
  if (key === "n") return press("[data-new]") || focus(".composer [data-text]");
  if (key === "/") return focus("input[type=search]") || go("search");
  if (key === "g") {
    waitsForPlace = true;
    setTimeout(() => (waitsForPlace = false), 1500);
    return true;
  }
  return false;
}

export function move(step: number): boolean {
  const cards = [...document.querySelectorAll<HTMLElement>("main [data-card]")];
  const now = cards.findIndex((card) => "selected" in card.dataset);
  const next = cards[Math.min(cards.length - 1, Math.max(0, now + step))];
  if (!next) return false;
  if (now >= 0) delete cards[now]!.dataset.selected;
  choose(next);
  next.scrollIntoView({ block: "center", behavior: "smooth" });
  return true;
}

function choose(card: HTMLElement): void {
  chosen = card.id;
  card.dataset.selected = "";
  card.tabIndex = -1;
  card.focus({ preventScroll: true });
}

/** A card that is renewed while it is selected, because somebody reacted, say, stays so. */
behavior("[data-card]", (card) => {
  const wasLost = document.activeElement === document.body && !document.querySelector("[data-card][data-selected]");
  if (card.id && card.id === chosen && wasLost) choose(card);
});

function open(): boolean {
  const card = document.querySelector<HTMLElement>("[data-card][data-selected]");
  if (!card?.dataset.url || document.activeElement !== card) return false;
  location.href = card.dataset.url;
  return true;
}

function mark(): boolean {
  const button = document.querySelector<HTMLElement>("[data-card][data-selected] [data-mark]");
  button?.click();
  return button !== null;
}

function press(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.click();
  return found !== null;
}

function focus(selector: string): boolean {
  const found = document.querySelector<HTMLElement>(selector);
  found?.focus();
  return found !== null;
}

function go(name: string): boolean {
  const place = document.querySelector<HTMLElement>(".shortcuts")?.dataset[name];
  if (place) location.href = place;
  return Boolean(place);
}
