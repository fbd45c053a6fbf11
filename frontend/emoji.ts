import { createRequire } from "node:module";
import type { Plugin } from "vite";

const require = createRequire(import.meta.url);
const LANGUAGES = ["en", "fr"];
// Newer ones are still drawn as empty boxes on many machines.
const NEWEST = 15;
const SKIN_AND_HAIR = 2;

interface Datum { emoji: string; label: string; tags?: string[]; group?: number; order?: number; version: number }

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
  return names
    .filter(({ order }) => order !== SKIN_AND_HAIR)
    .map(({ message, order }) => ({
      name: message,
      emoji: data
        .filter((datum) => datum.group === order && datum.version <= NEWEST)
        .sort((one, other) => (one.order ?? 0) - (other.order ?? 0))
        .map(({ emoji, label, tags }) => ({ emoji, name: label, words: (tags ?? []).join(" ") })),
    }));
}
