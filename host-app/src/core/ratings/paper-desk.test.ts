import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contactKeyId, contactPublicKey, openContact } from "@window-rating/protocol/contact";
import type { PaperForm } from "@window-rating/protocol/desk";
import { requestIdToBytes } from "@window-rating/protocol/rating";
import { type PaperBody, paperBodySchema } from "@window-rating/protocol/sync";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";

const PRIVATE_KEY = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
const publicKey = contactPublicKey(PRIVATE_KEY);

let folder: ReturnType<typeof temporaryFolder>;
let clock: TestClock;
let rig: ReturnType<typeof openWindow>;
beforeEach(() => {
  folder = temporaryFolder();
  clock = new TestClock();
  rig = openWindow(folder.path, clock);
});
afterEach(() => {
  rig.close();
  folder.remove();
});

/** Clerk 1001 served the case, nobody pressed, and clerk 1002 sits there now. */
const unrated = (caseNo = "A-1"): string => {
  const requestId = rig.serve(caseNo, "1001");
  rig.shows(requestId);
  rig.timedOut(requestId);
  rig.window.signIn({ staffNo: "1002", name: "李四样例" }, rig.caller);
  return requestId;
};
const enter = (over: Partial<PaperForm> = {}): Promise<string> =>
  rig.window
    .enterPaper(
      {
        ...{ caseNo: "A-1", visitNo: 1, level: 2, reasonList: "2020", reasons: [213], words: "", name: "", phone: "", typedBy: "1002" },
        ...over,
      } as PaperForm,
      rig.caller,
    )
    .then(
      () => "done",
      (error: { code: string }) => error.code,
    );
const forms = (): PaperBody[] => rig.bodies().flatMap((body) => (body.kind === "paper" ? [paperBodySchema.parse(body)] : []));

