import { behavior } from "../behavior";

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-opens], [data-closes]");
  if (!button) return;
  if (button.dataset.opens) openDialog(button.dataset.opens);
  else button.closest("dialog")?.close();
});

export function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (!(dialog instanceof HTMLDialogElement) || dialog.open) return;
  document.querySelectorAll<HTMLElement>("[popover]:popover-open").forEach((open) => open.hidePopover());
  dialog.showModal();
  const field = dialog.querySelector<HTMLElement>("[autofocus], textarea, input:not([type=hidden])");
  (field ?? dialog.querySelector<HTMLElement>("button"))?.focus();
}

behavior("[data-dialog]", (element) => {
  const dialog = element as HTMLDialogElement;
  // A press that starts inside (selecting text) and ends on the backdrop must not close.
  let pressedOutside = false;
  dialog.addEventListener("pointerdown", (event) => (pressedOutside = event.target === dialog));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && pressedOutside) dialog.close();
  });
});
