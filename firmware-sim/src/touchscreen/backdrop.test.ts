import { readFileSync } from "node:fs";
import type { Message } from "@window-rating/protocol/pad";
import { describe, expect, test } from "vitest";
import en from "./languages/en.json" with { type: "json" };
import zhCN from "./languages/zh-CN.json" with { type: "json" };
import { assetsOf, TouchBench } from "./touch-bench.ts";

test("the packs have the texts that the vectors of the protocol name", () => {
  const inVectors = JSON.parse(readFileSync(new URL(import.meta.resolve("@window-rating/protocol/vectors/language-en.json")), "utf8"));
  expect(inVectors).toEqual(en);
  expect(Object.keys(zhCN.texts)).toEqual(Object.keys(en.texts));
});

const CARD = {
  type: "staffCard",
  ...{ staffNo: "1001", name: "张三样例", title: "综合窗口", photo: "photo/1001", stars: 4, partyEmblem: true },
} as const satisfies Message<"staffCard">;

const SCREEN: Message<"configureScreen"> = {
  type: "configureScreen",
  ...{ contrast: "normal", textSize: "normal", languages: ["zh-CN", "en"], logo: "", windowQrPicture: "" },
  ...{ windowQr: "https://hall.example/w/12", hall: "样例市政务服务中心", window: "12 号窗口" },
};

/** A pack as a region would make one; its words only say which they are. */
const REGION = {
  format: 1,
  tag: "x-region",
  name: "x-region",
  texts: { "options.headline": "region: headline", "details.confirm": "region: confirm" },
  levels: ["r1", "r2", "r3", "r4", "r5"],
  voice: {},
};

describe("the idle screen", () => {
  test("shows hall, window, the clerk with stars and emblem, and the window's code", () => {
    const bench = new TouchBench({ assets: assetsOf({ "photo/1001": "jpeg" }) });
    bench.send(SCREEN);
    bench.send(CARD);
    const { type: _, ...card } = CARD;
    expect(bench.screen).toMatchObject({ hall: "样例市政务服务中心", window: "12 号窗口", logo: null });
    expect(bench.scene("idle")).toEqual({ is: "idle", card, notice: null, windowQr: "https://hall.example/w/12", windowQrPicture: null });
    bench.send({ ...CARD, staffNo: "" });
    expect(bench.scene("idle").card).toBeNull();
  });

  test("leaves out a picture that the pad does not have", () => {
    const bench = new TouchBench();
    bench.send({ ...SCREEN, logo: "logo", windowQrPicture: "qr" });
    bench.send(CARD);
    expect(bench.screen.logo).toBeNull();
    expect(bench.scene("idle")).toMatchObject({ windowQrPicture: null, card: { photo: null } });
  });

  test("shows a notice for its time, or until it is taken away", () => {
    const bench = new TouchBench();
    bench.send({ type: "notice", text: "十二点下班", durationMs: 5000 });
    bench.pass(4999);
    expect(bench.scene("idle").notice).toBe("十二点下班");
    bench.pass(1);
    expect(bench.scene("idle").notice).toBeNull();
    bench.send({ type: "notice", text: "下午两点上班", durationMs: 0 });
    bench.pass(600_000);
    expect(bench.scene("idle").notice).toBe("下午两点上班");
    bench.send({ type: "notice", text: "", durationMs: 0 });
    expect(bench.scene("idle").notice).toBeNull();
  });

  test("gives way to the pause screen until idle, or a rating is opened", () => {
    const bench = new TouchBench();
    bench.send({ type: "pause", text: "午休，14:00 开始办理" });
    expect(bench.scene("paused").text).toBe("午休，14:00 开始办理");
    bench.send({ type: "idle" });
    expect(bench.scene("idle")).toBeDefined();
    bench.send({ type: "pause", text: "" });
    const requestId = bench.ask({ ask: 0 });
    bench.level(requestId, 5);
    bench.pass(2000);
    expect(bench.scene("idle")).toBeDefined();
  });
});

