/** Which uploads this browser has begun, so that the same file goes on where it stopped, even after the tab was closed. */
const PREFIX = "parvis-upload:";
// As long as the server keeps what came.
const KEPT_MS = 24 * 3600 * 1000;

interface Kept { address: string; name: string; composer: string; at: number }
export interface Begun extends Kept { key: string }

export function memoryOf(file: File, url: string, composer: string): { address: string | null; keep(address: string): void; forget(): void } {
  const key = `${PREFIX}${url}:${file.name}:${file.size}:${file.lastModified}`;
  return {
    address: read(key)?.address ?? null,
    keep: (address) => localStorage.setItem(key, JSON.stringify({ address, name: file.name, composer, at: Date.now() } satisfies Kept)),
    forget: () => localStorage.removeItem(key),
  };
}

/** What was begun in a composer and is not whole yet. */
export function interrupted(url: string, composer: string): Begun[] {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(`${PREFIX}${url}:`));
  return keys.flatMap((key) => {
    const kept = read(key);
    return kept && kept.composer === composer ? [{ ...kept, key }] : [];
  });
}

export function forget(key: string): void {
  localStorage.removeItem(key);
}

function read(key: string): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") as Kept | null;
    if (kept && Date.now() - kept.at < KEPT_MS) return kept;
  } catch {
    // Written by something else.
  }
  localStorage.removeItem(key);
  return null;
}
