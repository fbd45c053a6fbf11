import { expect, test, vi } from "vitest";
import { attachAll } from "../behavior";
import "./print";

test("a button prints the page", () => {
  window.print = vi.fn();
  document.body.innerHTML = '<button type="button" data-print>Print</button>';
  attachAll(document);
  document.querySelector("button")!.click();
  expect(window.print).toHaveBeenCalledOnce();
});
