/** Messages and rooms for tests, in the shapes of the API. */
import type { Message, Page, Person, Room } from "./types.ts";

export const ada: Person = { id: "ada", name: "Ada Lovelace", avatar_url: null, url: "/people/ada" };
export const bob: Person = { id: "bob", name: "Bob Razafy", avatar_url: null, url: "/people/bob" };

export function said(seq: number, values: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`, room: "r1", seq, kind: "text", author: ada, body: `text ${seq}`, html: `<p>text ${seq}</p>`,
    created_at: new Date(Date.UTC(2026, 10, 20, 9, 0, seq)).toISOString(), edited_at: null, deleted_at: null, version: 1, quote: null,
    thread: null, thread_id: null, reactions: [], attachments: [], is_pinned: false, links: [], ...values,
  };
}

export function page(from: number, to: number, values: Partial<Page> = {}): Page {
  const messages = Array.from({ length: to - from + 1 }, (_, at) => said(from + at));
  return { messages, first_seq: 1, last_seq: to, has_before: from > 1, has_after: false, ...values };
}

export function room(id: string, values: Partial<Room> = {}): Room {
  return {
    id, kind: "group", name: id, topic: "", space: null, is_private: true, members_count: 2, members: [ada, bob], last_seq: 0,
    last_message_at: null, last_message: null, read_seq: 0, unread_count: 0, mention_count: 0, level: "all", is_favourite: false,
    can: { post: true, manage: false, leave: true, pin: true }, url: `/o/acme/chat/${id}`, ...values,
  };
}
