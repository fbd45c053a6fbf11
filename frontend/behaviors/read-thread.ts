/** A thread that somebody looks at is read, in every window: when it opens, and when a comment arrives meanwhile.
 *
 *  <div data-reads="/notifications/threads/7/read" data-thread="7"> */

import { behavior } from "../behavior";
import { csrfToken } from "../dom";

/** Long enough to have seen it, and for the notification of what just arrived to be there. */
const SEEN_MS = 1_500;

interface Frame {
  id: string | null;
  thread?: string;
}

behavior("[data-reads]", (element) => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(() => element.isConnected && void markRead(element), SEEN_MS);
  };
  look();
  document.addEventListener("visibilitychange", look);
  document.addEventListener("parvis:live", (event) => {
    const { id, thread } = (event as CustomEvent<Frame>).detail;
    if ([id, thread].includes(element.dataset.thread ?? "")) look();
  });
});

async function markRead(element: HTMLElement): Promise<void> {
  const headers = { "X-CSRFToken": csrfToken() };
  await fetch(element.dataset.reads ?? "", { method: "POST", headers, keepalive: true }).catch(() => null);
}
