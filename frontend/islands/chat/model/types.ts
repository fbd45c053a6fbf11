/** What the API says (docs of /api/v1/rooms and /api/v1/messages), in the very same shapes. */

export interface Status { emoji: string; text: string; until: string | null }

export interface Person { id: string; name: string; avatar_url: string | null; url: string; status?: Status | null }

export interface Member extends Person { is_host: boolean }

export interface SpaceName { id: string; name: string; url?: string }

export type Level = "all" | "mentions" | "nothing";

export interface Room {
  id: string;
  kind: "direct" | "group" | "space";
  name: string;
  topic: string;
  space: SpaceName | null;
  is_private: boolean;
  is_archived?: boolean;
  members_count: number;
  members: Person[];
  last_seq: number;
  last_message_at: string | null;
  last_message?: { author: Person | null; excerpt: string; kind: string } | null;
  read_seq: number;
  unread_count: number;
  mention_count: number;
  level: Level;
  is_favourite: boolean;
  /** Whether one may know how far the others have read. */
  shows_seen?: boolean;
  muted_until?: string | null;
  can: { post: boolean; manage: boolean; leave: boolean; pin: boolean; add?: boolean; join?: boolean };
  url: string;
  draft?: string | null;
}

export interface Reaction { emoji: string; count: number; mine?: boolean; people?: string[]; person_ids?: string[]; picture_url?: string | null }

export interface Attachment {
  id: string;
  name: string;
  media_type: string;
  size_bytes: number;
  width: number | null;
  height: number | null;
  url: string;
  thumbnail_url?: string | null;
  alternative_text?: string;
  is_decorative?: boolean;
  poster_url?: string | null;
  captions_url?: string | null;
}

export interface RoomFile extends Attachment { message: string; seq: number; author: Person | null; created_at: string }

/** Of what was said before one came, only that there is something; in a frame, which all hear, `is_readable` is null: it is asked for. */
export interface Quote { id: string | null; seq: number | null; author: Person | null; excerpt: string; is_readable?: boolean | null }

export interface Preview { url: string; title: string; text?: string; source?: string; image_url?: string | null }

/** An entry that a message became, or shows. What it is called is told to its readers only, never to a whole room. */
export interface MessageLink { kind: string; link?: "became" | "shows"; id: string | null; url: string | null; title: string | null; author?: Person | null; is_readable: boolean | null }

export interface RoomEvent { type: string; people?: Array<{ id: string; name: string }>; name?: string; topic?: string }

export interface Message {
  id: string;
  room: string;
  seq: number;
  kind: string;
  author: Person | null;
  body: string;
  html: string;
  event?: RoomEvent | null;
  created_at: string;
  edited_at: string | null;
  deleted_at: string | null;
  is_hidden?: boolean;
  /** Why it did not wait for working time. */
  urgent_reason?: string;
  version: number;
  quote: Quote | null;
  thread: { id: string; replies: number; last_at: string | null } | null;
  thread_id: string | null;
  reactions: Reaction[];
  attachments: Attachment[];
  is_pinned: boolean;
  mentions_me?: boolean;
  mention_ids?: string[];
  links: MessageLink[];
  preview?: Preview | null;
}

/** How far somebody has read. */
export interface Seen { person: Person; read_seq: number }

export interface Page {
  messages: Message[];
  first_seq: number;
  last_seq: number;
  has_before: boolean;
  has_after: boolean;
}

export interface FileIn { id: string; alternative_text: string; is_decorative: boolean }

/** What the page carries: everything that its first view needs. */
export interface State {
  viewer: Person;
  rooms: Room[];
  room: Room | null;
  page: Page | null;
  spaces?: SpaceName[];
}
