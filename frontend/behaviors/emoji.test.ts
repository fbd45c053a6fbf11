import { expect, test } from "vitest";
import { filter } from "./emoji";

const groups = [
  { name: "fêtes", emoji: [{ emoji: "🎉", name: "cotillons", words: "fête bravo" }] },
  { name: "objets", emoji: [{ emoji: "💡", name: "ampoule", words: "idée lumière" }] },
];

test("accents need not be typed", () => {
  expect(filter(groups, "fete").map((group) => group.emoji[0]!.emoji)).toEqual(["🎉"]);
});
test("every word must match", () => expect(filter(groups, "idée fête")).toEqual([]));
test("nothing asked shows all", () => expect(filter(groups, "")).toHaveLength(2));
