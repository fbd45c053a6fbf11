/** The few things that every behaviour needs from the page. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string> = {},
  ...children: Array<Node | string>
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function icon(name: string): SVGSVGElement {
  const sprite = document.querySelector("use[href*='icons.svg']")?.getAttribute("href")?.split("#")[0] ?? "";
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}

export function csrfToken(near: ParentNode = document): string {
  const field =
    near.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]") ??
    document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]");
  return field?.value ?? "";
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Put text into a field as if it had been typed: undo keeps working, and listeners hear of it. */
export function insertText(field: HTMLTextAreaElement | HTMLInputElement, text: string, from?: number, to?: number): void {
  const start = from ?? field.selectionStart ?? field.value.length;
  const end = to ?? field.selectionEnd ?? start;
  field.focus();
  field.setSelectionRange(start, end);
  const typed = typeof document.execCommand === "function" && document.execCommand("insertText", false, text);
  if (!typed) {
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
