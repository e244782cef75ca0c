import { BATCH_LIMITS, type SiteFileAnswer, siteFileRequestSchema } from "@window-rating/protocol/sync";
import type { FastifyInstance } from "fastify";
import { takeHeartbeat } from "../console/live/heartbeats.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { authenticate, enrol, plainEnrolmentSchema } from "../enrolment.ts";
import type { Intake } from "../intake/intake.ts";
import { readSiteFileText } from "../site-file/site-files.ts";
import { bearerToken } from "./bearer-token.ts";
import { parseRequest } from "./errors.ts";

interface SyncParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly intake: Intake;
  /** Told after every batch and enrolment. */
  readonly onTaken: () => void;
}

/** A window PC with two thousand windows tells less. */
const HEARTBEAT_BYTES = 1_048_576;

/** What the window PCs call: enrolment, batches, heartbeats. */
export const syncRoutes = (app: FastifyInstance, { db, now, intake, onTaken }: SyncParts): void => {
  app.post("/sync/v1/enrolments", async (request, reply) => {
    const answer = await enrol(db, parseRequest(plainEnrolmentSchema, request.body), now());
    onTaken();
    return reply.code(201).send(answer);
  });

  app.post("/sync/v1/site-file", async (request): Promise<SiteFileAnswer> => {
    const { windowPcId } = parseRequest(siteFileRequestSchema, request.body);
    const { windowNo } = await authenticate(db, windowPcId, bearerToken(request));
    return { windowNo, text: await inTransaction(db, readSiteFileText) };
  });

  app.post("/sync/v1/heartbeats", { bodyLimit: HEARTBEAT_BYTES }, (request) =>
    takeHeartbeat(db, request.body, bearerToken(request), now()),
  );

  app.register((scope, _options, done) => {
    // Batches are read where they are worked on.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, ready) => ready(null, body));
    scope.post("/sync/v1/batches", { bodyLimit: BATCH_LIMITS.bytes }, async (request, reply) => {
      const arrivedAtMs = now();
      const token = bearerToken(request);
      const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
      const answer = await intake.take({ bytes, token, arrivedAtMs });
      onTaken();
      return reply.type("application/json; charset=utf-8").send(answer);
    });
    done();
  });
};
