import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";

const PIN = "294817";
const OTHER_PIN = "830462";
const CARD = "0012345678";

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

const reopen = (windowNo?: string): void => {
  // As after kill -9: nothing says goodbye.
  rig.close();
  rig = openWindow(folder.path, clock, windowNo === undefined ? {} : { windowNo });
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: { code: string }) => error.code,
  );
const textOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: Error) => error.message,
  );
const signIn = (pin: string, staffNo = "1001", beside = false) => rig.window.signInWithPin({ staffNo, pin, beside }, rig.caller);
/** A clerk who has chosen a PIN with a code of IT staff. */
const withPin = async (staffNo = "1001", name = "张三样例", pin = PIN): Promise<void> => {
  rig.clerkDesk.add({ staffNo, name });
  const { code } = await rig.clerkDesk.makeCode({ staffNo });
  await rig.window.setPinWithCode({ staffNo, code, newPin: pin }, rig.caller);
};
/** So many wrong PINs, without the time that each takes. */
const wrongBefore = (subject: "clerk" | "window", no: string, count: number): void => {
  const moment = { wallMs: clock.wall, monotonicMs: clock.monotonic, bootId: clock.bootId };
  rig.store.write(() => rig.clerks.keepBadTries({ subject, no }, count, moment));
};
const clerkOf = (staffNo: string) => rig.clerkDesk.list().clerks.find((clerk) => clerk.staffNo === staffNo);

describe("signing in by PIN", () => {
  test("takes the right PIN under the name that central has told, and under the one IT staff gave until then", async () => {
    await withPin();
    expect(await codeOf(signIn(PIN))).toBe("done");
    expect(rig.window.state().clerk).toEqual({ staffNo: "1001", name: "张三样例" });
    rig.officialNames.set("1001", "张三样例甲");
    expect(await codeOf(signIn(PIN))).toBe("done");
    expect(rig.window.state().clerks).toEqual([{ staffNo: "1001", name: "张三样例甲" }]);
  });

  test("says the same of a wrong PIN, of a clerk without one and of a number that nobody has, and signs nobody in", async () => {
    await withPin();
    rig.clerkDesk.add({ staffNo: "1002", name: "李四样例" });
    const texts = await Promise.all([textOf(signIn(OTHER_PIN)), textOf(signIn(PIN, "1002")), textOf(signIn(PIN, "9999"))]);
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toMatch(/^WR5019/);
    expect(rig.window.state().clerk).toBeNull();
  });

  test("refuses a clerk whom neither central nor this PC names any more, though the PIN is right", async () => {
    rig.officialNames.set("1001", "张三样例");
    const { code } = await rig.clerkDesk.makeCode({ staffNo: "1001" });
    await rig.window.setPinWithCode({ staffNo: "1001", code, newPin: PIN }, rig.caller);
    rig.officialNames.clear();
    expect(await codeOf(signIn(PIN))).toBe("WR5023");
    expect(rig.window.state().clerk).toBeNull();
  });

  test("leaves no PIN, code or card in any file, log, event or answer, only what scrypt made of them", async () => {
    await withPin();
    await rig.clerkDesk.setCard({ staffNo: "1001", card: CARD });
    await codeOf(signIn(OTHER_PIN));
    await signIn(PIN);
    await rig.window.signInWithCard({ card: CARD }, rig.caller);
    const shown = JSON.stringify([rig.events, rig.window.state(), rig.clerkDesk.list()]) + rig.logs.join("");
    const kept = rig.database.prepare<[], { pin_hash: string }>("SELECT pin_hash FROM clerks").get()?.pin_hash ?? "";
    rig.close();
    const files = readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name)));
    for (const secret of [PIN, OTHER_PIN, CARD, "12345678", "1234-5678"]) {
      expect(shown).not.toContain(secret);
      for (const file of files) expect(file.includes(secret)).toBe(false);
    }
    expect(kept).toMatch(/^scrypt\$/);
    rig = openWindow(folder.path, clock);
  });
});

