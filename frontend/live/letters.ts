/** The letters of one person in this browser, shared by its tabs and kept over restarts. */

export type State = "waiting" | "sending" | "sent" | "failed" | "editing";

export interface Letter {
  id: string;
  action: string;
  fields: [string, string][];
  excerpt: string;
  state: State;
  reason: string;
}

/** What a page that was closed in the middle of it leaves behind. */
const REVIVED: Partial<Record<State, State>> = { sending: "waiting", editing: "failed" };

export class Letters {
  readonly key: string;
  onChange: () => void = () => {};

  constructor(viewer: string) {
    this.key = `parvis-outbox:${viewer}`;
  }

  all(): Letter[] {
    try {
      return JSON.parse(localStorage.getItem(this.key) ?? "[]") as Letter[];
    } catch {
      return [];
    }
  }

  waiting(): Letter[] {
    return this.all().filter((letter) => letter.state === "waiting");
  }

  has(id: string): boolean {
    return this.all().some((letter) => letter.id === id);
  }

  add(letter: Letter): void {
    this.write([...this.all(), letter]);
  }

  set(id: string, state: State, reason = ""): void {
    this.write(this.all().map((letter) => (letter.id === id ? { ...letter, state, reason } : letter)));
  }

  /** Another text under the same id: it waits again. */
  change(id: string, fields: [string, string][], excerpt: string): void {
    this.write(this.all().map((one) => (one.id === id ? { ...one, fields, excerpt, state: "waiting", reason: "" } : one)));
  }

  remove(id: string): void {
    this.write(this.all().filter((letter) => letter.id !== id));
  }

  /** A page that was closed while sending does not know how it ended: the same UUID is sent again. */
  reviveInterrupted(): void {
    const kept = this.all().filter((letter) => letter.state !== "sent");
    this.write(kept.map((letter) => (letter.state in REVIVED ? { ...letter, state: REVIVED[letter.state]! } : letter)));
  }

  private write(letters: Letter[]): void {
    if (letters.length) localStorage.setItem(this.key, JSON.stringify(letters));
    else localStorage.removeItem(this.key);
    this.onChange();
  }
}
