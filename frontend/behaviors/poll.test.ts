import { beforeEach, expect, test } from "vitest";
import { attachAll } from "../behavior";
import "./poll";

beforeEach(() => {
  document.body.innerHTML = `
    <form id="vote" data-poll><input type="radio" name="option" value="a" checked><input type="radio" name="option" value="b"></form>
    <form id="ask"><details data-extra open><div data-choices><input name="poll_option" data-label="Choice #"><input name="poll_option"></div>
    <button type="button" data-add-choice hidden>Add</button></details></form>`;
  attachAll(document.body);
});

const inputs = (): HTMLInputElement[] => [...document.querySelectorAll<HTMLInputElement>("[data-choices] input")];

test("a choice not sent yet keeps the poll from being replaced", () => {
  const form = document.querySelector<HTMLFormElement>("#vote")!;
  const [first, second] = [...form.querySelectorAll("input")];
  second!.checked = true;
  second!.dispatchEvent(new Event("change", { bubbles: true }));
  expect(form.hasAttribute("data-in-use")).toBe(true);
  first!.checked = true;
  first!.dispatchEvent(new Event("change", { bubbles: true }));
  expect(form.hasAttribute("data-in-use")).toBe(false);
});

test("one more choice is added, named and focused", () => {
  document.querySelector<HTMLButtonElement>("[data-add-choice]")!.click();
  expect(inputs()).toHaveLength(3);
  expect(inputs()[2]!.placeholder).toBe("Choice 3");
  expect(document.activeElement).toBe(inputs()[2]);
});

test("Enter goes to the next choice and publishes nothing", () => {
  const event = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
  inputs()[0]!.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
  expect(document.activeElement).toBe(inputs()[1]);
});

test("fields fold away when the form begins anew", () => {
  document.querySelector<HTMLFormElement>("#ask")!.reset();
  expect(document.querySelector("details")!.open).toBe(false);
});
