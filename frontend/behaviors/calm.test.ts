import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { attachAll } from "../behavior";
import { isCalm } from "../calm";
import "./calm";

let asked = 0;
const answer = (until: string | null, changes_in: number | null): void => {
  vi.stubGlobal("fetch", async () => {
    asked += 1;
    return new Response(JSON.stringify({ until, text: "You are off until Monday", changes_in }));
  });
};

beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-21T10:00:00Z") });
  sessionStorage.clear();
  asked = 0;
  document.body.innerHTML = '<a><span class="live-counter" data-calm-url="/working-time/now">3</span></a>';
});
afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a window is calm until the day begins, and says so beside the inbox", async () => {
  answer("2026-11-21T10:20:00Z", 20 * 60);
  attachAll(document.body);
  await vi.advanceTimersByTimeAsync(200);
  expect(isCalm()).toBe(true);
  expect(document.documentElement.hasAttribute("data-calm")).toBe(true);
  expect(document.querySelector(".calm-mark")!.textContent).toBe("You are off until Monday");
  answer(null, null);
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  expect(isCalm()).toBe(false);
  expect(document.querySelector(".calm-mark")).toBeNull();
  expect(document.documentElement.hasAttribute("data-calm")).toBe(false);
});

test("calm begins and ends within seconds of the hour, whatever the browser's clock says", async () => {
  // By the server it is 16:59 and 20 seconds; this clock is hours behind.
  answer(null, 40);
  attachAll(document.body);
  await vi.advanceTimersByTimeAsync(30_000);
  expect([isCalm(), asked]).toEqual([false, 1]);
  answer("2026-11-23T07:30:00Z", 90);
  await vi.advanceTimersByTimeAsync(14_000);
  expect([isCalm(), asked]).toEqual([true, 2]);
  expect(document.querySelector(".calm-mark")).not.toBeNull();
  answer(null, null);
  await vi.advanceTimersByTimeAsync(90_000);
  expect(isCalm()).toBe(false);
  expect(document.querySelector(".calm-mark")).toBeNull();
});
