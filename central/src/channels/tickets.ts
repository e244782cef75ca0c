import { randomBytes } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import {
  caseNoSchema,
  clerkNameSchema,
  itemCodeSchema,
  itemNameSchema,
  shortText,
  staffNoSchema,
  visitNoSchema,
  windowNoSchema,
} from "@window-rating/protocol/rating";
import { caseCodeRequestSchema } from "@window-rating/protocol/sync";
import { z } from "zod";
import { momentSchema } from "../cases/report.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import { submissionId, type Tx } from "../ratings/rating-rows.ts";
import { isCompleted } from "../ratings/rules.ts";
import type { Channel, Service, Subject } from "../ratings/submission.ts";
import { codeMoment, readTicketCode, TICKET_ID_BYTES, type TicketCode, ticketCode } from "./code.ts";
import type { ChannelKeys } from "./keys.ts";
import { signingKeyNo } from "./qr-keys.ts";

/** What the issuer of a code vouches for about the visit, for a case that nobody has told central of yet. */
export const serviceSchema = z
  .strictObject({
    itemCode: itemCodeSchema,
    itemName: itemNameSchema,
    windowNo: windowNoSchema.optional(),
    staffNo: staffNoSchema.optional(),
    clerkName: clerkNameSchema.optional(),
    endedAt: momentSchema,
    completed: z.boolean().describe("true if the case itself is completed (办结)"),
  })
  .transform(({ endedAt, ...service }): Service => ({ ...service, endedAtMs: endedAt }));

const { validMinutes } = caseCodeRequestSchema.shape;

/** `POST /api/v1/qr-codes`: a dynamic code for a case and one visit of it, a case alone, or a theme. */
export const ticketRequestSchema = z
  .strictObject({
    caseNo: caseNoSchema.optional(),
    visitNo: visitNoSchema.optional(),
    themeNo: shortText(64).optional(),
    service: serviceSchema.optional(),
    channel: z
      .enum(["dynamic-qr", "web"])
      .default("dynamic-qr")
      .describe("web: the address stands as a link on a page of the system's own"),
    validMinutes,
    svg: z.boolean().default(false).describe("true: the answer brings the code as a picture"),
  })
  .refine(({ caseNo, themeNo }) => (caseNo === undefined) !== (themeNo === undefined), {
    path: ["caseNo"],
    message: "either this or themeNo",
  })
  .refine(({ caseNo, visitNo, service }) => caseNo !== undefined || (visitNo === undefined && service === undefined), {
    path: ["visitNo"],
    message: "a theme has neither visit nor service",
  });

/** `POST /sync/v1/qr-codes`: a window PC has a code made for the visit that just ended at its window. */
export const windowTicketRequestSchema = caseCodeRequestSchema.extend({ endedAt: momentSchema });

/** What a code is to be made for. */
export interface TicketRequest {
  readonly channel: "dynamic-qr" | "web";
  readonly caseNo?: string | undefined;
  readonly visitNo?: number | undefined;
  readonly themeNo?: string | undefined;
  readonly service?: Service | undefined;
  readonly validMinutes: number;
  /** "system 3", "window-pc <id>". */
  readonly issuedBy: string;
}

