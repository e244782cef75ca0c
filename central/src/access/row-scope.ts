import { type RawBuilder, sql } from "kysely";
import type { Scope } from "./viewer.ts";

/*
 * Whose rows a scope holds, as SQL. An agency has everything beneath it: its halls, the windows of these and its own windows elsewhere, its
 * items, and the cases that are its own, of its items, or were served at its windows.
 */

const TRUE = sql<boolean>`true`;

/** Whether a window, hall or agency named by an expression is in scope; of rows that name none the answer is null. */
const isWindowIn = (scope: Scope, windowNo: RawBuilder<unknown>): RawBuilder<boolean> => {
  switch (scope.is) {
    case "all":
      return TRUE;
    case "hall":
      return sql<boolean>`${windowNo} in (select window_no from windows where hall_no = ${scope.hallNo})`;
    case "agency":
      return sql<boolean>`${windowNo} in (
        select window_no from windows left join halls using (hall_no)
        where windows.agency_code = ${scope.agencyCode} or halls.agency_code = ${scope.agencyCode})`;
  }
};

const isHallIn = (scope: Scope, hallNo: RawBuilder<unknown>): RawBuilder<boolean> => {
  switch (scope.is) {
    case "all":
      return TRUE;
    case "hall":
      return sql<boolean>`${hallNo} = ${scope.hallNo}`;
    case "agency":
      return sql<boolean>`${hallNo} in (select hall_no from halls where agency_code = ${scope.agencyCode})`;
  }
};

/** An item is an agency's, whoever serves it; a hall has none of its own. */
const isItemIn = (scope: Scope, itemCode: RawBuilder<unknown>): RawBuilder<boolean> =>
  scope.is === "agency"
    ? sql<boolean>`exists (select 1 from items where item_code = ${itemCode} and agency_code = ${scope.agencyCode})`
    : sql<boolean>`false`;

/** Whether the case of this number is in scope. */
export const isCaseIn = (scope: Scope, caseNo: RawBuilder<unknown>): RawBuilder<boolean> => {
  if (scope.is === "all") return TRUE;
  const own =
    scope.is === "hall"
      ? sql<boolean>`false`
      : sql<boolean>`exists (select 1 from cases c left join items i using (item_code)
          where c.case_no = ${caseNo} and (c.agency_code = ${scope.agencyCode} or i.agency_code = ${scope.agencyCode}))`;
  return sql<boolean>`(${own} or exists (select 1 from visits v where v.case_no = ${caseNo} and ${isWindowIn(scope, sql`v.window_no`)}))`;
};

/** Whether a rating, a row of `ratings` under this name, is in scope: by its window, by what it rates, or by its case. */
export const isRatingIn = (scope: Scope, ratings: string): RawBuilder<boolean> => {
  if (scope.is === "all") return TRUE;
  const column = (name: string): RawBuilder<unknown> => sql`${sql.ref(`${ratings}.${name}`)}`;
  const subjectNo = column("subject_no");
  return sql<boolean>`coalesce(case ${column("subject")}
    when 'hall' then ${isHallIn(scope, subjectNo)}
    when 'agency' then ${scope.is === "agency" ? sql<boolean>`${subjectNo} = ${scope.agencyCode}` : sql<boolean>`false`}
    when 'platform' then false
    when 'window' then ${isWindowIn(scope, subjectNo)}
    when 'theme' then exists (select 1 from cases t where t.theme_no = ${subjectNo} and ${isCaseIn(scope, sql`t.case_no`)})
    else coalesce(${isWindowIn(scope, column("window_no"))}, false) or ${isItemIn(scope, column("item_code"))} or ${isCaseIn(scope, column("case_no"))} end, false)`;
};
