import { createHash, timingSafeEqual } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance } from "fastify";
import type { CentralDatabase } from "../database/tables.ts";
import { codeRequestSchema, makeEnrolmentCode } from "../enrolment.ts";
import { parseRequest } from "./errors.ts";
import { requireLoopback } from "./loopback.ts";

interface AdministrationParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  /** Token in the data folder, readable by its owner only. */
  readonly token: string;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** What the commands of window-central ask of the central that owns the data folder. */
export const administrationRoutes = (app: FastifyInstance, { db, now, token }: AdministrationParts): void => {
  const expected = digest(`Bearer ${token}`);
  app.addHook("onRequest", requireLoopback);
  app.addHook("onRequest", async (request) => {
    if (timingSafeEqual(digest(request.headers.authorization ?? ""), expected)) return;
    throw new WindowRatingError("WR7017", "The token is not the one in the data folder");
  });
  app.post("/admin/v1/enrolment-codes", async (request, reply) => {
    const { windowNo, validMinutes } = parseRequest(codeRequestSchema, request.body);
    return reply.code(201).send(await makeEnrolmentCode(db, windowNo, validMinutes, now()));
  });
};
