import { behavior } from "../behavior";
import { insertText } from "../dom";
import { t } from "../strings";
import { makesLink } from "./switcher";

const AROUND: Record<string, [string, string]> = { bold: ["**", "**"], italic: ["*", "*"], code: ["`", "`"] };
const BEFORE: Record<string, string> = { heading: "## ", list: "- ", quote: "> " };
const KEYS: Record<string, string> = { b: "bold", i: "italic", k: "link", e: "code" };

behavior("[data-composer]", (form) => {
  const field = form.querySelector<HTMLTextAreaElement>("[data-text]");
  if (!field) return;
  form.querySelector("[data-toolbar]")?.addEventListener("click", (event) => {
    const tool = (event.target as Element).closest<HTMLElement>("[data-tool]")?.dataset.tool;
    if (tool) apply(field, tool);
  });
  field.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
    const tool = KEYS[event.key.toLowerCase()];
    if (!tool || (tool === "link" && !makesLink(field))) return;
    event.preventDefault();
    apply(field, tool);
  });
});

export function apply(field: HTMLTextAreaElement, tool: string): void {
  const { selectionStart: start, selectionEnd: end } = field;
  const chosen = field.value.slice(start, end);
  const around = AROUND[tool];
  if (around) {
    insertText(field, around[0] + chosen + around[1], start, end);
    field.setSelectionRange(start + around[0].length, start + around[0].length + chosen.length);
  } else if (tool === "link") {
    const text = chosen || t("link_text");
    insertText(field, `[${text}](https://)`, start, end);
    const caret = start + text.length + 3;
    field.setSelectionRange(caret, caret + "https://".length);
  } else if (tool === "mention") {
    insertText(field, /(^|\s)$/.test(field.value.slice(0, start)) ? "@" : " @", start, end);
  } else if (BEFORE[tool]) {
    const lineStart = field.value.lastIndexOf("\n", start - 1) + 1;
    const lines = field.value.slice(lineStart, end).split("\n");
    insertText(field, lines.map((line) => BEFORE[tool] + line).join("\n"), lineStart, end);
  }
}
