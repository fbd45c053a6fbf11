import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { attachAll } from "../behavior";
import { isCalm } from "../calm";
import "./calm";

const answer = (until: string | null): void => {
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify({ until, text: "You are off until Monday" })));
};

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-21T10:00:00Z") });
  sessionStorage.clear();
  document.body.innerHTML = '<a><span class="live-counter" data-calm-url="/working-time/now">3</span></a>';
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a window is calm until the day begins, and says so beside the inbox", async () => {
  answer("2026-11-21T10:20:00Z");
  attachAll(document.body);
  await vi.advanceTimersByTimeAsync(200);
  expect(isCalm()).toBe(true);
  expect(document.documentElement.hasAttribute("data-calm")).toBe(true);
  expect(document.querySelector(".calm-mark")!.textContent).toBe("You are off until Monday");
  answer(null);
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  expect(isCalm()).toBe(false);
  expect(document.querySelector(".calm-mark")).toBeNull();
  expect(document.documentElement.hasAttribute("data-calm")).toBe(false);
});
