import { expect, test } from "vitest";
import { addressElsewhere } from "./find-comment";

const ID = "01a202b9-6843-715e-b5a2-71fa6c6f4c79";

test("a comment of another part of the thread is looked up by its own address", () => {
  document.body.innerHTML = "";
  expect(addressElsewhere(`#entry-${ID}`, "/o/atelier/entries/")).toBe(`/o/atelier/entries/${ID}`);
});

test("a comment that is there, or no comment, leads nowhere", () => {
  document.body.innerHTML = `<article id="entry-${ID}"></article>`;
  expect(addressElsewhere(`#entry-${ID}`, "/entries/")).toBeNull();
  expect(addressElsewhere("#comments", "/entries/")).toBeNull();
  expect(addressElsewhere("", "/entries/")).toBeNull();
});
