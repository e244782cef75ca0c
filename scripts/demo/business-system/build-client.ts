import { execFile } from "node:child_process";
import { mkdirSync, renameSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { build } from "vite";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const SOURCE = join(ROOT, "protocol", "src", "desk", "browser-client", "client.ts");

/** The file that the page of a business system loads; its types are beside it, named `.d.ts`. */
export const CLIENT_FILE = "window-rating-desk.js";

/** Builds the browser client: one ES module with nothing in it but itself, and its types. */
export const buildClient = async (folder: string): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  await build({
    configFile: false,
    logLevel: "warn",
    build: {
      outDir: folder,
      emptyOutDir: false,
      target: "es2022",
      minify: "oxc",
      reportCompressedSize: false,
      lib: { entry: SOURCE, formats: ["es"], fileName: () => CLIENT_FILE },
    },
  });
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const flags = [
    "--ignoreConfig",
    "--declaration",
    "--emitDeclarationOnly",
    "--target",
    "es2022",
    "--lib",
    "es2022,dom",
    "--types",
    "",
    "--outDir",
    folder,
  ];
  await promisify(execFile)(process.execPath, [tsc, SOURCE, ...flags]);
  renameSync(join(folder, "client.d.ts"), join(folder, CLIENT_FILE.replace(".js", ".d.ts")));
};
