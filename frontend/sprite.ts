import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Plugin } from "vite";

const require = createRequire(import.meta.url);

/** One sprite with the icons that `icons.txt` lists; a fixed name, because stored cards point at it. */
export function iconSprite(list: string): Plugin {
  return {
    name: "parvis-icon-sprite",
    buildStart() {
      this.addWatchFile(list);
    },
    generateBundle() {
      const names = readFileSync(list, "utf8").split(/\s+/).filter(Boolean);
      const symbols = names.map(symbol).join("");
      const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols}</svg>`;
      this.emitFile({ type: "asset", fileName: "icons.svg", source });
    },
  };
}

function symbol(name: string): string {
  const svg = readFileSync(require.resolve(`lucide-static/icons/${name}.svg`), "utf8");
  const shapes = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s+/g, " ").trim()}</symbol>`;
}
