import type { ClerkOnDuty, Pause, StartCase } from "@window-rating/protocol/desk";
import type { Sqlite } from "./database.ts";

export type CaseState = "open" | "ended" | "cancelled";

/** A visit of a case as it is started; `caseNo` and `visitNo` are its key everywhere. */
export type Visit = Pick<StartCase, "caseNo" | "visitNo" | "itemCode" | "itemName">;

export interface CaseRow extends Visit {
  readonly state: CaseState;
  /** The window at which it was started. */
  readonly windowNo: string;
  /** Who serves it; null if that was not known when it was started. */
  readonly servedBy: ClerkOnDuty | null;
}

/** How a clerk came to be signed in. */
export type SignInWay = "business-system" | "pin" | "card";
/** Why a clerk was signed out. */
export type SignOutWhy = "asked" | "shift" | "idle";

interface Row {
  case_no: string;
  visit_no: number;
  item_code: string;
  item_name: string;
  state: CaseState;
  window_no: string;
  staff_no: string | null;
  clerk_name: string | null;
}

const caseOf = (row: Row): CaseRow => ({
  caseNo: row.case_no,
  visitNo: row.visit_no,
  itemCode: row.item_code,
  itemName: row.item_name,
  state: row.state,
  windowNo: row.window_no,
  servedBy: row.staff_no === null ? null : { staffNo: row.staff_no, name: row.clerk_name ?? row.staff_no },
});

