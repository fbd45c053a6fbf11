/** The composer is the product's own (components/composer.html): the page holds a blank one, copied for each place. */
import { uuid7 } from "../../behaviors/uuid.ts";
import type { Attachment, FileIn } from "./model/types.ts";

/** What stands for a conversation's id in the blank one. */
const BLANK = "00000000-0000-0000-0000-000000000000";

export interface Written { id: string; body: string; files: FileIn[]; attachments: Attachment[]; urgent: string }

export function composerFor(room: string, key: string): HTMLFormElement | null {
  const blank = document.querySelector<HTMLTemplateElement>("#chat-composer");
  if (!blank) return null;
  const holder = document.createElement("template");
  holder.innerHTML = blank.innerHTML.replaceAll(`chat-${BLANK}`, key).replaceAll(BLANK, room);
  const form = holder.content.querySelector("form");
  form?.setAttribute("data-chat", key);
  return form;
}

/** To change what is said already: no draft, no files, and it ends with Save or Escape. */
export function editorFor(room: string, id: string, body: string, save: string): HTMLFormElement | null {
  const form = composerFor(room, `change-${id}`);
  if (!form) return null;
  for (const name of ["data-draft", "data-draft-url", "data-upload-url"]) form.removeAttribute(name);
  form.querySelector("[data-files]")?.closest("label")?.remove();
  // What is said already has called whom it called.
  form.querySelector("[data-arrivals]")?.remove();
  form.dataset.edits = id;
  form.querySelector<HTMLTextAreaElement>("[data-text]")!.value = body;
  const label = form.querySelector(".composer__bar [type=submit] span");
  if (label) label.textContent = save;
  return form;
}

export const fieldOf = (form: ParentNode | null): HTMLTextAreaElement | null => form?.querySelector<HTMLTextAreaElement>("[data-text]") ?? null;

export const isBusy = (form: HTMLElement): boolean => form.querySelector(".upload[data-busy]") !== null;

export function written(form: HTMLFormElement): Written | null {
  const data = new FormData(form);
  const body = String(data.get("body") ?? "").trim();
  const ids = data.getAll("attachments").map(String);
  if (!body && !ids.length) return null;
  const files = ids.map((id) => ({ id, alternative_text: String(data.get(`alternative_${id}`) ?? ""), is_decorative: data.has(`decorative_${id}`) }));
  return { id: String(data.get("id") || uuid7()), body, files, attachments: files.map((file) => attachmentOf(form, file)), urgent: String(data.get("urgent_reason") ?? "").trim() };
}

/** The form is empty again, for the next message: its draft goes, and it takes another id. */
export function begin(form: HTMLFormElement): void {
  form.dispatchEvent(new Event("parvis:sent", { bubbles: true }));
  fieldOf(form)?.dispatchEvent(new Event("input", { bubbles: true }));
}

function attachmentOf(form: HTMLFormElement, file: FileIn): Attachment {
  const row = form.querySelector<HTMLElement>(`.upload[data-id="${file.id}"]`);
  const picture = row?.querySelector<HTMLImageElement>("img.upload__picture");
  return {
    id: file.id, name: row?.querySelector(".upload__name")?.textContent ?? "", media_type: picture ? "image/*" : "", size_bytes: 0,
    width: picture ? picture.naturalWidth || 320 : null, height: picture ? picture.naturalHeight || 240 : null,
    url: picture ? picture.src.split("?")[0]! : "#", alternative_text: file.alternative_text,
  };
}

/** Enter makes a new line on a touch keyboard, and inside a block of code. */
export function entersLine(field: HTMLTextAreaElement): boolean {
  const isTouch = typeof matchMedia === "function" && matchMedia("(pointer: coarse) and (hover: none)").matches;
  return isTouch || field.value.slice(0, field.selectionStart).split("```").length % 2 === 0;
}
