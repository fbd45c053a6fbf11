import { announce } from "../announce";
import { element } from "../dom";
import { t } from "../strings";

/** Ask once for what images show; who presses again sends them as they are. */
document.addEventListener("submit", (event) => {
  const form = event.target as HTMLFormElement;
  if (!form.matches("form[data-composer]") || (event as SubmitEvent).submitter?.hasAttribute("formnovalidate")) return;
  const silent = [...form.querySelectorAll<HTMLInputElement>(".upload__alternative")].filter((field) => !field.value.trim() && !field.closest(".upload")!.querySelector<HTMLInputElement>(".upload__decorative input")?.checked);
  const asked = form.dataset.asked ?? "", now = silent.map((field) => field.name).join();
  if (!silent.length || asked === now) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.dataset.asked = now;
  const text = `${t("describe", { count: silent.length })} ${t("describe_anyway")}`;
  const list = form.querySelector("[data-uploads]")!;
  list.querySelector(".upload__reminder")?.remove();
  list.append(element("li", { class: "upload__reminder" }, text));
  announce(text);
  silent[0]!.focus();
}, { capture: true });

document.addEventListener("input", (event) => {
  const field = event.target as Element;
  if (field.matches(".upload__alternative, .upload__decorative input")) field.closest("form")?.querySelector(".upload__reminder")?.remove();
});
