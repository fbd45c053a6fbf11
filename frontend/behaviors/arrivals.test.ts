import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { attachAll } from "../behavior";
import "./arrivals";

const ZOE = "01900000-0000-7000-8000-000000000001";
const BOB = "01900000-0000-7000-8000-000000000002";
const asked: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    return new Response('<p>on Monday at 08:30</p><details><input name="urgent_reason"></details>');
  });
  document.body.innerHTML = `<form><textarea data-text></textarea><div data-arrivals="/o/a/working-time/arrivals" data-reason=""></div></form>`;
  attachAll(document.body);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const write = async (text: string): Promise<void> => {
  const field = document.querySelector("textarea")!;
  field.value = text;
  field.dispatchEvent(new Event("input"));
  await vi.advanceTimersByTimeAsync(500);
};
const place = (): HTMLElement => document.querySelector("[data-arrivals]")!;

test("the server is asked when other people are named, and not for each letter", async () => {
  await write("Nobody yet");
  expect(asked).toEqual([]);
  await write(`@[Zoé](person:${ZOE})`);
  await write(`@[Zoé](person:${ZOE}) look`);
  expect(asked).toEqual([`/o/a/working-time/arrivals?person=${ZOE}`]);
  expect(place().textContent).toContain("Monday");
  await write("Nobody any more");
  expect(place().textContent).toBe("");
});

test("a reason that was typed stays when one more person is named, and goes with what was sent", async () => {
  await write(`@[Zoé](person:${ZOE})`);
  place().querySelector("input")!.value = "The hall is flooding";
  await write(`@[Zoé](person:${ZOE}) @[Bob](person:${BOB})`);
  expect(place().querySelector("input")!.value).toBe("The hall is flooding");
  document.querySelector("form")!.dispatchEvent(new Event("parvis:sent"));
  expect(place().textContent).toBe("");
});

test("in a conversation the server knows whom it is for: what is said there is enough", async () => {
  document.body.innerHTML = `<form><textarea data-text></textarea><div data-arrivals="/o/a/chat/1/arrivals" data-reason=""></div></form>`;
  attachAll(document.body);
  await write("Come quickly");
  expect(asked).toEqual(["/o/a/chat/1/arrivals?"]);
  expect(place().textContent).toContain("on Monday at 08:30");
});
