/** What the page says about itself: where to connect, from which moment on, and which topics it shows. */

export interface Settings {
  url: string;
  /** The outbox position that this page was rendered at or after. */
  position: string | null;
  viewer: string;
  topics: string[];
}

export function settings(): Settings | null {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="parvis-live"]');
  if (!meta?.content) return null;
  const address = new URL(meta.content, location.href);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return {
    url: address.href,
    position: meta.dataset.position || null,
    viewer: meta.dataset.viewer ?? "",
    topics: words(meta.dataset.topics),
  };
}

export function topicsOfPage(always: string[]): Set<string> {
  const topics = new Set(always);
  for (const element of document.querySelectorAll<HTMLElement>("[data-live-topic]"))
    for (const topic of words(element.dataset.liveTopic)) topics.add(topic);
  return topics;
}

export function words(text: string | undefined): string[] {
  return (text ?? "").split(/\s+/).filter(Boolean);
}

/** Does `*`, `content.*` or `content.entry_edited` in an attribute mean this type? */
export function covers(patterns: string | undefined, type: string): boolean {
  return words(patterns).some(
    (pattern) =>
      pattern === "*" ||
      pattern === type ||
      (pattern.endsWith(".*") && type.startsWith(pattern.slice(0, -1))),
  );
}
