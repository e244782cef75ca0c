import { z } from "zod";
import { caseListSchema, caseQuerySchema, caseStorySchema } from "./cases.ts";
import { numberParam, wordSchema } from "./fields.ts";
import {
  changedEventSchema,
  hallAnswerSchema,
  hallQuerySchema,
  hallsAnswerSchema,
  retirementAnswerSchema,
  retirementSchema,
  streamQuerySchema,
  windowPcListSchema,
  windowPcQuerySchema,
} from "./live.ts";
import {
  calendarAnswerSchema,
  calendarQuerySchema,
  explainQuerySchema,
  explanationSchema,
  packListSchema,
  regionQuerySchema,
  ruleListSchema,
} from "./policy.ts";
import {
  chainLineSchema,
  chartAnswerSchema,
  chartQuerySchema,
  ratingAnswerSchema,
  ratingCountQuerySchema,
  ratingCountSchema,
  ratingListSchema,
  ratingQuerySchema,
} from "./ratings.ts";
import {
  clerkDayListSchema,
  clerkDayQuerySchema,
  placesSchema,
  registryHistoryQuerySchema,
  registryHistorySchema,
  registryListSchema,
  registryQuerySchema,
} from "./registry.ts";
import { route } from "./route-shape.ts";
import { STEP_ROUTES } from "./step-routes.ts";
import { TROUBLE_ROUTES } from "./trouble-routes.ts";
import {
  IMPORT_BYTES,
  importListSchema,
  importQuerySchema,
  importReportSchema,
  importRequestSchema,
  jobRunListSchema,
  jobRunQuerySchema,
  jobStatusSchema,
  replyListSchema,
  replyQuerySchema,
  smsListSchema,
  smsQuerySchema,
} from "./work.ts";

export type { RouteShape } from "./route-shape.ts";

/** Every path of the console begins with it. */
export const CONSOLE_PREFIX = "/console/v1";

/**
 * Everything that the console can ask, but for what concerns signing in and accounts (access/session-schema.ts). Routes, checks and
 * the page's client all derive from this table.
 */
