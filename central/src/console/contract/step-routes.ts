import { route } from "./route-shape.ts";
import {
  newStepSchema,
  recomputedSchema,
  stepAnswerSchema,
  stepDateSchema,
  stepListSchema,
  stepParamsSchema,
  stepQuerySchema,
} from "./steps.ts";

/** Steps of the handling of ratings. */
export const STEP_ROUTES = {
  steps: route({
    method: "GET",
    path: "/steps",
    permission: "see:steps",
    rows: "by-organisation",
    query: stepQuerySchema,
    form: "json",
    answer: stepListSchema,
  }),
  beginStep: route({
    method: "POST",
    path: "/steps",
    permission: "do:steps",
    rows: "by-organisation",
    json: newStepSchema,
    form: "json",
    answer: stepAnswerSchema,
  }),
  dateStep: route({
    method: "POST",
    path: "/steps/:stepId/date",
    permission: "do:steps",
    rows: "by-organisation",
    params: stepParamsSchema,
    json: stepDateSchema,
    form: "json",
    answer: stepAnswerSchema,
  }),
  endStep: route({
    method: "POST",
    path: "/steps/:stepId/close",
    permission: "do:steps",
    rows: "by-organisation",
    params: stepParamsSchema,
    form: "json",
    answer: stepAnswerSchema,
  }),
  recomputeSteps: route({
    method: "POST",
    path: "/steps/recompute",
    permission: "do:recompute",
    rows: "whole",
    form: "json",
    answer: recomputedSchema,
  }),
} as const;
