/** Several people chosen by name: what is found, what is marked, who was taken. */
import type { Person } from "./types.ts";

export interface Chooser { query: string; found: readonly Person[]; marked: number; taken: readonly Person[] }

export const NOBODY: Chooser = { query: "", found: [], marked: 0, taken: [] };

export function withFound(chooser: Chooser, found: readonly Person[], except: ReadonlySet<string> = new Set()): Chooser {
  const taken = new Set(chooser.taken.map(({ id }) => id));
  return { ...chooser, found: found.filter(({ id }) => !taken.has(id) && !except.has(id)), marked: 0 };
}

export function taking(chooser: Chooser, person: Person | undefined): Chooser {
  if (!person || chooser.taken.some(({ id }) => id === person.id)) return chooser;
  return { query: "", found: chooser.found.filter(({ id }) => id !== person.id), marked: 0, taken: [...chooser.taken, person] };
}

export function releasing(chooser: Chooser, id: string | undefined): Chooser {
  return { ...chooser, taken: chooser.taken.filter((person) => person.id !== id) };
}

export function marking(chooser: Chooser, step: number): Chooser {
  const count = chooser.found.length;
  return count ? { ...chooser, marked: (chooser.marked + step + count) % count } : chooser;
}
