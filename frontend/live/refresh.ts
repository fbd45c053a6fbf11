/** Elements that say what they show fetch themselves again when they hear of it.
 *
 *  <article id="entry-7" data-live-id="7" data-live-refresh="content.*" data-live-url="/entries/7/card">
 *
 *  `data-live-swap="outerMorph"` keeps the nodes that stay, so that it need not wait for who writes in them.
 *  `data-live-id` may be left out: then every frame of the element's own `data-live-topic` counts. */

import htmx from "../htmx.ts";
import { covers, words } from "./page.ts";
import { isInUse, undisturbed } from "./reading.ts";
import type { Frame } from "./socket.ts";

/** Readers that hear at once do not ask at once; one element asks at most about once a second. */
const SPREAD_MS = 150;
const PAUSE_MS = 1_000;
const LOOK_AGAIN_MS = 700;

const waiting = new Map<HTMLElement, ReturnType<typeof setTimeout>>();
/** By what names it: a swap puts another element in the place of the first. */
const lastFetched = new Map<string, number>();
const deferred = new Set<HTMLElement>();
let watcher: ReturnType<typeof setInterval> | undefined;

export function refreshFor(frame: Frame): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-live-refresh]"))
    if (covers(element.dataset.liveRefresh, frame.type) && isAbout(element, frame)) soon(element);
}

/** Everything that can refresh itself does: too much was missed to know what changed. */
export function refreshAll(): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-live-refresh]")) soon(element);
}

function isAbout(element: HTMLElement, frame: Frame): boolean {
  const ids = words(element.dataset.liveId);
  if (ids.length) return (frame.id !== null && ids.includes(frame.id)) || (frame.thread !== undefined && ids.includes(frame.thread));
  return words(element.dataset.liveTopic).includes(frame.topic);
}

function soon(element: HTMLElement): void {
  if (waiting.has(element)) return;
  const since = Date.now() - (lastFetched.get(nameOf(element)) ?? 0);
  const delay = Math.max(0, PAUSE_MS - since) + Math.random() * SPREAD_MS;
  waiting.set(element, setTimeout(() => now(element), delay));
}

function nameOf(element: HTMLElement): string {
  return element.id || element.dataset.liveUrl || "";
}

function now(element: HTMLElement): void {
  waiting.delete(element);
  if (!element.isConnected) return;
  if (document.hidden || (!isMorphed(element) && isInUse(element))) return defer(element);
  lastFetched.set(nameOf(element), Date.now());
  void undisturbed(element, () => replace(element));
}

/** A morph keeps the nodes that stay: what is being written in it is marked `hx-morph-skip` and left alone. */
function isMorphed(element: HTMLElement): boolean {
  return element.dataset.liveSwap === "outerMorph";
}

/** Later, when nobody writes in it any more, or when the page is looked at again. */
function defer(element: HTMLElement): void {
  deferred.add(element);
  watcher ??= setInterval(() => {
    for (const one of [...deferred])
      if (!one.isConnected || (!document.hidden && (isMorphed(one) || !isInUse(one)))) {
        deferred.delete(one);
        if (one.isConnected) now(one);
      }
    if (!deferred.size) {
      clearInterval(watcher);
      watcher = undefined;
    }
  }, LOOK_AGAIN_MS);
}

async function replace(element: HTMLElement): Promise<void> {
  const url = element.dataset.liveUrl || location.pathname + location.search;
  // htmx swaps it, so that its attributes work and its security extension sees it.
  await htmx.ajax("GET", url, {
    source: element,
    target: element,
    swap: element.dataset.liveSwap || "outerHTML",
    headers: { "X-Parvis-Live": "1" },
    fetch: (address: string, request: RequestInit) => fragment(element, address, request),
  } as never);
}

/** Fetch a fragment; what is gone leaves the page, and no error page takes its place. */
async function fragment(element: HTMLElement, address: string, request: RequestInit): Promise<Response> {
  const response = await fetch(address, request);
  if (response.status === 404 || response.status === 410) element.remove();
  if (!response.ok || response.redirected) throw new DOMException("nothing to show", "AbortError");
  const text = await response.text();
  const html = /^\s*<!doctype/i.test(text) ? partOfPage(text, element.id) : text;
  if (html === null) throw new DOMException("nothing to show", "AbortError");
  const answer = new Response(html, { status: response.status, headers: response.headers });
  // A made Response has no address, and htmx's security extension only trusts what came from here.
  Object.defineProperty(answer, "url", { value: response.url });
  return answer;
}

function partOfPage(text: string, id: string): string | null {
  if (!id) return null;
  return new DOMParser().parseFromString(text, "text/html").getElementById(id)?.outerHTML ?? null;
}
