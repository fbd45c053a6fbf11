import { expect, test } from "vitest";
import { place } from "./place";

function sized(width: number, height: number, box: Partial<DOMRect> = {}): HTMLElement {
  const made = document.createElement("div");
  Object.defineProperty(made, "offsetWidth", { value: width });
  Object.defineProperty(made, "offsetHeight", { value: height });
  made.getBoundingClientRect = () => box as DOMRect;
  return made;
}

test("below its button where there is room", () => {
  const menu = sized(200, 100);
  place(menu, sized(30, 30, { left: 40, right: 70, top: 50, bottom: 80 }));
  expect([menu.style.left, menu.style.top]).toEqual(["40px", "84px"]);
});

test("above it, and inside the window, where there is none", () => {
  const menu = sized(200, 100);
  place(menu, sized(30, 30, { left: innerWidth - 40, right: innerWidth - 10, top: innerHeight - 40, bottom: innerHeight - 10 }));
  expect(menu.style.left).toBe(`${innerWidth - 210}px`);
  expect(menu.style.top).toBe(`${innerHeight - 144}px`);
});
