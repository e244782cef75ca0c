import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Each screen has a page of its own; core/screens/screen-pages.ts says which of them are served. */
const PAGES = ["open", "strip", "receipt", "console"];

/**
 * Dialogs of antd lock the page behind them by a style element that they give no nonce, which our CSP refuses. The console's page
 * itself never scrolls (its content does), so there is nothing to lock.
 */
const withoutScrollLock: Plugin = {
  name: "without-scroll-lock",
  load: (id) => (/@rc-component\/portal\/es\/useScrollLocker\.js$/.test(id) ? "export default function useScrollLocker() {}" : null),
};

/** The screens of the window PC: built to `dist/ui`, served by window-host on loopback and by Electron under a scheme of its own. */
export default defineConfig({
  root: path("src/ui"),
  base: "./",
  plugins: [react(), withoutScrollLock],
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
