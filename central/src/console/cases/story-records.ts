import { sql } from "kysely";
import { historyOf } from "../../policy/step-store.ts";
import type { Tx } from "../../ratings/rating-rows.ts";
import type { CaseEvent } from "../contract/cases.ts";
import { storyWords, tellerName } from "./story-words.ts";

/** Records of one kind that one story takes at most. */
const MOST = 200;

/** Whether a visit of this number is shown; of what is about no visit it is not asked. */
type Sees = (visitNo: number) => boolean;
const isSeen = (sees: Sees) => (row: { readonly visit_no: number | null }) => row.visit_no === null || sees(row.visit_no);

/** Reports of business systems that were taken. */
export const reportEvents = async (tx: Tx, caseNo: string, sees: Sees): Promise<CaseEvent[]> => {
  const rows = await tx
    .selectFrom("case_reports")
    .select(["seq", "system_no", "visit_no", "outcome", "received_at_ms"])
    .where("case_no", "=", caseNo)
    .orderBy("seq", "desc")
    .limit(MOST)
    .execute();
  return rows.filter(isSeen(sees)).map(({ seq, system_no, visit_no, outcome, received_at_ms }) => ({
    kind: "report",
    atMs: received_at_ms,
    clock: "central",
    by: `system ${system_no}`,
    text: storyWords.report(outcome),
    visitNo: visit_no,
    outcome,
    reportNo: seq,
  }));
};

/** Reports that were refused, and those taken after all. They say themselves which case they are about, so it is looked for in their text. */
export const refusedReportEvents = async (tx: Tx, caseNo: string): Promise<CaseEvent[]> => {
  const { rows } = await sql<{
    seq: number;
    system_no: number;
    code: string;
    field: string;
    detail: string;
    received_at_ms: number;
    outcome: string | null;
    retaken_at_ms: number | null;
  }>`
    select seq, system_no, code, field, detail, received_at_ms, retaken.outcome, retaken.retaken_at_ms
    from refused_reports left join retaken_reports retaken on retaken.refused = seq
    where kind = 'case' and position(${`"caseNo":${JSON.stringify(caseNo)}`} in content) > 0
    order by seq desc limit ${MOST}`.execute(tx);
  return rows.flatMap(({ seq: refusedNo, system_no, code, field, detail, received_at_ms, outcome, retaken_at_ms }): CaseEvent[] => [
    {
      kind: "refused-report",
      atMs: received_at_ms,
      clock: "central",
      by: `system ${system_no}`,
      text: storyWords.refusedReport(code, field),
      refusedNo,
      code,
      field,
      detail,
    },
    ...(outcome === null || retaken_at_ms === null
      ? []
      : [
          {
            kind: "retaken-report",
            atMs: retaken_at_ms,
            clock: "central",
            by: "central",
            text: storyWords.retakenReport(refusedNo),
            refusedNo,
            outcome,
          } as const,
        ]),
  ]);
};

/** Codes and links by which it can be rated, and receipts of its ratings. */
export const codeEvents = async (tx: Tx, caseNo: string, ratings: readonly number[], sees: Sees): Promise<CaseEvent[]> => {
  const tickets = await tx
    .selectFrom("qr_tickets")
    .select(["visit_no", "channel", "expires_at_ms", "issued_by", "issued_at_ms"])
    .where("case_no", "=", caseNo)
    .limit(MOST)
    .execute();
  const receipts =
    ratings.length === 0
      ? []
      : await tx.selectFrom("receipts").select(["rating", "issued_at_ms"]).where("rating", "in", ratings).limit(MOST).execute();
  const matches = await tx
    .selectFrom("static_matches")
    .select(["rating", "outcome", "visit_no", "decided_at_ms"])
    .where("case_no", "=", caseNo)
    .limit(MOST)
    .execute();
  return [
    ...tickets.filter(isSeen(sees)).map(
      ({ visit_no, channel, expires_at_ms, issued_by, issued_at_ms }): CaseEvent => ({
        kind: "code-issued",
        atMs: issued_at_ms,
        clock: "central",
        by: issued_by,
        text: storyWords.codeIssued(channel),
        visitNo: visit_no,
        channel,
        expiresAtMs: expires_at_ms,
      }),
    ),
    ...receipts.map(
      ({ rating, issued_at_ms }): CaseEvent => ({
        kind: "receipt",
        atMs: issued_at_ms,
        clock: "central",
        by: "central",
        text: storyWords.receipt(rating),
        ratingNo: rating,
      }),
    ),
    ...matches.filter(isSeen(sees)).map(
      ({ rating, outcome, visit_no, decided_at_ms }): CaseEvent => ({
        kind: "static-match",
        atMs: decided_at_ms,
        clock: "central",
        by: "central",
        text: storyWords.staticMatch(outcome),
        visitNo: visit_no,
        ratingNo: rating,
        outcome,
      }),
    ),
  ];
};

