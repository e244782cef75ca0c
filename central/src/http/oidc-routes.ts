import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { OIDC_CALLBACK, OIDC_TRY_MS, type OidcSignIn } from "../access/oidc/oidc-sign-in.ts";
import { OwnCookie, requireCookieWay } from "../access/session-cookie.ts";
import { SESSION_COOKIE } from "../access/session-door.ts";
import { type Caller, LONGEST_MS } from "../access/sessions.ts";
import { addressGroup } from "../access/sign-in.ts";
import type { RateLimit } from "./rate-limit.ts";

export const OIDC_START = "/console/v1/oidc/start";
/** The page that signs in; it shows what `sign-in-failed` names. */
const CONSOLE_PAGE = "/console/";

interface OidcParts {
  readonly oidc: OidcSignIn;
  readonly now: () => number;
  readonly visitors: RateLimit;
  readonly callerOf: (request: FastifyRequest) => Caller;
}

/** Lax: the browser comes back from another site with it. It opens nothing but the try that it was made for. */
const TRY_COOKIE = new OwnCookie("-oidc", "lax");

/** To the organisation's provider and back. These are addresses that a browser goes to, so failures lead back to the page. */
export const oidcRoutes = (app: FastifyInstance, { oidc, now, visitors, callerOf }: OidcParts): void => {
  const orBack = async (request: FastifyRequest, reply: FastifyReply, work: () => Promise<string>) => {
    let place: string;
    try {
      place = await work();
    } catch (error) {
      if (!(error instanceof WindowRatingError)) throw error;
      request.log.warn({ code: error.code, detail: error.detail }, "sign-in with the organisation's account failed");
      place = `${CONSOLE_PAGE}?sign-in-failed=${error.code}`;
    }
    return reply.redirect(place, 303);
  };

  app.get(OIDC_START, (request, reply) =>
    orBack(request, reply, async () => {
      requireCookieWay(request);
      visitors.require(addressGroup(request.ip), now(), reply);
      const { url, browserToken } = await oidc.start();
      TRY_COOKIE.set(request, reply, browserToken, OIDC_TRY_MS);
      return url;
    }),
  );

  app.get(OIDC_CALLBACK, (request, reply) =>
    orBack(request, reply, async () => {
      requireCookieWay(request);
      visitors.require(addressGroup(request.ip), now(), reply);
      const browserToken = TRY_COOKIE.read(request);
      TRY_COOKIE.clear(request, reply);
      const [, query = ""] = /(\?.*)$/.exec(request.url) ?? [];
      const token = await oidc.finish(query, browserToken, callerOf(request));
      SESSION_COOKIE.set(request, reply, token, LONGEST_MS);
      return CONSOLE_PAGE;
    }),
  );
};
