import { createHash, timingSafeEqual } from "node:crypto";
import formbody from "@fastify/formbody";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { textParts } from "../jobs/jobs.ts";
import { readRulesInForce } from "../jobs/rules-in-force.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import type { RatingPolicies } from "../ratings/site.ts";
import type { ReplyDoor } from "../sms/open-sms.ts";
import { replySchema, takeReply } from "../sms/replies.ts";
import { parseRequest } from "./errors.ts";
import { RateLimit } from "./rate-limit.ts";

interface SmsParts extends ReplyDoor {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly book: RuleBook;
  readonly policies: RatingPolicies;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
const querySchema = z.object({ token: z.string().max(256).optional() });
const bodySchema = z.record(z.string(), z.unknown());

/** Where the SMS gateway hands on what citizens reply. */
export const smsRoutes = (app: FastifyInstance, { db, now, book, policies, keys, token, fields }: SmsParts): void => {
  const strangers = new RateLimit({ burst: 50, everyMs: 1000 });
  const expected = digest(token);
  void app.register(formbody);
  app.addHook("onRequest", async (request, reply) => {
    // Many a gateway can be given an address and no header.
    const inQuery = querySchema.safeParse(request.query).data?.token;
    const given = /^Bearer (.{1,256})$/.exec(request.headers.authorization ?? "")?.[1] ?? inQuery ?? "";
    if (timingSafeEqual(digest(given), expected)) return;
    strangers.require(request.ip, now(), reply);
    throw new WindowRatingError("WR7038", "The request holds no token of the SMS gateway");
  });
  app.post("/api/v1/sms/replies", async (request) => {
    const body = parseRequest(bodySchema, request.body);
    // A number as JSON number is a phone all the same.
    const field = (name: string): unknown => (typeof body[name] === "number" ? String(body[name]) : body[name]);
    const reply = parseRequest(replySchema, { messageId: field(fields.messageId), phone: field(fields.phone), text: field(fields.text) });
    const answer = await inTransaction(db, async (tx) => {
      const nowMs = now();
      const rules = await readRulesInForce(tx, book, nowMs);
      const policy = await policies.inForce(tx);
      return takeReply(tx, reply, { keys, text: textParts(rules), policy, thank: rules.settings.thank, nowMs });
    });
    return { answer };
  });
};
