/** What an element looks like decides what changes: a look may return the change. */
type Look = () => (() => void) | undefined;

const looks = new WeakMap<Element, Look>();

// All looks of a moment come before all changes: each look after a change would lay the whole page out anew.
const watcher = new IntersectionObserver(
  (seen) => {
    const near = seen.filter((one) => one.isIntersecting).map((one) => one.target);
    const changes = near.map((element) => {
      watcher.unobserve(element);
      return looks.get(element)?.();
    });
    for (const change of changes) change?.();
  },
  { rootMargin: "800px 0px" },
);

/** Look at an element when it comes near the window; what is far away costs nothing. */
export function whenNear(element: Element, look: Look): void {
  looks.set(element, look);
  watcher.observe(element);
}
