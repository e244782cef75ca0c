import formbody from "@fastify/formbody";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { type ChannelKeys, requireKeys } from "../channels/keys.ts";
import { readForm } from "../citizen/form-body.ts";
import { readSentForm } from "../citizen/form-schema.ts";
import { STYLESHEETS } from "../citizen/frame.ts";
import { paperFormPage, paperFormSchema } from "../citizen/paper-form.ts";
import { openPlacePage, takePlaceForm } from "../citizen/place-pages.ts";
import { faultPage, lookUpPage } from "../citizen/receipt-pages.ts";
import { lookAtReceipt, takeCorrectionForm } from "../citizen/receipt-visit.ts";
import type { CitizenParts, Shown } from "../citizen/surroundings.ts";
import { openTicketPage, takeTicketForm } from "../citizen/ticket-pages.ts";
import type { CentralDatabase } from "../database/tables.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import type { RatingPolicies } from "../ratings/site.ts";
import { parseRequest, statusOf, toRating } from "./errors.ts";
import { RateLimit } from "./rate-limit.ts";

interface CitizenRouteParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly book: RuleBook;
  readonly policies: RatingPolicies;
  readonly keys: ChannelKeys | undefined;
}

/** Nothing but the stylesheet is loaded, nothing runs, forms go nowhere else, and nobody frames a page. */
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  // Codes stand in addresses: no other site may learn them.
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
  "cross-origin-opener-policy": "same-origin",
} as const;

const FORM_BYTES = 16_384;
const fileSchema = z.object({ file: z.string().max(64) });
const codeSchema = z.object({ code: z.string().min(1).max(64) });

/** The pages of citizens: rate by the code of a case or of a window, look a receipt up, correct. No account, no cookie, no script. */
export const citizenRoutes = (app: FastifyInstance, { db, now, book, policies, keys }: CitizenRouteParts): void => {
  // A whole hall may share one address: pages are cheap. What is sent costs a row and is never needed twice a second by one person.
  const views = new RateLimit({ burst: 60, everyMs: 500 });
  const sends = new RateLimit({ burst: 20, everyMs: 3000 });
  const stylesheetHeaders = { "content-type": "text/css; charset=utf-8", "cache-control": "public, max-age=31536000, immutable" };
  app.get("/citizen/:file", (request, reply) => {
    const { file } = parseRequest(fileSchema, request.params);
    const stylesheet = STYLESHEETS.get(file);
    if (stylesheet === undefined) throw new WindowRatingError("WR7012", "There is no such stylesheet");
    return reply.headers(stylesheetHeaders).send(stylesheet);
  });

  app.register((scope, _options, done) => {
    // A parser that throws would be met by nobody: what is no form comes as null, and the schema says so.
    scope.removeAllContentTypeParsers();
    void scope.register(formbody, { bodyLimit: FORM_BYTES, parser: (body: string) => (readForm(body) ?? null) as Record<string, unknown> });
    scope.addHook("onRequest", async (request, reply) => {
      (request.method === "POST" ? sends : views).require(request.ip, now(), reply);
    });
    scope.setErrorHandler((error, request, reply) => {
      const answer = toRating(error);
      if (statusOf(answer) >= 500) request.log.error({ err: answer, route: request.routeOptions.url }, "a citizen's page failed");
      return reply.code(statusOf(answer)).headers(HEADERS).send(faultPage(answer.code));
    });
    const surroundings = (request: FastifyRequest) => ({
      ...{ db, book, policies, nowMs: now() },
      reachedAt: `${request.protocol}://${request.host}`,
    });
    const parts = (request: FastifyRequest): CitizenParts => ({ ...surroundings(request), keys: requireKeys(keys) });
    const show = (reply: FastifyReply, { status, page }: Shown) => reply.code(status).headers(HEADERS).send(page);
    const codeOf = (request: FastifyRequest): string => parseRequest(codeSchema, request.params).code;

    // Capitals make a smaller QR code, small letters are what people type.
    for (const { letters, open, take } of [
      { letters: ["Q", "q"], open: openTicketPage, take: takeTicketForm },
      { letters: ["W", "w"], open: openPlacePage, take: takePlaceForm },
    ]) {
      for (const letter of letters) {
        scope.get(`/${letter}/:code`, async (request, reply) => show(reply, await open(parts(request), codeOf(request))));
        scope.post(`/${letter}/:code`, async (request, reply) =>
          show(reply, await take(parts(request), codeOf(request), readSentForm(request.body))),
        );
      }
    }
    for (const letter of ["F", "f"]) {
      scope.get(`/${letter}`, (_request, reply) => reply.redirect(`${letter}/`, 308));
      // It is printed by whoever hands it out, also where there is no key file yet.
      scope.get(`/${letter}/`, async (request, reply) =>
        show(reply, await paperFormPage({ ...surroundings(request), keys }, parseRequest(paperFormSchema, request.query))),
      );
    }
    for (const letter of ["R", "r"]) {
      scope.get(`/${letter}`, (_request, reply) => reply.redirect(`${letter}/`, 308));
      scope.get(`/${letter}/`, (_request, reply) => show(reply, { status: 200, page: lookUpPage() }));
      scope.get(`/${letter}/:code`, async (request, reply) => show(reply, await lookAtReceipt(parts(request), codeOf(request))));
      scope.post(`/${letter}/`, async (request, reply) =>
        show(reply, await lookAtReceipt(parts(request), readSentForm(request.body).code)),
      );
      scope.post(`/${letter}/correct`, async (request, reply) =>
        show(reply, await takeCorrectionForm(parts(request), readSentForm(request.body))),
      );
    }
    done();
  });
};