/** Who is signed in at a window, whether it pauses, what notice stands there, and its cases. Every writing function is called inside `Store.write`. */
export const caseBook = (database: Sqlite, windowNo: string) => {
  const onDuty = database.prepare<[string], { staff_no: string; clerk_name: string }>(
    "SELECT staff_no, clerk_name FROM sign_ins WHERE window_no = ? AND signed_out_ms IS NULL ORDER BY id",
  );
  const signOutAll = database.prepare<[number, SignOutWhy, string]>(
    "UPDATE sign_ins SET signed_out_ms = ?, signed_out_why = ? WHERE window_no = ? AND signed_out_ms IS NULL",
  );
  const signOutOne = database.prepare<[number, SignOutWhy, string, string]>(
    "UPDATE sign_ins SET signed_out_ms = ?, signed_out_why = ? WHERE window_no = ? AND staff_no = ? AND signed_out_ms IS NULL",
  );
  const signIn = database.prepare<[string, string, string, string, SignInWay, number]>(
    "INSERT INTO sign_ins (window_no, staff_no, clerk_name, caller, way, signed_in_ms) VALUES (?, ?, ?, ?, ?, ?)",
  );
  const lastMoved = database.prepare<{ windowNo: string }, { at: number | null }>(
    `SELECT max(at) AS at FROM (
       SELECT max(signed_in_ms) AS at FROM sign_ins WHERE window_no = :windowNo AND signed_out_ms IS NULL
       UNION ALL SELECT max(started_ms) FROM cases WHERE window_no = :windowNo AND state = 'open'
       UNION ALL SELECT * FROM (SELECT opened_wall_ms FROM requests WHERE window_no = :windowNo ORDER BY rowid DESC LIMIT 1))`,
  );
  const find = database.prepare<[string, number], Row>("SELECT * FROM cases WHERE case_no = ? AND visit_no = ?");
  const open = database.prepare<[string], Row>("SELECT * FROM cases WHERE window_no = ? AND state = 'open'");
  const insert = database.prepare(
    `INSERT INTO cases (window_no, case_no, visit_no, item_code, item_name, started_by, started_ms, staff_no, clerk_name, request_id, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const pausing = database.prepare<[string], Pause>("SELECT text FROM pauses WHERE window_no = ? AND resumed_ms IS NULL");
  const pause = database.prepare<[string, string, string, number]>(
    "INSERT INTO pauses (window_no, text, paused_by, paused_ms) VALUES (?, ?, ?, ?)",
  );
  const resume = database.prepare<[string, number, string]>(
    "UPDATE pauses SET resumed_by = ?, resumed_ms = ? WHERE window_no = ? AND resumed_ms IS NULL",
  );
  const standing = database.prepare<[string], { text: string }>("SELECT text FROM notices WHERE window_no = ?");
  const putUp = database.prepare<[string, string, string, number]>(
    `INSERT INTO notices (window_no, text, told_by, told_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET text = excluded.text, told_by = excluded.told_by, told_ms = excluded.told_ms`,
  );
  const takeDown = database.prepare<[string]>("DELETE FROM notices WHERE window_no = ?");
  const end = database.prepare<[string, string, number]>(
    "UPDATE cases SET state = 'ended', request_id = ? WHERE case_no = ? AND visit_no = ? AND state = 'open'",
  );
  const cancel = database.prepare<[string, number]>("UPDATE cases SET state = 'cancelled' WHERE case_no = ? AND visit_no = ?");

  return {
    /** In the order in which they came. */
    onDuty: (): ClerkOnDuty[] => onDuty.all(windowNo).map(({ staff_no, clerk_name }) => ({ staffNo: staff_no, name: clerk_name })),
    /** @param staffNo undefined: everybody. @returns whether anybody was signed in */
    signOut(staffNo: string | undefined, why: SignOutWhy, atMs: number): boolean {
      const { changes } = staffNo === undefined ? signOutAll.run(atMs, why, windowNo) : signOutOne.run(atMs, why, windowNo, staffNo);
      return changes > 0;
    },
    signIn({ staffNo, name }: ClerkOnDuty, way: SignInWay, caller: string, atMs: number): void {
      signIn.run(windowNo, staffNo, name, caller, way, atMs);
    },
    /** When a clerk last did something that is on disk, by the wall clock of then; null if nobody is signed in. */
    lastMovedMs: (): number | null => lastMoved.get({ windowNo })?.at ?? null,
    /** What is shown while the window pauses; null: it does not. */
    pausing(): Pause | null {
      const row = pausing.get(windowNo);
      return row === undefined ? null : { text: row.text };
    },
    pause(text: string, caller: string, atMs: number): void {
      resume.run(caller, atMs, windowNo);
      pause.run(windowNo, text, caller, atMs);
    },
    resume: (caller: string, atMs: number): boolean => resume.run(caller, atMs, windowNo).changes > 0,
    /** What a pad is to show until the next notice, in each of its sessions: empty if one was taken away; undefined: it knows what it shows. */
    standingNotice: (): string | undefined => standing.get(windowNo)?.text,
    /** @param text undefined: a notice with an end has taken the place of what stood there */
    putUpNotice(text: string | undefined, caller: string, atMs: number): void {
      if (text === undefined) takeDown.run(windowNo);
      else putUp.run(windowNo, text, caller, atMs);
    },
    /** Whichever window it belongs to: case and visit are its key everywhere. */
    find(caseNo: string, visitNo: number): CaseRow | undefined {
      const row = find.get(caseNo, visitNo);
      return row && caseOf(row);
    },
    open(): CaseRow | undefined {
      const row = open.get(windowNo);
      return row && caseOf(row);
    },
    start({ caseNo, visitNo, itemCode, itemName }: Visit, servedBy: ClerkOnDuty | null, caller: string, atMs: number): void {
      const clerk = [servedBy?.staffNo ?? null, servedBy?.name ?? null];
      insert.run(windowNo, caseNo, visitNo, itemCode, itemName, caller, atMs, ...clerk, null, "open");
    },
    /** The visit has ended, and this request asks about it. One that nobody started, as most of a batch, is started with it. */
    end({ caseNo, visitNo, itemCode, itemName }: Visit, servedBy: ClerkOnDuty, requestId: string, caller: string, atMs: number): void {
      if (end.run(requestId, caseNo, visitNo).changes > 0) return;
      const clerk = [servedBy.staffNo, servedBy.name];
      insert.run(windowNo, caseNo, visitNo, itemCode, itemName, caller, atMs, ...clerk, requestId, "ended");
    },
    cancel: (caseNo: string, visitNo: number): void => {
      cancel.run(caseNo, visitNo);
    },
  };
};
export type CaseBook = ReturnType<typeof caseBook>;
