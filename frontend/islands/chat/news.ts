/** What is heard of messages, of rooms and of people, and what it changes here. */
import { announce } from "../../announce.ts";
import { isCalm } from "../../calm.ts";
import * as api from "./api.ts";
import type { Chat } from "./chat.ts";
import type { Presence } from "./model/around.ts";
import { excerptOf, withLine, withMessage } from "./model/rooms.ts";
import { moved } from "./model/seen.ts";
import * as lines from "./model/timeline.ts";
import type { Message, Status } from "./model/types.ts";
import { showMembers, syncThread, threadToEnd } from "./panels.ts";

/** How far the others have read, where the organization lets one know. */
export async function loadSeen(chat: Chat): Promise<void> {
  const { room } = chat;
  if (!room?.shows_seen) return;
  const seen = await api.seen(room.id).catch(() => []);
  if (chat.room?.id !== room.id) return;
  chat.seenBy = seen;
  chat.draw();
}

export function heardSeen(chat: Chat, room: string, id: string, seq: number): void {
  if (chat.room?.id !== room || id === chat.viewer.id || !chat.room.shows_seen) return;
  const person = chat.seenBy.find((one) => one.person.id === id)?.person ?? chat.room.members.find((one) => one.id === id);
  if (!person) return void loadSeen(chat);
  chat.seenBy = moved(chat.seenBy, person, seq);
  chat.draw();
}

export function received(chat: Chat, message: Message): void {
  const said = chat.know(message);
  if (said.author) chat.seenBy = chat.seenBy.some(({ person }) => person.id === said.author!.id) && chat.room?.id === said.room ? moved(chat.seenBy, said.author, said.seq) : chat.seenBy;
  complete(chat, said);
  chat.outbox.arrived(said.id);
  chat.typing.stopped(said.room, said.author?.id ?? "");
  const isOpen = chat.room?.id === said.room;
  const isMine = said.author?.id === chat.viewer.id;
  const isKnown = isOpen && lines.find(chat.timeline, said.id) !== undefined;
  const isSeen = isOpen && chat.scroller.isAtEnd && !chat.timeline.hasAfter && !document.hidden && document.hasFocus();
  if (!chat.rooms.some(({ id }) => id === said.room)) void chat.fetchRoom(said.room);
  chat.rooms = withMessage(chat.rooms, said, { viewer: chat.viewer.id, isSeen });
  if (isOpen) {
    if (lines.hasMissed(chat.timeline, said.seq) && !chat.timeline.hasAfter) void chat.load(said.room, {}, true);
    if (!isSeen && !isMine && chat.newAfter === null && !said.thread_id) chat.newAfter = said.seq - 1;
    if (!isSeen && !isMine && !isKnown && !said.thread_id) chat.unseen += 1;
    chat.timeline = lines.withPosted(chat.timeline, said);
    if (said.thread_id && chat.panel?.kind === "thread" && chat.panel.root.id === said.thread_id) {
      const { replies, heard } = chat.panel;
      chat.panel = { ...chat.panel, ...(replies ? { replies: lines.withSaid(replies, said) } : { heard: lines.withSaid(heard, said) }) };
      syncThread(chat);
      threadToEnd(chat);
    }
    if (!isMine && !isKnown && !isCalm()) announce(`${said.author?.name ?? ""}: ${excerptOf(said)}`);
    if (isSeen) queueMicrotask(() => chat.markRead());
  } else hearElsewhere(chat, said);
  chat.syncRoom();
}

/** A frame is the same for all, so it does not tell what some may not read (a linked post, an early quote): that is asked for. */
export function complete(chat: Chat, said: Message): void {
  if (said.room !== chat.room?.id || ![...said.links, ...(said.quote ? [said.quote] : [])].some(({ is_readable }) => is_readable === null)) return;
  void api.message(said.id).then((message) => changed(chat, message), () => {});
}

function hearElsewhere(chat: Chat, said: Message): void {
  const timeline = chat.kept.get(said.room);
  if (!timeline) return;
  if (lines.hasMissed(timeline, said.seq)) chat.kept.delete(said.room);
  else chat.kept.set(said.room, lines.withPosted(timeline, said));
}

export function changed(chat: Chat, message: Message): void {
  const said = chat.know(message);
  complete(chat, said);
  chat.timeline = lines.withChanged(chat.timeline, said);
  const elsewhere = chat.kept.get(said.room);
  if (elsewhere) chat.kept.set(said.room, lines.withChanged(elsewhere, said));
  chat.rooms = withLine(chat.rooms, said);
  const inPanel = (listed: Message[] | null): Message[] | null => listed?.map((one) => (one.id === said.id ? said : one)).filter(({ deleted_at }) => !deleted_at) ?? null;
  if (chat.panel?.kind === "about") chat.panel = { ...chat.panel, pins: inPanel(chat.panel.pins) };
  if (chat.panel?.kind === "pins") chat.panel = { ...chat.panel, messages: inPanel(chat.panel.messages) };
  if (chat.panel?.kind === "search") chat.panel = { ...chat.panel, found: inPanel(chat.panel.found) };
  if (chat.panel?.kind === "thread") {
    const root = chat.panel.root.id === said.id ? { ...said, thread: said.thread ?? chat.panel.root.thread } : chat.panel.root;
    chat.panel = { ...chat.panel, root, replies: chat.panel.replies?.map((reply) => (reply.id === said.id ? said : reply)) ?? null };
  }
  chat.draw();
}

/** In whichever window: read on, or marked as unread. The server has counted. */
export function heardRead(chat: Chat, room: string, read_seq: number, unread_count: number, mention_count: number): void {
  chat.updateRoom({ read_seq, unread_count, mention_count }, room);
}

export function heardTyping(chat: Chat, room: string, person: string): void {
  chat.typing.heard(room, person);
  chat.draw();
  setTimeout(() => chat.draw(), 6_100);
}

export function heardPresence(chat: Chat, people: Record<string, Presence>): void {
  for (const [id, state] of Object.entries(people)) chat.here.set(id, state);
  chat.draw();
}

export function hasStatus(chat: Chat, { emoji, text, until }: Status): void {
  chat.viewer = { ...chat.viewer, status: emoji || text ? { emoji, text, until } : null };
  chat.draw();
}

export async function heardRoom(chat: Chat, id: string): Promise<void> {
  await chat.fetchRoom(id);
  if (chat.panel?.kind === "about" && chat.room?.id === id) await showMembers(chat);
}
