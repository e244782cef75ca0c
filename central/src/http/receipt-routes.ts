import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { correctByReceipt, correctionSchema } from "../channels/correction.ts";
import { followUpOf } from "../channels/follow-up.ts";
import { type ChannelKeys, requireKeys } from "../channels/keys.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { readChain, viewOf } from "../ratings/receipt-view.ts";
import type { RatingPolicies } from "../ratings/site.ts";
import { parseRequest, refusalError } from "./errors.ts";
import { RateLimit } from "./rate-limit.ts";

interface ReceiptParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly policies: RatingPolicies;
  readonly keys: ChannelKeys | undefined;
}

const codeSchema = z.object({ code: z.string().min(1).max(64) });

/** What a citizen does with a receipt code; no account, no name. */
export const receiptRoutes = (app: FastifyInstance, { db, now, policies, keys }: ReceiptParts): void => {
  // Who types a code needs a few tries; who guesses needs thousands of millions.
  const limit = new RateLimit({ burst: 20, everyMs: 3000 });
  app.addHook("onRequest", async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header("cache-control", "no-store");
    limit.require(request.ip, now(), reply);
  });
  app.get("/api/v1/receipts/:code", async (request) => {
    const { code } = parseRequest(codeSchema, request.params);
    const { chain, policy } = await inTransaction(db, async (tx) => ({
      chain: await readChain(tx, code),
      policy: await policies.inForce(tx),
    }));
    const handling = await followUpOf(
      db,
      chain.map(({ seq }) => seq),
    );
    return { ...viewOf(chain, policy), handling };
  });
  app.post("/api/v1/receipts/:code/corrections", async (request, reply) => {
    const { code } = parseRequest(codeSchema, request.params);
    const { key, ...answer } = parseRequest(correctionSchema, request.body);
    const acceptance = await inTransaction(db, async (tx) =>
      correctByReceipt(tx, requireKeys(keys), code, { key, answer }, await policies.inForce(tx), now()),
    );
    if (acceptance.is === "refused") throw refusalError(acceptance);
    if (acceptance.is === "duplicate") return { answer: "duplicate" };
    return reply.code(201).send({ answer: "corrected", receipt: acceptance.receipt });
  });
};
