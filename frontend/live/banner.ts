/** The offline banner: shown once the connection has been away long enough to matter. */

import { t } from "../strings.ts";
import { announce } from "./announce.ts";

const PATIENCE_MS = 4_000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function showConnection(isConnected: boolean): void {
  if (isConnected) {
    clearTimeout(timer);
    timer = undefined;
    if (isShown()) announce(t("online"));
    show(false);
    return;
  }
  // A restart of the server or a tunnel is over before anybody needs to know; no network at all is said at once.
  timer ??= setTimeout(() => show(true), navigator.onLine ? PATIENCE_MS : 0);
}

function banner(): HTMLElement | null {
  return document.querySelector<HTMLElement>("[data-offline-banner], #offline-banner");
}

function isShown(): boolean {
  return banner()?.hidden === false;
}

function show(isOffline: boolean): void {
  const element = banner();
  if (!element) return;
  const text = element.querySelector("p");
  if (text) text.textContent = isOffline ? t("offline") : "";
  element.hidden = !isOffline;
}