describe("a rating on the screen", () => {
  test("keeps the card that was shown when it was opened, and nothing on it grades the clerk", () => {
    const bench = new TouchBench();
    bench.send(CARD);
    bench.ask();
    bench.send({ ...CARD, staffNo: "1002", name: "李四样例" });
    const { card } = bench.scene("options");
    expect(card).toEqual({ staffNo: "1001", name: "张三样例", title: "综合窗口", photo: null });
    bench.send({ type: "idle" });
    expect(bench.scene("idle").card?.name).toBe("李四样例");
  });

  test("is not covered by a notice, and goes on under a pause", () => {
    const bench = new TouchBench();
    const requestId = bench.ask();
    bench.send({ type: "notice", text: "通知", durationMs: 0 });
    bench.send({ type: "pause", text: "" });
    expect(bench.scene("options").requestId).toBe(requestId);
  });
});

describe("the look of the screen", () => {
  test("is the citizen's to choose for the time of one rating, and then again as configured", () => {
    const bench = new TouchBench();
    bench.send(SCREEN);
    const requestId = bench.ask();
    bench.touch({ do: "look", look: { language: "en" } });
    bench.touch({ do: "look", look: { contrast: "high" } });
    bench.touch({ do: "look", look: { textSize: "large" } });
    expect(bench.screen.look).toEqual({ language: "en", contrast: "high", textSize: "large" });
    expect(bench.screen.texts["options.headline"]).toBe(en.texts["options.headline"]);
    bench.level(requestId, 2);
    expect(bench.scene("details").reasons[0]?.text).toBe("No samples of the papers");
    bench.confirm(requestId);
    expect(bench.answers[0]?.language).toBe("en");
    expect(bench.screen.look.language).toBe("en");
    bench.pass(2000);
    expect(bench.screen.look).toEqual({ language: "zh-CN", contrast: "normal", textSize: "normal" });
  });

  test("goes back by itself when nobody rates after changing it", () => {
    const bench = new TouchBench();
    bench.touch({ do: "look", look: { contrast: "high" } });
    bench.pass(59_999);
    expect(bench.screen.look.contrast).toBe("high");
    bench.pass(1);
    expect(bench.screen.look.contrast).toBe("normal");
  });

  test("that is chosen before the options come holds for that rating, however long it takes", () => {
    const bench = new TouchBench();
    bench.touch({ do: "look", look: { textSize: "large" } });
    bench.ask({ timeoutMs: 600_000 });
    bench.pass(300_000);
    expect(bench.screen.look.textSize).toBe("large");
  });

  test("changes to no language that is not offered", () => {
    const bench = new TouchBench();
    bench.send({ ...SCREEN, languages: ["zh-CN"] });
    bench.touch({ do: "look", look: { language: "en" } });
    expect(bench.screen.look.language).toBe("zh-CN");
  });
});

describe("languages", () => {
  test("have a text for the same keys in every pack that is built in", () => {
    expect(Object.keys(en.texts)).toEqual(Object.keys(zhCN.texts));
  });

  test("of a region are dropped in as a file; what it does not say is said in the first language", () => {
    const bench = new TouchBench({ assets: assetsOf({ "language/x-region": REGION }) });
    bench.send({ ...SCREEN, languages: ["zh-CN", "x-region", "en"] });
    expect(bench.screen.languages).toEqual([
      { tag: "zh-CN", name: "中文" },
      { tag: "x-region", name: "x-region" },
      { tag: "en", name: "English" },
    ]);
    bench.ask({ labels: ["甲", "乙", "丙", "丁", "戊"] });
    expect(bench.scene("options").labels).toEqual(["甲", "乙", "丙", "丁", "戊"]);
    bench.touch({ do: "look", look: { language: "x-region" } });
    expect(bench.scene("options").labels).toEqual(["r1", "r2", "r3", "r4", "r5"]);
    expect(bench.screen.texts).toMatchObject({ "options.headline": "region: headline", "details.back": zhCN.texts["details.back"] });
  });

  test.each([
    ["is no pack", { format: 1 }],
    ["says another tag than its name", { ...REGION, tag: "x-other" }],
    ["is of a later format", { ...REGION, format: 2 }],
  ])("whose file %s are left out, and those without a file too", (_, file) => {
    const bench = new TouchBench({ assets: assetsOf({ "language/x-region": file }) });
    bench.send({ ...SCREEN, languages: ["x-region", "bo", "en"] });
    expect(bench.screen.languages.map(({ tag }) => tag)).toEqual(["en"]);
    bench.send({ ...SCREEN, languages: ["x-region"] });
    expect(bench.screen.languages.map(({ tag }) => tag)).toEqual(["zh-CN"]);
  });
});

