import { beforeEach, expect, test } from "vitest";
import { forgetStrings } from "../strings";
import { relative } from "./relative-time";

const now = new Date("2026-11-22T10:00:00Z");

beforeEach(() => {
  document.documentElement.lang = "fr";
  document.body.innerHTML = '<script type="application/json" id="strings">{"just_now": "à l\'instant"}</script>';
  forgetStrings();
});

test("less than a minute is now", () => expect(relative(new Date("2026-11-22T09:59:30Z"), now)).toBe("à l'instant"));
test("minutes in the reader's language", () => expect(relative(new Date("2026-11-22T09:48:00Z"), now)).toMatch(/^il y a 12\smin$/));
test("beyond a week the server's date stays", () => expect(relative(new Date("2026-11-01T10:00:00Z"), now)).toBeNull());
