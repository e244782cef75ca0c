import type { Pause, SignIn, StartCase } from "@window-rating/protocol/desk";
import type { Sqlite } from "./database.ts";

export type CaseState = "open" | "ended" | "cancelled";

export interface CaseRow extends StartCase {
  readonly state: CaseState;
  /** The window at which it was started. */
  readonly windowNo: string;
}

interface Row {
  case_no: string;
  visit_no: number;
  item_code: string;
  item_name: string;
  state: CaseState;
  window_no: string;
}

const caseOf = (row: Row): CaseRow => ({
  caseNo: row.case_no,
  visitNo: row.visit_no,
  itemCode: row.item_code,
  itemName: row.item_name,
  state: row.state,
  windowNo: row.window_no,
});

/** Who is signed in at a window, whether it pauses, and its cases. Every writing function is called inside `Store.write`. */
export const caseBook = (database: Sqlite, windowNo: string) => {
  const onDuty = database.prepare<[string], { staff_no: string; clerk_name: string }>(
    "SELECT staff_no, clerk_name FROM sign_ins WHERE window_no = ? AND signed_out_ms IS NULL ORDER BY id DESC LIMIT 1",
  );
  const signOut = database.prepare<[number, string]>("UPDATE sign_ins SET signed_out_ms = ? WHERE window_no = ? AND signed_out_ms IS NULL");
  const signIn = database.prepare<[string, string, string, string, number]>(
    "INSERT INTO sign_ins (window_no, staff_no, clerk_name, caller, signed_in_ms) VALUES (?, ?, ?, ?, ?)",
  );
  const find = database.prepare<[string, number], Row>("SELECT * FROM cases WHERE case_no = ? AND visit_no = ?");
  const open = database.prepare<[string], Row>("SELECT * FROM cases WHERE window_no = ? AND state = 'open'");
  const insert = database.prepare<[string, string, number, string, string, string, number]>(
    "INSERT INTO cases (window_no, case_no, visit_no, item_code, item_name, started_by, started_ms, state) VALUES (?, ?, ?, ?, ?, ?, ?, 'open')",
  );
  const pausing = database.prepare<[string], Pause>("SELECT text FROM pauses WHERE window_no = ? AND resumed_ms IS NULL");
  const pause = database.prepare<[string, string, string, number]>(
    "INSERT INTO pauses (window_no, text, paused_by, paused_ms) VALUES (?, ?, ?, ?)",
  );
  const resume = database.prepare<[string, number, string]>(
    "UPDATE pauses SET resumed_by = ?, resumed_ms = ? WHERE window_no = ? AND resumed_ms IS NULL",
  );
  const setState = database.prepare<[CaseState, string, number]>("UPDATE cases SET state = ? WHERE case_no = ? AND visit_no = ?");

  return {
    clerkOnDuty(): SignIn | null {
      const row = onDuty.get(windowNo);
      return row === undefined ? null : { staffNo: row.staff_no, name: row.clerk_name };
    },
    signOut: (atMs: number): boolean => signOut.run(atMs, windowNo).changes > 0,
    signIn(clerk: SignIn, caller: string, atMs: number): void {
      signOut.run(atMs, windowNo);
      signIn.run(windowNo, clerk.staffNo, clerk.name, caller, atMs);
    },
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
    /** Whichever window it belongs to: case and visit are its key everywhere. */
    find(caseNo: string, visitNo: number): CaseRow | undefined {
      const row = find.get(caseNo, visitNo);
      return row && caseOf(row);
    },
    open(): CaseRow | undefined {
      const row = open.get(windowNo);
      return row && caseOf(row);
    },
    start(visit: StartCase, caller: string, atMs: number): void {
      insert.run(windowNo, visit.caseNo, visit.visitNo, visit.itemCode, visit.itemName, caller, atMs);
    },
    setState: (caseNo: string, visitNo: number, state: CaseState): void => {
      setState.run(state, caseNo, visitNo);
    },
  };
};
export type CaseBook = ReturnType<typeof caseBook>;
