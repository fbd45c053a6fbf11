import { expect, test } from "vitest";
import { isStale, shownAs, showsBesideWindow, windowFor } from "./calls.ts";

const line = { url: "/o/a/notifications/1", prefix: "/o/a", line: "1" };
const together = { ...line, line: "inbox" };

test("one line is one notification, which leads below its organization", () => {
  const { title, options } = shownAs({ title: "Zoé replied", tag: "1", url: "/notifications/1", prefix: "/o/a" }, "icon.png");
  expect(title).toBe("Zoé replied");
  expect(options.tag).toBe("/o/a#1");
  expect(options.data).toEqual(line);
  expect(shownAs({}, "icon.png").options.data).toEqual({ url: "/notifications", prefix: "", line: "inbox" });
});

test("what was read elsewhere is taken away, of this organization alone", () => {
  expect(isStale(line, { prefix: "/o/a", unread: 2, waiting: ["1"] })).toBe(false);
  expect(isStale(line, { prefix: "/o/a", unread: 1, waiting: ["2"] })).toBe(true);
  expect(isStale(line, { prefix: "/o/b", unread: 0, waiting: [] })).toBe(false);
  expect(isStale(together, { prefix: "/o/a", unread: 1, waiting: ["2"] })).toBe(false);
  expect(isStale(together, { prefix: "/o/a", unread: 0, waiting: [] })).toBe(true);
  expect(isStale(null, { prefix: "/o/a", unread: 0, waiting: [] })).toBe(false);
});

test("nothing is shown beside the window that somebody looks at, where the browser allows that", () => {
  const here = [{ url: "https://x.org/o/a/", focused: true }];
  expect(showsBesideWindow(here, "/o/a", "Mozilla/5.0 AppleWebKit/537.36 Chrome/140 Safari/537.36")).toBe(false);
  expect(showsBesideWindow(here, "/o/b", "Mozilla/5.0 AppleWebKit/537.36 Chrome/140 Safari/537.36")).toBe(true);
  expect(showsBesideWindow(here, "/o/a", "Mozilla/5.0 (iPhone) AppleWebKit/605.1 Version/18 Safari/604.1")).toBe(true);
  expect(showsBesideWindow([{ ...here[0]!, focused: false }], "/o/a", "Firefox/140")).toBe(true);
});

test("a click goes to a window that is open", () => {
  const windows = [
    { url: "https://x.org/o/b/", focused: true },
    { url: "https://x.org/o/a/spaces", focused: false },
    { url: "https://x.org/o/a/notifications/1", focused: false },
  ];
  expect(windowFor(windows, "https://x.org/o/a/notifications/1")).toBe(windows[2]);
  expect(windowFor(windows, "https://x.org/o/a/notifications/2")).toBe(windows[1]);
  expect(windowFor(windows, "https://x.org/o/c/notifications/2")).toBeUndefined();
});
