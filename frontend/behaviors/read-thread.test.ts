import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { attachAll } from "../behavior";
import "./read-thread";

const asked = vi.fn(() => Promise.resolve(new Response(null, { status: 204 })));

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", asked);
  asked.mockClear();
  document.body.innerHTML = `<input name="csrfmiddlewaretoken" value="secret"><div data-reads="/read" data-thread="7"></div>`;
  attachAll(document);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("a thread that was looked at is read once", async () => {
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveBeenCalledTimes(1);
  expect(asked).toHaveBeenCalledWith("/read", expect.objectContaining({ method: "POST", headers: { "X-CSRFToken": "secret" } }));
});

test("a comment that arrives is read too, one elsewhere is not", async () => {
  await vi.advanceTimersByTimeAsync(5_000);
  document.dispatchEvent(new CustomEvent("parvis:live", { detail: { id: "9", thread: "8" } }));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveBeenCalledTimes(1);
  document.dispatchEvent(new CustomEvent("parvis:live", { detail: { id: "9", thread: "7" } }));
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveBeenCalledTimes(2);
});
