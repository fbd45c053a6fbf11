/** Whether the reader is outside their working time: then an open window stays calm, and shows all to who looks. */
interface Now {
  isOff: boolean;
  text: string;
  /** By this browser's clock: when it was asked, and when working time begins or ends next; null: not foreseen. */
  asked: number;
  changes: number | null;
}

interface Answer { until: string | null; text: string; changes_in: number | null }

const KEY = "parvis-calm";
// Policies change: what is known is soon asked again.
const KNOWN_FOR_MS = 5 * 60_000;

const known = (): Now | null => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Now | null;
  } catch {
    return null;
  }
};

const isOver = ({ changes }: Now, now: number): boolean => changes !== null && changes <= now;

export const isCalm = (now = Date.now()): boolean => {
  const here = known();
  return Boolean(here?.isOff) && !isOver(here!, now);
};

export const calmText = (): string => known()?.text ?? "";

/** In how long it is worth asking again: when the hours begin or end, else after a while. */
export const asksIn = (now = Date.now()): number => {
  const here = known();
  const change = here?.changes && here.changes > now ? here.changes - now : KNOWN_FOR_MS;
  return Math.min(change, KNOWN_FOR_MS);
};

let asking: Promise<void> | null = null;

/** Several counters of a page ask at the same moment: one question is enough. */
export async function look(address: string, now = Date.now()): Promise<void> {
  const before = known();
  if (before && now - before.asked < KNOWN_FOR_MS && !isOver(before, now)) return;
  asking ??= ask(address, now).finally(() => (asking = null));
  return asking;
}

async function ask(address: string, now: number): Promise<void> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const { until, text, changes_in } = (await answer.json()) as Answer;
  const changes = changes_in === null ? null : now + changes_in * 1000;
  sessionStorage.setItem(KEY, JSON.stringify({ isOff: until !== null, text, asked: now, changes } satisfies Now));
}
