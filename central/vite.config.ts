import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/**
 * Dialogs of antd lock the page behind them by a style element that they give no nonce, which our CSP refuses. The console's page
 * itself never scrolls (its content does), so there is nothing to lock.
 */
const withoutScrollLock: Plugin = {
  name: "without-scroll-lock",
  load: (id) => (/@rc-component\/portal\/es\/useScrollLocker\.js$/.test(id) ? "export default function useScrollLocker() {}" : null),
};

/** The console of central: built to `dist/web`, served under /console/. */
export default defineConfig({
  root: fileURLToPath(new URL("src/web", import.meta.url)),
  base: "/console/",
  plugins: [react(), withoutScrollLock],
  build: {
    outDir: fileURLToPath(new URL("dist/web", import.meta.url)),
    emptyOutDir: true,
    // No data: addresses, so that the CSP need not allow them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What the oldest machines of a hall have: the last Chromium for Windows 7.
    target: ["chrome109", "edge109", "firefox115", "safari16"],
    chunkSizeWarningLimit: 1200,
    reportCompressedSize: false,
  },
});
