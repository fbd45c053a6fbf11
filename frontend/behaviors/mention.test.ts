import { expect, test } from "vitest";
import { wanted, wantedEmoji, wantedTopic } from "./mention-sources";

function at(text: string, of = wanted): string | null {
  const field = document.createElement("textarea");
  field.value = text;
  field.setSelectionRange(text.length, text.length);
  return of(field);
}

test("an @ alone already asks", () => expect(at("hello @")).toBe(""));
test("a name may have accents, dashes and spaces", () => expect(at("merci @Jean-Éric d")).toBe("Jean-Éric d"));
test("an address is not a mention", () => expect(at("write to me@house")).toBeNull());
test("a new line ends it", () => expect(at("@Ada\n")).toBeNull());
test("a topic is suggested from its first letter on, with accents", () => expect(at("voir #sé", wantedTopic)).toBe("sé"));
test("a lone # is a heading to come", () => expect(at("#", wantedTopic)).toBeNull());
test("a fragment of an address is no topic", () => expect(at("https://x/#a", wantedTopic)).toBeNull());
test("an emoji is suggested from two letters on", () => expect(at("bravo :ta", wantedEmoji)).toBe("ta"));
test("a smiley is none", () => expect(at("bravo :D", wantedEmoji)).toBeNull());
test("a time is none", () => expect(at("at 10:30", wantedEmoji)).toBeNull());
