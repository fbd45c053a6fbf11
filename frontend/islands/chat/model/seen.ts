/** Who has read how far: each face stands below the last message that its owner has read. */
import type { Message, Person, Seen } from "./types.ts";

export function below(messages: readonly Message[], seen: readonly Seen[]): Map<string, Person[]> {
  const faces = new Map<string, Person[]>();
  for (const { person, read_seq } of seen) {
    const last = messages.findLast(({ seq }) => seq <= read_seq);
    // Who said it has read it.
    if (last && last.author?.id !== person.id) faces.set(last.id, [...(faces.get(last.id) ?? []), person]);
  }
  return faces;
}

/** Forward only: frames of two windows may cross. */
export function moved(seen: readonly Seen[], person: Person, read_seq: number): Seen[] {
  const before = seen.find((one) => one.person.id === person.id)?.read_seq ?? 0;
  return [...seen.filter((one) => one.person.id !== person.id), { person, read_seq: Math.max(before, read_seq) }];
}
