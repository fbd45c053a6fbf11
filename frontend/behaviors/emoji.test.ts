import { expect, test } from "vitest";
import { type Catalogue, completions, filter, recent, toned } from "../emoji-catalogue";

const groups = [
  { name: "fêtes", emoji: [{ emoji: "🎉", name: "cotillons", words: "fête bravo party popper tada", code: "tada" }] },
  { name: "objets", emoji: [{ emoji: "💡", name: "ampoule", words: "idée lumière light bulb", code: "bulb" }] },
  { name: "gens", emoji: [{ emoji: "☝️", name: "index", words: "party", tones: 1 as const }] },
];
const parrot = { emoji: ":party-parrot:", name: "party parrot", words: "party-parrot", code: "party-parrot", url: "/emoji/1/picture" };
const all: Catalogue = { groups, ours: [parrot], mine: { tone: 3, recent: [":party-parrot:", ":gone:", "💡"], custom: [] } };

test("accents need not be typed", () => {
  expect(filter(groups, "fete").map((group) => group.emoji[0]!.emoji)).toEqual(["🎉"]);
});
test("either language finds it, and its code", () => {
  expect(filter(groups, "lumiere light").length).toBe(1);
  expect(filter(groups, ":tada:").length).toBe(1);
});
test("every word must match", () => expect(filter(groups, "idée fête")).toEqual([]));
test("nothing asked shows all", () => expect(filter(groups, "")).toHaveLength(3));
test("the organization's own come first, and what begins so before what holds it", () => {
  expect(completions(all, "part").map((one) => one.emoji)).toEqual([":party-parrot:", "🎉", "☝🏽"]);
});
test("a skin tone takes the place of the variation", () => {
  expect(toned(groups[2]!.emoji[0]!, 5)).toBe("☝🏿");
  expect(toned(groups[0]!.emoji[0]!, 5)).toBe("🎉");
});
test("what was withdrawn is not offered as used lately", () => {
  expect(recent(all).slice(0, 2).map((one) => one.emoji)).toEqual([":party-parrot:", "💡"]);
});
