/** Tell a screen reader, without moving anything. */
export function announce(text: string): void {
  const region = document.getElementById("live-announcer");
  if (!region) return;
  region.textContent = "";
  // An equal text twice is only read when the region was empty in between.
  setTimeout(() => (region.textContent = text), 50);
}
