/** Who is there and who is typing: heard, never asked twice, forgotten by itself. */

export type Presence = "active" | "away" | "dnd" | "offline";

const TYPING_MS = 6_000;
export const TELL_EVERY_MS = 3_000;

export class Typing {
  private readonly until = new Map<string, Map<string, number>>();

  heard(room: string, person: string, now = Date.now()): void {
    const people = this.until.get(room) ?? new Map<string, number>();
    this.until.set(room, people.set(person, now + TYPING_MS));
  }

  /** Their message is there: they have finished. */
  stopped(room: string, person: string): void {
    this.until.get(room)?.delete(person);
  }

  in(room: string, now = Date.now()): string[] {
    return [...(this.until.get(room) ?? [])].filter(([, until]) => until > now).map(([person]) => person);
  }
}

/** Tells that I type, at most every three seconds. */
export class Teller {
  private last = new Map<string, number>();

  isDue(room: string, now = Date.now()): boolean {
    if (now - (this.last.get(room) ?? 0) < TELL_EVERY_MS) return false;
    this.last.set(room, now);
    return true;
  }
}
