import { beforeEach, expect, test } from "vitest";
import { attachAll } from "../behavior";
import { move } from "./shortcuts";

beforeEach(() => {
  document.body.innerHTML = "<main><article data-card id=one></article><article data-card id=two></article></main>";
  document.querySelectorAll<HTMLElement>("[data-card]").forEach((card) => (card.scrollIntoView = () => undefined));
});

const selected = (): string | undefined => document.querySelector("[data-selected]")?.id;

test("j goes down and stays at the end, k goes up", () => {
  move(1);
  expect(selected()).toBe("one");
  move(1);
  move(1);
  expect(selected()).toBe("two");
  move(-1);
  expect(selected()).toBe("one");
});

test("a letter typed in a field is a letter", () => {
  document.querySelector("main")!.insertAdjacentHTML("beforeend", "<textarea></textarea>");
  document.querySelector("textarea")!.dispatchEvent(new KeyboardEvent("keydown", { key: "j", bubbles: true }));
  expect(selected()).toBeUndefined();
});

test("a selected card that is renewed stays selected", () => {
  move(1);
  document.querySelector("#one")!.outerHTML = "<article data-card id=one>Renewed</article>";
  attachAll(document);
  expect(selected()).toBe("one");
  expect(document.activeElement?.id).toBe("one");
});
