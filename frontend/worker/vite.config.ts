/** The worker is one script without imports: not every browser takes modules there. It is built apart. */

import { resolve } from "node:path";
import { defineConfig } from "vite";

export default defineConfig({
  publicDir: false,
  build: {
    outDir: resolve(import.meta.dirname, "../../parvis/foundation/ui/static/dist"),
    emptyOutDir: false,
    target: ["chrome123", "firefox121", "safari17.5"],
    rollupOptions: {
      input: { "service-worker": resolve(import.meta.dirname, "worker.ts") },
      // Browsers look for a newer worker under the same address.
      output: { entryFileNames: "[name].js", format: "iife" },
    },
  },
});
