import { openContact } from "@window-rating/protocol/contact";
import { CAPABILITIES, keyIdOf } from "@window-rating/protocol/pad";
import { type Level, requestIdFromBytes, requestIdToBytes } from "@window-rating/protocol/rating";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FirmwareBench } from "../firmware/firmware-bench.ts";
import type { Touch } from "./screen.ts";
import { CENTRAL_KEY, PAIRING_KEY, TouchBench } from "./touch-bench.ts";

const LEVELS: readonly Level[] = [1, 2, 3, 4, 5];

describe("the answer on a touchscreen", () => {
  test.each(LEVELS)("is one event: level %i with the reasons that were chosen, confirmed", (level) => {
    const bench = new TouchBench();
    const requestId = bench.ask();
    expect(bench.scene("options")).toMatchObject({ requestId, itemName: "居民身份证换领", caseNo: "37-0001" });
    bench.pass(1500);
    bench.level(requestId, level);
    const { reasons } = bench.scene("details");
    expect(reasons).toHaveLength(8);
    expect(reasons.every(({ code, isChosen }) => String(code).startsWith(String(level)) && !isChosen)).toBe(true);
    const [first, second, third] = reasons.map(({ code }) => code) as [number, number, number];
    for (const code of [third, first, second, second]) bench.touch({ do: "reason", requestId, code });
    bench.confirm(requestId);
    expect(bench.answers).toMatchObject([
      {
        level,
        reasonList: "2020",
        reasons: [first, third],
        completed: "confirmed",
        sinceOpenMs: 1500,
        language: "zh-CN",
        sealed: new Uint8Array(0),
      },
    ]);
    expect(bench.scene("thanks")).toBeDefined();
    bench.pass(2000);
    expect(bench.scene("idle")).toBeDefined();
  });

  test("is the level of the last touch: back forgets level and reasons", () => {
    const bench = new TouchBench();
    const requestId = bench.ask();
    bench.level(requestId, 1);
    bench.touch({ do: "reason", requestId, code: 108 });
    bench.touch({ do: "back", requestId });
    expect(bench.scene("options")).toBeDefined();
    bench.pass(700);
    bench.level(requestId, 4);
    expect(bench.scene("details").reasons.some(({ isChosen }) => isChosen)).toBe(false);
    bench.confirm(requestId);
    expect(bench.answers).toMatchObject([{ level: 4, reasons: [], reasonList: "", sinceOpenMs: 700 }]);
  });

  test("is the touch itself where nothing more is asked", () => {
    const bench = new TouchBench();
    const requestId = bench.ask({ ask: 0 });
    bench.level(requestId, 3);
    expect(bench.answers).toMatchObject([{ level: 3, completed: "confirmed" }]);
    expect(bench.scene("thanks")).toBeDefined();
  });

  test("to openRating is a plain rating without details", () => {
    const bench = new TouchBench();
    const requestId = bench.open();
    bench.level(requestId, 2);
    expect(bench.ratings).toMatchObject([{ level: 2 }]);
    expect(bench.answers).toEqual([]);
  });

  test("is never made up: nothing is chosen before a touch, and a request that nobody touched has timed out (I10)", () => {
    const bench = new TouchBench();
    const requestId = bench.ask({ timeoutMs: 10_000 });
    const { labels: _, ...options } = bench.scene("options");
    expect(JSON.stringify(options)).not.toMatch(/level|chosen|selected/i);
    bench.pass(9999);
    expect(bench.show.remainingMs).toBe(1);
    bench.pass(1);
    expect(bench.scene("idle")).toBeDefined();
    expect(bench.answers).toEqual([]);
    expect(bench.events.at(-1)).toMatchObject({ type: "timedOut", requestId: requestIdToBytes(requestId) });
  });

  test("that is not confirmed in time counts with its level and reasons, but without a word that was written", () => {
    const bench = new TouchBench();
    bench.sendContactKey();
    const requestId = bench.ask({ timeoutMs: 10_000 });
    bench.level(requestId, 2);
    bench.touch({ do: "reason", requestId, code: 213 });
    for (let second = 0; second < 20; second++) {
      bench.pass(1000);
      bench.touch({ do: "stir", requestId });
    }
    expect(bench.answers).toEqual([]);
    bench.pass(10_000);
    expect(bench.answers).toMatchObject([{ level: 2, reasons: [213], completed: "timeUp", sealed: new Uint8Array(0) }]);
  });

  test.each(["cancelRating", "idle", "openTouchRating"] as const)(
    "that was touched counts for its own request although %s ends it (I3)",
    (type) => {
      const bench = new TouchBench();
      const requestId = bench.ask();
      bench.level(requestId, 1);
      if (type === "cancelRating") bench.cancel(requestId);
      else if (type === "idle") bench.send({ type });
      else bench.ask();
      expect(bench.answers.map(({ requestId: id, level, completed }) => [requestIdFromBytes(id), level, completed])).toEqual([
        [requestId, 1, "timeUp"],
      ]);
      expect(bench.screen.scene.is).toBe(type === "openTouchRating" ? "options" : "idle");
    },
  );

  test.each(["cancelRating", "idle", "openTouchRating"] as const)(
    "that nobody gave leaves nothing behind when %s ends the request",
    (type) => {
      const bench = new TouchBench();
      const requestId = bench.ask();
      if (type === "cancelRating") bench.cancel(requestId);
      else if (type === "idle") bench.send({ type });
      else bench.ask();
      expect(bench.events.filter(({ type: name }) => name !== "booted")).toEqual([]);
    },
  );

  test("goes on when the code of its request comes late: only the code changes, not the time and not what was touched", () => {
    const bench = new TouchBench();
    const requestId = bench.ask();
    expect(bench.scene("options").caseQr).toBeNull();
    bench.pass(4000);
    bench.ask({ caseQr: "https://hall.example/Q/7F3K", timeoutMs: 600_000, itemName: "另一事项" }, requestId);
    expect(bench.scene("options")).toMatchObject({ requestId, caseQr: "https://hall.example/Q/7F3K", itemName: "居民身份证换领" });
    expect(bench.show.remainingMs).toBe(26_000);
    bench.level(requestId, 2);
    bench.ask({ caseQr: "https://hall.example/Q/8G4L" }, requestId);
    expect(bench.scene("details")).toMatchObject({ requestId, level: 2, caseQr: "https://hall.example/Q/8G4L" });
    bench.confirm(requestId);
    bench.ask({ caseQr: "https://hall.example/Q/9H5M" }, requestId);
    expect(bench.screen.scene.is).toBe("thanks");
    expect(bench.answers).toMatchObject([{ level: 2 }]);
  });

  test("to a request that is gone already does nothing to the one that is shown (I3)", () => {
    const bench = new TouchBench();
    const old = bench.ask();
    const requestId = bench.ask();
    const touches: readonly Touch[] = [
      { do: "level", requestId: old, level: 1 },
      { do: "confirm", requestId: old, written: { words: "", name: "", phone: "" } },
      { do: "back", requestId: old },
    ];
    for (const touch of touches) bench.touch(touch);
    expect(bench.scene("options").requestId).toBe(requestId);
    bench.level(requestId, 5);
    for (const touch of touches) bench.touch(touch);
    expect(bench.scene("details")).toMatchObject({ requestId, level: 5 });
    expect(bench.answers).toEqual([]);
  });

  test("is not asked again for a request that has one (I4)", () => {
    const bench = new TouchBench();
    const requestId = bench.ask({ ask: 0 });
    bench.level(requestId, 5);
    bench.pass(3000);
    bench.ask({}, requestId);
    expect(bench.scene("idle")).toBeDefined();
    expect(bench.answers).toHaveLength(1);
  });

  test("survives a power cut before the host has it (I2)", () => {
    const bench = new TouchBench();
    bench.storesEvents = false;
    const requestId = bench.ask({ ask: 1 });
    bench.level(requestId, 4);
    bench.touch({ do: "reason", requestId, code: 410 });
    bench.confirm(requestId);
    bench.storesEvents = true;
    bench.powerCycle();
    bench.hostCalls();
    bench.pass(3000);
    expect(bench.answers.at(-1)).toMatchObject({ level: 4, reasons: [410], requestId: requestIdToBytes(requestId) });
    expect(bench.store.contents.pending).toEqual([]);
  });

  test("is not shown as taken before it is on the memory", () => {
    const bench = new TouchBench();
    const requestId = bench.ask({ ask: 0 });
    bench.store.apply = () => {
      throw new Error("ENOSPC: no space left on device");
    };
    bench.level(requestId, 5);
    expect(bench.show.phase).toBe("fault");
    expect(bench.screen.scene.is).not.toBe("thanks");
    bench.ask();
    expect(bench.refusals.at(-1)).toBe("fault");
  });

  test("cannot hold two levels, whatever is touched in whatever order (I4)", () => {
    const touch = fc.oneof(
      fc.record({ do: fc.constant("level" as const), level: fc.constantFrom(...LEVELS) }),
      fc.record({ do: fc.constant("reason" as const), code: fc.constantFrom(108, 207, 307, 406, 510, 999) }),
      fc.record({ do: fc.constantFrom("back" as const, "stir" as const) }),
      fc.record({ do: fc.constant("confirm" as const), written: fc.constant({ words: "", name: "", phone: "" }) }),
      fc.constant("wait" as const),
    );
    fc.assert(
      fc.property(fc.array(touch, { maxLength: 25 }), (touches) => {
        const bench = new TouchBench();
        const requestId = bench.ask({ timeoutMs: 5000 });
        for (const one of touches) {
          if (one === "wait") bench.pass(2000);
          else bench.touch({ ...one, requestId } as Touch);
        }
        bench.pass(20_000);
        const ends = bench.events.filter((event) => "requestId" in event);
        expect(ends).toHaveLength(1);
        for (const { level, reasons } of bench.answers) {
          expect(reasons.every((code) => String(code).startsWith(String(level)))).toBe(true);
        }
      }),
      { numRuns: 60, seed: 20_260_301 },
    );
  });
});

