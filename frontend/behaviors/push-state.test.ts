import { expect, test } from "vitest";
import { bytesOf, isSameKey, stateHere } from "./push-state";

const desk = { isSupported: true, permission: "default" as NotificationPermission, isWanted: false, userAgent: "Firefox", touchPoints: 0, isInstalled: false };

test("a browser is on when it is allowed and wanted here", () => {
  expect(stateHere(desk)).toBe("off");
  expect(stateHere({ ...desk, permission: "granted" })).toBe("off");
  expect(stateHere({ ...desk, permission: "granted", isWanted: true })).toBe("on");
  expect(stateHere({ ...desk, permission: "denied", isWanted: true })).toBe("denied");
});

test("iPhones and iPads are told to install the app first", () => {
  const phone = { ...desk, isSupported: false, userAgent: "Mozilla/5.0 (iPhone; …)" };
  expect(stateHere(phone)).toBe("install");
  expect(stateHere({ ...phone, isInstalled: true })).toBe("unsupported");
  expect(stateHere({ ...desk, isSupported: false, userAgent: "Mozilla/5.0 (Macintosh; …)", touchPoints: 5 })).toBe("install");
  expect(stateHere({ ...desk, isSupported: false, userAgent: "Mozilla/5.0 (Macintosh; …)" })).toBe("unsupported");
});

test("a key is compared byte by byte", () => {
  expect([...bytesOf("-_8")]).toEqual([251, 255]);
  expect(isSameKey(bytesOf("-_8").buffer, bytesOf("-_8"))).toBe(true);
  expect(isSameKey(null, bytesOf("-_8"))).toBe(false);
});
