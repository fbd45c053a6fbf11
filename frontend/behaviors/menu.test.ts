import { expect, test, vi } from "vitest";
import { unfold } from "./menu";

vi.mock("../htmx", () => ({ default: { process: vi.fn() } }));

test("what it holds is there once it opens, also where it came by a swap", () => {
  const menu = document.createElement("div");
  const folded = document.createElement("noscript");
  folded.innerHTML = '<a class="menu__item" href="/there">There</a>';
  menu.append(folded);
  unfold(menu);
  expect(menu.querySelector("a")?.textContent).toBe("There");
  expect(menu.querySelector("noscript")).toBeNull();
  unfold(menu);
  expect(menu.children).toHaveLength(1);
});
