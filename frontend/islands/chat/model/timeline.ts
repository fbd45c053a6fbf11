/** The part of a conversation that is held: a window of bounded length over messages in the server's order. */
import { excerptOf } from "./rooms.ts";
import type { Message, Page } from "./types.ts";

/** More than this is not kept in the page: what is furthest from where one reads goes. */
export const MOST = 200;

export interface Timeline {
  messages: readonly Message[];
  hasBefore: boolean;
  hasAfter: boolean;
  /** The highest number heard of, shown or not: a frame beyond the next one says that something was missed. */
  heard: number;
}

export const EMPTY: Timeline = { messages: [], hasBefore: false, hasAfter: false, heard: 0 };

export function opened(page: Page): Timeline {
  return { messages: ordered(page.messages), hasBefore: page.has_before, hasAfter: page.has_after, heard: Math.max(page.last_seq, lastSeq(page.messages)) };
}

export function withOlder(timeline: Timeline, page: Page): Timeline {
  const all = merged(page.messages, timeline.messages);
  return { ...timeline, messages: all.slice(0, MOST), hasBefore: page.has_before, hasAfter: timeline.hasAfter || all.length > MOST };
}

export function withNewer(timeline: Timeline, page: Page): Timeline {
  const all = merged(timeline.messages, page.messages);
  const kept = all.slice(-MOST);
  return { messages: kept, hasBefore: timeline.hasBefore || kept.length < all.length, hasAfter: page.has_after, heard: Math.max(timeline.heard, page.last_seq, lastSeq(all)) };
}

/** A new message stands at the end; away from the end it is only known of. One of a side thread counts at its root. */
export function withPosted(timeline: Timeline, message: Message): Timeline {
  const heard = Math.max(timeline.heard, message.seq);
  if (message.thread_id) {
    const isNews = message.seq > timeline.heard;
    return { ...timeline, heard, messages: isNews ? timeline.messages.map((one) => (one.id === message.thread_id ? withReply(one, message) : one)) : timeline.messages };
  }
  if (timeline.hasAfter) return { ...timeline, heard };
  const all = merged(timeline.messages, [message]);
  const kept = all.slice(-MOST);
  return { ...timeline, heard, messages: kept, hasBefore: timeline.hasBefore || kept.length < all.length };
}

export function withChanged(timeline: Timeline, message: Message): Timeline {
  return { ...timeline, messages: timeline.messages.map((one) => (one.id === message.id ? newest(one, message) : requoted(one, message))) };
}

/** What is quoted says something else now, or nothing any more. */
function requoted(one: Message, quoted: Message): Message {
  return one.quote?.id === quoted.id ? { ...one, quote: { ...one.quote, excerpt: quoted.deleted_at ? "" : excerptOf(quoted) } } : one;
}

export function hasMissed(timeline: Timeline, seq: number): boolean {
  return seq > timeline.heard + 1;
}

export function find(timeline: Timeline, id: string): Message | undefined {
  return timeline.messages.find((message) => message.id === id);
}

/** What is said to all members of a room carries ids: whether it is mine is seen here. */
export function seenBy(message: Message, viewer: string): Message {
  return {
    ...message,
    mentions_me: message.mentions_me ?? message.mention_ids?.includes(viewer) ?? false,
    reactions: message.reactions.map((reaction) => ({ ...reaction, mine: reaction.mine ?? reaction.person_ids?.includes(viewer) ?? false })),
  };
}

function newest(mine: Message, other: Message): Message {
  return other.version >= mine.version ? { ...other, thread: other.thread ?? mine.thread } : mine;
}

/** The replies of a side thread with one more; one that comes twice stands once, as it was heard of last. */
export function withSaid<One extends Message>(replies: readonly One[], reply: One): One[] {
  return [...replies.filter(({ id }) => id !== reply.id), reply].sort((one, other) => one.seq - other.seq);
}

function withReply(root: Message, reply: Message): Message {
  return { ...root, thread: { id: root.id, replies: (root.thread?.replies ?? 0) + 1, last_at: reply.created_at } };
}

function merged(some: readonly Message[], others: readonly Message[]): Message[] {
  const byId = new Map(some.map((message) => [message.id, message]));
  for (const message of others) {
    const known = byId.get(message.id);
    byId.set(message.id, known ? newest(known, message) : message);
  }
  return ordered([...byId.values()]);
}

function ordered(messages: readonly Message[]): Message[] {
  return messages.filter((message) => !message.thread_id).sort((one, other) => one.seq - other.seq);
}

function lastSeq(messages: readonly Message[]): number {
  return messages.reduce((most, message) => Math.max(most, message.seq), 0);
}
