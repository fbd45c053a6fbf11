/** What the views draw from: the island's state, and what can be asked of it. */
import type { Presence } from "./model/around.ts";
import type { Shown } from "./model/rows.ts";
import type { Filter } from "./model/rooms.ts";
import type { Timeline } from "./model/timeline.ts";
import type { Member, Message, Person, Room, RoomFile, SpaceName } from "./model/types.ts";

/** What is shown of a conversation; null is not here yet, and `heard` came while it was asked for. */
export interface About { kind: "about"; members: Member[] | null; pins: Message[] | null; files: RoomFile[] | null }

export type Panel =
  | About
  | { kind: "archived"; rooms: Room[] | null }
  | { kind: "pins"; messages: Message[] | null }
  | { kind: "search"; everywhere: boolean; query: string; found: Message[] | null; isAsking: boolean }
  | { kind: "thread"; root: Shown; replies: Shown[] | null; heard: Shown[]; form: HTMLElement | null };

export interface View {
  viewer: Person;
  rooms: readonly Room[];
  spaces: readonly SpaceName[];
  room: Room | null;
  timeline: Timeline;
  filter: Filter;
  query: string;
  panel: Panel | null;
  replyTo: Message | null;
  editing: { id: string; place: "log" | "panel"; form: HTMLElement; current?: Message } | null;
  selecting: Set<string> | null;
  isLoading: boolean;
  presence(id: string): Presence | undefined;
  typingIn(room: string): string[];
  draftOf(room: string): string;
  /** Who has read up to this message and not further. */
  seenAt(message: string): Person[];
  nameOf(person: string): string;
  /** Deleted a moment ago, and perhaps not for good. */
  isGone(id: string): boolean;
}
