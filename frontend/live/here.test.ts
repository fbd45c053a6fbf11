import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { tellWhetherHere } from "./here.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("who does nothing for long is away, and back with the next sign; a new connection hears it again", () => {
  const said: object[] = [];
  const again = tellWhetherHere((words) => said.push(words));
  again();
  expect(said).toEqual([]);
  vi.advanceTimersByTime(5 * 60_000);
  expect(said).toEqual([{ presence: "away" }]);
  again();
  document.dispatchEvent(new Event("keydown"));
  document.dispatchEvent(new Event("keydown"));
  expect(said).toEqual([{ presence: "away" }, { presence: "away" }, { presence: "active" }]);
});
