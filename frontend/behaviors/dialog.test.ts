import { beforeEach, expect, test } from "vitest";
import { openDialog } from "./dialog";

beforeEach(() => {
  document.body.innerHTML = '<button data-opens="box">open</button><dialog id="box" data-dialog><button data-closes>close</button><textarea></textarea></dialog>';
});

const dialog = (): HTMLDialogElement => document.querySelector("dialog")!;

test("its button opens it, and it takes the text field", () => {
  document.querySelector<HTMLElement>("[data-opens]")!.click();
  expect(dialog().open).toBe(true);
  expect(document.activeElement).toBe(document.querySelector("textarea"));
});

test("it closes by its own button", () => {
  openDialog("box");
  document.querySelector<HTMLElement>("[data-closes]")!.click();
  expect(dialog().open).toBe(false);
});
