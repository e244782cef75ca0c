import type { IncomingHttpHeaders } from "node:http";
import { WindowRatingError } from "@window-rating/protocol/error";
import { BEARER_SUBPROTOCOL } from "./event-stream.ts";
import { isPageOrigin, type Pairing, type Pairings, sameSecret } from "./pairings.ts";
import type { Access } from "./verbs.ts";

/** Who stands behind a request that passed the guards. */
export type Admitted = { readonly is: "anyone" } | { readonly is: "paired"; readonly pairing: Pairing } | { readonly is: "control" };

/**
 * Against DNS rebinding: a name that an attacker points to 127.0.0.1 arrives in Host as that name.
 * @param hosts every Host header of the request
 * @throws WR5002
 */
export const checkHost = (hosts: readonly string[] | undefined, port: number): void => {
  const [host] = hosts ?? [];
  if (hosts?.length === 1 && (host === `127.0.0.1:${port}` || host === `localhost:${port}` || host === `[::1]:${port}`)) return;
  throw new WindowRatingError("WR5002", "the Host header is none of 127.0.0.1, localhost and [::1] with the port of the desk API");
};

/** Every browser sends all of these to a loopback address. Sec-Fetch-Mode alone is no sign: Node's own fetch sends it. */
const BROWSER_SIGNS = ["sec-fetch-site", "sec-fetch-dest", "sec-fetch-user", "sec-fetch-storage-access"] as const;

/**
 * Against pages of strangers: a browser names the page's origin, or at least says by Sec-Fetch-* that it is a browser.
 * @param mayAsk any page may: it asks to be paired, and a person decides
 * @returns the origin if there is one, listed in some pairing
 * @throws WR5002, WR8006
 */
export const checkOrigin = (headers: IncomingHttpHeaders, pairings: Pairings, mayAsk: boolean): string | undefined => {
  const { origin } = headers;
  if (origin === undefined) {
    if (BROWSER_SIGNS.some((name) => headers[name] !== undefined)) {
      throw new WindowRatingError("WR5002", "a browser sent this without naming the origin of the page");
    }
    return undefined;
  }
  if (mayAsk && isPageOrigin(origin)) return origin;
  if (!pairings.allowOrigin(origin)) throw new WindowRatingError("WR5002", "the origin of the page is in no pairing");
  return origin;
};

/**
 * The token must be that of a pairing, and of the one that lists the origin.
 * @throws WR5001, WR5002, WR8006
 */
export const admit = (
  access: Access,
  token: string | undefined,
  origin: string | undefined,
  secrets: { readonly pairings: Pairings; readonly controlToken: string },
): Admitted => {
  if (access === "anyone" || access === "asking") return { is: "anyone" };
  if (token === undefined) throw new WindowRatingError("WR5001", "no token came with the request");
  if (access === "control") {
    if (origin !== undefined) throw new WindowRatingError("WR5002", "no page may ask for this");
    if (!sameSecret(token, secrets.controlToken)) throw new WindowRatingError("WR5001", "the token is not the one in control.json");
    return { is: "control" };
  }
  const pairing = secrets.pairings.byToken(token);
  if (pairing === undefined) throw new WindowRatingError("WR5001", "the token belongs to no pairing, or its pairing was revoked");
  if (origin !== undefined && !pairing.origins.includes(origin)) {
    throw new WindowRatingError("WR5002", "the origin of the page is not listed in this pairing");
  }
  return { is: "paired", pairing };
};

/** Never from the address, which ends up in logs and histories. */
export const bearerToken = (headers: IncomingHttpHeaders): string | undefined =>
  /^Bearer ([\w~+/.=-]{1,256})$/i.exec(headers.authorization ?? "")?.[1];

export const subprotocolToken = (headers: IncomingHttpHeaders): string | undefined =>
  (headers["sec-websocket-protocol"] ?? "")
    .split(",")
    .map((protocol) => protocol.trim())
    .find((protocol) => protocol.startsWith(BEARER_SUBPROTOCOL))
    ?.slice(BEARER_SUBPROTOCOL.length);

/** Against forms and other requests that a page may send without asking first: those cannot have this content type. */
export const checkContentType = (headers: IncomingHttpHeaders): void => {
  if (/^application\/json\s*(;.*)?$/i.test(headers["content-type"] ?? "")) return;
  throw new WindowRatingError("WR5014", "the Content-Type header is not application/json");
};
