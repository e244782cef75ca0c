import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { ScreenAbout } from "./screen-hub.ts";

/** The one host name that screens are served under: what arrives under another was led here by somebody's DNS. */
export const screenHost = (port: number): string => `127.0.0.1:${port}`;
const screenOrigin = (port: number): string => `http://${screenHost(port)}`;

/**
 * Against DNS rebinding and requests of strangers' pages. Cookies know no ports and no origins: only this tells our page from another.
 * @param hosts every Host header of the request
 * @param needsOrigin of what changes something, and of WebSockets: browsers always name the page's origin there
 * @throws WR5002
 */
export const checkCaller = (
  headers: IncomingHttpHeaders,
  hosts: readonly string[] | undefined,
  { port, needsOrigin }: { readonly port: number; readonly needsOrigin: boolean },
): void => {
  if (hosts?.length !== 1 || hosts[0] !== screenHost(port))
    throw new WindowRatingError("WR5002", `the Host header is not ${screenHost(port)}`);
  const { origin } = headers;
  if (origin === undefined ? needsOrigin : origin !== screenOrigin(port))
    throw new WindowRatingError("WR5002", "another page than a screen of this PC sent this");
};

/** One cookie for each screen and window, so that a browser may show several; with the port, because cookies know none. */
export const cookieName = (port: number, { screen, windowNo }: ScreenAbout): string =>
  `window-rating-${port}-${screen}-${createHash("sha256")
    .update(windowNo ?? "")
    .digest("hex")
    .slice(0, 8)}`;

export const cookieIn = (headers: IncomingHttpHeaders, name: string): string | undefined =>
  (headers.cookie ?? "")
    .split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** Kept by the browser as long as a session may lie unused; no script sees it, and no page of another site sends it. */
export const sessionCookie = (name: string, token: string): string =>
  `${name}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${30 * 24 * 60 * 60}`;
