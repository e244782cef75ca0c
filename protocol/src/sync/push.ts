import { z } from "zod";
import { requestIdSchema, shortText, windowNoSchema } from "../rating.ts";
import { windowPcIdSchema } from "./batch.ts";
import { deskOrderSchema } from "./order.ts";

/** How long a push may wait for its window PC, seconds: longer, and its citizen has left. */
export const PUSH_SECONDS = { usual: 30, most: 300 } as const;
/** How long a window PC's question may stay open; an answer comes at once when there is a push. */
export const TAKE_SECONDS = 25;

/** `POST /api/v1/push/orders`: business system → central. Sent again with the same `pushNo` and content it is the same push. */
export const pushRequestSchema = z.strictObject({
  pushNo: shortText(64).describe("Number that the business system gives it; each once"),
  validSeconds: z.number().int().min(1).max(PUSH_SECONDS.most).default(PUSH_SECONDS.usual),
  waitSeconds: z.number().int().min(0).max(20).default(0).describe("The answer waits so long for the window PC"),
  order: deskOrderSchema,
});
export type PushRequest = z.infer<typeof pushRequestSchema>;

/** One line for a screen and a column; an answer is not lost for what stands in its detail. */
const plainDetail = z
  .string()
  .max(500)
  .transform((text) => text.replaceAll(/\p{Cc}/gu, " "));

/** What the window PC made of it. */
export const pushOutcomeSchema = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("taken"), requestId: requestIdSchema.nullable().describe("Of the rating, if one was opened") }),
  z.strictObject({ is: z.literal("refused"), code: z.string().regex(/^WR\d{4}$/), detail: plainDetail }),
]);
export type PushOutcome = z.infer<typeof pushOutcomeSchema>;

/**
 * What became of a push. `expired`: no window PC took it in time, and none will. `handed`: one has it and has not answered; if that lasts
 * longer than `validSeconds`, the state of the case says what it did.
 */
export const pushStateSchema = z.object({
  pushNo: z.string(),
  state: z.enum(["waiting", "handed", "taken", "refused", "expired"]),
  requestId: z.string().nullable(),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  askedAtMs: z.number().int(),
  expiresAtMs: z.number().int(),
  answeredAtMs: z.number().int().nullable(),
});
export type PushState = z.infer<typeof pushStateSchema>;

/** `POST /sync/v1/pushes/take`: a window PC asks for what is pushed to its windows; answered when there is something, or after a while. */
export const takePushesSchema = z.object({
  windowPcId: windowPcIdSchema,
  windowNos: z.array(windowNoSchema).min(1).max(64),
  waitSeconds: z.number().int().min(0).max(TAKE_SECONDS).default(0),
});

const handedPushSchema = z.object({
  pushId: z.uuid(),
  by: shortText(64).describe("Name of the business system; it goes on the record (I12)"),
  expiresInMs: z.number().int().describe("0 or less: it is over, and the window PC only tells whether it did it before"),
  isAgain: z.boolean().describe("It was given to this PC before, whose answer did not come"),
  order: deskOrderSchema,
});
export type HandedPush = z.infer<typeof handedPushSchema>;
export const handedPushesSchema = z.object({ pushes: z.array(handedPushSchema).max(32) });
export type HandedPushes = z.infer<typeof handedPushesSchema>;

/** `POST /sync/v1/pushes/answer`. Sent again it changes nothing. */
export const answerPushSchema = z.object({ windowPcId: windowPcIdSchema, pushId: z.uuid(), outcome: pushOutcomeSchema });
export type AnswerPush = z.infer<typeof answerPushSchema>;