describe("a PIN", () => {
  test("is first chosen by the clerk with a one-time code, which is good once and for three days", async () => {
    rig.clerkDesk.add({ staffNo: "1001", name: "张三样例" });
    const { code, expiresAtMs } = await rig.clerkDesk.makeCode({ staffNo: "1001" });
    expect([code, expiresAtMs - clock.wall]).toEqual(["1234-5678", 72 * 3_600_000]);
    expect(clerkOf("1001")?.pin).toBe("code-given");
    const set = (typed: string, newPin: string) => codeOf(rig.window.setPinWithCode({ staffNo: "1001", code: typed, newPin }, rig.caller));
    expect(await set("8765-4321", PIN)).toBe("WR5019");
    expect(await set(code, "123456")).toBe("WR5021");
    clock.advance(72 * 3_600_000 - 1);
    expect(await set("12345678", PIN)).toBe("done");
    expect(await set(code, OTHER_PIN)).toBe("WR5019");
    expect([await codeOf(signIn(PIN)), clerkOf("1001")?.pin]).toEqual(["done", "own"]);
    const late = await rig.clerkDesk.makeCode({ staffNo: "1001" });
    clock.advance(72 * 3_600_000);
    expect(await set(late.code, OTHER_PIN)).toBe("WR5019");
    expect(clerkOf("1001")?.pin).toBe("own");
  });

  test("that IT staff set must be changed before it signs anybody in", async () => {
    rig.clerkDesk.add({ staffNo: "1001", name: "张三样例" });
    await expect(rig.clerkDesk.setPin({ staffNo: "1001", pin: "111111" })).rejects.toMatchObject({ code: "WR5021" });
    await rig.clerkDesk.setPin({ staffNo: "1001", pin: OTHER_PIN });
    expect([await codeOf(signIn(OTHER_PIN)), clerkOf("1001")?.pin]).toEqual(["WR5022", "set-by-it"]);
    const change = (pin: string, newPin: string) => codeOf(rig.window.changePin({ staffNo: "1001", pin, newPin }, rig.caller));
    expect(await change(PIN, "918273")).toBe("WR5019");
    expect(await change(OTHER_PIN, OTHER_PIN)).toBe("WR5021");
    expect(await change(OTHER_PIN, "1001100")).toBe("WR5021");
    expect(await change(OTHER_PIN, PIN)).toBe("done");
    expect([await codeOf(signIn(OTHER_PIN)), await codeOf(signIn(PIN))]).toEqual(["WR5019", "done"]);
  });

  test("is given to nobody whom neither central nor IT staff know, and is forgotten with its clerk", async () => {
    await expect(rig.clerkDesk.makeCode({ staffNo: "1001" })).rejects.toMatchObject({ code: "WR5023" });
    await expect(rig.clerkDesk.setPin({ staffNo: "1001", pin: PIN })).rejects.toMatchObject({ code: "WR5023" });
    await withPin();
    rig.clerkDesk.remove({ staffNo: "1001" });
    expect(() => rig.clerkDesk.remove({ staffNo: "1001" })).toThrow(/WR5023/);
    expect([await codeOf(signIn(PIN)), rig.clerkDesk.list().clerks]).toEqual(["WR5019", []]);
  });
});