describe("what a citizen writes", () => {
  const WRITTEN = { words: "等了很久\n但是办好了", name: "张三样例", phone: "130 0000-0000" };

  test("is sealed for central by the pad: the host gets bytes that only central opens, for this request alone (I9)", () => {
    const bench = new TouchBench();
    bench.sendContactKey();
    const requestId = bench.ask();
    bench.level(requestId, 2);
    expect(bench.scene("details")).toMatchObject({ asksWords: true, asksContact: true });
    bench.confirm(requestId, WRITTEN);
    const [answer] = bench.answers;
    if (answer === undefined) throw new Error("there must be an answer");
    const contact = { words: "等了很久 但是办好了", name: "张三样例", phone: "13000000000" };
    expect(openContact(answer.sealed, CENTRAL_KEY, answer.requestId)).toEqual(contact);
    expect(openContact(answer.sealed, CENTRAL_KEY, new Uint8Array(16))).toBeUndefined();
  });

  test("is nowhere in what is shown, and in nothing that is stored or sent, but for the seal (I9)", () => {
    const bench = new TouchBench();
    bench.sendContactKey();
    const requestId = bench.ask();
    bench.level(requestId, 2);
    const shown: string[] = [];
    const see = (): void => void shown.push(JSON.stringify([bench.show, bench.effects, bench.store.contents]));
    bench.confirm(requestId, { ...WRITTEN, phone: "12" });
    see();
    bench.confirm(requestId, WRITTEN);
    see();
    bench.pass(5000);
    see();
    for (const text of ["等了很久", "张三样例", "13000000000", "130 0000-0000"]) expect(shown.join()).not.toContain(text);
  });

  test("is asked for only over a paired session with central's key, and only as the request says", () => {
    const asks = (bench: TouchBench, ask = 0b111) => {
      const requestId = bench.ask({ ask });
      bench.level(requestId, 3);
      const { asksWords, asksContact } = bench.scene("details");
      return [asksWords, asksContact];
    };
    const paired = new TouchBench();
    expect(asks(paired)).toEqual([false, false]);
    paired.sendContactKey();
    expect(asks(paired)).toEqual([true, true]);
    expect(asks(paired, 0b011)).toEqual([true, false]);
    expect(asks(paired, 0b101)).toEqual([false, true]);
    const unpaired = new TouchBench({ isPaired: false });
    unpaired.sendContactKey();
    expect(asks(unpaired)).toEqual([false, false]);
    const narrow = new TouchBench({ maxFrame: 254 });
    narrow.sendContactKey();
    expect(asks(narrow)).toEqual([false, false]);
  });

  test("is not sealed with a key that came before the two sides knew each other", () => {
    const bench = new TouchBench({ isPaired: false });
    bench.sendContactKey();
    bench.pairByTouch();
    const requestId = bench.ask();
    bench.level(requestId, 3);
    expect(bench.scene("details").asksWords).toBe(false);
  });

  test("is not asked for any more when the pad was unpaired, although it has central's key", () => {
    const bench = new TouchBench();
    bench.sendContactKey();
    bench.send({ type: "unpair", keyId: keyIdOf(PAIRING_KEY) });
    bench.keys = {};
    bench.hostCalls();
    bench.pass(3000);
    expect(bench.trust).toBe("unpaired");
    const requestId = bench.ask();
    bench.level(requestId, 3);
    expect(bench.scene("details").asksWords).toBe(false);
  });

  test("is not sealed with a key whose id is not its own, or that is none", () => {
    for (const key of [
      { keyId: new Uint8Array(8).fill(1), publicKey: new Uint8Array(32).fill(9) },
      { keyId: new Uint8Array(8), publicKey: new Uint8Array(32) },
    ]) {
      const bench = new TouchBench();
      bench.send({ type: "contactKey", ...key });
      const requestId = bench.ask();
      bench.level(requestId, 3);
      expect(bench.scene("details").asksWords).toBe(false);
    }
  });

  test("that cannot be taken is told by its field, and nothing is lost", () => {
    const bench = new TouchBench();
    bench.sendContactKey();
    const requestId = bench.ask();
    bench.level(requestId, 3);
    bench.touch({ do: "reason", requestId, code: 307 });
    bench.confirm(requestId, { ...WRITTEN, phone: "call me" });
    expect(bench.scene("details")).toMatchObject({ mistake: "phone", level: 3 });
    bench.confirm(requestId, { ...WRITTEN, words: "长".repeat(201) });
    expect(bench.scene("details").mistake).toBe("words");
    bench.confirm(requestId, WRITTEN);
    expect(bench.answers).toMatchObject([{ level: 3, reasons: [307] }]);
  });

  test("as long as it may be fits the shortest frame with which it is asked for", () => {
    const bench = new TouchBench();
    bench.sendContactKey();
    const requestId = bench.ask();
    bench.level(requestId, 1);
    for (const { code } of bench.scene("details").reasons) bench.touch({ do: "reason", requestId, code });
    bench.confirm(requestId, { words: "好".repeat(200), name: "某".repeat(30), phone: `+${"1".repeat(20)}` });
    expect(bench.answers).toHaveLength(1);
    expect(bench.answers[0]?.reasons).toHaveLength(8);
  });
});

