import { randomUUID } from "node:crypto";
import { shortText } from "@window-rating/protocol/rating";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import { openStep } from "../policy/policy-step.ts";
import { questionOf, questionSchema } from "../policy/question.ts";
import { recomputeSteps } from "../policy/recompute-steps.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import { historyOf, newestOf, recordStep, stepsOf, stepsWaitingForDate } from "../policy/step-store.ts";
import { parseRequest } from "./errors.ts";
import { requireLoopback } from "./loopback.ts";

interface PolicyStepParts {
  readonly db: CentralDatabase;
  readonly book: RuleBook;
  readonly now: () => number;
}

const subject = shortText(200);
const listSchema = z.union([
  z.strictObject({ subject }),
  z.strictObject({ waiting: shortText(100), limit: z.coerce.number().int().min(1).max(200).default(50) }),
]);
const recomputeSchema = z.strictObject({ region: questionSchema.shape.region });
const openSchema = questionSchema.omit({ done: true }).extend({ subject });
const idSchema = z.strictObject({ stepId: z.uuid() });

/**
 * Steps of cases under a region's rules, for programs on this machine alone: opened, read, computed anew. What a person decides, a date, an
 * extension, that a step is done, is decided in the console by whoever is signed in (console/steps.ts): no program names a person here.
 */
export const policyStepRoutes = (app: FastifyInstance, { db, book, now }: PolicyStepParts): void => {
  app.addHook("onRequest", requireLoopback);
  app.get("/api/v1/policy/steps", async (request) => {
    const asked = parseRequest(listSchema, request.query);
    const steps = "subject" in asked ? await stepsOf(db, asked.subject) : await stepsWaitingForDate(db, asked.waiting, asked.limit);
    return { steps };
  });
  app.get("/api/v1/policy/steps/:stepId", async (request) => {
    const { stepId } = parseRequest(idSchema, request.params);
    await newestOf(db, stepId);
    return { revisions: await historyOf(db, stepId) };
  });
  app.post("/api/v1/policy/steps", async (request, reply) => {
    const asked = parseRequest(openSchema, request.body);
    const step = openStep(randomUUID(), asked.subject, book.explain(asked.region, questionOf(asked)));
    await recordStep(db, step, now());
    return reply.code(201).send(step);
  });

  app.post("/api/v1/policy/steps/recompute", (request) => {
    const { region } = parseRequest(recomputeSchema, request.body);
    return recomputeSteps(db, book, region, now());
  });
};
