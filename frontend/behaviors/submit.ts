import { t } from "../strings";
import { showToast } from "./toast";

/** A form marked data-once travels once: a second press does nothing, and without a connection it waits for one. */
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches("form[data-once]")) return;
  const isTaken = form.dataset.sending !== undefined || form.querySelector(".upload[data-busy]") !== null;
  if (!isTaken && navigator.onLine) return hold(form);
  // Before htmx hears of it.
  event.preventDefault();
  event.stopImmediatePropagation();
  if (isTaken) return;
  form.dataset.waiting = "";
  showToast(t("offline"));
}, { capture: true });

document.addEventListener("htmx:finally:request", (event) => {
  // A form that its own answer took away tells the document instead.
  const form = event.target as HTMLElement | Document;
  if (!(form instanceof HTMLElement) || !form.matches("form[data-once]")) return;
  release(form);
  const status = (event as CustomEvent).detail?.ctx?.response?.status as number | undefined;
  if (status && status < 300) form.dispatchEvent(new Event("parvis:sent", { bubbles: true }));
});

addEventListener("online", () => {
  document.querySelectorAll<HTMLFormElement>("form[data-waiting]").forEach((form) => {
    delete form.dataset.waiting;
    form.requestSubmit();
  });
});
addEventListener("pageshow", () => document.querySelectorAll<HTMLElement>("form[data-once]").forEach(release));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = (event.target as Element).closest<HTMLFormElement>("form[data-composer]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});

function hold(form: HTMLElement): void {
  form.dataset.sending = "";
  form.setAttribute("aria-busy", "true");
}

function release(form: HTMLElement): void {
  delete form.dataset.sending;
  form.removeAttribute("aria-busy");
}
