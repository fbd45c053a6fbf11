/** What was written and has not been taken by the server yet: shown at once, sent in order, kept through a reload. */
import type { FileIn, Message, Quote } from "./types.ts";

export interface Letter {
  id: string;
  room: string;
  body: string;
  files: FileIn[];
  reply_to: string | null;
  thread: string | null;
  /** Why it may not wait for working time. */
  urgent_reason?: string;
}

export interface Pending extends Letter {
  state: "sending" | "waiting" | "failed";
  reason: string;
  created_at: string;
  quote: Quote | null;
}

export type Answer = { kind: "taken"; message: Message } | { kind: "away" } | { kind: "refused"; reason: string };

export interface Store { read(): string | null; write(text: string): void }

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** One message of a room travels at a time, so that they arrive in the order of writing; rooms do not wait for rooms. */
export class Outbox {
  private letters: Pending[];
  private readonly busy = new Set<string>();
  private pause = FIRST_PAUSE_MS;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly post: (letter: Letter) => Promise<Answer>,
    private readonly onTaken: (message: Message) => void,
    private readonly onChange: () => void,
  ) {
    this.letters = restored(store.read());
  }

  of(room: string, thread: string | null = null): Pending[] {
    return this.letters.filter((letter) => letter.room === room && letter.thread === thread);
  }

  rooms(): Set<string> {
    return new Set(this.letters.map((letter) => letter.room));
  }

  add(letter: Letter, quote: Quote | null = null): void {
    if (this.letters.some(({ id }) => id === letter.id)) return;
    this.letters.push({ ...letter, quote, state: "sending", reason: "", created_at: new Date().toISOString() });
    this.changed();
    void this.sendFrom(letter.room);
  }

  retry(id: string): void {
    this.change(id, { state: "sending", reason: "" });
    const room = this.letters.find((letter) => letter.id === id)?.room;
    if (room) void this.sendFrom(room);
  }

  discard(id: string): Pending | undefined {
    const letter = this.letters.find((one) => one.id === id);
    this.letters = this.letters.filter((one) => one.id !== id);
    this.changed();
    return letter;
  }

  /** The connection may be back: everything that waits is tried. */
  flush(): void {
    clearTimeout(this.timer);
    for (const room of this.rooms()) void this.sendFrom(room);
  }

  /** The live connection brought it before the answer did. */
  arrived(id: string): void {
    if (this.letters.some((letter) => letter.id === id)) this.discard(id);
  }

  private async sendFrom(room: string): Promise<void> {
    if (this.busy.has(room)) return;
    this.busy.add(room);
    try {
      for (let letter = this.next(room); letter; letter = this.next(room)) {
        this.change(letter.id, { state: "sending" });
        const answer = await this.post(letter);
        if (answer.kind === "away") return this.waitFor(room);
        this.pause = FIRST_PAUSE_MS;
        if (answer.kind === "taken") {
          this.letters = this.letters.filter(({ id }) => id !== letter!.id);
          this.onTaken(answer.message);
          this.changed();
        } else this.change(letter.id, { state: "failed", reason: answer.reason });
      }
    } finally {
      this.busy.delete(room);
    }
  }

  private next(room: string): Pending | undefined {
    return this.letters.find((letter) => letter.room === room && letter.state !== "failed");
  }

  private waitFor(room: string): void {
    for (const letter of this.letters) if (letter.room === room && letter.state === "sending") letter.state = "waiting";
    this.changed();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.pause);
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE_MS);
  }

  private change(id: string, values: Partial<Pending>): void {
    this.letters = this.letters.map((letter) => (letter.id === id ? { ...letter, ...values } : letter));
    this.changed();
  }

  private changed(): void {
    this.store.write(JSON.stringify(this.letters));
    this.onChange();
  }
}

function restored(text: string | null): Pending[] {
  try {
    const letters = JSON.parse(text ?? "[]") as Pending[];
    return letters.map((letter) => (letter.state === "failed" ? letter : { ...letter, state: "waiting" }));
  } catch {
    return [];
  }
}

/** What is on its way looks like a message that is there already. */
export function asMessage(letter: Pending, author: Message["author"], html: string): Message & { pending: Pending } {
  return {
    id: letter.id, room: letter.room, seq: Number.MAX_SAFE_INTEGER, kind: "text", author, body: letter.body, html,
    created_at: letter.created_at, edited_at: null, deleted_at: null, version: 0, quote: letter.quote, thread: null, urgent_reason: letter.urgent_reason ?? "",
    thread_id: letter.thread, reactions: [], attachments: [], is_pinned: false, links: [], pending: letter,
  };
}
