import { afterEach, beforeEach, expect, test, vi } from "vitest";

const ajax = vi.hoisted(() => vi.fn(async () => {}));
vi.mock("../htmx.ts", () => ({ default: { ajax } }));

import { refreshAll, refreshFor } from "./refresh.ts";
import type { Frame } from "./socket.ts";

const frame = (more: Partial<Frame> = {}): Frame => ({
  topic: "home",
  id: "7",
  type: "content.entry_edited",
  position: "1.1",
  ...more,
});

let clock = Date.now();
// A minute between tests: what was fetched just now is not fetched again at once.
beforeEach(() => vi.useFakeTimers({ now: (clock += 60_000) }));
afterEach(() => {
  vi.useRealTimers();
  ajax.mockClear();
});

function page(html: string): void {
  document.body.innerHTML = html;
}

async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(400);
}

test("an element that shows what changed fetches itself", async () => {
  page('<article data-live-id="7" data-live-refresh="content.*" data-live-url="/card/7"></article>');
  refreshFor(frame());
  await settle();
  expect(ajax).toHaveBeenCalledTimes(1);
  expect(ajax).toHaveBeenCalledWith("GET", "/card/7", expect.objectContaining({ swap: "outerHTML" }));
});

test("other things and other types leave it alone", async () => {
  page('<article data-live-id="7" data-live-refresh="content.entry_deleted" data-live-url="/card/7"></article>');
  refreshFor(frame());
  refreshFor(frame({ id: "8", type: "content.entry_deleted" }));
  await settle();
  expect(ajax).not.toHaveBeenCalled();
});

test("a reply refreshes the card of its thread", async () => {
  page('<article data-live-id="7" data-live-refresh="*" data-live-url="/card/7"></article>');
  refreshFor(frame({ id: "99", thread: "7", type: "content.reply_published" }));
  await settle();
  expect(ajax).toHaveBeenCalledTimes(1);
});

test("an element without an id listens to its topic", async () => {
  page('<span data-live-topic="inbox" data-live-refresh="*" data-live-url="/bell"></span>');
  refreshFor(frame({ topic: "home" }));
  refreshFor(frame({ topic: "inbox", id: null }));
  await settle();
  expect(ajax).toHaveBeenCalledTimes(1);
});

test("many frames in a moment ask once", async () => {
  page('<article data-live-id="7" data-live-refresh="*" data-live-url="/card/7"></article>');
  for (let i = 0; i < 20; i++) refreshFor(frame());
  await settle();
  expect(ajax).toHaveBeenCalledTimes(1);
  for (let i = 0; i < 20; i++) refreshFor(frame());
  await vi.advanceTimersByTimeAsync(1_500);
  expect(ajax).toHaveBeenCalledTimes(2);
});

test("text that is being written is not taken away", async () => {
  page('<article data-live-id="7" data-live-refresh="*" data-live-url="/card/7"><textarea></textarea></article>');
  const field = document.querySelector("textarea")!;
  field.value = "half a senten";
  refreshFor(frame());
  await settle();
  expect(ajax).not.toHaveBeenCalled();
  field.value = "";
  await vi.advanceTimersByTimeAsync(2_000);
  expect(ajax).toHaveBeenCalledTimes(1);
});

test("when too much was missed everything fetches itself", async () => {
  page('<p data-live-id="1" data-live-refresh="a.b" data-live-url="/1"></p><p data-live-topic="inbox" data-live-refresh="*" data-live-url="/2"></p>');
  refreshAll();
  await settle();
  expect(ajax).toHaveBeenCalledTimes(2);
});
