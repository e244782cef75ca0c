import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CONTROL_TOKEN, openTestDesk, type TestDesk } from "./test-desk-api.ts";

const CLERK = { staffNo: "1001", name: "张三样例" };
const visit = (caseNo: string) => ({ caseNo, visitNo: 1, itemCode: "A-01", itemName: "身份证补领" });

let host: TestDesk;
beforeEach(async () => {
  host = await openTestDesk();
});
afterEach(() => host.close());

const asked = async (path: string, body: object): Promise<[status: number, last: unknown]> => {
  const { status } = await host.call("POST", `/desk/v1/${path}`, { body });
  return [status, host.desk.asked.at(-1)];
};
const heard = (verb: string, what: unknown) => [200, { verb, caller: "business system", what }];

describe("The verbs of the clerk's strip in the desk API", () => {
  test("are all of them, each with what was sent and who sent it", async () => {
    const pin = { staffNo: "1001", pin: host.desk.pin };
    expect(await asked("clerk/sign-in/pin", pin)).toEqual(heard("signInWithPin", pin));
    expect(await asked("clerk/sign-in/card", { card: "0012345678" })).toEqual(heard("signInWithCard", { card: "0012345678" }));
    expect(await asked("clerk/stay", {})).toEqual(heard("stay", null));
    const change = { ...pin, newPin: "830462" };
    expect(await asked("clerk/pin/change", change)).toEqual(heard("changePin", change));
    const code = { staffNo: "1001", code: "1234-5678", newPin: "294817" };
    expect(await asked("clerk/pin/set", code)).toEqual(heard("setPinWithCode", code));
    expect(await asked("clerk/sign-in", { ...CLERK, beside: true })).toEqual(heard("signIn", { ...CLERK, beside: true }));
    expect(await asked("clerk/sign-out", { staffNo: "1001" })).toEqual(heard("signOut", { staffNo: "1001" }));
    await asked("clerk/sign-in", CLERK);
    const ended = { completed: true, trigger: "business-system" };
    const batch = { cases: [visit("A-1"), visit("A-2")], staffNo: "1001" };
    expect(await asked("batches/end", batch)).toEqual(heard("endBatch", { ...ended, ...batch }));
    const theme = { themeNo: "T-1", themeName: "开办企业", cases: [visit("B-1"), visit("B-2")], trigger: "manual" };
    expect(await asked("themes/end", theme)).toEqual(heard("endTheme", { ...ended, ...theme }));
    expect(await asked("cases/B-1/invite-again", { trigger: "manual" })).toEqual(
      heard("inviteAgain", { caseNo: "B-1", visitNo: 1, trigger: "manual" }),
    );
    const form = {
      caseNo: "B-1",
      visitNo: 1,
      level: 2,
      reasonList: "2020",
      reasons: [213],
      words: "慢",
      name: "",
      phone: "",
      typedBy: "1001",
    };
    expect(await asked("paper-forms", form)).toEqual(heard("enterPaper", form));
    expect((await host.call("POST", "/desk/v1/clerk/totals", { body: {} })).body).toEqual({ pools: [], pending: true });
  });

  test("answer with the code of a refusal that came late, and never repeat a PIN", async () => {
    const answer = await host.call("POST", "/desk/v1/clerk/sign-in/pin", { body: { staffNo: "1001", pin: "777123" } });
    expect([answer.status, answer.code]).toEqual([403, "WR5019"]);
    const long = await host.call("POST", "/desk/v1/clerk/sign-in/pin", { body: { staffNo: "1001", pin: "777123".repeat(9) } });
    expect([long.status, long.code]).toEqual([400, "WR5003"]);
    expect(answer.text + long.text + host.log.join("")).not.toContain("777123");
  });

  test("let no level into an answer, even if the desk hands one over by mistake", async () => {
    host.desk.leak = { level: 1, good: 0.2 };
    const answer = await host.call("POST", "/desk/v1/clerk/totals", { body: {} });
    expect(answer.text).toBe('{"pools":[],"pending":true}');
  });

  test("of IT staff are for the control token alone", async () => {
    for (const path of ["add", "remove", "pin", "card", "unlock", "code"]) {
      const body = { staffNo: "1001", name: "张三样例", pin: "294817" };
      expect((await host.call("POST", `/desk/v1/clerks/${path}`, { body })).code).toBe("WR5001");
    }
    expect((await host.call("GET", "/desk/v1/clerks")).code).toBe("WR5001");
    expect((await host.call("GET", "/desk/v1/clerks", { token: CONTROL_TOKEN })).code).toBe("WR5010");
  });
});
