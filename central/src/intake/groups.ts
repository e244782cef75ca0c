import type { Binding, Group } from "@window-rating/protocol/rating";
import { acceptRating } from "../ratings/accept.ts";
import type { RatingPolicy } from "../ratings/policy.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import { shareEarlierRating } from "../ratings/sharing.ts";
import { type GivenRating, isGiven, ratingIdOf, submissionOf } from "./given-rating.ts";
import type { Incoming } from "./incoming.ts";
import type { Arrival } from "./rows.ts";

interface Told {
  readonly binding: Binding;
  readonly group: Group;
  readonly endedAtMs: number;
}

/**
 * Writes what entries tell of batches and themes (001 二(三)1): the other cases that a visit ended together with, and the one rating that
 * is valid for all of them where the region has it so.
 */
export const writeGroups = async (tx: Tx, incoming: readonly Incoming[], arrival: Arrival, policy: RatingPolicy): Promise<void> => {
  for (const { body, place } of incoming) {
    if (body === null || body.kind === "unbound" || body.binding.group === undefined) continue;
    const { binding } = body;
    const told: Told = { binding, group: body.binding.group, endedAtMs: body.openedAt.wallMs + arrival.clockOffsetMs };
    if (told.group.kind === "batch") {
      await tellBatch(tx, told, arrival);
      await shareEarlierRating(tx, { batchNo: told.group.no }, policy, arrival.receivedAtMs);
    } else {
      await tellTheme(tx, told, arrival);
      const counts = isGiven(body) && place !== null && place.standing !== "beside";
      if (counts && policy.theme === "shared") await rateTheme(tx, body, told.group.no, arrival, policy);
    }
  }
};

/** Each case of a batch is a visit of its own, with the same clerk at the same window. */
const tellBatch = async (tx: Tx, { binding, group, endedAtMs }: Told, arrival: Arrival): Promise<void> => {
  const { itemCode, itemName, caseCompleted, staffNo, clerkName, windowNo } = binding;
  const told = toldBy(endedAtMs, arrival);
  // In the order of their keys, as everywhere: two batches that meet wait for each other.
  for (const { caseNo, visitNo } of byCase([{ caseNo: binding.caseNo, visitNo: binding.visitNo }, ...group.others])) {
    await tellCase(tx, { caseNo, itemCode, itemName, completedAtMs: caseCompleted ? endedAtMs : null, themeNo: null }, told);
    await tx
      .insertInto("visits")
      .values({
        case_no: caseNo,
        visit_no: visitNo,
        window_no: windowNo,
        staff_no: staffNo,
        clerk_name: clerkName,
        batch_no: group.no,
        ended_at_ms: endedAtMs,
        ...told,
      })
      .onConflict((conflict) =>
        conflict.columns(["case_no", "visit_no"]).doUpdateSet(({ fn }) => ({
          window_no: fn.coalesce("visits.window_no", "excluded.window_no"),
          staff_no: fn.coalesce("visits.staff_no", "excluded.staff_no"),
          clerk_name: fn.coalesce("visits.clerk_name", "excluded.clerk_name"),
          batch_no: fn.coalesce("visits.batch_no", "excluded.batch_no"),
          ended_at_ms: fn.coalesce("visits.ended_at_ms", "excluded.ended_at_ms"),
        })),
      )
      .execute();
  }
};

/** A theme was one visit at the window, and rates its items: its other cases get no visit of their own. */
const tellTheme = async (tx: Tx, { binding, group, endedAtMs }: Told, arrival: Arrival): Promise<void> => {
  if (group.kind !== "theme") return;
  const told = toldBy(endedAtMs, arrival);
  await tx
    .insertInto("themes")
    .values({ theme_no: group.no, name: group.name, rating: null, told_by: told.told_by, received_at_ms: told.received_at_ms })
    .onConflict((conflict) => conflict.column("theme_no").doUpdateSet(({ fn }) => ({ name: fn.coalesce("themes.name", "excluded.name") })))
    .execute();
  const completedAtMs = binding.caseCompleted ? endedAtMs : null;
  for (const { caseNo, itemCode, itemName } of byCase([binding, ...group.others]))
    await tellCase(tx, { caseNo, itemCode, itemName, completedAtMs, themeNo: group.no }, told);
};

/** The overall rating of the theme. It is taken by the rules of all channels: a theme that is not completed, or was rated, stays as it is. */
const rateTheme = async (tx: Tx, body: GivenRating, themeNo: string, arrival: Arrival, policy: RatingPolicy): Promise<void> => {
  const submission = submissionOf(body);
  await acceptRating(
    tx,
    {
      ...submission,
      key: `theme ${ratingIdOf(body)}`,
      subject: { kind: "theme", themeNo },
      atMs: submission.atMs + arrival.clockOffsetMs,
      origin: { windowPc: arrival.windowPcId, request: body.binding.requestId },
    },
    policy,
    arrival.receivedAtMs,
  );
};

const byCase = <Case extends { readonly caseNo: string }>(cases: readonly Case[]): Case[] =>
  cases.toSorted((one, other) => (one.caseNo < other.caseNo ? -1 : 1));

const toldBy = (endedAtMs: number, { receivedAtMs }: Arrival) => ({
  told_by: "window-pc",
  told_at_ms: endedAtMs,
  received_at_ms: receivedAtMs,
});

interface ToldCase {
  readonly caseNo: string;
  readonly itemCode: string;
  readonly itemName: string;
  readonly completedAtMs: number | null;
  readonly themeNo: string | null;
}

const tellCase = async (tx: Tx, told: ToldCase, by: ReturnType<typeof toldBy>): Promise<void> => {
  const { caseNo, itemCode, itemName, completedAtMs, themeNo } = told;
  await tx
    .insertInto("cases")
    .values({
      case_no: caseNo,
      item_code: itemCode,
      item_name: itemName,
      theme_no: themeNo,
      online: false,
      completed_at_ms: completedAtMs,
      ...by,
    })
    .onConflict((conflict) =>
      conflict.column("case_no").doUpdateSet(({ fn }) => ({
        theme_no: fn.coalesce("cases.theme_no", "excluded.theme_no"),
        completed_at_ms: fn.coalesce("cases.completed_at_ms", "excluded.completed_at_ms"),
      })),
    )
    .execute();
};
