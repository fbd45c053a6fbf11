import { beforeEach, expect, test, vi } from "vitest";
import { attachAll } from "../behavior";
import { showToast } from "./toast";

beforeEach(() => {
  vi.useFakeTimers();
  document.body.innerHTML = '<div id="toasts"></div><div id="live-announcer"></div>';
});

function shown(): number {
  attachAll(document);
  return document.querySelectorAll(".toast").length;
}

test("a message is announced and goes away", () => {
  showToast("Link copied");
  expect(shown()).toBe(1);
  vi.advanceTimersByTime(100);
  expect(document.getElementById("live-announcer")!.textContent).toBe("Link copied");
  vi.advanceTimersByTime(10_000);
  expect(shown()).toBe(0);
});

test("it stays while somebody points at it", () => {
  showToast("Deleted");
  shown();
  document.querySelector(".toast")!.dispatchEvent(new Event("pointerenter"));
  vi.advanceTimersByTime(60_000);
  expect(shown()).toBe(1);
});

test("it can be closed", () => {
  showToast("Deleted");
  shown();
  document.querySelector<HTMLElement>("[data-dismiss]")!.click();
  expect(shown()).toBe(0);
});
