/*
 * A window that serves without end and says after each verb, in a line of its own, that the verb returned; to be killed at any moment.
 *
 *   node host-app/test/serving-child.ts <folder> <first case>
 */
import { writeSync } from "node:fs";
import { openWindow, TestClock } from "./window-rig.ts";

/** This file, to be run. */
export const SERVING_CHILD = import.meta.filename;

const serve = async (folder: string, first: number): Promise<never> => {
  const clock = new TestClock();
  clock.advance(first * 5_000);
  const rig = openWindow(folder, clock);
  rig.continueEvents(first * 1000);
  const said = (verb: string, number: number): void => void writeSync(1, `${verb} ${number}\n`);
  const visit = (caseNo: string) => ({ caseNo, visitNo: 1, itemCode: "110101", itemName: "身份证补领（样例）" });
  const form = { visitNo: 1, level: 2 as const, reasonList: null, reasons: [], words: "", name: "", phone: "", typedBy: "1002" };

  for (let number = first; ; number++) {
    clock.advance(1000);
    rig.window.signIn({ staffNo: "1001", name: "张三样例" }, rig.caller);
    said("shift-1001", number);
    const cases = [1, 2, 3].map((piece) => visit(`${number}-${piece}`));
    const { requestId } = rig.window.endBatch({ cases, completed: true, trigger: "business-system" }, rig.caller);
    said("batch", number);
    rig.shows(requestId);
    rig.timedOut(requestId);
    rig.window.inviteAgain(`${number}-2`, { visitNo: 1, trigger: "manual" }, rig.caller);
    said("again", number);
    rig.window.signIn({ staffNo: "1002", name: "李四样例" }, rig.caller);
    said("shift-1002", number);
    await rig.window.enterPaper({ ...form, caseNo: `${number}-3` }, rig.caller);
    said("paper", number);
    await rig.window.signInWithPin({ staffNo: "1003", pin: "000000" }, rig.caller).catch(() => {});
    said("tried", number);
  }
};

if (import.meta.main) await serve(process.argv[2] ?? "", Number(process.argv[3]));
