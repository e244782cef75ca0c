import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { correctByReceipt, correctionSchema, viewReceipt } from "../ratings/receipt-view.ts";
import type { RatingPolicies } from "../ratings/site.ts";
import { parseRequest, refusalError } from "./errors.ts";
import { RateLimit } from "./rate-limit.ts";

interface ReceiptParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly policies: RatingPolicies;
}

const codeSchema = z.object({ code: z.string().min(1).max(64) });

/** What a citizen does with a receipt code; no account, no name. */
export const receiptRoutes = (app: FastifyInstance, { db, now, policies }: ReceiptParts): void => {
  // Who types a code needs a few tries; who guesses needs thousands of millions.
  const limit = new RateLimit({ burst: 20, everyMs: 3000 });
  app.addHook("onRequest", async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header("cache-control", "no-store");
    limit.require(request.ip, now(), reply);
  });
  app.get("/api/v1/receipts/:code", (request) => {
    const { code } = parseRequest(codeSchema, request.params);
    return inTransaction(db, async (tx) => viewReceipt(tx, code, await policies.inForce(tx)));
  });
  app.post("/api/v1/receipts/:code/corrections", async (request, reply) => {
    const { code } = parseRequest(codeSchema, request.params);
    const correction = parseRequest(correctionSchema, request.body);
    const acceptance = await inTransaction(db, async (tx) => correctByReceipt(tx, code, correction, await policies.inForce(tx), now()));
    if (acceptance.is === "refused") throw refusalError(acceptance);
    if (acceptance.is === "duplicate") return { answer: "duplicate" };
    return reply.code(201).send({ answer: "corrected", receipt: acceptance.receipt });
  });
};
