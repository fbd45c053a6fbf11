import { announce } from "../../announce.ts";
import { element } from "../../dom.ts";
import { t } from "../../strings.ts";

const TIME_MS = 6_000;

/** Do it in a moment, unless somebody thinks better of it; at once when the page is left. */
export function undoable(text: string, undo: () => void, commit: () => void): void {
  const button = element("button", { type: "button", class: "toast__action" }, t("undo"));
  const toast = element("div", { class: "toast" }, element("p", { class: "toast__text" }, text), button);
  const end = (does: () => void): void => {
    clearTimeout(timer);
    removeEventListener("pagehide", now);
    toast.remove();
    does();
  };
  const now = (): void => end(commit);
  const timer = setTimeout(now, TIME_MS);
  addEventListener("pagehide", now);
  button.addEventListener("click", () => end(undo));
  document.getElementById("toasts")?.append(toast);
  announce(text);
}
