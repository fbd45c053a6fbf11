/** What the service worker decides without touching anything. */

export const PAGES_KEPT = 80;
export const PICTURES_KEPT = 300;
export const SHARED = "parvis-shared";
export const ASSETS = "parvis-assets";
export const NOBODY = "nobody";

const HASHED = /\/static\/dist\/.*-[\w-]{8,}\.\w+$/;
const PREFIX = /^\/o\/[a-z0-9-]{1,63}(?=\/)/;

/** The part of a path that names the organization; empty where the host does. */
export function prefixOf(path: string): string {
  return PREFIX.exec(path)?.[0] ?? "";
}

/** Built files never change under their name. */
export function isAsset(path: string): boolean {
  return HASHED.test(path);
}

/** Other static files, the icons above all, may change: they are asked for, and kept for when nobody answers. */
export function isStatic(path: string): boolean {
  return /^\/static\/(dist|brand)\/[\w-]+\.(svg|png)$/.test(path);
}

export function isPicture(path: string, destination: string): boolean {
  return destination === "image" && path.slice(prefixOf(path).length).startsWith("/files/");
}

export function isShare(path: string): boolean {
  return path.slice(prefixOf(path).length) === "/share";
}

export function cacheOf(kind: "pages" | "pictures", prefix: string, viewer: string): string {
  return `parvis-${kind} ${prefix || "/"} ${viewer}`;
}

/** Of these caches, those that must go now that a page of this prefix was made for this viewer. */
export function outdated(names: string[], prefix: string, viewer: string): string[] {
  return names.filter((name) => {
    const [kind, where, whose] = name.split(" ");
    if (kind !== "parvis-pages" && kind !== "parvis-pictures") return false;
    return viewer === NOBODY || (where === (prefix || "/") && whose !== viewer);
  });
}

/** The addresses to forget so that at most `limit` stay: the oldest stand first. */
export function surplus<T>(kept: readonly T[], limit: number): readonly T[] {
  return kept.slice(0, Math.max(0, kept.length - limit));
}

/** Where the composer finds what was shared. */
export function composerAddress(prefix: string, shared: { title: string; text: string; url: string }, files: number): string {
  const body = [shared.text, shared.url].filter((part, index, parts) => part && parts.indexOf(part) === index);
  const query = new URLSearchParams();
  if (shared.title && !body.includes(shared.title)) query.set("title", shared.title);
  if (body.length) query.set("body", body.join("\n\n"));
  if (files) query.set("shared", String(files));
  return `${prefix}/entries?${query}`;
}
