import { beforeEach, expect, test, vi } from "vitest";
import { forgetStrings } from "../strings.ts";
import { announceNews } from "./news.ts";
import type { Frame } from "./socket.ts";

const frame = (id: string, more: Partial<Frame> = {}): Frame => ({
  topic: "home",
  id,
  type: "content.entry_published",
  position: "1.1",
  ...more,
});

beforeEach(() => {
  vi.useFakeTimers();
  forgetStrings();
  document.body.innerHTML = `
    <script type="application/json" id="strings">{"new_one": "{count} new post", "new_other": "{count} new posts"}</script>
    <div id="live-announcer"></div>
    <div id="news-banner" hidden><button><span data-news-text></span></button></div>
    <div id="feed" data-live-topic="home" data-live-new="content.entry_published"><article id="entry-1"></article></div>`;
});

const pill = () => document.getElementById("news-banner")!;

test("new entries are counted once each and announced politely", async () => {
  announceNews(frame("2"));
  announceNews(frame("3"));
  announceNews(frame("3"));
  expect(pill().hidden).toBe(false);
  expect(pill().textContent).toContain("2 new posts");
  await vi.advanceTimersByTimeAsync(2_100);
  expect(document.getElementById("live-announcer")!.textContent).toBe("2 new posts");
});

test("what the page shows already is not new", () => {
  announceNews(frame("1"));
  expect(pill().hidden).toBe(true);
});

test("other topics and types are not new either", () => {
  announceNews(frame("4", { topic: "inbox" }));
  announceNews(frame("5", { type: "content.entry_edited" }));
  expect(pill().hidden).toBe(true);
});

test("taking them starts the count again", async () => {
  announceNews(frame("2"));
  pill().click();
  await vi.advanceTimersByTimeAsync(10);
  expect(pill().hidden).toBe(true);
  announceNews(frame("6"));
  expect(pill().textContent).toContain("1 new post");
});
