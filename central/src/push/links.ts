import { randomUUID } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { RequestId } from "@window-rating/protocol/rating";
import { endOrderSchema, LINK_SECONDS, makeLink } from "@window-rating/protocol/sync";
import { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import type { Caller } from "../registry/systems.ts";

/** `POST /api/v1/push/links`: a link that ends one case, once, on the PC of its window. */
export const linkRequestSchema = z.strictObject({
  validSeconds: z.number().int().min(1).max(LINK_SECONDS.most).default(LINK_SECONDS.usual),
  order: endOrderSchema,
});

/** @throws WindowRatingError WR7012 if no window PC is enrolled for the window */
export const makeEndLink = async (
  db: CentralDatabase,
  { name }: Caller,
  { validSeconds, order }: z.output<typeof linkRequestSchema>,
  nowMs: number,
): Promise<{ readonly url: string; readonly expiresAtMs: number }> => {
  const pc = await db
    .selectFrom("window_pcs")
    .select("token_hash")
    .where("window_no", "=", order.windowNo)
    .orderBy("enrolled_at_ms", "desc")
    .limit(1)
    .executeTakeFirst();
  if (pc === undefined) throw new WindowRatingError("WR7012", `windowNo: no window PC is enrolled for window ${order.windowNo}`);
  const expiresAtMs = nowMs + validSeconds * 1000;
  const ticket = { v: 1, ticketId: randomUUID() as string as RequestId, signer: "central", by: name, expiresAtMs, order } as const;
  return { url: makeLink(ticket, pc.token_hash), expiresAtMs };
};
