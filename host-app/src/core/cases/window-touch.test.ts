import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { contactKeyId, contactPublicKey, openContact, sealContact } from "@window-rating/protocol/contact";
import { ASK, CAPABILITIES, type Message } from "@window-rating/protocol/pad";
import { LEVELS, type RequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { entryBodySchema } from "@window-rating/protocol/sync";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";

const { screen, touch, reasons, wordsAndContact, qrCodes } = CAPABILITIES;
const TOUCH = screen | touch | reasons | wordsAndContact | qrCodes;
const PRIVATE_KEY = Uint8Array.from({ length: 32 }, (_, index) => index + 1);
const publicKey = contactPublicKey(PRIVATE_KEY);
const contactKey = { keyId: contactKeyId(publicKey), publicKey };
const PHONE = "13800138000";

let folder: ReturnType<typeof temporaryFolder>;
let rig: ReturnType<typeof openWindow>;
beforeEach(() => {
  folder = temporaryFolder();
  rig = openWindow(folder.path, new TestClock());
});
afterEach(() => {
  rig.close();
  folder.remove();
});

const newest = <Name extends Message["type"]>(type: Name): Message<Name> | undefined =>
  rig.commands.filter((command): command is typeof command & Message<Name> => command.type === type).at(-1);

const answered = (requestId: string, over: Partial<Message<"touchRated">> = {}) =>
  rig.report({
    type: "touchRated",
    eventNo: 1,
    requestId: requestIdToBytes(requestId as RequestId),
    level: 4,
    reasonList: "2020",
    reasons: [406, 413],
    sealed: new Uint8Array(0),
    sealedFor: new Uint8Array(8),
    completed: "confirmed",
    language: "zh-CN",
    sinceOpenMs: 5200,
    unixMs: 1_790_000_005_000,
    bootCount: 3,
    ...over,
  });

describe("a window with a touchscreen pad", () => {
  test("asks with item, case, reasons and a QR code of the case", () => {
    rig.ready(TOUCH);
    const requestId = rig.serve("A 1/2");
    expect(newest("openTouchRating")).toEqual({
      type: "openTouchRating",
      requestId: requestIdToBytes(requestId as RequestId),
      timeoutMs: 30_000,
      voice: 2,
      labels: [],
      itemName: "身份证补领（样例）",
      caseNo: "A 1/2",
      reasonList: "2020",
      ask: ASK.reasons,
      caseQr: `https://rate.example/r/${requestId}?case=A%201%2F2`,
    });
    expect(newest("openRating")).toBeUndefined();
  });

  test("says the levels in the region's words where they are not the usual ones, on every kind of pad", () => {
    const words = ["很差", "差", "一般", "满意", "很好"];
    rig.screen.site = { labels: words.map((label, index) => ({ level: (index + 1) as 1 | 2 | 3 | 4 | 5, label })) };
    rig.ready(TOUCH);
    rig.serve("A-1");
    expect(newest("openTouchRating")?.labels).toEqual(["很差", "差", "一般", "", "很好"]);
    rig.ready(0);
    rig.serve("A-2");
    expect(newest("openRating")?.labels).toEqual(["很差", "差", "一般", "", "很好"]);
    rig.screen.site = { labels: LEVELS.map(({ level, zh }) => ({ level, label: zh })) };
    rig.serve("A-3");
    expect(newest("openRating")?.labels).toEqual([]);
  });

  test("asks for words and contact only on a paired pad, and with central's key", () => {
    const asked = (secured: boolean, key: typeof contactKey | undefined, caseNo: string) => {
      rig.screen.contactKey = key;
      rig.ready(TOUCH, secured);
      rig.serve(caseNo);
      return newest("openTouchRating")?.ask;
    };
    expect(asked(false, contactKey, "A-1")).toBe(ASK.reasons);
    expect(newest("contactKey")).toBeUndefined();
    expect(asked(true, undefined, "A-2")).toBe(ASK.reasons);
    expect(asked(true, contactKey, "A-3")).toBe(ASK.reasons | ASK.words | ASK.contact);
    expect(newest("contactKey")).toEqual({ type: "contactKey", ...contactKey });
  });

  test("tells the pad a key that central gave after the session began", () => {
    rig.ready(TOUCH, true);
    rig.screen.contactKey = contactKey;
    rig.commands.length = 0;
    rig.serve("A-1");
    expect(rig.commands.filter(({ type }) => type !== "staffCard").map(({ type }) => type)).toEqual(["contactKey", "openTouchRating"]);
    expect(newest("openTouchRating")?.ask).toBe(ASK.reasons | ASK.words | ASK.contact);
    rig.serve("A-2");
    expect(rig.commands.filter(({ type }) => type === "contactKey")).toHaveLength(1);
  });

  test("shows who sits at it, from sign-in to sign-out, and again in each session", () => {
    rig.screen.assets = ["photo/1001"];
    rig.ready(TOUCH);
    expect(newest("staffCard")).toMatchObject({ staffNo: "" });
    rig.window.signIn({ staffNo: "1001", name: "张三样例" }, rig.caller);
    const card = { type: "staffCard", staffNo: "1001", name: "张三样例", title: "", photo: "photo/1001", stars: 0, partyEmblem: false };
    expect(newest("staffCard")).toEqual(card);
    rig.commands.length = 0;
    rig.ready(TOUCH);
    expect(newest("staffCard")).toEqual(card);
    rig.window.signOut({}, rig.caller);
    expect(newest("staffCard")).toMatchObject({ staffNo: "", photo: "" });
  });

  test("is told at once what central says anew of clerk and code, and nothing twice", () => {
    rig.ready(TOUCH);
    rig.window.signIn({ staffNo: "1001", name: "张三样例" }, rig.caller);
    rig.commands.length = 0;
    rig.window.siteChanged();
    expect(rig.commands).toEqual([]);
    rig.screen.grades.set("1001", { title: "综合窗口", stars: 4, partyMember: true });
    rig.screen.windowCode = { text: "https://pj.example/W/NEW", picture: "" };
    rig.window.siteChanged();
    rig.window.siteChanged();
    expect(rig.commands.map(({ type }) => type)).toEqual(["configureScreen", "staffCard"]);
    expect(newest("configureScreen")).toMatchObject({ windowQr: "https://pj.example/W/NEW" });
    expect(newest("staffCard")).toMatchObject({ staffNo: "1001", title: "综合窗口", stars: 4, partyEmblem: true });
    rig.screen.grades.clear();
    rig.window.siteChanged();
    expect(newest("staffCard")).toMatchObject({ staffNo: "1001", partyEmblem: false });
  });

  test("pauses until it is told to go on, also after a rating and a restart", () => {
    rig.ready(TOUCH);
    rig.window.pause({ text: "午休，14:00 开始" }, rig.caller);
    expect(newest("pause")).toEqual({ type: "pause", text: "午休，14:00 开始" });
    expect(rig.window.state().pause).toEqual({ text: "午休，14:00 开始" });
    const requestId = rig.serve("A-1");
    rig.commands.length = 0;
    answered(requestId);
    expect(rig.commands.map(({ type }) => type)).toEqual(["stored", "pause"]);
    rig.close();
    rig = openWindow(folder.path, new TestClock());
    rig.ready(TOUCH);
    expect(rig.commands.slice(-2).map(({ type }) => type)).toEqual(["idle", "pause"]);
    rig.window.resume(rig.caller);
    expect(rig.commands.at(-1)).toEqual({ type: "idle" });
    expect(rig.window.state().pause).toBeNull();
  });

  test("does not take a rating from the screen by pausing", () => {
    rig.ready(TOUCH);
    rig.serve("A-1");
    rig.commands.length = 0;
    rig.window.pause({ text: "" }, rig.caller);
    expect(rig.commands).toEqual([]);
  });

  test("shows a notice, and again to a pad that comes back, unless it has an end", () => {
    rig.ready(TOUCH);
    rig.window.showNotice({ text: "请出示身份证", seconds: 0 }, rig.caller);
    expect(newest("notice")).toEqual({ type: "notice", text: "请出示身份证", durationMs: 0 });
    rig.commands.length = 0;
    rig.ready(TOUCH);
    expect(newest("notice")?.text).toBe("请出示身份证");
    rig.window.showNotice({ text: "稍候", seconds: 60 }, rig.caller);
    rig.commands.length = 0;
    rig.ready(TOUCH);
    expect(newest("notice")).toBeUndefined();
  });

  test("shows a notice that has no end also after a restart of the PC, until the next one comes or it is taken away", () => {
    const restarted = (): string[] => {
      rig.close();
      rig = openWindow(folder.path, new TestClock());
      rig.ready(TOUCH);
      return rig.commands.flatMap((command) => (command.type === "notice" ? [command.text] : []));
    };
    rig.window.showNotice({ text: "请出示身份证", seconds: 0 }, rig.caller);
    expect(restarted()).toEqual(["请出示身份证"]);
    rig.window.showNotice({ text: "十二点下班", seconds: 0 }, rig.caller);
    expect(restarted()).toEqual(["十二点下班"]);
    rig.window.showNotice({ text: "稍候", seconds: 60 }, rig.caller);
    expect(restarted()).toEqual([]);
    rig.window.showNotice({ text: "请出示身份证", seconds: 0 }, rig.caller);
    rig.pad.isThere = false;
    rig.window.showNotice({ text: "", seconds: 0 }, rig.caller);
    // The pad may have kept its power, and with it what was taken away while nobody could tell it so.
    expect(restarted()).toEqual([""]);
  });

  test("cuts what is too long for the pad at a whole character", () => {
    rig.ready(TOUCH);
    rig.window.signIn({ staffNo: "1001", name: "样".repeat(64) }, rig.caller);
    expect(newest("staffCard")?.name).toBe(`${"样".repeat(20)}…`);
  });

  test("tells a five-button pad nothing that it has no screen for", () => {
    rig.ready(CAPABILITIES.lamps);
    rig.window.pause({ text: "" }, rig.caller);
    rig.window.showNotice({ text: "样例", seconds: 0 }, rig.caller);
    rig.serve("A-1");
    expect(new Set(rig.commands.map(({ type }) => type))).toEqual(new Set(["configure", "setTime", "idle", "openRating"]));
  });
});

describe("an answer from a touchscreen", () => {
  test("is stored as a rating is, with its reasons", () => {
    rig.ready(TOUCH);
    const requestId = rig.serve("A-1");
    answered(requestId);
    expect(entryBodySchema.parse(rig.bodies()[0])).toMatchObject({
      kind: "rating",
      level: 4,
      binding: { requestId, caseNo: "A-1" },
      pressTime: { sinceOpenMs: 5200, padWallMs: 1_790_000_005_000 },
      origin: { bootCount: 3 },
      answer: { reasonList: "2020", reasons: [406, 413], sealed: null, completed: "confirmed", language: "zh-CN" },
    });
    expect(rig.stored()).toEqual([1]);
    answered(requestId);
    expect(rig.bodies()).toHaveLength(1);
    expect(rig.stored()).toEqual([1, 1]);
  });

  test("for a request that nobody knows is kept all the same", () => {
    answered("01890000-0000-7000-8000-000000000001");
    expect(entryBodySchema.parse(rig.bodies()[0])).toMatchObject({ kind: "unbound", level: 4, answer: { reasons: [406, 413] } });
  });

  test("keeps its level whatever the pad says beside it", () => {
    rig.ready(TOUCH);
    answered(rig.serve("A-1"), { reasonList: "", reasons: [1, 99, 4_000_000_000], language: "", completed: "timeUp" });
    expect(entryBodySchema.parse(rig.bodies()[0])).toMatchObject({
      level: 4,
      answer: { reasonList: null, reasons: [], completed: "time-up", language: "und" },
    });
  });

  test("I9: leaves what the citizen wrote sealed: it is in no log, in no file of this PC and on no screen, and central can read it", () => {
    rig.ready(TOUCH, true);
    const requestId = rig.serve("A-1");
    const contact = { words: "样例意见", name: "王五样例", phone: PHONE };
    const sealed = sealContact(
      contact,
      contactKey,
      requestIdToBytes(requestId as RequestId),
      (length) => new Uint8Array(randomBytes(length)),
    );
    answered(requestId, { sealed, sealedFor: contactKey.keyId });
    const [{ answer }] = rig.bodies();
    expect(answer.sealed.keyId).toBe(Buffer.from(contactKey.keyId).toString("hex"));
    const data = new Uint8Array(Buffer.from(answer.sealed.data, "base64"));
    expect(openContact(data, PRIVATE_KEY, requestIdToBytes(requestId as RequestId))).toEqual(contact);

    const screens = JSON.stringify([rig.events, rig.window.state()]);
    const log = rig.logs.join("");
    rig.close();
    const files = readdirSync(folder.path).map((name) => readFileSync(join(folder.path, name)));
    expect(files.length).toBeGreaterThan(0);
    for (const secret of Object.values(contact)) {
      for (const file of files) expect(file.includes(secret)).toBe(false);
      expect(log).not.toContain(secret);
      expect(screens).not.toContain(secret);
    }
    // The clerk's screen has not even what is sealed.
    expect(screens).not.toContain(answer.sealed.data);
    expect(log).not.toContain(answer.sealed.data);
    rig = openWindow(folder.path, new TestClock());
  });
});
