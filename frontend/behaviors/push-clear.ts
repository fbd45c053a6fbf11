/** What was read in any window is taken off this device's screen, and the app's badge counts what is left. */

import { isStale, type Shown } from "../worker/calls";

interface Waiting {
  unread: number;
  waiting: string[];
}

const meta = document.querySelector<HTMLMetaElement>("meta[name=parvis-push]");
const isInstalled = matchMedia("(display-mode: standalone)").matches;
let timer: ReturnType<typeof setTimeout> | undefined;

function soon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void clear(), 400 + Math.random() * 400);
}

async function clear(): Promise<void> {
  const shown = (await (await navigator.serviceWorker.getRegistration())?.getNotifications()) ?? [];
  // Nothing shown and no badge to set: nobody is asked.
  if (!shown.length && !isInstalled) return;
  const answer = await fetch(`${meta!.content}/waiting`).catch(() => null);
  if (!answer?.ok) return;
  const left = (await answer.json()) as Waiting;
  const prefix = meta!.dataset.prefix ?? "";
  for (const one of shown) if (isStale(one.data as Shown, { ...left, prefix })) one.close();
  if (isInstalled) void navigator.setAppBadge?.(left.unread).catch(() => undefined);
}

if (meta && "serviceWorker" in navigator) {
  addEventListener("load", soon);
  document.addEventListener("visibilitychange", () => document.hidden || soon());
  document.addEventListener("parvis:live", (event) => {
    if ((event as CustomEvent<{ type: string }>).detail.type === "notifications.inbox_changed") soon();
  });
}
