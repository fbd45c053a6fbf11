import { behavior } from "../behavior";

const NEAR = 80;

/** A conversation that is read at its end stays there when something is added; further up, a button leads down.
 *
 *  <div><div data-follows-end>…</div><button data-to-end hidden></button></div> */
behavior("[data-follows-end]", (log) => {
  const down = log.parentElement?.querySelector<HTMLElement>("[data-to-end]") ?? null;
  let isAtEnd = true;
  let last = lastOf(log);
  const toEnd = () => {
    log.scrollTop = log.scrollHeight;
    if (down) down.hidden = true;
  };
  log.addEventListener("scroll", () => {
    isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    if (isAtEnd && down) down.hidden = true;
  });
  down?.addEventListener("click", toEnd);
  new MutationObserver(() => {
    const newest = lastOf(log);
    const isNew = newest !== "" && newest !== last;
    last = newest;
    if (isAtEnd) toEnd();
    else if (isNew && down) down.hidden = false;
  }).observe(log, { childList: true, subtree: true });
  new ResizeObserver(() => isAtEnd && toEnd()).observe(log);
  // Whoever writes looks at what they wrote.
  document.addEventListener("parvis:sent", toEnd);
  if (!location.hash) toEnd();
});

function lastOf(log: HTMLElement): string {
  return [...log.querySelectorAll("[data-card]")].at(-1)?.id ?? "";
}
