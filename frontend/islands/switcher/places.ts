/** What the switcher offers, in which order. */

export interface Place { kind: string; id: string; title: string; subtitle: string; url: string; avatar_url: string | null }

/** The pages that the navigation leads to, found by name like everything else. */
export function pagesOf(links: Iterable<HTMLAnchorElement>): Place[] {
  const pages = new Map<string, Place>();
  for (const link of links) {
    // The number beside a name is not part of it.
    const title = (link.querySelector(".truncate") ?? link).textContent?.trim() ?? "";
    if (title && link.pathname) pages.set(link.pathname, { kind: "page", id: link.pathname, title, subtitle: "", url: link.href, avatar_url: null });
  }
  return [...pages.values()];
}

/** What begins with the words before what merely holds them; conversations before all else where they fit as well. */
export function offered(found: readonly Place[], pages: readonly Place[], query: string): Place[] {
  const words = plain(query);
  if (!words) return [...found];
  const fitting = pages.filter(({ title }) => plain(title).includes(words));
  const begins = ({ title }: Place): number => (plain(title).startsWith(words) ? 0 : 1);
  return [...found, ...fitting].map((place, at) => ({ place, at })).sort((one, other) => begins(one.place) - begins(other.place) || one.at - other.at).map(({ place }) => place);
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().trim();
}
