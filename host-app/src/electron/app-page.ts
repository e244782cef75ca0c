import type { ScreenPages } from "../core/screens/screen-pages.ts";
import { APP_ORIGIN, SCHEME } from "./home.ts";
import { ownerPage } from "./owner-page.ts";

/** What our own scheme answers with. */
export type PageAnswer =
  | { readonly is: "page"; readonly html: string; readonly headers: Readonly<Record<string, string>> }
  /** A built file, below the folder of the screens. */
  | { readonly is: "file"; readonly path: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly is: "refused"; readonly status: 404 | 405 };

const PLAIN_HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
};

/** Only types that our screens are built of. */
const TYPES: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  woff2: "font/woff2",
  json: "application/json",
  mp3: "audio/mpeg",
};

/**
 * Answers a request of a page under our scheme: a page of the screens with its policy in the header, or a built file. Nothing else of the
 * disk can be named.
 * @param pages undefined: the screens are not built
 */
export const answerPage = (method: string, address: string, pages: Pick<ScreenPages, "page"> | undefined): PageAnswer => {
  if (method !== "GET") return { is: "refused", status: 405 };
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || `${url.protocol}//${url.host}` !== APP_ORIGIN) return { is: "refused", status: 404 };
  const page = /^\/([a-z]+\.html)$/.exec(url.pathname)?.[1];
  if (page === "owner.html") return { is: "page", ...ownerPage(url.searchParams, PLAIN_HEADERS) };
  if (page !== undefined) {
    // Messages go through a port; a page of the app connects to nothing.
    const served = pages?.page(page, "'none'");
    if (served === undefined) return { is: "refused", status: 404 };
    return { is: "page", html: served.html, headers: { ...PLAIN_HEADERS, ...served.headers, "content-type": "text/html; charset=utf-8" } };
  }
  const file = /^\/(icon\.(svg)|assets\/[\w-][\w.-]*\.([a-z0-9]+))$/.exec(url.pathname);
  const type = TYPES[file?.[2] ?? file?.[3] ?? ""];
  if (file?.[1] === undefined || type === undefined) return { is: "refused", status: 404 };
  return { is: "file", path: file[1], headers: { ...PLAIN_HEADERS, "content-type": type } };
};

/** How Chromium treats the scheme: as https, with no way around the policy, and nothing that only a web site needs. */
export const SCHEME_PRIVILEGES = {
  scheme: SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, bypassCSP: false, allowServiceWorkers: false, corsEnabled: false },
} as const;