/** Reminders, messages and replies; no phone and no words stand in any of them. */
export const messageEvents = async (tx: Tx, caseNo: string): Promise<{ events: CaseEvent[]; steps: string[] }> => {
  const reminders = await tx.selectFrom("reminders").selectAll().where("case_no", "=", caseNo).execute();
  const messages = await tx
    .selectFrom("sms_messages")
    .select(["message_no", "state", "attempts", "queued_at_ms", "settled_at_ms"])
    .where("case_no", "=", caseNo)
    .execute();
  const replies = await tx
    .selectFrom("sms_replies")
    .select(["reply_no", "outcome", "rating", "received_at_ms"])
    .where("case_no", "=", caseNo)
    .limit(MOST)
    .execute();
  const ofCentral = { clock: "central", by: "central" } as const;
  return {
    steps: reminders.map(({ step_id }) => step_id),
    events: [
      ...reminders.map(
        ({ outcome, due_ms, step_id, decided_at_ms }): CaseEvent => ({
          kind: "reminder",
          atMs: decided_at_ms,
          ...ofCentral,
          text: storyWords.reminder(outcome),
          outcome,
          dueMs: due_ms,
          stepId: step_id,
        }),
      ),
      ...messages.map(
        ({ message_no, state, attempts, queued_at_ms, settled_at_ms }): CaseEvent => ({
          kind: "sms",
          atMs: settled_at_ms ?? queued_at_ms,
          ...ofCentral,
          text: storyWords.sms(state),
          messageNo: message_no,
          state,
          attempts,
        }),
      ),
      ...replies.map(
        ({ reply_no, outcome, rating, received_at_ms }): CaseEvent => ({
          kind: "sms-reply",
          atMs: received_at_ms,
          clock: "central",
          by: "citizen",
          text: storyWords.smsReply(outcome),
          replyNo: reply_no,
          outcome,
          ratingNo: rating,
        }),
      ),
    ],
  };
};

/** Steps of the rules: those of the case itself, and those of its day that reminders and default ratings name. */
export const stepEvents = async (tx: Tx, caseNo: string, stepIds: readonly string[]): Promise<CaseEvent[]> => {
  const own = await tx
    .selectFrom("policy_steps")
    .select("step_id")
    .distinct()
    .where("subject", "=", `case ${caseNo}`)
    .limit(MOST)
    .execute();
  const ids = [...new Set([...own.map(({ step_id }) => step_id), ...stepIds])];
  const events: CaseEvent[] = [];
  for (const stepId of ids) {
    for (const { revision, dueMs, dateSetting, closedAtMs, explanation, recordedAtMs } of await revisions(tx, stepId)) {
      const { rule, ruleName, region, clause, reading, pack, calendar, ask } = explanation;
      events.push({
        kind: "policy-step",
        atMs: recordedAtMs,
        clock: "central",
        by: dateSetting?.by ?? "rules",
        text: storyWords.policyStep(ruleName, clause),
        stepId,
        revision,
        rule,
        region,
        clause,
        reading,
        packVersion: pack.version,
        packHash: pack.hash,
        calendarVersion: calendar.version,
        dueMs,
        ask,
        dateSetBy: dateSetting?.by ?? null,
        closedAtMs,
      });
    }
  }
  return events;
};

const revisions = async (tx: Tx, stepId: string) => {
  const recorded = await tx.selectFrom("policy_steps").select(["revision", "recorded_at_ms"]).where("step_id", "=", stepId).execute();
  const at = new Map(recorded.map(({ revision, recorded_at_ms }) => [revision, recorded_at_ms]));
  return (await historyOf(tx, stepId)).map((step) => ({ ...step, recordedAtMs: at.get(step.revision) ?? 0 }));
};

/** That personal data were looked at, by which role and what for. Who it was stands in the auditor's record alone. */
export const lookEvents = async (tx: Tx, caseNo: string, ratings: readonly number[]): Promise<CaseEvent[]> => {
  const rows = await tx
    .selectFrom("personal_looks")
    .select(["look_no", "at_ms", "role", "purpose"])
    .where((is) =>
      is.or([
        is.and([is("subject", "=", "case"), is("subject_no", "=", caseNo)]),
        ...(ratings.length === 0 ? [] : [is.and([is("subject", "=", "rating"), is("subject_no", "in", ratings.map(String))])]),
      ]),
    )
    .limit(MOST)
    .execute();
  return rows.map(({ look_no, at_ms, role, purpose }) => ({
    kind: "look",
    atMs: at_ms,
    clock: "central",
    by: role,
    text: storyWords.look(purpose),
    lookNo: look_no,
    purpose,
  }));
};

export const tellerText = (toldBy: string) => storyWords.told(tellerName(toldBy));
