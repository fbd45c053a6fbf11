/** The letters of one person in this browser, shared by its tabs and kept over restarts. */

export type State = "waiting" | "sending" | "sent" | "failed";

export interface Letter {
  id: string;
  action: string;
  fields: [string, string][];
  excerpt: string;
  state: State;
  reason: string;
}

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

  remove(id: string): void {
    this.write(this.all().filter((letter) => letter.id !== id));
  }

  /** A page that was closed while sending does not know how it ended: the same UUID is sent again. */
  reviveInterrupted(): void {
    const kept = this.all().filter((letter) => letter.state !== "sent");
    this.write(kept.map((letter) => (letter.state === "sending" ? { ...letter, state: "waiting" } : letter)));
  }

  private write(letters: Letter[]): void {
    if (letters.length) localStorage.setItem(this.key, JSON.stringify(letters));
    else localStorage.removeItem(this.key);
    this.onChange();
  }
}
