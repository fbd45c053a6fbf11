import { expect, test } from "vitest";
import { bob, room, said } from "./fakes.ts";
import { beside, excerptOf, isMuted, shown, sorted, withMessage, withRead } from "./rooms.ts";

const hearing = { viewer: "ada", isSeen: false };

test("favourites stand first, then what was said last", () => {
  const rooms = [room("old", { last_message_at: "2026-11-01T08:00:00Z" }), room("new", { last_message_at: "2026-11-20T08:00:00Z" }), room("kept", { is_favourite: true })];
  expect(sorted(rooms).map(({ id }) => id)).toEqual(["kept", "new", "old"]);
});

test("a message of somebody else counts once, however often it is heard; mine and what I see never", () => {
  const message = said(1, { room: "a", author: bob });
  const once = withMessage([room("a")], message, hearing);
  expect(withMessage(once, message, hearing)[0]).toMatchObject({ unread_count: 1, last_seq: 1, mention_count: 0 });
  expect(withMessage([room("a")], message, { ...hearing, isSeen: true })[0]!.unread_count).toBe(0);
  expect(withMessage([room("a", { unread_count: 3 })], said(1, { room: "a" }), hearing)[0]).toMatchObject({ unread_count: 0, read_seq: 1 });
});

test("between two, and where I am named, it is for me; a side thread is not unread by itself", () => {
  expect(withMessage([room("a", { kind: "direct" })], said(1, { room: "a", author: bob }), hearing)[0]!.mention_count).toBe(1);
  expect(withMessage([room("a")], said(1, { room: "a", author: bob, mention_ids: ["ada"] }), hearing)[0]!.mention_count).toBe(1);
  expect(withMessage([room("a")], said(1, { room: "a", author: bob, thread_id: "m0" }), hearing)[0]).toMatchObject({ unread_count: 0, last_seq: 1 });
});

test("reading never goes backwards, and clears the counts only at the end", () => {
  const rooms = [room("a", { last_seq: 9, read_seq: 4, unread_count: 5 })];
  expect(withRead(rooms, "a", 3)[0]).toMatchObject({ read_seq: 4, unread_count: 5 });
  expect(withRead(rooms, "a", 6)[0]).toMatchObject({ read_seq: 6, unread_count: 5 });
  expect(withRead(rooms, "a", 9)[0]).toMatchObject({ read_seq: 9, unread_count: 0 });
});

test("the list is narrowed by what is unread and by name, accents or none", () => {
  const rooms = [room("a", { name: "Équipe façade", unread_count: 1 }), room("b", { name: "Kitchen", kind: "space" })];
  expect(shown(rooms, "all", "equipe fac").map(({ id }) => id)).toEqual(["a"]);
  expect(shown(rooms, "spaces", "").map(({ id }) => id)).toEqual(["b"]);
  expect(beside(rooms, "b", -1, true)?.id).toBe("a");
  expect(beside(rooms, "a", -1, false)).toBeUndefined();
});

test("a muted conversation is muted until its hour", () => {
  expect(isMuted(room("a", { muted_until: "2026-11-20T10:00:00Z" }), Date.parse("2026-11-20T09:00:00Z"))).toBe(true);
  expect(isMuted(room("a", { muted_until: "2026-11-20T10:00:00Z" }), Date.parse("2026-11-20T11:00:00Z"))).toBe(false);
});

test("a line of the list shows words, not marks", () => {
  expect(excerptOf({ body: "**Look** @[Ada Lovelace](person:0192-ab) at [this](https://x.org)\n> now", attachments: [] })).toBe("Look @Ada Lovelace at this now");
});
