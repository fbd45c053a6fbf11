/** A behaviour is bound to elements that match a selector: those of the page and those that a swap brings. */
type Attach = (element: HTMLElement) => void;

const behaviors: Array<{ selector: string; attach: Attach; seen: WeakSet<Element> }> = [];

export function behavior(selector: string, attach: Attach): void {
  behaviors.push({ selector, attach, seen: new WeakSet() });
}

export function attachAll(root: ParentNode & Node): void {
  for (const { selector, attach, seen } of behaviors) {
    const found = [...root.querySelectorAll<HTMLElement>(selector)];
    if (root instanceof HTMLElement && root.matches(selector)) found.unshift(root);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      attach(element);
    }
  }
}

export function start(): void {
  attachAll(document);
  const watcher = new MutationObserver((changes) => {
    for (const change of changes)
      for (const node of change.addedNodes) if (node instanceof HTMLElement) attachAll(node);
  });
  watcher.observe(document.body, { childList: true, subtree: true });
}
