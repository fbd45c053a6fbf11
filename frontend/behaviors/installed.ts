/** The app on one's own screen: the worker that lets it be read without a connection, and the offer to install it. */

import { NOBODY, outdated } from "../worker/rules";

interface InstallPrompt extends Event {
  prompt(): Promise<void>;
}

let offer: InstallPrompt | null = null;

const isSignedIn = document.querySelector("meta[name=parvis-live]") !== null;
const worker = document.querySelector<HTMLMetaElement>("meta[name=parvis-worker]")?.content;

// After the page is there: reading without a connection is for later, this page is for now.
if (isSignedIn && worker && "serviceWorker" in navigator)
  addEventListener("load", () => void navigator.serviceWorker.register(worker, { scope: "/" }).catch(() => undefined));

// The worker does the same, but does not see the page that follows a form.
if (document.querySelector("meta[name=parvis-visitor][content=nobody]") && "caches" in window) void forget();

async function forget(): Promise<void> {
  await Promise.all(outdated(await caches.keys(), "", NOBODY).map((name) => caches.delete(name)));
}

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event as InstallPrompt;
  show(true);
});
addEventListener("appinstalled", () => show(false));

document.addEventListener("click", (event) => {
  if (!(event.target as Element).closest("[data-install]")) return;
  void offer?.prompt();
  offer = null;
  show(false);
});

function show(isOffered: boolean): void {
  document.querySelectorAll<HTMLElement>("[data-install]").forEach((button) => (button.hidden = !isOffered));
}
