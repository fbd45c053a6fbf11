import { announce } from "../announce";
import { behavior } from "../behavior";
import { csrfToken, element, icon } from "../dom";
import { t } from "../strings";

interface Stored { id: string; name: string; is_image?: boolean; url?: string; thumbnail_url?: string | null }

behavior("[data-composer][data-upload-url]", (form) => {
  const list = form.querySelector<HTMLElement>("[data-uploads]");
  const picker = form.querySelector<HTMLInputElement>("[data-files]");
  if (!list) return;
  const add = (files: Iterable<File>): void => [...files].forEach((file) => send(form as HTMLFormElement, list, file));

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
    (event.target as Element).closest("[data-remove]")?.closest(".upload")?.remove();
  });
});

function send(form: HTMLFormElement, list: HTMLElement, file: File): void {
  const bar = element("progress", { max: "100", value: "0", "aria-label": t("upload_progress", { name: file.name, percent: 0 }) });
  const cancel = element("button", { class: "icon-button icon-button--small", type: "button", "data-remove": "", "aria-label": t("upload_remove", { name: file.name }) }, icon("x"));
  const item = element("li", { class: "upload", "data-busy": "" }, element("span", { class: "upload__picture" }, icon("file-text")), element("span", { class: "upload__name" }, file.name), bar, cancel);
  list.append(item);

  const request = new XMLHttpRequest();
  const fail = (reason: string): void => {
    const text = t("upload_failed", { name: file.name, reason });
    delete item.dataset.busy;
    bar.replaceWith(element("p", { class: "upload__error" }, text));
    announce(text);
  };
  request.open("POST", form.dataset.uploadUrl!);
  request.setRequestHeader("X-CSRFToken", csrfToken(form));
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) bar.value = Math.round((event.loaded / event.total) * 100);
  });
  request.addEventListener("error", () => fail(t("upload_network")));
  request.addEventListener("load", () => {
    const body = parse(request.responseText);
    if (request.status >= 300 || !body) return fail(reasonOf(body) ?? String(request.status));
    delete item.dataset.busy;
    show(item, bar, body as unknown as Stored);
    announce(t("upload_done", { name: file.name }));
    form.dispatchEvent(new Event("input", { bubbles: true }));
  });
  cancel.addEventListener("click", () => request.abort());
  const data = new FormData();
  data.append("file", file);
  request.send(data);
}

function show(item: HTMLElement, bar: HTMLElement, stored: Stored): void {
  item.dataset.id = stored.id;
  item.append(element("input", { type: "hidden", name: "attachments", value: stored.id }));
  const picture = stored.thumbnail_url ?? (stored.is_image ? stored.url : null);
  if (picture) item.querySelector(".upload__picture")?.replaceWith(element("img", { class: "upload__picture", src: picture, alt: "" }));
  if (!stored.is_image) return bar.remove();
  const label = t("upload_alternative");
  bar.replaceWith(element("input", { class: "input upload__alternative", name: `alternative_${stored.id}`, maxlength: "500", placeholder: label, "aria-label": label }));
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function reasonOf(body: Record<string, unknown> | null): string | undefined {
  const reason = body?.detail ?? body?.title ?? body?.error;
  return typeof reason === "string" ? reason : undefined;
}
