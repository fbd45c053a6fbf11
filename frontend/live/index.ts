/** Keep the page true: one WebSocket, and what follows from what it says (README.md). */

import { announceMany, announceNews } from "./news.ts";
import { showConnection } from "./banner.ts";
import { tellWhetherHere } from "./here.ts";
import { startOutbox } from "./outbox.ts";
import { settings, topicsOfPage } from "./page.ts";
import { refreshAll, refreshFor } from "./refresh.ts";
import { type Frame, LiveSocket } from "./socket.ts";

const KEY = "parvis-live-position";

function startLive(): void {
  const page = settings();
  if (!page) return;
  const outbox = startOutbox(page.viewer);
  let position = page.position ?? sessionStorage.getItem(KEY);
  const socket = new LiveSocket(
    page.url,
    {
      frame: hear,
      reload: () => {
        refreshAll();
        announceMany();
        tell("parvis:reload", null);
      },
      // Something on this page may no longer be read: the server decides what is left of it.
      denied: () => location.reload(),
      signedOut: () => location.reload(),
      connected: (isConnected) => {
        showConnection(isConnected);
        outbox.setAway(!isConnected);
        tell("parvis:connected", isConnected);
        if (isConnected) sayAgain();
      },
    },
    {
      read: () => position,
      write: (next) => {
        position = next;
        sessionStorage.setItem(KEY, next);
      },
    },
  );
  const sayAgain = tellWhetherHere((words) => socket.say(words));
  const follow = () => socket.follow(topicsOfPage(page.topics));
  follow();
  socket.start();
  document.addEventListener("htmx:after:swap", follow);
  document.addEventListener("parvis:follow", follow);
  document.addEventListener("parvis:say", (event) => socket.say((event as CustomEvent<object>).detail));
  for (const event of ["online", "pageshow", "focus"]) window.addEventListener(event, () => socket.nudge());
  document.addEventListener("visibilitychange", () => document.hidden || socket.nudge());
  window.addEventListener("offline", () => showConnection(false));
}

function hear(frame: Frame): void {
  refreshFor(frame);
  announceNews(frame);
  tell("parvis:live", frame);
}

/** To islands, which know nothing of the socket. */
function tell(name: string, detail: unknown): void {
  document.dispatchEvent(new CustomEvent(name, { detail }));
}

startLive();
