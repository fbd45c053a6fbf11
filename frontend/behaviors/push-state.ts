/** What this browser can do about being told, without touching anything. */

export interface Circumstances {
  isSupported: boolean;
  permission: NotificationPermission;
  isWanted: boolean;
  userAgent: string;
  touchPoints: number;
  isInstalled: boolean;
}

/** "install": iPhones and iPads call installed apps only. */
export function stateHere(here: Circumstances): "on" | "off" | "denied" | "install" | "unsupported" {
  if (!here.isSupported) return isApplePhone(here) && !here.isInstalled ? "install" : "unsupported";
  if (here.permission === "denied") return "denied";
  return here.permission === "granted" && here.isWanted ? "on" : "off";
}

/** An iPad says that it is a Mac; no Mac has a touch screen. */
function isApplePhone({ userAgent, touchPoints }: Circumstances): boolean {
  return /iPhone|iPad/.test(userAgent) || (userAgent.includes("Macintosh") && touchPoints > 1);
}

export function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64url.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));
}

export function isSameKey(known: ArrayBuffer | null, key: Uint8Array): boolean {
  const bytes = new Uint8Array(known ?? new ArrayBuffer(0));
  return bytes.length === key.length && bytes.every((byte, index) => byte === key[index]);
}
