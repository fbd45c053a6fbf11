import { behavior } from "../behavior";

interface Frame { type: string; room?: string; message?: { room: string; author: { id: string } | null } }

const SELECTOR = "[data-chat-counter]";
/** Conversations that were heard of since the number was asked for: another message of one changes nothing. */
const heard = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** In how many conversations something waits. Asked for once the page stands, so that no page waits for it; until then
 *  this tab shows what it knew. A lively conversation asks the server once, not with every message. */
behavior(SELECTOR, (counter) => {
  counter.innerHTML = sessionStorage.getItem(key()) ?? "";
  soon(50);
});

document.addEventListener("parvis:live", (event) => {
  const news = isNews((event as CustomEvent<Frame>).detail, viewer());
  if (news && !document.hidden) soon(300 + Math.random() * 700);
});

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  heard.clear();
  soon(50);
});

function soon(delay: number): void {
  clearTimeout(timer);
  timer = setTimeout(() => void ask(), delay);
}

async function ask(): Promise<void> {
  const counters = document.querySelectorAll<HTMLElement>(SELECTOR);
  const answer = counters[0] && (await fetch(counters[0].dataset.chatCounter!, { headers: { "HX-Request": "true" } }).catch(() => null));
  if (!answer?.ok) return;
  const html = await answer.text();
  sessionStorage.setItem(key(), html);
  for (const counter of counters) counter.innerHTML = html;
}

const viewer = (): string => document.querySelector<HTMLMetaElement>("meta[name=parvis-live]")?.dataset.viewer ?? "";
const key = (): string => `parvis-chats:${viewer()}`;

export function isNews(frame: Frame, viewer: string): boolean {
  if (frame.type === "chat.read" || frame.type === "chat.member_left") {
    heard.clear();
    return true;
  }
  const room = frame.message?.room ?? frame.room;
  if (frame.type !== "chat.message_posted" || !room || frame.message?.author?.id === viewer || heard.has(room)) return false;
  heard.add(room);
  return true;
}
