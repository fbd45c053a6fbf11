import { behavior } from "../behavior";
import { csrfToken, element, icon } from "../dom";
import { t } from "../strings";
import { button, uploadItem } from "../uploads/item";
import { type Begun, forget, interrupted } from "../uploads/memory";

/** Files by picker, paste or drop, each sent in parts while one writes on. */
behavior("[data-composer][data-upload-url]", (holder) => {
  const form = holder as HTMLFormElement;
  const list = form.querySelector<HTMLElement>("[data-uploads]");
  const picker = form.querySelector<HTMLInputElement>("[data-files]");
  if (!list) return;
  const add = (files: Iterable<File>): void => {
    for (const file of files) {
      [...list.querySelectorAll<HTMLElement>("[data-interrupted]")].find((item) => item.dataset.interrupted === file.name)?.remove();
      list.append(uploadItem(form, file, csrfToken(form)));
    }
  };
  for (const begun of interrupted(form.dataset.uploadUrl!, form.dataset.draft ?? "")) list.append(reminder(begun));

  picker?.addEventListener("change", () => {
    add(picker.files ?? []);
    picker.value = "";
  });
  form.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files;
    if (!files?.length) return;
    event.preventDefault();
    add(files);
  });
  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    form.dataset.dragging = "";
  });
  form.addEventListener("dragleave", (event) => {
    if (!form.contains(event.relatedTarget as Node | null)) delete form.dataset.dragging;
  });
  form.addEventListener("drop", (event) => {
    delete form.dataset.dragging;
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    add(event.dataTransfer.files);
  });
  list.addEventListener("click", (event) => {
    const item = (event.target as Element).closest("[data-remove]")?.closest(".upload");
    item?.remove();
    if (item) form.dispatchEvent(new Event("input", { bubbles: true }));
  });
});

/** A page cannot open a file again by itself: whoever chose it has to. */
function reminder(begun: Begun): HTMLElement {
  const remove = button("x", t("upload_remove", { name: begun.name }), { "data-remove": "" });
  remove.addEventListener("click", () => forget(begun.key));
  return element("li", { class: "upload", "data-interrupted": begun.name }, element("span", { class: "upload__picture" }, icon("history")), element("span", { class: "upload__name" }, t("upload_interrupted", { name: begun.name })), element("span", { class: "upload__buttons" }, remove));
}
