import { windowPcIdSchema } from "@window-rating/protocol/sync";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { ChannelKeys } from "../channels/keys.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { authenticate } from "../enrolment.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import { readDown } from "../roster/down.ts";
import type { ContactKeys } from "../sms/contact-keys.ts";
import { bearerToken } from "./bearer-token.ts";
import { parseRequest } from "./errors.ts";

interface DownParts {
  readonly db: CentralDatabase;
  readonly book: RuleBook;
  readonly contactKeys: ContactKeys | undefined;
  readonly channelKeys: ChannelKeys | undefined;
}

const downQuerySchema = z.strictObject({
  windowPcId: windowPcIdSchema,
  since: z
    .string()
    .regex(/^[0-9]{1,15}$/, "a version, or 0")
    .transform(Number)
    .default(0),
  reasons: z.string().max(32).default(""),
});

/** What flows down to the window PCs: roster, items, reasons, the site's policy. */
export const downRoutes = (app: FastifyInstance, { db, book, contactKeys, channelKeys }: DownParts): void => {
  app.get("/api/v1/down", async (request, reply) => {
    const { windowPcId, since, reasons } = parseRequest(downQuerySchema, request.query);
    await authenticate(db, windowPcId, bearerToken(request));
    // Asked anew each time: the key that seals changes when keys are rotated.
    const source = { book, contactKey: contactKeys?.publicKey ?? null, channelKeys };
    const { answer, etag } = await inTransaction(db, (tx) => readDown(tx, source, { windowPcId, since, reasons }));
    // Names of clerks: for this window PC alone, not for a cache on the way.
    reply.header("cache-control", "private, no-cache").header("etag", etag);
    return request.headers["if-none-match"] === etag ? reply.code(304).send() : answer;
  });
};
