/** Say something to whoever listens to the page instead of looking at it: politely, and not too often. */

const PAUSE_MS = 2_000;
let pending: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string): void {
  pending = text;
  timer ??= setTimeout(() => {
    timer = undefined;
    const region = document.getElementById("live-announcer");
    if (region && pending !== undefined) region.textContent = pending;
    pending = undefined;
  }, PAUSE_MS);
}
