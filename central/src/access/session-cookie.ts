import type {} from "@fastify/cookie";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isOfThisMachine } from "../http/loopback.ts";
import { CONSOLE_HEADER } from "./session-schema.ts";

/** With the prefix a browser takes it over HTTPS alone, for this host alone, and no other host can set it. */
const SECURE_NAME = "__Host-window-rating";
/** On the machine itself, where there is no HTTPS. */
const LOOPBACK_NAME = "window-rating";

const isSecure = (request: FastifyRequest): boolean => request.protocol === "https";

/**
 * The name under which this request's browser keeps a cookie of ours.
 * @throws WindowRatingError WR7059 if it came in the clear from another machine: a token would be read on the way
 */
const nameFor = (request: FastifyRequest, suffix: string): string => {
  if (isSecure(request)) return `${SECURE_NAME}${suffix}`;
  if (isOfThisMachine(request)) return `${LOOPBACK_NAME}${suffix}`;
  throw new WindowRatingError("WR7059", "This request came over HTTP");
};

/** A cookie of ours: the session's, or one that stands by a sign-in with the organisation's provider. */
export class OwnCookie {
  readonly #suffix: string;
  readonly #sameSite: "strict" | "lax";

  constructor(suffix: string, sameSite: "strict" | "lax") {
    this.#suffix = suffix;
    this.#sameSite = sameSite;
  }

  /** Undefined if there is none that could be a token. */
  read(request: FastifyRequest): string | undefined {
    const token = request.cookies[`${isSecure(request) ? SECURE_NAME : LOOPBACK_NAME}${this.#suffix}`];
    return token !== undefined && /^[\w-]{43}$/.test(token) ? token : undefined;
  }

  /** @throws WindowRatingError WR7059 */
  set(request: FastifyRequest, reply: FastifyReply, token: string, maxAgeMs: number): void {
    const maxAge = Math.floor(maxAgeMs / 1000);
    reply.setCookie(nameFor(request, this.#suffix), token, {
      httpOnly: true,
      sameSite: this.#sameSite,
      secure: isSecure(request),
      path: "/",
      maxAge,
    });
  }

  clear(request: FastifyRequest, reply: FastifyReply): void {
    this.set(request, reply, "", 0);
  }
}

/** @throws WindowRatingError WR7059 if no cookie can be given to whoever asks */
export const requireCookieWay = (request: FastifyRequest): void => {
  nameFor(request, "");
};

const SAFE_METHODS = new Set(["GET", "HEAD"]);

/**
 * Looks whether a request that changes something comes from a page of this very central. SameSite alone does not say so: a page on
 * another port of this machine or another name below the same domain is "same site".
 * @throws WindowRatingError WR7056
 */
export const requireOwnPage = ({ method, headers, host }: FastifyRequest): void => {
  if (SAFE_METHODS.has(method)) return;
  if (headers[CONSOLE_HEADER.name] !== CONSOLE_HEADER.value)
    throw new WindowRatingError("WR7056", `The header ${CONSOLE_HEADER.name} is missing`);
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") throw new WindowRatingError("WR7056", "Another page made this request");
  if (headers.origin !== undefined && hostOf(headers.origin) !== host)
    throw new WindowRatingError("WR7056", "A page of another origin made this request");
};

/** Scheme and default port are left out: behind a proxy central sees neither. */
const hostOf = (origin: string): string | undefined => {
  const match = /^https?:\/\/([^/]+)$/i.exec(origin);
  return match?.[1];
};
