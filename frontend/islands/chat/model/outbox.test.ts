import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { said } from "./fakes.ts";
import { Outbox, type Answer, type Letter } from "./outbox.ts";
import type { Message } from "./types.ts";

const letter = (id: string, room = "r1"): Letter => ({ id, room, body: id, files: [], reply_to: null, thread: null });

function outboxWith(answer: (letter: Letter) => Promise<Answer>, kept: { text: string | null } = { text: null }) {
  const taken: Message[] = [];
  const post = vi.fn(answer);
  const outbox = new Outbox({ read: () => kept.text, write: (text) => void (kept.text = text) }, post, (message) => taken.push(message), () => {});
  return { outbox, taken, post, kept };
}

const takes = (one: Letter): Promise<Answer> => Promise.resolve({ kind: "taken", message: said(1, { id: one.id }) });
const settled = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("messages of a room travel one after the other, in the order of writing", async () => {
  let release: ((answer: Answer) => void) | undefined;
  const { outbox, post, taken } = outboxWith((one) => (one.id === "first" ? new Promise((resolve) => (release = resolve)) : takes(one)));
  outbox.add(letter("first"));
  outbox.add(letter("second"));
  outbox.add(letter("elsewhere", "r2"));
  await settled();
  expect(post.mock.calls.map(([one]) => one.id)).toEqual(["first", "elsewhere"]);
  release!({ kind: "taken", message: said(1, { id: "first" }) });
  await settled();
  expect(taken.map(({ id }) => id)).toEqual(["elsewhere", "first", "second"]);
  expect(outbox.of("r1")).toEqual([]);
});

test("without an answer it waits, survives a reload, and goes with the same id", async () => {
  let isAway = true;
  const { outbox, kept } = outboxWith((one) => (isAway ? Promise.resolve({ kind: "away" }) : takes(one)));
  outbox.add(letter("a"));
  await settled();
  expect(outbox.of("r1")).toMatchObject([{ id: "a", state: "waiting" }]);
  isAway = false;
  const again = outboxWith(takes, kept);
  expect(again.outbox.of("r1")).toMatchObject([{ id: "a", state: "waiting" }]);
  again.outbox.flush();
  await settled();
  expect(again.taken.map(({ id }) => id)).toEqual(["a"]);
});

test("it is tried again by itself, later and later", async () => {
  const { post, outbox } = outboxWith(() => Promise.resolve({ kind: "away" }));
  outbox.add(letter("a"));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(post).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(1_900);
  expect(post).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(200);
  expect(post).toHaveBeenCalledTimes(3);
});

test("what is refused says why, holds nothing up, and can be sent again or taken back", async () => {
  let reason = "Too long.";
  const { outbox, taken } = outboxWith((one) => (one.id === "bad" && reason ? Promise.resolve({ kind: "refused", reason }) : takes(one)));
  outbox.add(letter("bad"));
  outbox.add(letter("good"));
  await settled();
  expect(outbox.of("r1")).toMatchObject([{ id: "bad", state: "failed", reason: "Too long." }]);
  expect(taken.map(({ id }) => id)).toEqual(["good"]);
  reason = "";
  outbox.retry("bad");
  await settled();
  expect(outbox.of("r1")).toEqual([]);
});

test("what the live connection brought first is on its way no longer", async () => {
  const { outbox } = outboxWith(() => new Promise(() => {}));
  outbox.add(letter("a"));
  outbox.arrived("a");
  expect(outbox.of("r1")).toEqual([]);
});
