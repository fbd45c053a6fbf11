import { announce } from "../announce";
import { behavior } from "../behavior";
import { csrfToken, element, icon } from "../dom";
import { t } from "../strings";

const SHOWN_FOR_MS = 7000;

behavior("[data-toast]", (toast) => {
  if (!toast.closest("#toasts")) return;
  let timer = setTimeout(() => toast.remove(), SHOWN_FOR_MS);
  // Who points at it or stands in it with the keyboard is reading it.
  const hold = (): void => clearTimeout(timer);
  const release = (): void => void (timer = setTimeout(() => toast.remove(), SHOWN_FOR_MS));
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusout", release);
  toast.querySelector("[data-dismiss]")?.addEventListener("click", () => toast.remove());
  toast.querySelector("[data-undo]")?.addEventListener("click", () => void undo(toast));
});

async function undo(toast: HTMLElement): Promise<void> {
  const url = toast.dataset.undoUrl;
  toast.remove();
  if (!url) return;
  const answer = await fetch(url, { method: "POST", headers: { "X-CSRFToken": csrfToken() } }).catch(() => null);
  if (!answer?.ok) return showToast(t("error"), "danger");
  if (answer.redirected) location.href = answer.url;
  else location.reload();
}

export function showToast(text: string, tone: "" | "danger" = ""): void {
  const close = element("button", { class: "toast__close", type: "button", "data-dismiss": "", "aria-label": t("close") }, icon("x"));
  const message = element("p", { class: "toast__text" }, text);
  const toast = element("div", { class: `toast${tone && ` toast--${tone}`}`, "data-toast": "" }, message, close);
  document.getElementById("toasts")?.append(toast);
  announce(text);
}