export const CONSOLE_ROUTES = {
  halls: route({
    method: "GET",
    path: "/live/halls",
    permission: "see:halls",
    rows: "by-organisation",
    form: "json",
    answer: hallsAnswerSchema,
  }),
  hall: route({
    method: "GET",
    path: "/live/hall",
    permission: "see:halls",
    rows: "by-organisation",
    query: hallQuerySchema,
    form: "json",
    answer: hallAnswerSchema,
  }),
  liveStream: route({
    method: "GET",
    path: "/live/stream",
    permission: "see:halls",
    rows: "by-organisation",
    query: streamQuerySchema,
    form: "events",
    answer: changedEventSchema,
  }),
  windowPcs: route({
    method: "GET",
    path: "/window-pcs",
    permission: "see:halls",
    rows: "by-organisation",
    query: windowPcQuerySchema,
    form: "json",
    answer: windowPcListSchema,
  }),
  verifyChain: route({
    method: "GET",
    path: "/window-pcs/:windowPcId/verification",
    permission: "see:ratings",
    rows: "by-organisation",
    params: z.strictObject({ windowPcId: z.uuid() }),
    form: "lines",
    answer: chainLineSchema,
  }),
  retireWindowPc: route({
    method: "POST",
    path: "/window-pcs/:windowPcId/retire",
    permission: "do:retire",
    rows: "whole",
    params: z.strictObject({ windowPcId: z.uuid() }),
    json: retirementSchema,
    form: "json",
    answer: retirementAnswerSchema,
  }),
  cases: route({
    method: "GET",
    path: "/cases",
    permission: "see:cases",
    rows: "by-organisation",
    query: caseQuerySchema,
    form: "json",
    answer: caseListSchema,
  }),
  caseStory: route({
    method: "GET",
    path: "/cases/:caseNo",
    permission: "see:cases",
    rows: "by-organisation",
    params: z.strictObject({ caseNo: wordSchema }),
    form: "json",
    answer: caseStorySchema,
  }),
  ratings: route({
    method: "GET",
    path: "/ratings",
    permission: "see:ratings",
    rows: "by-organisation",
    query: ratingQuerySchema,
    form: "json",
    answer: ratingListSchema,
  }),
  ratingCount: route({
    method: "GET",
    path: "/ratings/count",
    permission: "see:ratings",
    rows: "by-organisation",
    query: ratingCountQuerySchema,
    form: "json",
    answer: ratingCountSchema,
  }),
  ratingChart: route({
    method: "GET",
    path: "/ratings/chart",
    permission: "see:ratings",
    rows: "by-organisation",
    query: chartQuerySchema,
    form: "json",
    answer: chartAnswerSchema,
  }),
  rating: route({
    method: "GET",
    path: "/ratings/:ratingNo",
    permission: "see:ratings",
    rows: "by-organisation",
    params: z.strictObject({ ratingNo: numberParam }),
    form: "json",
    answer: ratingAnswerSchema,
  }),
  places: route({ method: "GET", path: "/places", permission: "see:ratings", rows: "by-organisation", form: "json", answer: placesSchema }),
  registry: route({
    method: "GET",
    path: "/registry",
    permission: "see:registry",
    rows: "by-organisation",
    query: registryQuerySchema,
    form: "json",
    answer: registryListSchema,
  }),
  registryHistory: route({
    method: "GET",
    path: "/registry/history",
    permission: "see:registry",
    rows: "by-organisation",
    query: registryHistoryQuerySchema,
    form: "json",
    answer: registryHistorySchema,
  }),
  clerkDays: route({
    method: "GET",
    path: "/clerk-days",
    permission: "see:registry",
    rows: "by-organisation",
    query: clerkDayQuerySchema,
    form: "json",
    answer: clerkDayListSchema,
  }),
  packs: route({
    method: "GET",
    path: "/policy/packs",
    permission: "see:policy",
    rows: "same-for-all",
    form: "json",
    answer: packListSchema,
  }),
  rules: route({
    method: "GET",
    path: "/policy/rules",
    permission: "see:policy",
    rows: "same-for-all",
    query: regionQuerySchema,
    form: "json",
    answer: ruleListSchema,
  }),
  explain: route({
    method: "GET",
    path: "/policy/explain",
    permission: "see:policy",
    rows: "same-for-all",
    query: explainQuerySchema,
    form: "json",
    answer: explanationSchema,
  }),
  calendar: route({
    method: "GET",
    path: "/calendar",
    permission: "see:policy",
    rows: "same-for-all",
    query: calendarQuerySchema,
    form: "json",
    answer: calendarAnswerSchema,
  }),
  ...STEP_ROUTES,
  jobs: route({ method: "GET", path: "/jobs", permission: "see:jobs", rows: "whole", form: "json", answer: jobStatusSchema }),
  jobRuns: route({
    method: "GET",
    path: "/jobs/runs",
    permission: "see:jobs",
    rows: "whole",
    query: jobRunQuerySchema,
    form: "json",
    answer: jobRunListSchema,
  }),
  smsMessages: route({
    method: "GET",
    path: "/sms/messages",
    permission: "see:sms",
    rows: "whole",
    query: smsQuerySchema,
    form: "json",
    answer: smsListSchema,
  }),
  smsReplies: route({
    method: "GET",
    path: "/sms/replies",
    permission: "see:sms",
    rows: "whole",
    query: replyQuerySchema,
    form: "json",
    answer: replyListSchema,
  }),
  imports: route({
    method: "GET",
    path: "/imports",
    permission: "see:imports",
    rows: "whole",
    query: importQuerySchema,
    form: "json",
    answer: importListSchema,
  }),
  takeImport: route({
    method: "POST",
    path: "/imports",
    permission: "do:imports",
    rows: "whole",
    query: importRequestSchema,
    body: "file",
    bodyBytes: IMPORT_BYTES,
    form: "json",
    answer: importReportSchema,
  }),
  ...TROUBLE_ROUTES,
} as const;

export type ConsoleRoutes = typeof CONSOLE_ROUTES;
export type RouteName = keyof ConsoleRoutes;

type Input<R, K extends string> = K extends keyof R ? (R[K] extends z.ZodType ? z.input<R[K]> : never) : undefined;
type Output<R, K extends string> = K extends keyof R ? (R[K] extends z.ZodType ? z.output<R[K]> : never) : undefined;

/** What a client sends: values as they stand in the URL. */
export interface RouteCall<N extends RouteName> {
  readonly params: Input<ConsoleRoutes[N], "params">;
  readonly query: Input<ConsoleRoutes[N], "query">;
}
/** The body that a route is sent as JSON. */
export type RouteJson<N extends RouteName> = Input<ConsoleRoutes[N], "json">;
/** What a route is called with, after the schemas have read it. */
export interface RouteRequest<N extends RouteName> {
  readonly params: Output<ConsoleRoutes[N], "params">;
  readonly query: Output<ConsoleRoutes[N], "query">;
  readonly json: Output<ConsoleRoutes[N], "json">;
}
export type RouteAnswer<N extends RouteName> = z.output<ConsoleRoutes[N]["answer"]>;
