import { behavior } from "../behavior";

const PREFIX = "parvis-feed:";
const LARGEST = 1_500_000;
type Kept = { html: string; top: number; nonce: string; card: string; above: number };

/** A feed that grew by "show more" comes back whole, at the same place, with the Back button. */
behavior("[data-keep-scroll]", (feed) => {
  const key = PREFIX + location.pathname + location.search;
  const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const kept = sessionStorage.getItem(key);
  if (visit?.type === "back_forward" && kept) restore(feed, kept);
  addEventListener("pagehide", () => {
    const state = JSON.stringify({ html: feed.innerHTML, top: scrollY, nonce: pageNonce(), ...firstInSight(feed) });
    if (state.length < LARGEST) sessionStorage.setItem(key, state);
  });
});

function restore(feed: HTMLElement, kept: string): void {
  const { html, top, nonce, card, above } = JSON.parse(kept) as Kept;
  // htmx only obeys elements that carry this page's nonce; the kept ones carry that of the page they came from.
  feed.innerHTML = nonce ? html.replaceAll(`hx-nonce="${nonce}"`, `hx-nonce="${pageNonce()}"`) : html;
  const htmx = (window as unknown as { htmx?: { process(root: Element): void } }).htmx;
  htmx?.process(feed);
  requestAnimationFrame(() => {
    scrollTo(0, top);
    // How tall the cards above are is not known before they are seen: the one that was in sight comes back there.
    const there = card && document.getElementById(card);
    if (there) scrollBy(0, there.getBoundingClientRect().top - above);
  });
}

/** The card at the top of the window, and where it stands. */
function firstInSight(feed: HTMLElement): Pick<Kept, "card" | "above"> {
  const cards = [...feed.querySelectorAll<HTMLElement>(":scope > [id]")];
  const first = cards.find((one) => one.getBoundingClientRect().bottom > 0);
  return { card: first?.id ?? "", above: first?.getBoundingClientRect().top ?? 0 };
}

function pageNonce(): string {
  return document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
}