/** A code that was handed out. */
export interface Ticket {
  readonly ticketId: string;
  readonly channel: "dynamic-qr" | "web";
  readonly caseNo: string | null;
  readonly visitNo: number | null;
  readonly themeNo: string | null;
  readonly service: Service | undefined;
  readonly issuedBy: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/**
 * Makes a dynamic code. Each call makes another one; whichever of them is used first for a visit is the rating, the others follow the
 * region's rule for a second rating.
 * @returns the code and until when it is taken, on a whole minute
 * @throws WindowRatingError WR7021 if nobody told of the case or visit and the request does not vouch for it
 */
export const issueTicket = async (
  tx: Tx,
  keys: ChannelKeys,
  request: TicketRequest,
  nowMs: number,
): Promise<{ readonly code: string; readonly expiresAtMs: number }> => {
  if (request.service === undefined) await requireKnown(tx, request);
  const keyNo = await signingKeyNo(tx, nowMs);
  const ticketId = randomBytes(TICKET_ID_BYTES).toString("hex");
  const expiresAtMs = codeMoment(nowMs + request.validMinutes * 60_000);
  await tx
    .insertInto("qr_tickets")
    .values({
      ticket_id: ticketId,
      key_no: keyNo,
      channel: request.channel,
      case_no: request.caseNo ?? null,
      visit_no: request.visitNo ?? null,
      theme_no: request.themeNo ?? null,
      service: request.service === undefined ? null : JSON.stringify(request.service),
      expires_at_ms: expiresAtMs,
      issued_by: request.issuedBy,
      issued_at_ms: nowMs,
    })
    .execute();
  return { code: ticketCode(keys, { keyNo, ticketId, expiresAtMs }), expiresAtMs };
};

const requireKnown = async (tx: Tx, { caseNo, visitNo, themeNo }: TicketRequest): Promise<void> => {
  if (themeNo !== undefined) {
    const theme = await tx.selectFrom("themes").select("theme_no").where("theme_no", "=", themeNo).executeTakeFirst();
    if (theme === undefined) throw new WindowRatingError("WR7021", `themeNo: theme ${themeNo} is not known`);
    return;
  }
  const known =
    visitNo === undefined
      ? await tx
          .selectFrom("cases")
          .select("case_no")
          .where("case_no", "=", caseNo ?? "")
          .executeTakeFirst()
      : await tx
          .selectFrom("visits")
          .select("case_no")
          .where("case_no", "=", caseNo ?? "")
          .where("visit_no", "=", visitNo)
          .executeTakeFirst();
  if (known === undefined)
    throw new WindowRatingError(
      "WR7021",
      visitNo === undefined ? `caseNo: case ${caseNo} is not known` : `visitNo: visit ${visitNo} of case ${caseNo} is not known`,
    );
};

/**
 * The ticket of a code.
 * @param atMs when the page was opened with it: who has opened it in time may finish
 * @throws WindowRatingError WR7040 for a forged code, an unknown one, and one whose key was revoked: the same for all; WR7041
 */
export const openTicket = async (tx: Tx, keys: ChannelKeys, text: string, atMs: number): Promise<Ticket> => {
  const code: TicketCode | undefined = readTicketCode(keys, text);
  if (code === undefined) throw new WindowRatingError("WR7040", "No code that was made here reads like this");
  if (atMs >= code.expiresAtMs) throw new WindowRatingError("WR7041", `It was good until ${new Date(code.expiresAtMs).toISOString()}`);
  const row = await tx
    .selectFrom("qr_tickets")
    .innerJoin("qr_keys", "qr_keys.key_no", "qr_tickets.key_no")
    .selectAll("qr_tickets")
    .where("ticket_id", "=", code.ticketId)
    .where("qr_tickets.key_no", "=", code.keyNo)
    .where("revoked_at_ms", "is", null)
    .executeTakeFirst();
  if (row === undefined) throw new WindowRatingError("WR7040", "No code that was made here reads like this");
  return {
    ticketId: row.ticket_id,
    channel: row.channel,
    caseNo: row.case_no,
    visitNo: row.visit_no,
    themeNo: row.theme_no,
    service: row.service === null ? undefined : (JSON.parse(row.service) as Service),
    issuedBy: row.issued_by,
    issuedAtMs: row.issued_at_ms,
    expiresAtMs: row.expires_at_ms,
  };
};

/** What one ticket asks about; each of them it rates once. */
export type TicketSubject = Extract<Subject, { kind: "staff" | "item" | "theme" }>;

/** Under which key a ticket's rating of one subject is known: the same ticket rates it once, however often it is sent (I4). */
export const ticketKey = ({ ticketId }: Ticket, { kind }: TicketSubject): string => `${ticketId} ${kind}`;

/**
 * What a ticket has still to ask, in the order of asking: the clerk of the visit, then the item if its case is completed, apart or in
 * one as the region has it (001 二(三)1, 002 5.2).
 */
export const openQuestions = async (tx: Tx, ticket: Ticket, policy: RatingPolicy, nowMs: number): Promise<TicketSubject[]> => {
  const asked = await subjectsOf(tx, ticket, policy, nowMs);
  if (asked.length === 0) return [];
  const ids = asked.map((subject) => submissionId(ticket.channel satisfies Channel, ticketKey(ticket, subject)));
  const used = new Set(
    (await tx.selectFrom("ratings").select("request_id").where("request_id", "in", ids).execute()).map((row) => row.request_id),
  );
  return asked.filter((_, index) => !used.has(ids[index] as string));
};

/** Everything that a ticket asks about, answered already or not. */
export const subjectsOf = async (
  tx: Tx,
  { caseNo, visitNo, themeNo, service }: Ticket,
  policy: RatingPolicy,
  nowMs: number,
): Promise<TicketSubject[]> => {
  if (themeNo !== null) return [{ kind: "theme", themeNo }];
  if (caseNo === null) return [];
  const staff: TicketSubject[] = visitNo === null ? [] : [{ kind: "staff", caseNo, visitNo }];
  const known = await tx.selectFrom("cases").select("completed_at_ms").where("case_no", "=", caseNo).executeTakeFirst();
  const isRatable = known === undefined ? service?.completed === true : isCompleted(known.completed_at_ms, nowMs);
  const isAskedApart = staff.length === 0 || policy.pressRates === "staff";
  return isRatable && isAskedApart ? [...staff, { kind: "item", caseNo }] : staff;
};

/** What a citizen knows the matter of a ticket by: no clerk, no case number. */
export interface TicketMatter {
  readonly itemName: string | null;
  readonly windowNo: string | null;
  readonly endedAtMs: number | null;
}

export const matterOf = async (tx: Tx, { caseNo, visitNo, themeNo, service }: Ticket): Promise<TicketMatter> => {
  if (themeNo !== null) {
    const theme = await tx.selectFrom("themes").select("name").where("theme_no", "=", themeNo).executeTakeFirst();
    return { itemName: theme?.name ?? null, windowNo: null, endedAtMs: null };
  }
  const [told, visit] = [
    await tx.selectFrom("cases").select("item_name").where("case_no", "=", caseNo).executeTakeFirst(),
    await tx
      .selectFrom("visits")
      .select(["window_no", "ended_at_ms"])
      .where("case_no", "=", caseNo)
      .where("visit_no", "=", visitNo ?? 0)
      .executeTakeFirst(),
  ];
  return {
    itemName: told?.item_name ?? service?.itemName ?? null,
    windowNo: visit?.window_no ?? service?.windowNo ?? null,
    endedAtMs: visit?.ended_at_ms ?? service?.endedAtMs ?? null,
  };
};
