import type { FastifyInstance } from "fastify";
import type { CentralDatabase } from "../database/tables.ts";
import { readJobStatus } from "../jobs/status.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import { pageSchema } from "../reading/page.ts";
import { readMessages, readReplies } from "../sms/log.ts";
import { parseRequest } from "./errors.ts";
import { requireLoopback } from "./loopback.ts";

interface JobRouteParts {
  readonly db: CentralDatabase;
  readonly book: RuleBook;
  readonly now: () => number;
}

/** How the jobs stand, and the log of messages. */
export const jobRoutes = (app: FastifyInstance, { db, book, now }: JobRouteParts): void => {
  app.addHook("onRequest", requireLoopback);
  app.get("/api/v1/jobs", () => readJobStatus(db, book, now()));
  app.get("/api/v1/sms/messages", (request) => readMessages(db, parseRequest(pageSchema, request.query)));
  app.get("/api/v1/sms/replies", (request) => readReplies(db, parseRequest(pageSchema, request.query)));
};
