/** The list of conversations: in which order, what is unread, and what each thing that is heard changes. */
import type { Message, Room } from "./types.ts";

export type Filter = "all" | "unread" | "people" | "spaces";

const OF_FILTER: Record<Filter, (room: Room) => boolean> = {
  all: () => true,
  unread: (room) => room.unread_count > 0 || room.mention_count > 0,
  people: (room) => room.kind !== "space",
  spaces: (room) => room.kind === "space",
};

/** Favourites first, then whatever was said last. */
export function sorted(rooms: readonly Room[]): Room[] {
  return [...rooms].sort((one, other) => Number(other.is_favourite) - Number(one.is_favourite) || moment(other) - moment(one));
}

export function shown(rooms: readonly Room[], filter: Filter, query: string): Room[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  const named = (room: Room): boolean => {
    const text = plain(`${room.name} ${room.space?.name ?? ""} ${room.members.map(({ name }) => name).join(" ")}`);
    return words.every((word) => text.includes(word));
  };
  return sorted(rooms).filter((room) => !room.is_archived && OF_FILTER[filter](room) && named(room));
}

export interface Hearing { viewer: string; isSeen: boolean }

/** A message was posted in one of my conversations; `isSeen`: it stands on a screen that I look at. */
export function withMessage(rooms: readonly Room[], message: Message, { viewer, isSeen }: Hearing): Room[] {
  return rooms.map((room) => {
    if (room.id !== message.room || message.seq <= room.last_seq) return room;
    const last_message = { author: message.author, excerpt: excerptOf(message), kind: message.kind };
    const heard = message.thread_id ? { last_seq: message.seq } : { last_seq: message.seq, last_message_at: message.created_at, last_message };
    if (message.author?.id === viewer) return { ...room, ...heard, read_seq: message.seq, unread_count: 0, mention_count: 0 };
    if (isSeen || message.kind !== "text") return { ...room, ...heard };
    const isForMe = room.kind === "direct" || (message.mention_ids?.includes(viewer) ?? message.mentions_me ?? false);
    return { ...room, ...heard, unread_count: room.unread_count + (message.thread_id ? 0 : 1), mention_count: room.mention_count + (isForMe ? 1 : 0) };
  });
}

/** The last message says something else now, or nothing. */
export function withLine(rooms: readonly Room[], message: Message): Room[] {
  return rooms.map((room) => (room.id === message.room && room.last_message && message.seq === room.last_seq && !message.thread_id ? { ...room, last_message: { ...room.last_message, excerpt: message.deleted_at ? "" : excerptOf(message) } } : room));
}

/** I read up to there, in whichever window. Never backwards: that is what "mark as unread" is for. */
export function withRead(rooms: readonly Room[], id: string, seq: number): Room[] {
  return rooms.map((room) => {
    if (room.id !== id || seq < room.read_seq) return room;
    return seq >= room.last_seq ? { ...room, read_seq: seq, unread_count: 0, mention_count: 0 } : { ...room, read_seq: seq };
  });
}

export function withRoom(rooms: readonly Room[], room: Room): Room[] {
  return rooms.some(({ id }) => id === room.id) ? rooms.map((one) => (one.id === room.id ? { ...one, ...room } : one)) : [room, ...rooms];
}

export function without(rooms: readonly Room[], id: string): Room[] {
  return rooms.filter((room) => room.id !== id);
}

/** The next conversation in the shown order, the next unread one if asked. */
export function beside(rooms: readonly Room[], id: string | null, step: number, isUnread: boolean): Room | undefined {
  const at = rooms.findIndex((room) => room.id === id);
  for (let index = at + step; index >= 0 && index < rooms.length; index += step) if (!isUnread || rooms[index]!.unread_count) return rooms[index];
  return undefined;
}

export function isMuted(room: Room, now = Date.now()): boolean {
  return room.level === "nothing" || (room.muted_until ? Date.parse(room.muted_until) > now : false);
}

function moment(room: Room): number {
  return room.last_message_at ? Date.parse(room.last_message_at) : 0;
}

export function excerptOf(message: Pick<Message, "body" | "attachments">, length = 120): string {
  const text = message.body.replace(/@\[([^\]]+)\]\([^)]+\)/g, "@$1").replace(/```\w*\n?|[*_`>#~]+/g, "").replace(/\[([^\]]+)\]\([^)]+\)/g, "$1").replace(/\s+/g, " ").trim();
  return (text || message.attachments.map(({ name }) => name).join(", ")).slice(0, length);
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