describe("recordings", () => {
  test("of a language that is built in are played from the asset of their name, without a pack of its own", () => {
    const bench = new TouchBench({ assets: assetsOf({ "voice/zh-CN/2": "wav", "voice/en/3": "wav", "voice/zh-CN/4": "json" }) });
    bench.send(SCREEN);
    expect(bench.screen.recordings).toEqual({ 2: "voice/zh-CN/2" });
    bench.touch({ do: "look", look: { language: "en" } });
    expect(bench.screen.recordings).toEqual({ 3: "voice/en/3" });
  });

  test("that a pack names come before those of the name; of what it names and the pad lacks, the name's is played", () => {
    const pack = { ...REGION, voice: { 2: "voice/other/2", 3: "voice/gone/3" } };
    const held = { "voice/other/2": "wav", "voice/x-region/2": "wav", "voice/x-region/3": "wav" } as const;
    const bench = new TouchBench({ assets: assetsOf({ "language/x-region": pack, ...held }) });
    bench.send({ ...SCREEN, languages: ["x-region"] });
    expect(bench.screen.recordings).toEqual({ 2: "voice/other/2", 3: "voice/x-region/3" });
  });
});

describe("lists of reasons", () => {
  const list = (version: string, count: number) => ({
    format: 1,
    version,
    levels: { 5: Array.from({ length: count }, (_, index) => ({ code: 500_001 + index, text: { "zh-CN": `原因 ${index}` } })) },
  });

  test("come as a file; of a long one the first sixteen of a level are shown", () => {
    const bench = new TouchBench({ assets: assetsOf({ "reasons/2031": list("2031", 20) }) });
    const requestId = bench.ask({ reasonList: "2031" });
    bench.level(requestId, 5);
    expect(bench.scene("details").reasons.map(({ code }) => code)).toEqual(Array.from({ length: 16 }, (_, index) => 500_001 + index));
    bench.touch({ do: "reason", requestId, code: 500_016 });
    bench.touch({ do: "reason", requestId, code: 500_017 });
    bench.confirm(requestId);
    expect(bench.answers).toMatchObject([{ reasonList: "2031", reasons: [500_016] }]);
  });

  test.each([
    ["is not there", {}],
    ["is of another version than its name", { "reasons/2031": list("2030", 3) }],
    ["is none", { "reasons/2031": { reasons: [] } }],
  ])("that %s ask for no reasons: the touch itself is the answer", (_, files) => {
    const bench = new TouchBench({ assets: assetsOf(files) });
    const requestId = bench.ask({ reasonList: "2031" });
    bench.level(requestId, 5);
    expect(bench.answers).toMatchObject([{ level: 5, reasons: [], reasonList: "" }]);
  });

  test("that are retired are offered to nobody", () => {
    const bench = new TouchBench();
    const requestId = bench.ask({ reasonList: "2019" });
    bench.level(requestId, 5);
    expect(bench.answers).toHaveLength(1);
  });
});
