import path from "node:path";
import { defineConfig } from "vitest/config";
import { ClosingLineReporter } from "./scripts/check/closing-line.ts";
import { findBrowser } from "./scripts/setup/browser.mjs";

// Set-up and tests agree on the browser: it is found here once, and every test's process inherits its name.
const browser = findBrowser();
if (browser !== undefined) process.env.WINDOW_RATING_BROWSER = browser;

// Tests start hundreds of processes from the same sources: each reads from here what another has compiled, as the commands do (launch.mjs).
process.env.NODE_COMPILE_CACHE ??= path.join(import.meta.dirname, "node_modules/.cache/compile");

/** Every workspace of the repository; nothing under node_modules or a built folder. */
const folders = "{protocol,device-profiles,firmware-sim,host-app,central,scripts}";
const exclude = ["**/node_modules/**", "**/dist/**"];

export default defineConfig({
  test: {
    // A process for each file: native modules (SQLite, serial ports, ptys) and process-wide signals stay apart.
    pool: "forks",
    // One more than CI has cores: a file waits much of its time, for the disk, a port, a browser, a process that starts.
    maxWorkers: 3,
    setupFiles: ["scripts/check/patient-waits.ts"],
    expect: { poll: { timeout: 60_000 } },
    reporters: [process.env.CI === undefined ? "default" : "dot", new ClosingLineReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: "tests",
          include: [`${folders}/**/*.test.ts`],
          exclude: [...exclude, "**/*.slow.test.ts"],
          // Ends a test that hangs. It says nothing of speed: a machine may be twenty times slower while it does other work.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: { name: "slow", include: [`${folders}/**/*.slow.test.ts`], exclude, testTimeout: 300_000, hookTimeout: 300_000 },
      },
    ],
  },
});
