import { resolve } from "node:path";
import { defineConfig } from "vite";
import { emojiData } from "./frontend/emoji.ts";
import { iconSprite } from "./frontend/sprite.ts";

const ui = resolve(import.meta.dirname, "parvis/foundation/ui");

export default defineConfig({
  base: "./",
  publicDir: false,
  plugins: [iconSprite(resolve(ui, "icons.txt")), emojiData()],
  build: {
    outDir: resolve(ui, "static/dist"),
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["chrome123", "firefox121", "safari17.5"],
    // How long plugins took is nobody's concern who installs Parvis.
    rollupOptions: { checks: { bundlerTimings: false }, input: { main: resolve(import.meta.dirname, "frontend/main.ts"), chat: resolve(import.meta.dirname, "frontend/islands/chat/chat.css") } },
  },
  test: { environment: "happy-dom", include: ["frontend/**/*.test.ts"] },
} as Parameters<typeof defineConfig>[0]);
