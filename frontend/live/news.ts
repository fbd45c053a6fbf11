/** What is new in a list announces itself by a button, and moves nothing that is being read.
 *
 *  <div id="feed" data-live-topic="home" data-live-new="content.entry_published">…</div>
 *  and the pill: components/banner.html, news_banner(url, target="#feed"). A list may name its own pill
 *  with data-live-pill="#selector". */

import { t } from "../strings.ts";
import { announce } from "./announce.ts";
import { covers, words } from "./page.ts";
import type { Frame } from "./socket.ts";

const newIds = new WeakMap<HTMLElement, Set<string>>();

export function announceNews(frame: Frame): void {
  for (const list of document.querySelectorAll<HTMLElement>("[data-live-new]")) {
    if (!covers(list.dataset.liveNew, frame.type) || !isTold(list, frame)) continue;
    if (frame.id === null || isShown(frame.id)) continue;
    const ids = newIds.get(list) ?? new Set<string>();
    newIds.set(list, ids.add(frame.id));
    show(list, t("new", { count: ids.size }));
  }
}

/** More than can be counted. */
export function announceMany(): void {
  for (const list of document.querySelectorAll<HTMLElement>("[data-live-new]")) show(list, t("new_some"));
}

function isTold(list: HTMLElement, frame: Frame): boolean {
  const topics = words(list.dataset.liveTopic);
  return (
    !topics.length ||
    topics.includes(frame.topic) ||
    (frame.space !== undefined && (topics.includes("home") || topics.includes(`space:${frame.space}`))) ||
    (frame.thread !== undefined && topics.includes(`thread:${frame.thread}`))
  );
}

function isShown(id: string): boolean {
  return (
    document.querySelector(`[data-live-id~="${CSS.escape(id)}"]`) !== null ||
    ["entry", "comment"].some((kind) => document.getElementById(`${kind}-${id}`) !== null) ||
    // One's own text, whose answer is still on its way.
    [...document.querySelectorAll<HTMLInputElement>("input[data-uuid]")].some((field) => field.value === id)
  );
}

function show(list: HTMLElement, text: string): void {
  const pill = document.querySelector<HTMLElement>(list.dataset.livePill || "#news-banner");
  if (!pill) return;
  const label = pill.querySelector<HTMLElement>("[data-news-text]") ?? pill;
  label.textContent = text;
  pill.hidden = false;
  announce(text);
  pill.addEventListener("click", () => clear(list, pill), { once: true });
}

function clear(list: HTMLElement, pill: HTMLElement): void {
  newIds.delete(list);
  // After htmx has taken the click.
  setTimeout(() => (pill.hidden = true), 0);
}
