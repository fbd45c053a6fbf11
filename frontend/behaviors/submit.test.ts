import { beforeEach, expect, test } from "vitest";
import "./submit";

let form: HTMLFormElement;
let sent: number;

beforeEach(() => {
  document.body.innerHTML = "<form data-once></form>";
  form = document.querySelector("form")!;
  sent = 0;
  form.addEventListener("submit", (event) => {
    sent += 1;
    event.preventDefault();
  });
});

const press = (): boolean => form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));

test("a second press while the form travels does nothing", () => {
  press();
  press();
  expect(sent).toBe(1);
});

test("it can be sent again when the answer came", () => {
  press();
  form.dispatchEvent(new CustomEvent("htmx:finally:request", { bubbles: true, detail: { ctx: { response: { status: 422 } } } }));
  press();
  expect(sent).toBe(2);
});

test("it waits for a file that is still on its way", () => {
  form.innerHTML = "<ul><li class=upload data-busy></li></ul>";
  press();
  expect(sent).toBe(0);
});