describe("a paper form", () => {
  test("is kept in the chain and the outbox with the visit's own binding, its typist and its reasons", async () => {
    const requestId = unrated();
    clock.advance(1_000);
    expect(await enter()).toBe("done");
    expect(forms()).toMatchObject([
      {
        binding: { requestId, caseNo: "A-1", staffNo: "1001", clerkName: "张三样例", windowNo: "8" },
        level: 2,
        reasonList: "2020",
        reasons: [213],
        typedBy: "1002",
        typistName: "李四样例",
        enteredBy: "hall system",
        named: false,
        sealed: null,
        committedAt: { wallMs: clock.wall },
      },
    ]);
    expect(forms()[0]?.formId).not.toBe(requestId);
    expect(rig.outbox.counts().waiting).toBe(2);
  });

  test("leaves nobody to be invited again: the citizen of that visit has rated it", async () => {
    unrated();
    expect(rig.window.state().request).toMatchObject({ canInviteAgain: true });
    const told: unknown[] = [];
    rig.window.subscribe((event) => event.event === "state" && told.push(event.state.request?.canInviteAgain));
    await enter();
    expect(told.at(-1)).toBe(false);
    expect(() => rig.window.inviteAgain("A-1", { visitNo: 1, trigger: "business-system" }, rig.caller)).toThrow(/WR5026.*paper form/);
  });

  test("is never counted as a press, and its request stays not rated: a press that comes late is taken as well", async () => {
    const requestId = unrated();
    await enter();
    expect(rig.database.prepare("SELECT count(*) AS n FROM ratings").get()).toEqual({ n: 0 });
    expect(rig.window.state().request).toMatchObject({ requestId, state: "timed-out" });
    rig.press(requestId, 5);
    expect(rig.bodies().map(({ kind }) => kind)).toEqual(["not-rated", "paper", "rating"]);
  });

  test("of the typist's own case is refused too where the number was typed otherwise at the sign-in", async () => {
    unrated();
    rig.window.signIn({ staffNo: "１００１", name: "张三样例", beside: false }, rig.caller);
    expect(await enter({ typedBy: "１００１" })).toBe("WR5027");
  });

  test("of the typist's own case is refused, and of a case of theirs that came with a batch as well", async () => {
    unrated();
    rig.window.signIn({ staffNo: "1001", name: "张三样例", beside: true }, rig.caller);
    expect(await enter({ typedBy: "1001" })).toBe("WR5027");
    const cases = ["B-1", "B-2"].map((caseNo) => ({ caseNo, visitNo: 1, itemCode: "1", itemName: "样例" }));
    rig.window.endBatch({ cases, completed: true, trigger: "business-system", staffNo: "1001" }, rig.caller);
    expect(await enter({ caseNo: "B-2", typedBy: "1001" })).toBe("WR5027");
    expect(forms()).toEqual([]);
    expect(await enter({ caseNo: "B-2" })).toBe("done");
    expect(await enter({ caseNo: "B-1" })).toBe("WR5028");
  });

  test("is typed in by somebody who is signed in at this window, and by nobody else's number", async () => {
    unrated();
    expect(await enter({ typedBy: "1003" })).toBe("WR5004");
    rig.window.signOut({}, rig.caller);
    expect(await enter()).toBe("WR5004");
  });

  test("is of a visit that ended here and that nobody rated, and is typed in once", async () => {
    unrated();
    expect(await enter({ caseNo: "A-9" })).toBe("WR5005");
    expect(await enter({ visitNo: 2 })).toBe("WR5005");
    expect(await enter()).toBe("done");
    expect(await enter({ level: 5, reasons: [] })).toBe("WR5028");
    rig.press(rig.serve("A-2", "1001"), 3);
    rig.window.signIn({ staffNo: "1002", name: "李四样例" }, rig.caller);
    expect(await enter({ caseNo: "A-2" })).toBe("WR5028");
    expect(forms()).toHaveLength(1);
  });

  test("typed in twice at the same moment is kept once, and so is one whose visit is rated meanwhile", async () => {
    unrated();
    expect((await Promise.all([enter(), enter()])).toSorted()).toEqual(["WR5028", "done"]);
    rig.screen.contactKey = { keyId: contactKeyId(publicKey), publicKey };
    const requestId = unrated("A-2");
    const sealing = enter({ caseNo: "A-2", words: "排队太久" });
    rig.press(requestId, 4);
    expect(await sealing).toBe("WR5028");
    expect(forms()).toHaveLength(1);
  });

  test("with reasons of another level, or of a list that is not known, is told to its typist at once", async () => {
    unrated();
    expect(await enter({ level: 5 })).toBe("WR5003");
    expect(await enter({ reasonList: "1999" })).toBe("WR5003");
    expect(await enter({ reasonList: null })).toBe("WR5003");
    expect(await enter({ reasonList: null, reasons: [] })).toBe("done");
  });

  test("seals words, name and phone for central: nobody else reads them, in no file and no log (I9)", async () => {
    unrated();
    const said = { words: "排队太久，希望多开窗口", name: "赵六样例", phone: "13800138000" };
    expect(await enter(said)).toBe("WR5031");
    rig.screen.contactKey = { keyId: contactKeyId(publicKey), publicKey };
    expect(await enter(said)).toBe("done");
    const [form] = forms() as [PaperBody];
    expect(form).toMatchObject({ named: true, sealed: { keyId: Buffer.from(contactKeyId(publicKey)).toString("hex") } });
    const data = new Uint8Array(Buffer.from(form.sealed?.data ?? "", "base64"));
    expect(openContact(data, PRIVATE_KEY, requestIdToBytes(form.formId))).toEqual(said);
    expect(openContact(data, PRIVATE_KEY, requestIdToBytes(form.binding.requestId))).toBeUndefined();
    const shown = JSON.stringify([rig.events, rig.window.state()]) + rig.logs.join("");
    rig.close();
    const files = readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name)));
    for (const secret of Object.values(said)) {
      expect(shown).not.toContain(secret);
      for (const file of files) expect(file.includes(secret)).toBe(false);
    }
    rig = openWindow(folder.path, clock);
  });

  test("is on disk with its entry or not at all, and stays as it is", async () => {
    unrated();
    rig.database.exec("CREATE TRIGGER full BEFORE INSERT ON paper_forms BEGIN SELECT RAISE(ABORT, 'no'); END");
    expect(await enter()).toBe("WR4008");
    expect([forms(), rig.outbox.counts().waiting]).toEqual([[], 1]);
    rig.database.exec("DROP TRIGGER full");
    expect(await enter()).toBe("done");
    expect(() => rig.database.exec("UPDATE paper_forms SET typed_by = '1001'")).toThrow(/never changed/);
    expect(() => rig.database.exec("DELETE FROM paper_forms")).toThrow(/never deleted/);
  });
});
