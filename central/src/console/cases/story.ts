import { WindowRatingError } from "@window-rating/protocol/error";
import { sql } from "kysely";
import { isCaseIn } from "../../access/row-scope.ts";
import type { Scope } from "../../access/viewer.ts";
import type { CentralDatabase } from "../../database/tables.ts";
import type { CaseEvent, CaseRow, CaseStory } from "../contract/cases.ts";
import type { Places } from "../places.ts";
import { readInTime } from "../reading.ts";
import { readCases } from "./case-rows.ts";
import { ratingEvents } from "./story-ratings.ts";
import { codeEvents, lookEvents, messageEvents, refusedReportEvents, reportEvents, stepEvents, tellerText } from "./story-records.ts";
import { storyWords, tellerClock } from "./story-words.ts";

/** A case of more events is shown with the newest of them. */
const SHOWN = 500;

/**
 * Everything that happened to a case, in order, as far as the account may see it: who told of it and when, its visits, ratings, and what
 * the rules made of them.
 * @throws WindowRatingError WR7012 if there is no such case in the scope
 */
export const readStory = (db: CentralDatabase, scope: Scope, caseNo: string, seen: Places): Promise<CaseStory> =>
  readInTime(db, async (tx) => {
    const { rows } = await sql`
      select from cases asked where asked.case_no = ${caseNo}::text and ${isCaseIn(scope, sql`asked.case_no`)}`.execute(tx);
    const [found] = rows.length === 0 ? [] : await readCases(tx, [caseNo], seen);
    if (found === undefined) throw new WindowRatingError("WR7012", `There is no case ${caseNo} for this account`);
    const { row, elsewhere } = found;
    const shown = new Set(row.visits.map(({ visitNo }) => visitNo));
    const sees = (visitNo: number): boolean => shown.has(visitNo);
    const rated = await ratingEvents(tx, caseNo, sees);
    const messages = await messageEvents(tx, caseNo);
    const contact = await tx.selectFrom("case_contacts").select("case_no").where("case_no", "=", caseNo).executeTakeFirst();
    const events = [
      ...caseEvents(row),
      ...(await reportEvents(tx, caseNo, sees)),
      // A refused report has no place that could be trusted.
      ...(scope.is === "all" ? await refusedReportEvents(tx, caseNo) : []),
      ...rated.events,
      ...(await codeEvents(tx, caseNo, rated.ratings, sees)),
      ...messages.events,
      ...(await stepEvents(tx, caseNo, [...rated.steps, ...messages.steps])),
      ...(await lookEvents(tx, caseNo, rated.ratings)),
    ].sort((one, other) => one.atMs - other.atMs);
    return { case: row, elsewhere, hasContact: contact !== undefined, events: events.slice(-SHOWN), cut: events.length > SHOWN };
  });

/** What the case and its visits themselves say. */
const caseEvents = ({ toldBy, receivedAtMs, acceptedAtMs, completedAtMs, visits }: CaseRow): CaseEvent[] => {
  const told = { clock: tellerClock(toldBy), by: toldBy };
  return [
    { kind: "told", atMs: receivedAtMs, clock: "central", by: toldBy, text: tellerText(toldBy), windowNo: visits[0]?.windowNo ?? null },
    ...(acceptedAtMs === null ? [] : [{ kind: "accepted", atMs: acceptedAtMs, ...told, text: storyWords.accepted() } as const]),
    ...visits.flatMap(({ visitNo, windowNo, staffNo, clerkName, batchNo, endedAtMs, toldBy: by }): CaseEvent[] =>
      endedAtMs === null
        ? []
        : [
            {
              kind: "served",
              atMs: endedAtMs,
              clock: tellerClock(by),
              by,
              text: storyWords.served(visitNo, windowNo, clerkName ?? staffNo),
              visitNo,
              windowNo,
              staffNo,
              clerkName,
              batchNo,
            },
          ],
    ),
    ...(completedAtMs === null ? [] : [{ kind: "completed", atMs: completedAtMs, ...told, text: storyWords.completed() } as const]),
  ];
};
