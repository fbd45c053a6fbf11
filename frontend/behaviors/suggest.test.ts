import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { attachAll } from "../behavior";
import "./suggest";

const OPTIONS = '<li role="option" data-url="/people/1">Alice</li><li role="option" data-url="/search?q=al">All</li>';

beforeEach(() => {
  vi.useFakeTimers();
  Element.prototype.scrollIntoView = () => undefined;
  vi.stubGlobal("fetch", vi.fn(async () => new Response(OPTIONS)));
  document.body.innerHTML = '<form><input data-suggest="/s" aria-controls="l" aria-expanded="false"><ul id="l" hidden></ul></form>';
  attachAll(document);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function type(text: string): Promise<HTMLInputElement> {
  const field = document.querySelector("input")!;
  field.focus();
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await vi.advanceTimersByTimeAsync(200);
  return field;
}

const press = (field: HTMLElement, key: string): boolean =>
  field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

it("asks once one pauses, and says which option is chosen", async () => {
  const field = await type("al");
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(field.getAttribute("aria-expanded")).toBe("true");
  press(field, "ArrowDown");
  expect(field.getAttribute("aria-activedescendant")).toBe("l-0");
  press(field, "ArrowUp");
  expect(field.hasAttribute("aria-activedescendant")).toBe(false);
  press(field, "ArrowUp");
  expect(field.getAttribute("aria-activedescendant")).toBe("l-1");
});

it("closes with Escape, and lets Enter send what was typed when nothing is chosen", async () => {
  const field = await type("al");
  expect(press(field, "Enter")).toBe(true);
  press(field, "Escape");
  expect(field.getAttribute("aria-expanded")).toBe("false");
  expect(document.getElementById("l")!.hidden).toBe(true);
});
