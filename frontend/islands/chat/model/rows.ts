/** What stands in the log: days, the line above what is new, messages, those of one author close together. */
import type { Message } from "./types.ts";
import type { Pending } from "./outbox.ts";

const CLOSE_MS = 5 * 60_000;

export interface Shown extends Message { pending?: Pending }

export type Row =
  | { kind: "day"; key: string; date: Date }
  | { kind: "new"; key: string }
  | { kind: "message"; key: string; message: Shown; continues: boolean };

export interface Around {
  /** Everything after this number was new when the conversation was opened; null: nothing was. */
  newAfter: number | null;
  viewer: string;
}

export function rowsOf(messages: readonly Shown[], { newAfter, viewer }: Around): Row[] {
  const rows: Row[] = [];
  let before: Shown | undefined;
  let isMarked = newAfter === null;
  for (const message of messages) {
    const date = new Date(message.created_at);
    const isNewDay = !before || dayOf(before.created_at) !== dayOf(message.created_at);
    if (isNewDay) rows.push({ kind: "day", key: `day-${dayOf(message.created_at)}`, date });
    const isFirstNew = !isMarked && !message.pending && message.kind === "text" && message.seq > newAfter! && message.author?.id !== viewer;
    if (isFirstNew) {
      rows.push({ kind: "new", key: "new" });
      isMarked = true;
    }
    const continues = !isNewDay && !isFirstNew && before !== undefined && continuesWith(before, message);
    rows.push({ kind: "message", key: message.id, message, continues });
    before = message;
  }
  return rows;
}

export function continuesWith(before: Message, message: Message): boolean {
  return (
    before.kind === "text" && message.kind === "text" &&
    before.author !== null && before.author.id === message.author?.id &&
    !before.deleted_at && !message.quote &&
    Date.parse(message.created_at) - Date.parse(before.created_at) < CLOSE_MS
  );
}

export function dayOf(moment: string): string {
  const date = new Date(moment);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`;
}
