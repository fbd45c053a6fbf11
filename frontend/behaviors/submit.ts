/** A form marked data-once travels once: a second press while it does so is nothing. */
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  // Without a connection the outbox of frontend/live takes it.
  if (!form.matches("form[data-once]") || !navigator.onLine) return;
  const isTaken = form.dataset.sending !== undefined || form.querySelector(".upload[data-busy]") !== null;
  if (!isTaken) return hold(form);
  // Before htmx hears of it.
  event.preventDefault();
  event.stopImmediatePropagation();
}, { capture: true });

document.addEventListener("htmx:finally:request", (event) => {
  // A form that its own answer took away tells the document instead.
  const form = event.target as HTMLElement | Document;
  if (!(form instanceof HTMLElement) || !form.matches("form[data-once]")) return;
  release(form);
  const status = (event as CustomEvent).detail?.ctx?.response?.status as number | undefined;
  if (status && status < 300) form.dispatchEvent(new Event("parvis:sent", { bubbles: true }));
});

addEventListener("pageshow", () => document.querySelectorAll<HTMLElement>("form[data-once]").forEach(release));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || event.defaultPrevented) return;
  const form = (event.target as Element).closest<HTMLFormElement>("form[data-composer]");
  if (!form || !(event.ctrlKey || event.metaKey || sendsByEnter(form, event))) return;
  event.preventDefault();
  form.requestSubmit();
});

/** In a conversation Enter sends, as in the chat; on a phone it begins a line, since there is a button to send. */
function sendsByEnter(form: HTMLElement, event: KeyboardEvent): boolean {
  const isPlain = !event.shiftKey && !event.altKey && (event.target as Element).matches("textarea");
  return isPlain && form.dataset.enterSends !== undefined && !matchMedia("(pointer: coarse)").matches;
}

function hold(form: HTMLElement): void {
  form.dataset.sending = "";
  form.setAttribute("aria-busy", "true");
}

function release(form: HTMLElement): void {
  delete form.dataset.sending;
  form.removeAttribute("aria-busy");
}
