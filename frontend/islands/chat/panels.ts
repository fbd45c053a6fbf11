/** The panel at the side: about, pins, search, a side thread. */
import { announce } from "../../announce.ts";
import { t } from "../../strings.ts";
import * as api from "./api.ts";
import type { Chat } from "./chat.ts";
import { composerFor, fieldOf } from "./composers.ts";
import * as lines from "./model/timeline.ts";
import type { Message, Room } from "./model/types.ts";
import type { About, Panel } from "./view.ts";

export async function showPins(chat: Chat): Promise<void> {
  const { room } = chat;
  if (!room) return;
  chat.panel = { kind: "pins", messages: chat.panel?.kind === "pins" ? chat.panel.messages : null };
  chat.draw();
  const messages = await api.pins(room.id).catch(() => []);
  if (chat.panel?.kind === "pins" && chat.room?.id === room.id) chat.panel = { kind: "pins", messages };
  chat.draw();
}

export function showSearch(chat: Chat, everywhere: boolean): void {
  chat.panel = { kind: "search", everywhere: everywhere || !chat.room, query: "", found: null, isAsking: false };
  chat.drawNow();
  chat.at.panel.querySelector<HTMLElement>("input[type=search]")?.focus();
}

export async function search(chat: Chat, query: string): Promise<void> {
  if (chat.panel?.kind !== "search") return;
  const asked: Panel = { ...chat.panel, query, isAsking: query.trim().length > 1, found: query.trim().length > 1 ? chat.panel.found : null };
  chat.panel = asked;
  chat.draw();
  if (!asked.isAsking) return;
  const found = await api.search(query.trim(), asked.everywhere ? undefined : chat.room?.id).catch(() => []);
  if (chat.panel !== asked) return;
  chat.panel = { ...asked, found, isAsking: false };
  chat.draw();
}

export function showAbout(chat: Chat): void {
  if (chat.panel?.kind === "about") return closePanel(chat);
  chat.panel = { ...UNKNOWN };
  chat.drawNow();
  focusTitle(chat);
  void loadAbout(chat);
}

const UNKNOWN: About = { kind: "about", members: null, pins: null, files: null };

/** Of another conversation nothing is left in the panel: neither who is in it, nor what was found there. */
export function panelAfter(chat: Chat, isSame: boolean): Panel | null {
  const { panel } = chat;
  if (panel?.kind === "about") return isSame ? panel : { ...UNKNOWN };
  if (panel?.kind !== "search") return null;
  return isSame || panel.everywhere ? panel : { ...panel, query: "", found: null, isAsking: false };
}

/** Who is in it, what is pinned, which files: each stands there as soon as it has come. */
export async function loadAbout(chat: Chat): Promise<void> {
  const room = chat.room?.id;
  if (!room) return;
  const take = (part: Partial<About>): void => {
    if (chat.panel?.kind !== "about" || chat.room?.id !== room) return;
    chat.panel = { ...chat.panel, ...part };
    chat.draw();
  };
  await Promise.all([
    showMembers(chat),
    api.pins(room).then((pins) => take({ pins }), () => take({ pins: [] })),
    api.files(room).then((files) => take({ files }), () => take({ files: [] })),
  ]);
}

export async function showMembers(chat: Chat): Promise<void> {
  const room = chat.room?.id;
  const members = room ? await api.members(room).catch(() => null) : null;
  if (chat.panel?.kind === "about" && members && chat.room?.id === room) chat.panel = { ...chat.panel, members };
  chat.draw();
  chat.askPresence();
}

export async function showArchived(chat: Chat): Promise<void> {
  chat.panel = { kind: "archived", rooms: null };
  chat.drawNow();
  focusTitle(chat);
  const rooms = await api.archivedRooms().catch(() => []);
  if (chat.panel?.kind === "archived") chat.panel = { kind: "archived", rooms };
  chat.draw();
}

/** Put away, or taken out again: nothing is lost, so nothing is asked. */
export async function archive(chat: Chat, room: Room, archived: boolean): Promise<void> {
  try {
    chat.updateRoom(await api.changeRoom(room.id, { archived }), room.id);
    announce(t(archived ? "chat_archived_now" : "chat_restored_now"));
    if (!archived) chat.mayWriteNow();
  } catch (error) {
    chat.complain(error);
  }
}

function focusTitle(chat: Chat): void {
  chat.at.panel.querySelector<HTMLElement>(".chat__panel-title")?.focus({ preventScroll: true });
}

export async function showThread(chat: Chat, root: Message): Promise<void> {
  const form = chat.canWrite ? composerFor(root.room, `thread-${root.id}`) : null;
  if (form) {
    form.dataset.thread = root.id;
    fieldOf(form)!.placeholder = t("chat_reply_thread_to", { name: root.author?.name ?? "" });
  }
  chat.panel = { kind: "thread", root, replies: null, heard: [], form };
  chat.drawNow();
  fieldOf(form)?.focus();
  const replies = await api.thread(root.id).catch(() => []);
  if (chat.panel?.kind !== "thread" || chat.panel.root.id !== root.id) return;
  const known = replies.filter(({ id }) => id !== root.id).map((reply) => chat.know(reply));
  // What was said meanwhile may not be in the answer.
  chat.panel = { ...chat.panel, replies: chat.panel.heard.reduce(lines.withSaid, known), heard: [] };
  syncThread(chat);
  threadToEnd(chat);
}

export function syncThread(chat: Chat): void {
  if (chat.panel?.kind !== "thread" || !chat.room) return;
  const root = lines.find(chat.timeline, chat.panel.root.id) ?? chat.panel.root;
  const sent = (chat.panel.replies ?? []).filter(({ pending }) => !pending);
  const ids = new Set(sent.map(({ id }) => id));
  const pending = chat.outbox.of(chat.room.id, root.id).filter(({ id }) => !ids.has(id)).map(({ id }) => chat.pendingMessage(id));
  chat.panel = { ...chat.panel, root, replies: chat.panel.replies === null ? null : [...sent, ...pending] };
  chat.drawNow();
  if (pending.length) threadToEnd(chat);
}

export function threadToEnd(chat: Chat): void {
  const body = chat.at.panel.querySelector(".chat__panel-body");
  if (body) body.scrollTop = body.scrollHeight;
}

/** On a phone the keyboard would jump up: there, one is back with what opened the panel. */
export function closePanel(chat: Chat): void {
  const { kind } = chat.panel ?? {};
  chat.panel = null;
  chat.drawNow();
  const opener = kind && chat.root.querySelector<HTMLElement>(`.chat__head [data-do="${kind}"], .chat__list [data-do="${kind}"]`);
  const isTouch = matchMedia("(pointer: coarse)").matches;
  (kind === "about" || kind === "archived" || isTouch ? opener || null : fieldOf(chat.composer))?.focus();
}
