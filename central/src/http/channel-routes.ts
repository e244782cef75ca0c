import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { type ChannelKeys, requireKeys } from "../channels/keys.ts";
import { qrSvg } from "../channels/qr-picture.ts";
import { readRefusedRatings } from "../channels/refused-ratings.ts";
import { MAX_SYSTEM_ENTRIES, systemRatingsSchema } from "../channels/system-entry.ts";
import { retakeRating, takeSystemRatings } from "../channels/system-ratings.ts";
import { issueTicket, type TicketRequest, ticketRequestSchema, windowTicketRequestSchema } from "../channels/tickets.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { authenticate } from "../enrolment.ts";
import { type RatingPolicies, readSite } from "../ratings/site.ts";
import { pageSchema } from "../reading/page.ts";
import { bearerToken } from "./bearer-token.ts";
import { parseRequest } from "./errors.ts";
import { RateLimit } from "./rate-limit.ts";
import { systemDoor } from "./system-caller.ts";
import { refuseMany } from "./too-many.ts";

interface ChannelParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly policies: RatingPolicies;
  readonly keys: ChannelKeys | undefined;
}

const RATINGS_BYTES = 1_048_576;
const refusedNoSchema = z.object({ refusedNo: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** Ratings that other systems take, and codes that are made for them and for window PCs; docs/central-channels.md describes it. */
export const channelRoutes = (app: FastifyInstance, { db, now, policies, keys: given }: ChannelParts): void => {
  const { only, callerOf } = systemDoor(db, now);
  const policyInForce = () => inTransaction(db, (tx) => policies.inForce(tx));

  app.post("/api/v1/ratings", { bodyLimit: RATINGS_BYTES, onRequest: only("ratings") }, async (request) => {
    const keys = requireKeys(given);
    refuseMany(request.body, MAX_SYSTEM_ENTRIES);
    const { digits, entries } = parseRequest(systemRatingsSchema, request.body);
    const ratings = { caller: callerOf(request), digits, entries };
    return { answers: await takeSystemRatings(db, keys, ratings, await policyInForce(), now()) };
  });

  app.get("/api/v1/ratings/refused", { onRequest: only("ratings") }, (request) =>
    readRefusedRatings(db, requireKeys(given), callerOf(request), parseRequest(pageSchema, request.query)),
  );

  app.post("/api/v1/ratings/refused/:refusedNo/retake", { onRequest: only("ratings") }, async (request) => {
    const { refusedNo } = parseRequest(refusedNoSchema, request.params);
    return retakeRating(db, requireKeys(given), callerOf(request), refusedNo, await policyInForce(), now());
  });

  /** @returns what the caller shows or prints */
  const issue = async (request: FastifyRequest, wanted: TicketRequest, svg: boolean) => {
    const { ticket, publicUrl } = await inTransaction(db, async (tx) => ({
      ticket: await issueTicket(tx, requireKeys(given), wanted, now()),
      publicUrl: (await readSite(tx)).publicUrl,
    }));
    // Where nobody has set the public address, the one by which the caller came is the best guess there is.
    const url = `${publicUrl ?? `${request.protocol}://${request.host}`}/Q/${ticket.code}`;
    const expiresAt = new Date(ticket.expiresAtMs).toISOString();
    return { url, expiresAt, ...(svg ? { svg: await qrSvg(url) } : {}) };
  };

  app.post("/api/v1/qr-codes", { onRequest: only("ratings") }, async (request, reply) => {
    const { svg, ...wanted } = parseRequest(ticketRequestSchema, request.body);
    const { systemNo } = callerOf(request);
    return reply.code(201).send(await issue(request, { ...wanted, issuedBy: `system ${systemNo}` }, svg));
  });

  // A window serves perhaps twenty an hour; a PC of a thousand windows asks six times a second.
  const codes = new RateLimit({ burst: 1000, everyMs: 100 });
  app.post("/sync/v1/qr-codes", async (request, reply) => {
    const token = bearerToken(request);
    const { windowPcId, svg, caseNo, visitNo, validMinutes, endedAt, caseCompleted, windowNo, ...told } = parseRequest(
      windowTicketRequestSchema,
      request.body,
    );
    const pc = await authenticate(db, windowPcId, token);
    codes.require(windowPcId, now(), reply);
    const service = { ...told, windowNo: windowNo ?? pc.windowNo, endedAtMs: endedAt, completed: caseCompleted };
    const wanted: TicketRequest = { channel: "dynamic-qr", caseNo, visitNo, service, validMinutes, issuedBy: `window-pc ${windowPcId}` };
    return reply.code(201).send(await issue(request, wanted, svg));
  });
};
