import { behavior } from "../behavior";

const PREFIX = "parvis-feed:";
const LARGEST = 1_500_000;

/** A feed that grew by "show more" comes back whole, at the same place, with the Back button. */
behavior("[data-keep-scroll]", (feed) => {
  const key = PREFIX + location.pathname + location.search;
  const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const kept = sessionStorage.getItem(key);
  if (visit?.type === "back_forward" && kept) restore(feed, kept);
  addEventListener("pagehide", () => {
    const state = JSON.stringify({ html: feed.innerHTML, top: scrollY, nonce: pageNonce() });
    if (state.length < LARGEST) sessionStorage.setItem(key, state);
  });
});

function restore(feed: HTMLElement, kept: string): void {
  const { html, top, nonce } = JSON.parse(kept) as { html: string; top: number; nonce: string };
  // htmx only obeys elements that carry this page's nonce; the kept ones carry that of the page they came from.
  feed.innerHTML = nonce ? html.replaceAll(`hx-nonce="${nonce}"`, `hx-nonce="${pageNonce()}"`) : html;
  const htmx = (window as unknown as { htmx?: { process(root: Element): void } }).htmx;
  htmx?.process(feed);
  requestAnimationFrame(() => scrollTo(0, top));
}

function pageNonce(): string {
  return document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
}
