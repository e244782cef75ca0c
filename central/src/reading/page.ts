import { z } from "zod";

/** Cursor paging, newest first: `after` is the `next` of the page before. */
export const pageSchema = z.strictObject({
  after: z
    .string()
    .regex(/^[0-9]{1,15}$/, "the next of an earlier answer")
    .transform(Number)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe("1..200"),
});
export type Page = z.infer<typeof pageSchema>;

/** A query asks for one row more than the page holds, to know whether another page follows. */
export const cutPage = <Row extends { seq: number }>(rows: readonly Row[], limit: number): { rows: Row[]; next: string | null } => {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: rows.length > limit && last !== undefined ? String(last.seq) : null };
};
