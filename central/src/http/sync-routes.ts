import { WindowRatingError } from "@window-rating/protocol/error";
import { BATCH_LIMITS, batchRequestSchema } from "@window-rating/protocol/sync";
import type { FastifyInstance } from "fastify";
import type { CentralDatabase } from "../database/tables.ts";
import { authenticate, enrol, plainEnrolmentSchema } from "../enrolment.ts";
import { takeBatch } from "../intake/batch.ts";
import type { RatingPolicies } from "../ratings/site.ts";
import { bearerToken } from "./bearer-token.ts";
import { parseRequest } from "./errors.ts";

interface SyncParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly policies: RatingPolicies;
  /** Told after every batch and enrolment. */
  readonly onTaken: () => void;
}

/** What the window PCs call: enrolment and batches. */
export const syncRoutes = (app: FastifyInstance, { db, now, policies, onTaken }: SyncParts): void => {
  // Fastify's own reader looks through each text for keys like "__proto__", which takes as long as reading it. Here nothing that was
  // read is merged into anything: schemas copy the fields they name into objects of their own.
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, text, done) => {
    try {
      done(null, JSON.parse(text as string));
    } catch (error) {
      done(new WindowRatingError("WR7001", "The body is no JSON", error));
    }
  });

  app.post("/sync/v1/enrolments", async (request, reply) => {
    const answer = await enrol(db, parseRequest(plainEnrolmentSchema, request.body), now());
    onTaken();
    return reply.code(201).send(answer);
  });

  app.post("/sync/v1/batches", { bodyLimit: BATCH_LIMITS.bytes }, async (request) => {
    const arrivedAtMs = now();
    const token = bearerToken(request);
    refuseTooMany(request.body);
    const batch = parseRequest(batchRequestSchema, request.body);
    const sender = await authenticate(db, batch.windowPcId, token);
    const answer = await takeBatch(db, sender, batch.entries, { sentAtMs: batch.sentAtMs, nowMs: arrivedAtMs, policies });
    onTaken();
    return answer;
  });
};

/** A batch of too many entries gets its own code, so that the sender halves it instead of calling it nonsense. */
const refuseTooMany = (body: unknown): void => {
  const entries = typeof body === "object" && body !== null && "entries" in body ? body.entries : undefined;
  if (Array.isArray(entries) && entries.length > BATCH_LIMITS.entries) {
    throw new WindowRatingError("WR7013", `${entries.length} entries, at most ${BATCH_LIMITS.entries}`);
  }
};
