import { behavior } from "../behavior";

interface Frame { type: string; room?: string; message?: { room: string; author: { id: string } | null } }

/** Conversations that were heard of since the number was asked for: another message of one changes nothing. */
const heard = new Set<string>();

/** In how many conversations something waits. A lively one asks the server once, not with every message. */
behavior("[data-chat-counter]", (counter) => {
  const ask = async (): Promise<void> => {
    const answer = await fetch(counter.dataset.chatCounter!, { headers: { "HX-Request": "true" } }).catch(() => null);
    if (answer?.ok) counter.innerHTML = await answer.text();
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  document.addEventListener("parvis:live", (event) => {
    const frame = (event as CustomEvent<Frame>).detail;
    if (!isNews(frame) || document.hidden) return;
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), 300 + Math.random() * 700);
  });
  document.addEventListener("visibilitychange", () => void (document.hidden ? heard.clear() : ask()));
});

export function isNews(frame: Frame, viewer = document.querySelector<HTMLMetaElement>("meta[name=parvis-live]")?.dataset.viewer): boolean {
  if (frame.type === "chat.read" || frame.type === "chat.member_left") {
    heard.clear();
    return true;
  }
  const room = frame.message?.room ?? frame.room;
  if (frame.type !== "chat.message_posted" || !room || frame.message?.author?.id === viewer) return false;
  // Two counters of one page hear the same frame.
  setTimeout(() => heard.add(room));
  return !heard.has(room);
}
