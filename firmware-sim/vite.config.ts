import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What a pad has no use for, and what the page is smaller by: the texts of the errors, and who may sign firmware, which a page never takes. */
const withoutIdleParts: Plugin = {
  name: "without-idle-parts",
  enforce: "pre",
  load(id) {
    if (/\/protocol\/src\/errors\/index\.ts$/.test(id)) return BARE_ERRORS;
    if (/\/protocol\/src\/pad\/firmware-signature\.ts$/.test(id)) return NO_SIGNATURES;
    return undefined;
  },
  transform(code, id) {
    // What SPEC.md is made of.
    return /\/protocol\/src\/pad\/declarations\//.test(id) ? code.replaceAll(/^ +doc: "(?:[^"\\]|\\.)*",$/gm, 'doc: "",') : undefined;
  },
};
const BARE_ERRORS = `export const ERRORS = {};
export class WindowRatingError extends Error {
  name = "WindowRatingError";
  constructor(code, detail, cause) { super(code + ": " + detail, cause === undefined ? undefined : { cause }); this.code = code; this.detail = detail; }
}`;
const NO_SIGNATURES = `export const signerOf = () => new Uint8Array(8);
export const isSignedBy = () => false;
export const signFirmware = () => { throw new Error("a page signs nothing"); };`;

/** Tells the worker which files the page is made of. */
const filesForWorker: Plugin = {
  name: "files-for-worker",
  enforce: "post",
  generateBundle(_, bundle) {
    const parts = Object.values(bundle);
    const files = parts.map(({ fileName }) => fileName).filter((name) => name.startsWith("assets/"));
    const hash = createHash("sha256");
    for (const part of parts)
      if (part.fileName !== "worker.js") hash.update(part.fileName).update(part.type === "chunk" ? part.code : part.source);
    const worker = bundle["worker.js"];
    if (worker?.type !== "chunk") throw new Error("the worker is not built");
    const list = JSON.stringify(["/page", "/icon.svg", ...files.sort().map((name) => `/${name}`)]);
    worker.code = worker.code.replace("__FILES__", list.replaceAll('"', '\\"')).replace("__FINGERPRINT__", hash.digest("hex").slice(0, 16));
  },
};

/** The citizen's page as a pad (docs/browser-pad.md): built for window-host, which serves it. */
export default defineConfig({
  root: here("src/citizen-page/web/pad"),
  base: "/",
  plugins: [withoutIdleParts, filesForWorker],
  resolve: { alias: { qrcode: "qrcode/lib/core/qrcode.js" } },
  define: { PAGE_VERSION: JSON.stringify("1.0.0") },
  build: {
    outDir: here("../host-app/dist/citizen"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: false,
    rolldownOptions: {
      input: { page: here("src/citizen-page/web/pad/index.html"), worker: here("src/citizen-page/web/pad/worker.js") },
      output: { entryFileNames: ({ name }) => (name === "worker" ? "worker.js" : "assets/[name]-[hash].js") },
      // Schemas that nothing of the page asks for.
      treeshake: { manualPureFunctions: ["z"] },
    },
  },
});
