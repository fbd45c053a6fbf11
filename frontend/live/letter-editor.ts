/** Where a letter of the outbox is written again: its title, if it has one, and its text. */

import { t } from "../strings.ts";
import type { Letter } from "./letters.ts";

const WRITTEN = ["title", "body"] as const;

export function editor(letter: Letter, done: (fields: [string, string][]) => void): HTMLDialogElement {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-label", t("outbox_edit"));
  const form = document.createElement("form");
  form.className = "dialog__body stack";
  form.method = "dialog";
  if (letter.reason) form.append(paragraph(letter.reason));
  const inputs = WRITTEN.filter((name) => letter.fields.some(([field]) => field === name)).map((name) => field(letter, name));
  const [save, cancel] = [button(t("outbox_save"), "primary"), button(t("outbox_cancel"), "quiet")];
  const actions = document.createElement("div");
  actions.className = "form-actions";
  actions.append(save, cancel);
  cancel.addEventListener("click", () => dialog.close());
  save.addEventListener("click", () => {
    const texts = new Map(inputs.map((input) => [input.name, input.value]));
    done(letter.fields.map(([name, value]) => [name, texts.get(name) ?? value]));
    dialog.close();
  });
  form.append(...inputs.map((input) => input.parentElement!), actions);
  dialog.append(form);
  return dialog;
}

function field(letter: Letter, name: (typeof WRITTEN)[number]): HTMLInputElement | HTMLTextAreaElement {
  const input = document.createElement(name === "body" ? "textarea" : "input");
  input.className = name === "body" ? "input input--area" : "input";
  input.name = name;
  input.value = letter.fields.find(([field]) => field === name)?.[1] ?? "";
  if (input instanceof HTMLTextAreaElement) input.rows = 8;
  const label = document.createElement("label");
  label.className = "field";
  const caption = document.createElement("span");
  caption.className = "field__label";
  caption.textContent = t(name === "body" ? "outbox_text" : "outbox_title");
  label.append(caption, input);
  return input;
}

function paragraph(text: string): HTMLElement {
  const element = document.createElement("p");
  element.className = "field__error";
  element.textContent = text;
  return element;
}

function button(label: string, kind: string): HTMLButtonElement {
  const element = document.createElement("button");
  element.type = "button";
  element.className = `button button--${kind}`;
  element.textContent = label;
  return element;
}
