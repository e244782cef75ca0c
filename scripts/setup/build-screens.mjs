// node build-screens.mjs <vite.config.ts> <out folder> <root>: one build by Vite, and beside it a list of what it was made of.
// A program of its own, because Vite wants the pinned Node and set-up runs on any.
import { readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "vite";

const [configFile = "", outDir = "", root = ""] = process.argv.slice(2);

/** @type {Set<string>} */
const files = new Set();

/** @param {string} file */
function remember(file) {
  const relative = path.relative(root, file).split(path.sep).join("/");
  // Packages are known by the lock file.
  if (!relative.startsWith("../") && !relative.includes("node_modules/")) files.add(relative);
}

/** @type {import("vite").Plugin} */
const remembering = {
  name: "remember-sources",
  configResolved(config) {
    // Every file of the app's own folder: style sheets and pictures that others name are no modules.
    for (const entry of readdirSync(config.root, { recursive: true, withFileTypes: true })) {
      if (entry.isFile() && !/\.test\.tsx?$/.test(entry.name)) remember(path.join(entry.parentPath, entry.name));
    }
  },
  buildEnd() {
    // Ids that are no path are Vite's own.
    for (const id of this.getModuleIds()) if (path.isAbsolute(id)) remember(id.replace(/[?#].*$/, ""));
  },
};

await build({ configFile, logLevel: "warn", build: { outDir, emptyOutDir: true }, plugins: [remembering] });
writeFileSync(path.join(outDir, ".made-of.json"), JSON.stringify([...files].sort()));
