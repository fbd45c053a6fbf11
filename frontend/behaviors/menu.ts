import { behavior } from "../behavior";
import htmx from "../htmx";
import { place } from "../place";

behavior("[data-menu], .emoji-picker", (element) => {
  element.addEventListener("beforetoggle", () => unfold(element), { once: true });
  element.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState !== "open") return;
    const anchor = document.querySelector<HTMLElement>(`[popovertarget="${element.id}"]`);
    if (element.matches("[data-menu]") && anchor) place(element, anchor);
    element.querySelector<HTMLElement>("a, button")?.focus({ preventScroll: true });
  });
  if (element.matches("[data-menu]")) element.addEventListener("keydown", (event) => walk(element, event));
  element.addEventListener("click", (event) => {
    const chosen = (event.target as Element).closest(".menu__item");
    if (chosen && element.matches(":popover-open")) element.hidePopover();
  });
});

/** What a menu holds is text for whoever has scripts, and becomes a part of the page when it is wanted. */
export function unfold(menu: HTMLElement): void {
  const folded = menu.querySelector(":scope > noscript");
  if (!folded) return;
  menu.innerHTML = folded.innerHTML;
  htmx.process(menu);
}

function walk(menu: HTMLElement, event: KeyboardEvent): void {
  const items = [...menu.querySelectorAll<HTMLElement>("a, button")];
  const now = items.indexOf(document.activeElement as HTMLElement);
  const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: items.length - 1 }[event.key];
  if (next === undefined || items.length === 0) return;
  event.preventDefault();
  items[(next + items.length) % items.length]?.focus();
}
