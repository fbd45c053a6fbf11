/** What the worker decides when it is called by the server (parvis/push/messages.py writes what it hears). */

import { prefixOf } from "./rules.ts";

export interface Call {
  title?: string;
  body?: string;
  /** The line of the inbox, or "inbox" for several together, or "trial". */
  tag?: string;
  url?: string;
  prefix?: string;
  unread?: number;
  waiting?: string[];
  at?: number;
  lang?: string;
  urgent?: boolean;
}

export interface Shown {
  url: string;
  prefix: string;
  line: string;
}

export interface Options extends NotificationOptions {
  renotify?: boolean;
  timestamp?: number;
}

interface Window {
  url: string;
  focused: boolean;
}

/** One line is one notification: news of it replaces what was shown, and calls again. */
export function shownAs(call: Call, icon: string): { title: string; options: Options } {
  const prefix = call.prefix ?? "";
  const line = call.tag ?? "inbox";
  const data: Shown = { url: prefix + (call.url ?? "/notifications"), prefix, line };
  return {
    title: call.title ?? "Parvis",
    options: {
      body: call.body ?? "",
      tag: `${prefix}#${line}`,
      renotify: true,
      icon,
      lang: call.lang ?? "",
      timestamp: call.at ?? Date.now(),
      requireInteraction: call.urgent === true,
      data,
    },
  };
}

/** What is shown of this organization and waits no more: it was read, or may no longer be read. */
export function isStale(data: unknown, call: Pick<Call, "prefix" | "unread" | "waiting">): boolean {
  const shown = data as Partial<Shown> | null;
  if (shown?.line === undefined || shown.prefix !== (call.prefix ?? "")) return false;
  if (shown.line === "inbox") return call.unread === 0;
  return shown.line !== "trial" && call.waiting !== undefined && !call.waiting.includes(shown.line);
}

/** Whoever looks at the organization's window sees it there; WebKit wants each message shown all the same. */
export function showsBesideWindow(windows: readonly Window[], prefix: string, userAgent: string): boolean {
  const isWebKit = /AppleWebKit/.test(userAgent) && !/Chrome|Chromium|Edg/.test(userAgent);
  return isWebKit || !windows.some((one) => one.focused && prefixOf(new URL(one.url).pathname) === prefix);
}

/** The window to go to: the one that is there already, else the one in use at this organization. */
export function windowFor<T extends Window>(windows: readonly T[], url: string): T | undefined {
  const at = (one: { url: string }): string => prefixOf(new URL(one.url).pathname);
  const near = windows.filter((one) => at(one) === at({ url }));
  return near.find((one) => one.url === url) ?? near.find((one) => one.focused) ?? near[0];
}

export function iconBeside(worker: string): string {
  return new URL("../brand/icon-192.png", worker).href;
}
