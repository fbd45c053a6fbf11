/** The service worker: see README.md. */

import {
  ASSETS, cacheOf, composerAddress, isAsset, isPicture, isShare, isStatic, NOBODY, outdated, PAGES_KEPT, PICTURES_KEPT, prefixOf, SHARED,
  surplus,
} from "./rules.ts";

import { type Call, iconBeside, isStale, showsBesideWindow, shownAs, windowFor } from "./calls.ts";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", (event) => event.waitUntil(keepBuild().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => {
  // The server begins to answer while the worker still wakes up.
  const preload = self.registration.navigationPreload?.enable();
  event.waitUntil(Promise.all([preload, self.clients.claim()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && request.mode === "navigate" && isShare(url.pathname))
    return event.respondWith(takeShared(request, prefixOf(url.pathname)));
  if (request.method !== "GET") return;
  if (isAsset(url.pathname)) event.respondWith(asset(request));
  else if (isStatic(url.pathname)) event.respondWith(changingAsset(request));
  else if (request.mode === "navigate") event.respondWith(page(event, url));
  else if (isPicture(url.pathname, request.destination)) event.respondWith(picture(event, url));
});

/** Keep the files of the current build, so that the first page is readable without a connection, and drop older ones. */
async function keepBuild(): Promise<void> {
  const folder = new URL(".", self.location.href);
  const answer = await fetch(new URL("manifest.json", folder), { cache: "no-cache" });
  if (!answer.ok) return;
  const entries = Object.values((await answer.json()) as Record<string, { file: string; css?: string[] }>);
  const names = entries.flatMap((entry) => [entry.file, ...(entry.css ?? [])]);
  const files = ["icons.svg", ...names].map((name) => new URL(name, folder).href);
  const wanted = new Set(files.filter((file) => isNeeded(new URL(file).pathname)));
  const cache = await caches.open(ASSETS);
  const kept = (await cache.keys()).map((request) => request.url);
  await Promise.all(kept.filter((one) => !files.includes(one)).map((one) => cache.delete(one)));
  await Promise.all([...wanted].filter((one) => !kept.includes(one)).map((one) => cache.add(one).catch(() => undefined)));
}

/** Code, style, icons, and the letters of our two languages. */
function isNeeded(path: string): boolean {
  return isStatic(path) || (isAsset(path) && /\.(js|css)$|latin-wght-normal.*\.woff2$/.test(path));
}

async function asset(request: Request): Promise<Response> {
  const cache = await caches.open(ASSETS);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
}

async function changingAsset(request: Request): Promise<Response> {
  const cache = await caches.open(ASSETS);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request.url, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request.url)) ?? Response.error();
  }
}

async function page(event: FetchEvent, url: URL): Promise<Response> {
  const prefix = prefixOf(url.pathname);
  try {
    const answer = ((await event.preloadResponse) as Response | undefined) ?? (await fetch(event.request));
    event.waitUntil(note(event.request, answer.clone(), prefix));
    return answer;
  } catch {
    return (await keptPage(url, prefix)) ?? (await keptPage(new URL(`${prefix}/offline`, url), prefix)) ?? Response.error();
  }
}

async function keptPage(url: URL, prefix: string): Promise<Response | undefined> {
  for (const name of await caches.keys()) {
    if (!name.startsWith(cacheOf("pages", prefix, ""))) continue;
    const kept = await (await caches.open(name)).match(url.href, { ignoreVary: true });
    if (kept) return kept;
  }
  return undefined;
}

/** Keep a page, forget one that is gone, and forget everything of whoever is no longer here. */
async function note(request: Request, answer: Response, prefix: string): Promise<void> {
  const viewer = answer.headers.get("Parvis-Viewer");
  if (viewer) await Promise.all(outdated(await caches.keys(), prefix, viewer).map((name) => caches.delete(name)));
  if (viewer === NOBODY) await clearShown(() => true);
  if (!viewer) return;
  const cache = await caches.open(cacheOf("pages", prefix, viewer));
  if (answer.status === 404 || answer.status === 410) await cache.delete(request, { ignoreVary: true });
  if (answer.status !== 200 || !answer.headers.has("Parvis-Keep")) return;
  // Put last again: the order is the age.
  await cache.delete(request, { ignoreVary: true });
  await cache.put(request, answer);
  const help = new URL(`${prefix}/offline`, request.url).href;
  if (!(await cache.match(help, { ignoreVary: true }))) await cache.add(help).catch(() => undefined);
  const others = (await cache.keys()).filter((one) => one.url !== help);
  await Promise.all(surplus(others, PAGES_KEPT).map((one) => cache.delete(one, { ignoreVary: true })));
}

async function picture(event: FetchEvent, url: URL): Promise<Response> {
  const name = (await caches.keys()).find((one) => one.startsWith(cacheOf("pages", prefixOf(url.pathname), "")));
  const cache = name ? await caches.open(name.replace("parvis-pages", "parvis-pictures")) : undefined;
  try {
    const answer = await fetch(event.request);
    if (cache && answer.status === 200) event.waitUntil(keepPicture(cache, event.request, answer.clone()));
    return answer;
  } catch {
    return (await cache?.match(event.request, { ignoreVary: true })) ?? Response.error();
  }
}

async function keepPicture(cache: Cache, request: Request, answer: Response): Promise<void> {
  if (await cache.match(request, { ignoreVary: true })) return;
  await cache.put(request, answer);
  await Promise.all(surplus(await cache.keys(), PICTURES_KEPT).map((one) => cache.delete(one)));
}

async function takeShared(request: Request, prefix: string): Promise<Response> {
  const form = await request.formData();
  const files = form.getAll("files").filter((one): one is File => one instanceof File && one.size > 0);
  await caches.delete(SHARED);
  const cache = await caches.open(SHARED);
  for (const [index, file] of files.entries())
    await cache.put(`/shared/${index}`, new Response(file, { headers: { "content-type": file.type, "parvis-name": encodeURIComponent(file.name) } }));
  const field = (name: string) => String(form.get(name) ?? "").trim();
  return Response.redirect(composerAddress(prefix, { title: field("title"), text: field("text"), url: field("url") }, files.length), 303);
}

self.addEventListener("push", (event) => event.waitUntil(hear((event.data?.json() ?? {}) as Call)));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(go((event.notification.data as { url: string }).url));
});

/** Show who calls, and take away what was read elsewhere since: browsers punish messages that show nothing. */
async function hear(call: Call): Promise<void> {
  await clearShown((data) => isStale(data, call));
  if (call.unread !== undefined) await navigator.setAppBadge?.(call.unread).catch(() => undefined);
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  if (!showsBesideWindow(windows, call.prefix ?? "", navigator.userAgent)) return;
  const { title, options } = shownAs(call, iconBeside(self.location.href));
  await self.registration.showNotification(title, options);
}

async function clearShown(isOver: (data: unknown) => boolean): Promise<void> {
  for (const one of await self.registration.getNotifications()) if (isOver(one.data)) one.close();
}

async function go(path: string): Promise<void> {
  const url = new URL(path, self.location.origin).href;
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const open = windowFor(windows, url);
  if (!open) return void (await self.clients.openWindow(url));
  await open.focus();
  // A window that this worker does not control cannot be led anywhere.
  if (open.url !== url) await open.navigate(url).catch(() => self.clients.openWindow(url));
}
