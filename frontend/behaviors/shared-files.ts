import { behavior } from "../behavior";
import { SHARED } from "../worker/rules";

/** What was shared to the app from elsewhere on the device waits in a cache for the composer that opens. */
behavior("[data-composer] [data-files]", (picker) => {
  if (new URLSearchParams(location.search).has("shared") && "caches" in window) void hand(picker as HTMLInputElement);
});

async function hand(picker: HTMLInputElement): Promise<void> {
  const cache = await caches.open(SHARED);
  const chosen = new DataTransfer();
  for (const request of await cache.keys()) {
    const kept = await cache.match(request);
    if (kept) chosen.items.add(new File([await kept.blob()], nameOf(kept), { type: kept.headers.get("content-type") ?? "" }));
  }
  // Once: a page that is loaded again must not attach them twice.
  await caches.delete(SHARED);
  if (!chosen.files.length) return;
  picker.files = chosen.files;
  picker.dispatchEvent(new Event("change", { bubbles: true }));
}

function nameOf(kept: Response): string {
  return decodeURIComponent(kept.headers.get("parvis-name") ?? "file");
}
