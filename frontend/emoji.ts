import { createRequire } from "node:module";
import type { Plugin } from "vite";

const require = createRequire(import.meta.url);
const LANGUAGES = ["en", "fr"];
// Newer ones are still drawn as empty boxes on many machines.
const NEWEST = 15;
const SKIN_AND_HAIR = 2;
const TONES = ["🏻", "🏼", "🏽", "🏾", "🏿"];

interface Datum { emoji: string; hexcode: string; label: string; tags?: string[]; group?: number; order?: number; version: number; skins?: { emoji: string; tone: number | number[] }[] }

/** The emoji of the picker, per language, as files that are fetched when it first opens. */
export function emojiData(): Plugin {
  return {
    name: "parvis-emoji",
    generateBundle() {
      for (const language of LANGUAGES) {
        this.emitFile({ type: "asset", fileName: `emoji-${language}.json`, source: JSON.stringify(groups(language)) });
      }
    },
  };
}

function groups(language: string): unknown[] {
  const data = require(`emojibase-data/${language}/data.json`) as Datum[];
  const names = (require(`emojibase-data/${language}/messages.json`) as { groups: { message: string; order: number }[] }).groups;
  const codes = require("emojibase-data/en/shortcodes/github.json") as Record<string, string | string[]>;
  const elsewhere = new Map(LANGUAGES.filter((other) => other !== language).flatMap((other) => (require(`emojibase-data/${other}/data.json`) as Datum[]).map((datum) => [datum.hexcode, datum])));
  return names
    .filter(({ order }) => order !== SKIN_AND_HAIR)
    .map(({ message, order }) => ({
      name: message,
      emoji: data
        .filter((datum) => datum.group === order && datum.version <= NEWEST)
        .sort((one, other) => (one.order ?? 0) - (other.order ?? 0))
        .map((datum) => entry(datum, elsewhere.get(datum.hexcode), [codes[datum.hexcode] ?? []].flat())),
    }));
}

/** Found by its words in either language and by its codes, whichever one speaks. */
function entry(datum: Datum, other: Datum | undefined, codes: string[]): unknown {
  const words = new Set([...(datum.tags ?? []), ...codes, ...(other ? [other.label, ...(other.tags ?? [])] : [])]);
  const [code] = codes;
  return { emoji: datum.emoji, name: datum.label, words: [...words].join(" "), ...(code && { code }), ...(takesTones(datum) && { tones: 1 }) };
}

/** Whether its toned forms are the ones that `toned` of the catalogue makes: one person, one tone. */
function takesTones({ emoji, skins }: Datum): boolean {
  const first = [...emoji][0] ?? "";
  const made = TONES.map((tone) => first + tone + emoji.slice(first.length).replace(/^\uFE0F/, ""));
  return skins?.length === TONES.length && skins.every((skin, at) => skin.emoji === made[at]);
}
