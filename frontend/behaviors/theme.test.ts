import { expect, test } from "vitest";
import { choose } from "./theme";

test("a choice is written into the page and into the cookie that the server reads", () => {
  choose("dark");
  expect(document.documentElement.dataset.theme).toBe("dark");
  expect(document.cookie).toContain("parvis_theme=dark");
});

test("as the device says: nothing is written", () => {
  choose("system");
  expect(document.documentElement.dataset.theme).toBeUndefined();
});
