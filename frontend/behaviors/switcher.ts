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

let isOpening = false;

async function open(): Promise<void> {
  if (isOpening || document.querySelector("dialog[open]")) return;
  isOpening = true;
  const typed = gather();
  try {
    const { openSwitcher } = await import("../islands/switcher/switcher");
    openSwitcher(typed.stop());
  } finally {
    typed.stop();
    isOpening = false;
  }
}

/** Fast fingers type on while the code is fetched: their letters are for the switcher, not for the page below. */
function gather(): { stop: () => string } {
  let text = "";
  const hear = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Backspace") text = text.slice(0, -1);
    else if ([...event.key].length === 1) text += event.key;
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  document.addEventListener("keydown", hear, { capture: true });
  return {
    stop: () => {
      document.removeEventListener("keydown", hear, { capture: true });
      return text;
    },
  };
}
