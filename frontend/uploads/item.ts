import { announce } from "../announce";
import { element, icon } from "../dom";
import { t } from "../strings";
import { accompany } from "./film";
import { memoryOf } from "./memory";
import { Resumable, type Sent } from "./resumable";

// Smaller ones are there before one could press pause.
const WORTH_PAUSING = 4 * 1024 * 1024;

/** One line of a composer's list of files: its progress, and what can be done about it. */
export function uploadItem(form: HTMLFormElement, file: File, token: string): HTMLElement {
  const name = file.name;
  const bar = element("progress", { max: "100", value: "0", "aria-label": name });
  const state = element("span", { class: "upload__state faint" });
  const remove = button("x", t("upload_remove", { name }), { "data-remove": "" });
  const pause = button("pause", t("upload_pause", { name }));
  const buttons = element("span", { class: "upload__buttons" }, ...(file.size > WORTH_PAUSING ? [pause] : []), remove);
  const progress = element("div", { class: "upload__progress" }, bar, state);
  const item = element("li", { class: "upload", "data-busy": "" }, element("span", { class: "upload__picture" }, icon("file-text")), element("span", { class: "upload__name" }, name), progress, buttons);
  let isPaused = false;

  const say = (text: string): void => void (state.textContent = text);
  const memory = memoryOf(file, form.dataset.uploadUrl!, form.dataset.draft ?? "");
  if (memory.address) announce(t("upload_continued", { name }));
  const transfer = new Resumable(file, form.dataset.uploadUrl!, token, {
    progress(sent, total) {
      bar.value = total ? (sent / total) * 100 : 100;
      say(sent === total ? t("upload_finishing") : `${Math.floor(bar.value)} %`);
    },
    waiting: () => say(t("upload_waiting")),
    failed(reason) {
      const text = t("upload_failed", { name, reason: reason ?? t("upload_network") });
      delete item.dataset.busy;
      pause.remove();
      progress.replaceWith(element("p", { class: "upload__error" }, text));
      announce(text);
    },
    done(sent) {
      delete item.dataset.busy;
      pause.remove();
      progress.remove();
      show(item, form, file, sent, token);
      announce(t("upload_done", { name }));
      form.dispatchEvent(new Event("input", { bubbles: true }));
    },
  }, memory);

  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    pause.replaceChildren(icon(isPaused ? "play" : "pause"));
    pause.setAttribute("aria-label", t(isPaused ? "upload_resume" : "upload_pause", { name }));
    if (!isPaused) return transfer.resume();
    transfer.pause();
    say(t("upload_paused"));
  });
  remove.addEventListener("click", () => "busy" in item.dataset && transfer.abandon());
  transfer.start();
  return item;
}

function show(item: HTMLElement, form: HTMLFormElement, file: File, sent: Sent, token: string): void {
  item.dataset.id = sent.id;
  item.append(element("input", { type: "hidden", name: "attachments", value: sent.id }));
  if (sent.media_type.startsWith("video/")) return void accompany(item, form, file, sent, token);
  if (sent.width === null || !sent.media_type.startsWith("image/")) return;
  // The page's own host, whatever address the installation gives itself.
  showPicture(item, `${new URL(sent.url).pathname}?size=320`);
  const label = t("upload_alternative");
  const field = element("input", { class: "input upload__alternative", name: `alternative_${sent.id}`, maxlength: "500", placeholder: label, "aria-label": label });
  const decorative = element("label", { class: "upload__decorative" }, element("input", { type: "checkbox", name: `decorative_${sent.id}` }), ` ${t("upload_decorative")}`);
  item.querySelector(".upload__name")!.after(element("div", { class: "upload__about" }, field, decorative));
}

export function showPicture(item: HTMLElement, address: string): void {
  item.querySelector(".upload__picture")?.replaceWith(element("img", { class: "upload__picture", src: address, alt: "" }));
}

export function button(symbol: string, label: string, attributes: Record<string, string> = {}): HTMLButtonElement {
  return element("button", { class: "icon-button icon-button--small", type: "button", "aria-label": label, ...attributes }, icon(symbol));
}
