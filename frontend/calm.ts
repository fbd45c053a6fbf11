/** Whether the reader is outside their working time: then an open window stays calm, and shows all to who looks. */
interface Now { until: string | null; text: string; asked: number }

const KEY = "parvis-calm";
// Hours begin and end, and policies change: what is known is soon asked again.
const KNOWN_FOR_MS = 5 * 60_000;

const known = (): Now | null => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Now | null;
  } catch {
    return null;
  }
};

export const isCalm = (now = Date.now()): boolean => {
  const until = known()?.until;
  return Boolean(until) && Date.parse(until!) > now;
};

export const calmText = (): string => known()?.text ?? "";

let asking: Promise<void> | null = null;

/** Several counters of a page ask at the same moment: one question is enough. */
export async function look(address: string, now = Date.now()): Promise<void> {
  const before = known();
  if (before && now - before.asked < KNOWN_FOR_MS) return;
  asking ??= ask(address, now).finally(() => (asking = null));
  return asking;
}

async function ask(address: string, now: number): Promise<void> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok) return;
  const { until, text } = (await answer.json()) as Omit<Now, "asked">;
  sessionStorage.setItem(KEY, JSON.stringify({ until, text, asked: now }));
}
