import { beforeEach, expect, test } from "vitest";
import "./describe";

function press(): boolean {
  const event = new Event("submit", { bubbles: true, cancelable: true });
  document.querySelector("form")!.dispatchEvent(event);
  return !event.defaultPrevented;
}

beforeEach(() => {
  document.body.innerHTML = `<form data-composer><ul data-uploads><li class="upload">
    <input class="upload__alternative" name="alternative_1"><label class="upload__decorative"><input type="checkbox"></label></li></ul></form>`;
});

test("an image without a description is asked about once", () => {
  expect(press()).toBe(false);
  expect(document.querySelector(".upload__reminder")).not.toBeNull();
  expect(document.activeElement).toBe(document.querySelector(".upload__alternative"));
  expect(press()).toBe(true);
});

test("a described or a decorative one is not", () => {
  document.querySelector<HTMLInputElement>(".upload__alternative")!.value = "A gate";
  expect(press()).toBe(true);
  document.querySelector<HTMLInputElement>(".upload__alternative")!.value = "";
  document.querySelector<HTMLInputElement>("[type=checkbox]")!.checked = true;
  expect(press()).toBe(true);
});
