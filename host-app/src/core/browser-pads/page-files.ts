import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WindowRatingError } from "@window-rating/protocol/error";

/** Where set-up builds the page to (scripts/setup/screens.mjs). */
export const BUILT_PAGE = fileURLToPath(new URL("../../../dist/citizen", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
};

export interface PageFile {
  readonly body: Buffer;
  readonly type: string;
  /** Its name changes with its content. */
  readonly isImmutable: boolean;
}

/** The built page, read once; nothing else is ever served. */
export class PageFiles {
  readonly page: PageFile;
  readonly manifest: PageFile;
  /** By address. */
  readonly files: ReadonlyMap<string, PageFile>;

  /** @throws WR1043 if it is not built */
  constructor(folder = BUILT_PAGE) {
    if (!existsSync(join(folder, "index.html")))
      throw new WindowRatingError("WR1043", `the page is not built: there is no ${join(folder, "index.html")}; run npm run setup`);
    const read = (name: string, isImmutable = false): PageFile => ({
      body: readFileSync(join(folder, name)),
      type: TYPES[name.slice(name.lastIndexOf(".") + 1)] ?? "application/octet-stream",
      isImmutable,
    });
    this.page = read("index.html");
    this.manifest = read("manifest.webmanifest");
    const assets = readdirSync(join(folder, "assets")).map((name) => `assets/${name}`);
    this.files = new Map([
      ["/page", this.page],
      ["/icon.svg", read("icon.svg")],
      ["/worker.js", read("worker.js")],
      ...assets.map((name) => [`/${name}`, read(name, true)] as const),
    ]);
  }
}

/**
 * Nothing but the page's own files runs, and it talks to its own window-host alone. Pictures and voices that the pad holds are blobs of the page.
 * @param origin under which it is served
 */
export const pageHeaders = (origin: string): Readonly<Record<string, string>> => ({
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "media-src blob:",
    `connect-src 'self' ${origin.replace(/^http/, "ws")}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()",
});
