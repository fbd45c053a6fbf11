/** What the live connection says, told to the island. */
import * as api from "./api.ts";
import type { Chat } from "./chat.ts";
import type { Presence } from "./model/around.ts";
import type { Message } from "./model/types.ts";
import { changed, heardPresence, heardRead, heardRoom, heardSeen, heardTyping, received } from "./news.ts";

interface Frame { type: string; topic?: string; id?: string | null; room?: string; seq?: number; read_seq?: number; message?: Message; unread_count?: number; mention_count?: number; person?: string; state?: Presence; people?: Record<string, Presence> | string[] }

const CHANGES = new Set(["chat.message_edited", "chat.message_deleted", "chat.reactions_changed", "chat.message_pinned", "chat.message_restored", "chat.message_previewed", "chat.message_linked"]);

export async function hear(chat: Chat, frame: Frame): Promise<void> {
  const { type, room } = frame;
  if (type === "chat.message_posted" || CHANGES.has(type)) {
    const message = frame.message ?? (frame.id ? await api.message(frame.id).catch(() => null) : null);
    if (message) CHANGES.has(type) ? changed(chat, message) : received(chat, message);
  } else if (type === "chat.read" && room && (!frame.person || frame.person === chat.viewer.id)) heardRead(chat, room, frame.read_seq ?? 0, frame.unread_count ?? 0, frame.mention_count ?? 0);
  else if (type === "chat.seen" && room && frame.person) heardSeen(chat, room, frame.person, frame.read_seq ?? 0);
  else if (type === "chat.typing" && room && frame.person) heardTyping(chat, room, frame.person);
  else if (type === "people.presence" && frame.person) heardPresence(chat, { [frame.person]: frame.state ?? "offline" });
  else if (type === "presence" && frame.people && !Array.isArray(frame.people)) heardPresence(chat, frame.people);
  else if (type === "chat.member_left" && room && Array.isArray(frame.people) && frame.people.includes(chat.viewer.id)) chat.forget(room);
  else if (type.startsWith("chat.") && room) await heardRoom(chat, room);
}
