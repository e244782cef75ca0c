import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Each screen has a page of its own; core/screens/screen-pages.ts says which of them are served. */
const PAGES = ["open", "strip", "receipt", "console"];

/** The screens of the window PC: built to `dist/ui`, served by window-host on loopback and by Electron under a scheme of its own. */
export default defineConfig({
  root: path("src/ui"),
  base: "./",
  plugins: [react()],
  build: {
    outDir: path("dist/ui"),
    emptyOutDir: true,
    // No data: addresses, so that the CSP need not allow them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: false,
    rolldownOptions: {
      input: Object.fromEntries(PAGES.map((page) => [page, path(`src/ui/${page}.html`)]).filter(([, file]) => existsSync(file ?? ""))),
    },
  },
});