describe("wrong PINs", () => {
  test("lock the clerk for longer and longer, the right PIN as well, and through a restart", async () => {
    await withPin();
    for (const wrong of ["111112", "111113", "111114"]) expect(await codeOf(signIn(wrong))).toBe("WR5019");
    expect(await textOf(signIn(PIN))).toMatch(/^WR5020.*30 s/);
    clock.advance(29_000);
    reopen();
    expect(await textOf(signIn(PIN))).toMatch(/WR5020.* 1 s/);
    clock.bootId = "boot-2";
    clock.monotonic = 1;
    clock.wall -= 86_400_000;
    // The clock went back with the restart of the machine: the time is counted anew, never given.
    expect(await textOf(signIn(PIN))).toMatch(/WR5020.* 30 s/);
    clock.wall += 86_400_000 + 1_000;
    expect(await textOf(signIn("111115"))).toMatch(/^WR5019.*60 s/);
    clock.advance(60_000);
    expect(await codeOf(signIn(PIN))).toBe("done");
    // The right one has cleared them.
    expect(await codeOf(signIn("111116"))).toBe("WR5019");
    expect(await codeOf(signIn(PIN))).toBe("done");
  });

  test("lock the clerk until IT staff unlock, however long one waits, at every window of the PC", async () => {
    await withPin();
    wrongBefore("clerk", "1001", 9);
    clock.advance(1_800_000);
    expect(await textOf(signIn(OTHER_PIN))).toMatch(/^WR5019.*IT staff/);
    clock.advance(365 * 86_400_000);
    reopen("9");
    expect(await codeOf(signIn(PIN))).toBe("WR5020");
    expect(await codeOf(rig.window.changePin({ staffNo: "1001", pin: PIN, newPin: OTHER_PIN }, rig.caller))).toBe("WR5020");
    expect(clerkOf("1001")?.lock).toBe("until-unlocked");
    rig.clerkDesk.unlock({ staffNo: "1001" });
    expect([clerkOf("1001")?.lock, await codeOf(signIn(PIN))]).toEqual(["none", "done"]);
  });

  test("are forgiven to a clerk who gets a new code, or a new PIN, from IT staff", async () => {
    await withPin();
    wrongBefore("clerk", "1001", 12);
    const { code } = await rig.clerkDesk.makeCode({ staffNo: "1001" });
    expect(await codeOf(rig.window.setPinWithCode({ staffNo: "1001", code, newPin: OTHER_PIN }, rig.caller))).toBe("done");
    wrongBefore("clerk", "1001", 12);
    await rig.clerkDesk.setPin({ staffNo: "1001", pin: PIN });
    expect(await codeOf(signIn(PIN))).toBe("WR5022");
  });

  test("of many clerks lock the window, also for numbers that nobody has; another window goes on", async () => {
    await withPin();
    wrongBefore("window", "8", 9);
    expect(await codeOf(signIn(PIN, "9999"))).toBe("WR5019");
    expect(await textOf(signIn(PIN))).toMatch(/^WR5020.*window 8.*60 s/);
    expect(rig.clerkDesk.list().lockedWindows).toEqual([{ windowNo: "8", forMs: 60_000 }]);
    reopen("9");
    expect(await codeOf(signIn(PIN))).toBe("done");
    reopen("8");
    expect(await codeOf(signIn(PIN))).toBe("WR5020");
    rig.clerkDesk.unlock({ windowNo: "8" });
    expect(await codeOf(signIn(PIN))).toBe("done");
  });

  test("at others' numbers are not washed off by one's own right PIN", async () => {
    await withPin();
    wrongBefore("window", "8", 9);
    expect(await codeOf(signIn(PIN))).toBe("done");
    expect(await codeOf(signIn(PIN, "9999"))).toBe("WR5019");
    expect(await codeOf(signIn(PIN))).toBe("WR5020");
  });

  test("tried all at once are as many as one after the other", async () => {
    await withPin();
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => codeOf(signIn(`55555${index}`))));
    expect(answers.toSorted()).toEqual(["WR5019", "WR5019", "WR5019", ...Array(5).fill("WR5020")]);
  });

  test("count though the power fails while one is looked at", async () => {
    await withPin();
    const cutOff = [signIn("555551"), signIn("555552"), signIn("555553")].map(codeOf);
    rig.database.close();
    reopen();
    await Promise.all(cutOff);
    expect(await codeOf(signIn(PIN))).toBe("WR5020");
  });
});

describe("a card", () => {
  const swipe = (card = CARD, pin?: string) =>
    codeOf(rig.window.signInWithCard({ card, ...(pin === undefined ? {} : { pin }) }, rig.caller));

  test("signs its clerk in, and nobody once it is taken away or belongs to another", async () => {
    rig.clerkDesk.add({ staffNo: "1001", name: "张三样例" });
    rig.clerkDesk.add({ staffNo: "1002", name: "李四样例" });
    expect(await swipe()).toBe("WR5032");
    await rig.clerkDesk.setCard({ staffNo: "1001", card: CARD });
    reopen();
    expect([await swipe(), rig.window.state().clerk?.staffNo]).toEqual(["done", "1001"]);
    await rig.clerkDesk.setCard({ staffNo: "1002", card: CARD });
    expect([await swipe(), rig.window.state().clerk?.staffNo]).toEqual(["done", "1002"]);
    expect(rig.clerkDesk.list().clerks.map(({ hasCard }) => hasCard)).toEqual([false, true]);
    await rig.clerkDesk.setCard({ staffNo: "1002" });
    expect(await swipe()).toBe("WR5032");
  });

  test("needs the PIN beside it where the site asks for that", async () => {
    await withPin();
    await rig.clerkDesk.setCard({ staffNo: "1001", card: CARD });
    rig.site.cardNeedsPin = true;
    expect([await swipe(), await swipe(CARD, OTHER_PIN), rig.window.state().clerk]).toEqual(["WR5019", "WR5019", null]);
    expect([await swipe(CARD, PIN), rig.window.state().clerk?.staffNo]).toEqual(["done", "1001"]);
  });

  test("that nobody has counts against the window, so that numbers cannot be tried", async () => {
    wrongBefore("window", "8", 9);
    expect([await swipe("00000001"), await swipe("00000002")]).toEqual(["WR5032", "WR5020"]);
  });
});
