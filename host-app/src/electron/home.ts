/** What serves the pages of a window, and therefore all it may load and go to. */
export type Home =
  /** The built screens, under a scheme of our own. */
  | { readonly is: "app" }
  /** A window-host that owns this PC already, on loopback; or the page of a browser pad. */
  | { readonly is: "origin"; readonly origin: string };

export const SCHEME = "window-rating-app";
export const APP_ORIGIN = `${SCHEME}://screens`;

export const appPage = (page: string, windowNo: string | null): string =>
  `${APP_ORIGIN}/${page}.html${windowNo === null ? "" : `?window=${encodeURIComponent(windowNo)}`}`;

/**
 * The home of an address that a person typed or a file names: a page on this PC, or one that TLS proves.
 * @returns null for any other
 */
export const homeOf = (address: string): Home | null => {
  const url = parsed(address);
  if (url === null || url.username !== "" || url.password !== "") return null;
  const isLoopback = url.protocol === "http:" && ["127.0.0.1", "[::1]"].includes(url.hostname);
  return isLoopback || url.protocol === "https:" ? { is: "origin", origin: url.origin } : null;
};

/** Whether a window, or a frame in it, may go to an address. */
export const mayGo = (address: string, home: Home): boolean => {
  const url = parsed(address);
  return url !== null && originOf(url) === (home.is === "app" ? APP_ORIGIN : home.origin) && withoutUser(url);
};

/** Whether a page may fetch an address: what is at its home, and a WebSocket to there. Everything else is off the net. */
export const mayFetch = (address: string, home: Home): boolean => {
  if (mayGo(address, home)) return true;
  const url = parsed(address);
  if (url === null || home.is === "app") return false;
  const { protocol, host } = new URL(home.origin);
  return withoutUser(url) && url.protocol === (protocol === "https:" ? "wss:" : "ws:") && url.host === host;
};

const parsed = (address: string): URL | null => (URL.canParse(address) ? new URL(address) : null);

/** Node gives a scheme of our own no origin; Chromium, where it is registered as standard, does. */
const originOf = (url: URL): string => (url.protocol === `${SCHEME}:` ? `${url.protocol}//${url.host}` : url.origin);

const withoutUser = ({ username, password }: URL): boolean => username === "" && password === "";
