import { expect, test } from "vitest";
import { wanted } from "./mention";

function at(text: string): string | null {
  const field = document.createElement("textarea");
  field.value = text;
  field.setSelectionRange(text.length, text.length);
  return wanted(field);
}

test("an @ alone already asks", () => expect(at("hello @")).toBe(""));
test("a name may have accents, dashes and spaces", () => expect(at("merci @Jean-Éric d")).toBe("Jean-Éric d"));
test("an address is not a mention", () => expect(at("write to me@house")).toBeNull());
test("a new line ends it", () => expect(at("@Ada\n")).toBeNull());
