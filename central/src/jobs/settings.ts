import { WindowRatingError } from "@window-rating/protocol/error";
import { shortText } from "@window-rating/protocol/rating";
import { z } from "zod";
import { civilDateSchema } from "../calendar/schema.ts";
import type { DateSetting } from "../policy/policy-step.ts";
import type { Tx } from "../ratings/rating-rows.ts";

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of day, as 21:00");
const quietSchema = z.strictObject({ from: timeOfDay, until: timeOfDay });
/** From when until when no message is sent, by the clock in China; may go over midnight. */
export type QuietHours = z.output<typeof quietSchema>;

/** What a site decides about its jobs, beside the rules of its region. */
export const jobSettingsSchema = z.strictObject({
  quietHours: quietSchema.nullable().default({ from: "21:00", until: "08:00" }).describe("null: none"),
  hallQuietHours: z.record(shortText(32), quietSchema.nullable()).default({}).describe("By hall number, instead of quietHours"),
  reminderAfterDays: z
    .number()
    .int()
    .min(0)
    .max(30)
    .nullable()
    .default(null)
    .describe("Where the region's document demands a reminder and gives no time: at the end of so many days after the event"),
  rulesFrom: civilDateSchema
    .nullable()
    .default(null)
    .describe("Cases completed from this day on; null: from the moment on at which the region was chosen"),
  staffDefault: z
    .boolean()
    .nullable()
    .default(null)
    .describe("Whether the clerks of the visits get the default rating with the item; null: where one rating is valid for both"),
  remindWithinDays: z.number().int().min(1).max(365).default(30).describe("A reminder that is later than this is not sent any more"),
  signature: shortText(20).default("政务服务评价").describe("Who sends, in front of each message"),
  thank: z.boolean().default(true).describe("Whether who has rated by SMS is sent the receipt code"),
});
export type JobSettings = z.output<typeof jobSettingsSchema>;

/** What is decided anew; the rest stays. */
export const jobChangesSchema = z.strictObject({
  quietHours: quietSchema.nullable().optional(),
  hallQuietHours: z.record(shortText(32), quietSchema.nullable()).optional(),
  reminderAfterDays: jobSettingsSchema.shape.reminderAfterDays.unwrap().optional(),
  rulesFrom: jobSettingsSchema.shape.rulesFrom.unwrap().optional(),
  staffDefault: jobSettingsSchema.shape.staffDefault.unwrap().optional(),
  remindWithinDays: jobSettingsSchema.shape.remindWithinDays.unwrap().optional(),
  signature: jobSettingsSchema.shape.signature.unwrap().optional(),
  thank: z.boolean().optional(),
});
export type JobChanges = z.output<typeof jobChangesSchema>;

/** Settings as they are in force. */
export interface JobSettingsInForce extends JobSettings {
  /** 0: nothing was set yet. */
  readonly version: number;
  /** Who set the time of the reminder that the document leaves open. */
  readonly reminderSetting: DateSetting | null;
}

export const readJobSettings = async (tx: Tx): Promise<JobSettingsInForce> => {
  const rows = await tx.selectFrom("job_settings").selectAll().orderBy("version", "desc").execute();
  const newest = jobSettingsSchema.parse(rows[0]?.content ?? {});
  return { ...newest, version: rows[0]?.version ?? 0, reminderSetting: reminderSettingOf(rows, newest.reminderAfterDays) };
};

/** The oldest version since which the number is what it is. */
const reminderSettingOf = (
  rows: readonly { readonly content: object; readonly set_by: string; readonly set_at_ms: number }[],
  days: number | null,
): DateSetting | null => {
  if (days === null) return null;
  const changed = rows.findIndex(({ content }) => jobSettingsSchema.parse(content).reminderAfterDays !== days);
  const since = rows.at(changed === -1 ? rows.length - 1 : changed - 1);
  if (since === undefined) return null;
  return { by: since.set_by, atMs: since.set_at_ms, reason: `${days} days after the event, as set for all cases` };
};

/**
 * Puts settings in force from now on. What was decided before stays as it is.
 * @throws WindowRatingError WR7001 if nobody is named
 */
export const changeJobSettings = async (tx: Tx, changes: JobChanges, setBy: string, nowMs: number): Promise<JobSettingsInForce> => {
  if (setBy.trim() === "") throw new WindowRatingError("WR7001", "by: who decided it goes on the record");
  const { version: _, reminderSetting: __, ...before } = await readJobSettings(tx);
  const content = JSON.stringify(jobSettingsSchema.parse({ ...before, ...changes }));
  await tx.insertInto("job_settings").values({ content, set_by: setBy, set_at_ms: nowMs }).execute();
  return readJobSettings(tx);
};
