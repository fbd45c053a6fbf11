/** Ctrl/Cmd-K, or a button marked data-switcher: go anywhere. Its code is fetched when it is first asked for. */
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
  // Where text is chosen in a composer, the same keys make it a link.
  if (event.defaultPrevented || makesLink(event.target)) return;
  event.preventDefault();
  void open();
});

document.addEventListener("click", (event) => {
  if ((event.target as Element).closest("[data-switcher]")) void open();
});

export function makesLink(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLTextAreaElement) || !target.closest("[data-composer]")) return false;
  return !target.closest("parvis-chat") || target.selectionStart !== target.selectionEnd;
}

async function open(): Promise<void> {
  if (document.querySelector("dialog[open]")) return;
  (await import("../islands/switcher/switcher")).openSwitcher();
}
