import { expect, test } from "vitest";
import { bob, page, said } from "./fakes.ts";
import { find, hasMissed, MOST, opened, seenBy, withChanged, withNewer, withOlder, withPosted, withSaid } from "./timeline.ts";

const seqs = (timeline: { messages: readonly { seq: number }[] }): number[] => timeline.messages.map(({ seq }) => seq);

test("history joins on both sides, in the server's order, each message once", () => {
  const middle = opened(page(50, 60, { last_seq: 90, has_after: true }));
  const more = withNewer(withOlder(middle, page(40, 52)), page(58, 70, { has_after: true, last_seq: 90 }));
  expect(seqs(more)).toEqual(Array.from({ length: 31 }, (_, at) => 40 + at));
  expect(more).toMatchObject({ hasBefore: true, hasAfter: true, heard: 90 });
});

test("the window is bounded: what is furthest goes, and can be asked for again", () => {
  const full = opened(page(1001, 1000 + MOST));
  const up = withOlder(full, page(951, 1000));
  expect(seqs(up)[0]).toBe(951);
  expect(up.messages).toHaveLength(MOST);
  expect(up.hasAfter).toBe(true);
  const down = withNewer(up, page(1151, 1250));
  expect(seqs(down).at(-1)).toBe(1250);
  expect(down.messages).toHaveLength(MOST);
  expect(down.hasBefore).toBe(true);
});

test("a message that comes twice stands once, and a gap in the numbers is noticed", () => {
  const open = opened(page(1, 5));
  expect(hasMissed(open, 6)).toBe(false);
  expect(hasMissed(open, 7)).toBe(true);
  const told = withPosted(withPosted(open, said(6)), said(6));
  expect(seqs(told)).toEqual([1, 2, 3, 4, 5, 6]);
});

test("a reply that was heard while its thread was asked for is not lost, nor shown twice", () => {
  const answer = [said(4, { thread_id: "m1" }), said(7, { thread_id: "m1" })];
  const heard = [said(6, { thread_id: "m1" }), said(7, { thread_id: "m1" })];
  expect(heard.reduce(withSaid, answer).map(({ seq }) => seq)).toEqual([4, 6, 7]);
});

test("away from the end, what is posted is known of and not shown", () => {
  const far = opened(page(1, 5, { has_after: true, last_seq: 40 }));
  const told = withPosted(far, said(41));
  expect(seqs(told)).toEqual([1, 2, 3, 4, 5]);
  expect(told.heard).toBe(41);
});

test("a reply in a side thread counts once at its root and does not stand in the log", () => {
  const reply = said(6, { thread_id: "m2", author: bob });
  const told = withPosted(withPosted(opened(page(1, 5)), reply), reply);
  expect(seqs(told)).toEqual([1, 2, 3, 4, 5]);
  expect(find(told, "m2")?.thread).toEqual({ id: "m2", replies: 1, last_at: reply.created_at });
});

test("an older version never replaces a newer one", () => {
  const open = withChanged(opened(page(1, 2)), said(2, { body: "second", version: 3 }));
  expect(find(withChanged(open, said(2, { body: "first", version: 2 })), "m2")?.body).toBe("second");
});

test("what is said to all becomes mine: my reaction, my name", () => {
  const heard = said(1, { mention_ids: ["bob"], reactions: [{ emoji: "👍", count: 2, person_ids: ["ada", "bob"] }] });
  expect(seenBy(heard, "bob")).toMatchObject({ mentions_me: true, reactions: [{ mine: true }] });
  expect(seenBy(heard, "eve")).toMatchObject({ mentions_me: false, reactions: [{ mine: false }] });
});
