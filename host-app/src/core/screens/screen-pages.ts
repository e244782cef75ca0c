import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WindowRatingError } from "@window-rating/protocol/error";

/** Where set-up builds the screens to (scripts/setup/screens.mjs). */
export const BUILT_SCREENS = fileURLToPath(new URL("../../../dist/ui", import.meta.url));

/** The pages that are served, and who may frame them. A page that does not stand here is not served, built or not. */
const PAGES = {
  /** Turns a ticket into a session; the only one that needs none. */
  "open.html": { framedBy: "'none'" },
  "strip.html": { framedBy: "'none'" },
  "console.html": { framedBy: "'none'" },
  /** What is printed; the strip has it in a frame. */
  "receipt.html": { framedBy: "'self'" },
} as const satisfies Record<string, { framedBy: string }>;
export type PageName = keyof typeof PAGES;

/** In a built page, where each answer puts a nonce of its own. */
const NONCE_PLACE = "__CSP_NONCE__";

/**
 * Nothing but the screens' own files runs, and they talk to their own window-host alone. antd makes its style elements while it runs; the
 * nonce lets in those and no others.
 * @param connect where a page may connect to: the WebSocket's address for a browser, nothing for Electron
 */
const contentSecurityPolicy = (page: PageName, nonce: string, connect: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self'",
    "font-src 'self'",
    `connect-src ${connect}`,
    "frame-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${PAGES[page].framedBy}`,
  ].join("; ");

export interface ServedPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The built pages of the screens, read once. */
export class ScreenPages {
  readonly folder: string;
  /** Changes with the built screens. */
  readonly build: string;
  readonly #pages = new Map<string, string>();

  /** @throws WR5106 if they are not built */
  constructor(folder = BUILT_SCREENS) {
    this.folder = folder;
    const hash = createHash("sha256");
    for (const name of Object.keys(PAGES)) {
      const file = join(folder, name);
      if (!existsSync(file)) continue;
      const html = readFileSync(file, "utf8");
      // The names of scripts and styles hold the hash of their content.
      hash.update(html);
      this.#pages.set(name, html);
    }
    if (!this.#pages.has("open.html")) throw new WindowRatingError("WR5106", `there is no open.html in ${folder}`);
    this.build = hash.digest("hex").slice(0, 16);
  }

  has(name: string): boolean {
    return this.#pages.has(name);
  }

  /** @returns undefined if there is no such page */
  page(name: string, connect: string): ServedPage | undefined {
    const html = this.#pages.get(name);
    if (html === undefined) return undefined;
    const nonce = randomBytes(18).toString("base64");
    return {
      html: html.replaceAll(NONCE_PLACE, nonce),
      headers: {
        "content-security-policy": contentSecurityPolicy(name as PageName, nonce, connect),
        "cache-control": "no-store",
        "permissions-policy": "camera=(), microphone=(), geolocation=()",
      },
    };
  }
}
