import { expect, test, vi } from "vitest";
import "./print";
import { start } from "../behavior";

test("a button prints the page", () => {
  const print = vi.spyOn(window, "print").mockImplementation(() => undefined);
  document.body.innerHTML = '<button type="button" data-print>Print</button>';
  start();
  document.querySelector("button")?.click();
  expect(print).toHaveBeenCalledOnce();
});
