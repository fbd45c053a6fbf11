/** A long thread shows a part of its comments. An address that names one of another part leads there:
 *  the comment's own address knows which part that is.
 *
 *  <div data-reads="…" data-thread="7" data-comment-url="/entries/"> */

import { behavior } from "../behavior";

const NAMED = /^#entry-([0-9a-f-]{36})$/;

export function addressElsewhere(hash: string, base: string): string | null {
  const id = NAMED.exec(hash)?.[1];
  return id && !document.getElementById(`entry-${id}`) ? `${base}${id}` : null;
}

behavior("[data-comment-url]", (element) => {
  const find = () => {
    // An address that was looked up already and still shows nothing is that of a comment that is gone.
    const isLookedUp = new URLSearchParams(location.search).has("around");
    const address = isLookedUp ? null : addressElsewhere(location.hash, element.dataset.commentUrl ?? "");
    if (address && element.isConnected) location.replace(address);
  };
  find();
  addEventListener("hashchange", find);
});
