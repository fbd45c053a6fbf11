import type { Kept } from "./saved-draft";

// What belongs to the sending, not to what is said.
const NOT_SAID = ["csrfmiddlewaretoken", "id", "base", "space", "body", "title", "version", "_method"];

/** What a composer holds beside its text: files, a poll, an hour. Two states that say the same are equal texts. */
export function beside(form: HTMLFormElement): string {
  const said = [...new FormData(form)].filter(([name, value]) => !NOT_SAID.includes(name) && typeof value === "string" && value.trim());
  return JSON.stringify(said);
}

/** Whether there is something beside the text that would be missed. A choice of how results are shown is nothing by itself. */
export function carries(form: HTMLFormElement): boolean {
  const data = new FormData(form);
  return data.has("attachments") || data.getAll("poll_option").some((value) => String(value).trim());
}

/** Put back what a draft carries: fields by their names, each as often as it was typed, and its files. */
export function putBeside(form: HTMLFormElement, { fields = {}, files = "" }: Kept): void {
  for (const [name, values] of Object.entries(fields)) fill(form, name, values);
  for (const details of form.querySelectorAll("details[data-extra]"))
    if (Object.keys(fields).some((name) => details.querySelector(`input[name="${name}"]:not([type=checkbox])`))) details.setAttribute("open", "");
  const list = form.querySelector("[data-uploads]");
  if (!list || !files) return;
  const parsed = new DOMParser().parseFromString(files, "text/html");
  const here = new Set([...list.querySelectorAll<HTMLElement>("[data-id]")].map((item) => item.dataset.id));
  for (const item of parsed.querySelectorAll<HTMLElement>("li[data-id]")) if (!here.has(item.dataset.id)) list.append(document.adoptNode(item));
}

function fill(form: HTMLFormElement, name: string, values: string[]): void {
  const fields = (): HTMLInputElement[] => [...form.querySelectorAll<HTMLInputElement>(`[name="${name}"]`)];
  const more = fields()[0]?.closest("details")?.querySelector<HTMLButtonElement>("[data-add-choice]");
  for (let missing = values.length - fields().length; missing > 0 && more && fields()[0]?.type !== "checkbox"; missing--) more.click();
  fields().forEach((field, at) => {
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (values[at] !== undefined) field.value = values[at];
  });
}
