import { beforeEach, expect, test, vi } from "vitest";
import { attachAll } from "../behavior";
import "./draft";
import "./uuid";

const KEY = "parvis-draft:post";

function compose(value = ""): HTMLFormElement {
  document.body.innerHTML = `<form data-composer data-draft="post"><input type="hidden" name="id" data-uuid>
    <textarea name="body" data-text>${value}</textarea><span data-draft-state></span><ul data-uploads></ul></form>`;
  attachAll(document);
  return document.querySelector("form")!;
}

function type(form: HTMLFormElement, text: string): void {
  form.querySelector("textarea")!.value = text;
  form.dispatchEvent(new Event("input", { bubbles: true }));
  vi.runAllTimers();
}

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
});

test("what was typed is there after a reload, under the same id", () => {
  const form = compose();
  const id = form.querySelector("input")!.value;
  type(form, "Half a thought");
  const again = compose();
  expect(again.querySelector("textarea")!.value).toBe("Half a thought");
  expect(again.querySelector("input")!.value).toBe(id || JSON.parse(localStorage.getItem(KEY)!).id);
});

test("what was sent is forgotten", () => {
  const form = compose();
  type(form, "Sent");
  form.dispatchEvent(new Event("parvis:sent"));
  expect(localStorage.getItem(KEY)).toBeNull();
  expect(form.querySelector("textarea")!.value).toBe("");
});

test("an entry on the page proves that its draft arrived", () => {
  localStorage.setItem(KEY, JSON.stringify({ body: "Arrived", id: "abc" }));
  document.body.innerHTML = '<article id="entry-abc"></article>';
  attachAll(document);
  expect(localStorage.getItem(KEY)).toBeNull();
});
