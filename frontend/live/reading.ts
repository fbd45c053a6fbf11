/** What somebody is reading or writing is not moved, and not taken away. */

const WRITABLE = "textarea, select, input:not([type=button]):not([type=submit]):not([type=checkbox]):not([type=radio]):not([type=hidden]), [contenteditable]:not([contenteditable=false])";

/** Would replacing this element disturb somebody: text being written, an open menu, a selection? */
export function isInUse(element: HTMLElement): boolean {
  const active = document.activeElement;
  if (active && element.contains(active) && active.matches(WRITABLE)) return true;
  if (element.querySelector("[data-in-use], dialog[open], details[open][data-menu], [popover]:popover-open")) return true;
  for (const recording of element.querySelectorAll<HTMLMediaElement>("video, audio")) if (recording.paused === false && !recording.ended) return true;
  for (const field of element.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>("textarea, input[type=text], input:not([type])"))
    if (field.value !== field.defaultValue) return true;
  return isSelectedIn(element);
}

function isSelectedIn(element: HTMLElement): boolean {
  const selection = document.getSelection();
  return Boolean(selection && !selection.isCollapsed && selection.anchorNode && element.contains(selection.anchorNode));
}

/** Do something to `element` while what is being read stays where it is on the screen, and focus stays too. */
export async function undisturbed(element: HTMLElement, change: () => Promise<void>): Promise<void> {
  const anchor = readingPoint(element);
  const before = anchor?.getBoundingClientRect().top ?? 0;
  const focus = focusWithin(element);
  await change();
  focus();
  if (!anchor?.isConnected) return;
  const moved = anchor.getBoundingClientRect().top - before;
  if (Math.abs(moved) > 1) window.scrollBy({ top: moved, behavior: "instant" });
}

/** The first thing in sight that is not about to change, below an element that is above it. */
function readingPoint(changing: HTMLElement): Element | null {
  if (changing.getBoundingClientRect().top >= 0) return null;
  const x = Math.min(window.innerWidth / 2, 400);
  for (let y = 80; y < window.innerHeight; y += 60) {
    const found = document.elementFromPoint?.(x, y);
    if (found && !changing.contains(found) && !found.contains(changing)) return found;
  }
  return null;
}

/** Remember which control inside has the focus; the returned function gives it to its successor. */
function focusWithin(element: HTMLElement): () => void {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || !element.contains(active)) return () => {};
  const { id } = element;
  const path = pathTo(active, element);
  return () => {
    const successor = id ? document.getElementById(id) : element.isConnected ? element : null;
    const twin = (active.id && document.getElementById(active.id)) || follow(path, successor);
    if (twin instanceof HTMLElement) twin.focus({ preventScroll: true });
  };
}

function pathTo(inner: Element, outer: Element): number[] {
  const path: number[] = [];
  for (let at: Element | null = inner; at && at !== outer; at = at.parentElement)
    path.unshift(at.parentElement ? [...at.parentElement.children].indexOf(at) : 0);
  return path;
}

function follow(path: number[], from: Element | null): Element | null {
  let at = from;
  for (const index of path) at = at?.children[index] ?? null;
  return at;
}
