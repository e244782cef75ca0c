import { WindowRatingError } from "@window-rating/protocol/error";
import { caseNoSchema } from "@window-rating/protocol/rating";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { readEvents, readLooks } from "../access/events.ts";
import { type LookSubject, lookAt } from "../access/looks.ts";
import { requireViewer } from "../access/session-hook.ts";
import { lookQuerySchema, lookSchema } from "../access/session-schema.ts";
import { inTransaction } from "../database/transaction.ts";
import type { AccessParts } from "./access-parts.ts";
import { parseRequest } from "./errors.ts";
import { RateLimit } from "./rate-limit.ts";

const ratingSchema = z.strictObject({ rating: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
const caseSchema = z.strictObject({ caseNo: caseNoSchema });

/** Looks at what citizens wrote, each with its reason, and the record of them for the auditor. */
export const personalRoutes = (app: FastifyInstance, { db, now, contactKeys }: AccessParts): void => {
  // A person reads a few a minute; whoever wants hundreds does not read them.
  const lookers = new RateLimit({ burst: 20, everyMs: 10_000 });
  const onRequest = requireViewer("see:personal");
  const look = async (request: FastifyRequest, reply: FastifyReply, subject: LookSubject) => {
    const why = parseRequest(lookSchema, request.body);
    const { viewer } = request;
    lookers.require(String(viewer.accountNo), now(), reply);
    if (contactKeys === undefined) throw new WindowRatingError("WR7044", "Without a key file nothing that is sealed can be opened");
    return inTransaction(db, (tx) => lookAt(tx, contactKeys, { viewer, subject, why, address: request.ip }, now()));
  };
  app.post("/console/v1/personal/ratings/:rating", { onRequest }, (request, reply) =>
    look(request, reply, { is: "rating", ...parseRequest(ratingSchema, request.params) }),
  );
  app.post("/console/v1/personal/cases/:caseNo", { onRequest }, (request, reply) =>
    look(request, reply, { is: "case", ...parseRequest(caseSchema, request.params) }),
  );

  const audit = { onRequest: requireViewer("see:audit") };
  app.get("/console/v1/audit/looks", audit, (request) => readLooks(db, parseRequest(lookQuerySchema, request.query)));
  app.get("/console/v1/audit/events", audit, (request) => readEvents(db, parseRequest(lookQuerySchema, request.query)));
};