describe("a pad with a touchscreen", () => {
  test("says so in its hello, and obeys commands for buttons too", () => {
    const bench = new TouchBench();
    const { screen, touch, reasons, wordsAndContact, qrCodes, lamps } = CAPABILITIES;
    const all = screen | touch | reasons | wordsAndContact | qrCodes;
    expect((bench.identity?.capabilities ?? 0) & (all | lamps)).toBe(all);
    bench.send({ type: "identify", durationMs: 1000 });
    expect(bench.show.lamps).toContain("blink");
  });

  test("tells inviting while the options are shown, answering with the details, paused, and idle", () => {
    const bench = new TouchBench();
    const requestId = bench.ask();
    bench.level(requestId, 5);
    bench.confirm(requestId);
    bench.pass(2000);
    bench.send({ type: "pause", text: "" });
    bench.send({ type: "idle" });
    expect(bench.statuses.map(({ phase }) => phase)).toEqual(["idle", "inviting", "answering", "thanks", "idle", "paused", "idle"]);
  });

  test("takes number keys beside its screen for the options", () => {
    const bench = new TouchBench();
    bench.ask();
    bench.key("keyDown", 4);
    expect(bench.scene("details").level).toBe(4);
    bench.key("keyDown", 1);
    expect(bench.scene("details").level).toBe(4);
  });

  test("speaks the prompt of the request, and thanks", () => {
    const bench = new TouchBench();
    const requestId = bench.ask({ ask: 0 });
    expect(bench.show.spoken?.id).toBe(2);
    bench.level(requestId, 5);
    expect(bench.show.spoken?.id).toBe(3);
  });
});

test("a pad with buttons refuses what needs a touchscreen, and goes on", () => {
  const bench = new FirmwareBench();
  bench.send({ type: "pause", text: "" });
  expect(bench.refusals).toEqual(["unsupported"]);
  const requestId = bench.open();
  expect(bench.show).toMatchObject({ requestId, screen: null });
});
