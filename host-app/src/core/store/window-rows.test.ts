import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";
import { openDatabase } from "./database.ts";
import { MIGRATIONS } from "./migrations.ts";
import { settleWindowRows } from "./window-rows.ts";

describe("the rows of windows", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let clock: TestClock;
  let rig: ReturnType<typeof openWindow>;
  beforeEach(() => {
    folder = temporaryFolder();
    clock = new TestClock();
  });
  afterEach(() => {
    rig.close();
    folder.remove();
  });

  const open = (windowNo: string) => {
    clock.advance(1000);
    rig = openWindow(folder.path, clock, { windowNo });
    return rig;
  };
  const settle = (first: string, ...others: string[]): void => settleWindowRows(rig.store, rig.requests, [first, ...others], clock.wall);

  test("follow a window that was given another number: its clerk, its case, its request and its pause", () => {
    const requestId = open("8").serve("A-1");
    rig.window.startCase({ caseNo: "A-2", visitNo: 1, itemCode: "1", itemName: "样例事项" }, rig.caller);
    rig.window.pause({ text: "午休" }, rig.caller);
    rig.close();
    open("9");
    expect(rig.window.state()).toMatchObject({ clerk: null, openCase: null, request: null, pause: null });
    settle("9");
    expect(rig.window.state()).toMatchObject({
      clerk: { staffNo: "1001" },
      openCase: { caseNo: "A-2" },
      request: { requestId, state: "waiting" },
      pause: { text: "午休" },
    });
    rig.press(requestId, 5);
    expect(rig.bodies().at(-1)).toMatchObject({ kind: "rating", binding: { windowNo: "8" } });
  });

  test("of a window that is served no more are closed: clerk signed out, case cancelled, request expired, a late press kept", () => {
    open("8").serve("A-1");
    rig.close();
    const requestId = open("9").serve("B-1", "1002");
    rig.window.startCase({ caseNo: "B-2", visitNo: 1, itemCode: "1", itemName: "样例事项" }, rig.caller);
    rig.close();
    open("8");
    settle("8");
    expect(rig.window.state()).toMatchObject({ clerk: { staffNo: "1001" }, openCase: null, request: { caseNo: "A-1", state: "waiting" } });
    expect(rig.requests.find(requestId as never)?.state).toBe("expired");
    rig.press(requestId, 2);
    expect(rig.bodies().at(-1)).toMatchObject({
      kind: "rating",
      circumstance: "after-timeout",
      binding: { caseNo: "B-1", staffNo: "1002" },
    });
    rig.close();
    open("9");
    expect(rig.window.state()).toMatchObject({ clerk: null, openCase: null });
  });

  test("of every window that is served stay as they are", () => {
    open("8").serve("A-1");
    rig.close();
    open("9").serve("B-1", "1002");
    settle("8", "9");
    expect(rig.window.state()).toMatchObject({ windowNo: "9", clerk: { staffNo: "1002" }, request: { caseNo: "B-1", state: "waiting" } });
  });

  test("from before there were several windows go to the first window", () => {
    const path = join(folder.path, "window.db");
    const old = new Database(path);
    old.exec(MIGRATIONS[0] as string);
    old.pragma("user_version = 1");
    old.exec(`INSERT INTO sign_ins (staff_no, clerk_name, caller, signed_in_ms) VALUES ('1001', '张三样例', 'hall system', 1)`);
    old.exec(
      `INSERT INTO cases (case_no, visit_no, item_code, item_name, started_by, started_ms, state) VALUES ('A-1', 1, '1', '样例事项', 'x', 1, 'open')`,
    );
    old.close();
    openDatabase(path).close();
    open("12");
    settle("12", "13");
    expect(rig.window.state()).toMatchObject({ clerk: { staffNo: "1001" }, openCase: { caseNo: "A-1" } });
  });
});
