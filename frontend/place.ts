const MARGIN = 8;

/** Below its button and inside the window; above it where there is no room. */
export function place(popover: HTMLElement, anchor: HTMLElement): void {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const startsLeft = box.left + width + MARGIN <= innerWidth;
  const left = startsLeft ? box.left : box.right - width;
  const below = box.bottom + 4 + height + MARGIN <= innerHeight;
  popover.style.left = `${Math.max(MARGIN, Math.min(left, innerWidth - width - MARGIN))}px`;
  popover.style.top = `${Math.max(MARGIN, below ? box.bottom + 4 : box.top - height - 4)}px`;
}
