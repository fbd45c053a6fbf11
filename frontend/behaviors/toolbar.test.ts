import { beforeEach, expect, test } from "vitest";
import { apply } from "./toolbar";

let field: HTMLTextAreaElement;

beforeEach(() => {
  document.body.innerHTML = "<textarea></textarea>";
  field = document.querySelector("textarea")!;
});

function write(text: string, from = 0, to = text.length): void {
  field.value = text;
  field.setSelectionRange(from, to);
}

test("what is chosen becomes bold and stays chosen", () => {
  write("a gate", 2, 6);
  apply(field, "bold");
  expect(field.value).toBe("a **gate**");
  expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe("gate");
});

test("every chosen line becomes a point of the list", () => {
  write("one\ntwo");
  apply(field, "list");
  expect(field.value).toBe("- one\n- two");
});

test("a link waits for its address", () => {
  write("map");
  apply(field, "link");
  expect(field.value).toBe("[map](https://)");
  expect(field.value.slice(field.selectionStart, field.selectionEnd)).toBe("https://");
});

test("a mention begins after a space", () => {
  write("hello", 5, 5);
  apply(field, "mention");
  expect(field.value).toBe("hello @");
});
