import { expect, test } from "vitest";
import { cacheOf, composerAddress, isAsset, isPicture, isShare, isStatic, NOBODY, outdated, prefixOf, surplus } from "./rules.ts";

test("the organization is in the path or in the host name", () => {
  expect(prefixOf("/o/hivernel/entries/1")).toBe("/o/hivernel");
  expect(prefixOf("/entries/1")).toBe("");
  expect(prefixOf("/o/hivernel")).toBe("");
});

test("only built files with a hash are kept for good", () => {
  expect(isAsset("/static/dist/assets/main-Bx3_k9aZ.js")).toBe(true);
  expect(isAsset("/static/dist/service-worker.js")).toBe(false);
  expect(isAsset("/static/brand/mark.svg")).toBe(false);
  expect(isStatic("/static/dist/icons.svg")).toBe(true);
  expect(isStatic("/static/dist/service-worker.js")).toBe(false);
});

test("pictures are those of files, and a share has one address", () => {
  expect(isPicture("/o/x/files/1", "image")).toBe(true);
  expect(isPicture("/o/x/files/1", "document")).toBe(false);
  expect(isShare("/o/x/share")).toBe(true);
  expect(isShare("/o/x/entries/share")).toBe(false);
});

test("another person, or nobody, ends what was kept for the one before", () => {
  const names = [cacheOf("pages", "/o/a", "ann"), cacheOf("pictures", "/o/a", "ann"), cacheOf("pages", "/o/b", "ann-b"), "parvis-assets"];
  expect(outdated(names, "/o/a", "ann")).toEqual([]);
  expect(outdated(names, "/o/a", "ben")).toEqual(names.slice(0, 2));
  expect(outdated(names, "/o/a", NOBODY)).toEqual(names.slice(0, 3));
});

test("the oldest go first", () => {
  expect(surplus(["a", "b", "c"], 2)).toEqual(["a"]);
  expect(surplus(["a"], 2)).toEqual([]);
});

test("what is shared becomes a text, said once", () => {
  const url = "https://example.org/x";
  expect(composerAddress("/o/a", { title: "News", text: url, url }, 0)).toBe(
    `/o/a/entries?title=News&body=${encodeURIComponent(url)}`,
  );
  expect(composerAddress("", { title: "", text: "", url: "" }, 2)).toBe("/entries?shared=2");
});
