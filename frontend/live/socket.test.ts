import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Frame, LiveSocket } from "./socket.ts";

class FakeSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: object[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(readonly url: string) {
    FakeSocket.all.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  open() {
    this.readyState = 1;
    this.onopen?.();
  }
  say(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  break(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const newest = () => FakeSocket.all.at(-1)!;
let heard: Array<Frame | string>;
let position: string | null;
let live: LiveSocket;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeSocket);
  FakeSocket.all = [];
  heard = [];
  position = "10.1";
  live = new LiveSocket(
    "ws://here/api/v1/live",
    {
      frame: (frame) => heard.push(frame),
      reload: () => heard.push("reload"),
      denied: (topic) => heard.push(`denied ${topic}`),
      signedOut: () => heard.push("signed out"),
      connected: (is) => heard.push(is ? "connected" : "away"),
    },
    { read: () => position, write: (next) => (position = next) },
  );
  live.follow(["home"]);
  live.start();
});

afterEach(() => {
  live.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("it subscribes from the position of the page", () => {
  newest().open();
  expect(newest().sent).toEqual([{ subscribe: ["home"], since: "10.1" }]);
});

test("it remembers the position of what it heard and resumes there", async () => {
  newest().open();
  newest().say({ type: "content.entry_published", topic: "home", id: "7", position: "11.4" });
  newest().break();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(FakeSocket.all).toHaveLength(2);
  newest().open();
  expect(newest().sent).toEqual([{ subscribe: ["home"], since: "11.4" }]);
});

test("it waits longer and longer, never for ever", async () => {
  for (let round = 0; round < 12; round++) {
    newest().break();
    await vi.advanceTimersByTimeAsync(21_000);
  }
  expect(FakeSocket.all.length).toBeGreaterThan(11);
});

test("it follows what the page shows now", () => {
  newest().open();
  live.follow(["home", "thread:1"]);
  live.follow(["thread:1"]);
  expect(newest().sent.slice(1)).toEqual([{ subscribe: ["thread:1"] }, { unsubscribe: ["home"] }]);
});

test("losing a granted topic is told, never having had it is not", () => {
  newest().open();
  newest().say({ type: "denied", topic: "space:2" });
  newest().say({ type: "ready", position: "10.1", topics: ["home"] });
  newest().say({ type: "denied", topic: "home" });
  expect(heard).toEqual(["connected", "denied home"]);
});

test("an ended session is not tried again", async () => {
  newest().open();
  newest().break(4001);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(FakeSocket.all).toHaveLength(1);
  expect(heard).toContain("signed out");
});

test("a silent connection is pinged, and replaced when nothing answers", async () => {
  newest().open();
  newest().say({ type: "ready", position: "10.1", topics: ["home"] });
  await vi.advanceTimersByTimeAsync(31_000);
  expect(newest().sent.at(-1)).toEqual({ ping: 1 });
  await vi.advanceTimersByTimeAsync(15_000);
  expect(FakeSocket.all).toHaveLength(2);
});

test("after a sleep it does not trust the old connection", async () => {
  newest().open();
  vi.setSystemTime(Date.now() + 3_600_000);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(FakeSocket.all).toHaveLength(2);
});

test("the network's return shortens the wait", () => {
  newest().break();
  live.nudge();
  expect(FakeSocket.all).toHaveLength(2);
  live.nudge();
  expect(FakeSocket.all).toHaveLength(2);
});

test("too much missed means loading again", () => {
  newest().open();
  newest().say({ type: "reload" });
  expect(heard).toEqual(["reload"]);
});
