/** Being told on this device: asked for with a button only, and kept true while it is wanted. */

import { behavior } from "../behavior";
import { csrfToken } from "../dom";
import { t } from "../strings";
import { bytesOf, isSameKey, stateHere } from "./push-state";
import { showToast } from "./toast";

const meta = (): HTMLMetaElement | null => document.querySelector("meta[name=parvis-push]");
const mark = (): string => `parvis-push:${meta()?.dataset.viewer ?? ""}`;

function state(): ReturnType<typeof stateHere> {
  return stateHere({
    isSupported: "serviceWorker" in navigator && "PushManager" in window && "Notification" in window,
    permission: "Notification" in window ? Notification.permission : "default",
    isWanted: localStorage.getItem(mark()) === "on",
    userAgent: navigator.userAgent,
    touchPoints: navigator.maxTouchPoints,
    isInstalled: matchMedia("(display-mode: standalone)").matches,
  });
}

behavior("[data-push]", (place) => show(place));

function show(place: HTMLElement): void {
  const now = state();
  for (const part of place.querySelectorAll<HTMLElement>("[data-push-state]")) part.hidden = part.dataset.pushState !== now;
  // An offer is made once, and only to whom it is of use.
  if (place.dataset.push === "offer") place.hidden = now !== "off" || localStorage.getItem(`${mark()}:later`) !== null;
}

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-push-allow], [data-push-later]");
  if (!button) return;
  if (button.matches("[data-push-later]")) localStorage.setItem(`${mark()}:later`, "yes");
  else return void allow(button);
  document.querySelectorAll<HTMLElement>("[data-push]").forEach(show);
});

async function allow(button: HTMLElement): Promise<void> {
  button.setAttribute("aria-busy", "true");
  const permission = await Notification.requestPermission();
  const isDone = permission === "granted" && (await subscribe(false).catch(() => false));
  button.removeAttribute("aria-busy");
  if (permission === "granted" && !isDone) return showToast(t("push_failed"), "danger");
  if (isDone) localStorage.setItem(mark(), "on");
  if (isDone && document.querySelector("[data-push-list]")) return location.reload();
  if (isDone) showToast(t("push_on"));
  document.querySelectorAll<HTMLElement>("[data-push]").forEach(show);
}

/** Tell the server how this browser is called; `again`: without having been asked to, e.g. after a new password. */
async function subscribe(again: boolean): Promise<boolean> {
  const url = meta()?.content ?? "";
  const { key } = (await (await fetch(`${url}/key`)).json()) as { key: string };
  const { pushManager } = await navigator.serviceWorker.ready;
  const known = await pushManager.getSubscription();
  const isOurs = known && isSameKey(known.options.applicationServerKey, bytesOf(key));
  if (known && !isOurs) await known.unsubscribe();
  const subscription = isOurs ? known : (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) }));
  const { endpoint, keys } = subscription.toJSON();
  const body = new URLSearchParams({ endpoint: endpoint ?? "", p256dh: keys?.p256dh ?? "", auth: keys?.auth ?? "", again: again ? "1" : "" });
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() } });
  if (again && answer.status === 404) forget();
  return answer.ok;
}

/** Taken off the list, maybe elsewhere. The subscription stays: another organization may call this browser by it. */
function forget(): void {
  localStorage.removeItem(mark());
  document.querySelectorAll<HTMLElement>("[data-push]").forEach(show);
}

/** Once in each tab, and where devices are listed: a browser may have been given another address meanwhile. */
async function keep(): Promise<void> {
  if (state() !== "on" || (sessionStorage.getItem(mark()) && !document.querySelector("[data-push-list]"))) return;
  if (await subscribe(true).catch(() => false)) sessionStorage.setItem(mark(), "told");
}

addEventListener("load", () => void (meta() && keep()));
