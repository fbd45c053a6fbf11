/** What arrives is said politely, and not too often: only the latest of what comes within two seconds. */

import { announce as say } from "../announce.ts";

const PAUSE_MS = 2_000;
let pending: string | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

export function announce(text: string): void {
  pending = text;
  timer ??= setTimeout(() => {
    timer = undefined;
    if (pending !== undefined) say(pending);
    pending = undefined;
  }, PAUSE_MS);
}
