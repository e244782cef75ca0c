import { findProfile } from "@window-rating/device-profiles";
import { KeypadProtocol } from "@window-rating/protocol/keypad";
import { encodePayload, FrameWriter, MESSAGES, type Message, messageName, SECURED_FLAG } from "@window-rating/protocol/pad";
import { describe, expect, test } from "vitest";
import { VirtualTimers } from "./test/virtual-timers.ts";
import { fitsFilter } from "./traffic-filter.ts";
import { type TrafficBatch, trafficFilterSchema } from "./traffic-shape.ts";
import { KEPT_FRAMES, TrafficWatch, type WatchedLine } from "./traffic-watch.ts";

const ID = Uint8Array.from({ length: 16 }, (_, index) => 0xa0 + index);
const rated = (level: number): Message => ({
  type: "rated",
  ...{ eventNo: 7, requestId: ID, level, sinceOpenMs: 2500, unixMs: 0, bootCount: 3 },
});

const wire = (message: Message, { secured = false, sequence = 4 } = {}): Uint8Array => {
  const payload = encodePayload(message).slice();
  const tail = secured ? Uint8Array.from({ length: 12 }, () => 0xee) : new Uint8Array(0);
  const header = { flags: secured ? SECURED_FLAG : 0, type: MESSAGES[message.type].id, session: 0x1234, sequence, acknowledgement: 9 };
  return new FrameWriter(4096).encode(header, Uint8Array.from([...payload, ...tail])).slice();
};

const watch = (keypad: WatchedLine["keypad"] = null) => {
  const time = new VirtualTimers();
  const batches: TrafficBatch[] = [];
  const taps = new Set<Parameters<WatchedLine["tap"]>[0]>();
  const line: WatchedLine = {
    windowNo: "12",
    keypad,
    tap: (tap) => {
      taps.add(tap);
      return () => taps.delete(tap);
    },
  };
  const clock = { wallMs: () => 1_760_000_000_000 + time.now, monotonicMs: () => time.now };
  const watching = new TrafficWatch({ lines: [line], clock, timers: time, tell: (batch) => batches.push(batch) });
  return {
    batches,
    taps,
    time,
    watching,
    say: (direction: "in" | "out", bytes: Uint8Array) => {
      for (const tap of taps) tap.bytes(direction, bytes);
    },
    /** All that was told until now. */
    told: () => {
      time.pass(1000);
      return batches.flatMap(({ frames }) => frames);
    },
  };
};

describe("The live view of a line of the pad protocol", () => {
  test("reads each frame by the declaration of its message, with session, numbers, size and bytes, in both directions", () => {
    const { say, told } = watch();
    const bytes = wire({ type: "openRating", requestId: ID, timeoutMs: 30_000, voice: 2, labels: [] });
    say("out", bytes.subarray(0, 9));
    say("out", bytes.subarray(9));
    say("in", wire({ type: "pong", token: 513 }));
    const [first, second] = told();
    expect(first).toMatchObject({
      ...{ no: 1, windowNo: "12", direction: "out", is: "frame", type: "openRating", hides: null, atMs: 1_760_000_000_000 },
      header: { session: 0x1234, sequence: 4, acknowledgement: 9, secured: false },
      fields: [
        ["requestId", "a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf"],
        ["timeoutMs", "30000"],
        ["voice", "2"],
        ["labels", ""],
      ],
    });
    expect(first?.hex).toMatch(/^01 14 34 12 04 09 A0 A1 .* AF 30 75 00 00 02 00 00$/);
    expect(second).toMatchObject({ direction: "in", type: "pong", fields: [["token", "513"]], hex: "01 03 34 12 04 09 01 02" });
  });

  test.each([false, true])(
    "tells the same of a rating whatever its level is, and hides the level also in its bytes (secured: %s)",
    (secured) => {
      const views = [1, 2, 3, 4, 5].map((level) => {
        const { say, told } = watch();
        // A tag would be another for every level.
        const bytes = wire(rated(level), { secured });
        say("in", bytes);
        return told();
      });
      for (const view of views) expect(view).toEqual(views[0]);
      expect(views[0]).toMatchObject([{ type: "rated", hides: "level", header: { secured } }]);
      expect(views[0]?.[0]?.fields).toContainEqual(["level", null]);
      expect(views[0]?.[0]?.hex).toContain("AF ·· C4 09 00 00");
      expect(views[0]?.[0]?.hex.includes("EE")).toBe(false);
    },
  );

  test("hides what else tells a level, who somebody is, and what a pairing is made of; and shows keys in a test of the pad", () => {
    const status = { requestId: ID, pendingEvents: 0, lostEvents: 0, keysDown: 8, faults: 0, uptimeMs: 1 };
    const touched = { eventNo: 1, requestId: ID, level: 2, reasonList: "2020", reasons: [207], sealed: ID, sealedFor: ID.slice(0, 8) };
    const hidden: [Message, string[], string][] = [
      [{ type: "status", phase: "inviting", ...status }, ["keysDown"], "level"],
      [{ type: "keyStuck", eventNo: 2, key: 4 }, ["key"], "level"],
      [{ type: "logLines", from: 1, count: 1, text: "key 4\n" }, ["text"], "level"],
      [
        { type: "touchRated", ...touched, completed: "confirmed", language: "zh-CN", sinceOpenMs: 1, unixMs: 0, bootCount: 1 },
        ["level", "reasons", "sealed"],
        "level",
      ],
      [
        { type: "staffCard", staffNo: "1001", name: "张三样例", title: "", photo: "photo/1", stars: 0, partyEmblem: false },
        ["name", "photo"],
        "person",
      ],
      [{ type: "notice", text: "请李四样例到 3 号窗口", durationMs: 0 }, ["text"], "person"],
      [{ type: "pairingReveal", nonce: ID }, ["nonce"], "secret"],
    ];
    for (const [message, names, hides] of hidden) {
      const { say, told } = watch();
      say("in", wire(message, { secured: true }));
      const [frame] = told();
      expect([message.type, frame?.fields.filter(([, value]) => value === null).map(([name]) => name), frame?.hides]).toEqual([
        message.type,
        names,
        hides,
      ]);
      expect(JSON.stringify(frame)).not.toMatch(/张三|李四|E5 BC A0|"207"/);
    }
    const { say, told } = watch();
    say("in", wire({ type: "status", phase: "testing", ...status }));
    expect(told()[0]?.fields).toContainEqual(["keysDown", "8"]);
  });

  test("tells of bytes that were thrown away why and how many, of a message that cannot be read no byte of it", () => {
    const { say, told } = watch();
    const damaged = wire(rated(5));
    damaged[12] = (damaged[12] ?? 0) ^ 0x40;
    say("in", damaged);
    say("in", new FrameWriter().encode({ flags: 0, type: 0x30, session: 1, sequence: 1, acknowledgement: 0 }, Uint8Array.of(5, 5, 5)));
    say("in", new FrameWriter().encode({ flags: 0, type: 0x3f, session: 1, sequence: 2, acknowledgement: 0 }, Uint8Array.of(5)));
    expect(told()).toMatchObject([
      { is: "fault", type: "bad-checksum", bytes: damaged.length - 1, hex: "", fields: [] },
      {
        is: "frame",
        type: "rated",
        hides: "level",
        fields: [["malformed", "eventNo: ends after 3 bytes, 4 were needed"]],
        hex: "01 30 01 00 01 00 ·· ·· ··",
      },
      { is: "frame", type: "0x3f", hides: "level", fields: [], hex: "01 3F 01 00 02 00 ··" },
    ]);
    expect(messageName(0x3f)).toBeUndefined();
  });

  test("takes any bytes", () => {
    const { say, told } = watch();
    let seed = 7;
    for (let turn = 0; turn < 3000; turn++) {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      say(
        turn % 2 === 0 ? "in" : "out",
        Uint8Array.from({ length: seed % 40 }, (_, index) => (seed >> (index % 24)) & (turn % 3 === 0 ? 0x03 : 0xff)),
      );
    }
    expect(told().length).toBeGreaterThan(0);
  });
});

describe("A watch", () => {
  test("tells at most five times a second and a hundred frames at once, the newest, and counts what it left out", () => {
    const { say, batches, time } = watch();
    const ping = wire({ type: "ping", token: 1 });
    for (let turn = 0; turn < 1000; turn++) {
      say("out", ping);
      if (turn % 10 === 9) time.pass(10);
    }
    time.pass(1000);
    expect(batches.length).toBeLessThanOrEqual(6);
    expect(batches.every(({ frames }) => frames.length <= 100)).toBe(true);
    const told = batches.reduce((sum, { frames }) => sum + frames.length, 0);
    expect(told + (batches.at(-1)?.dropped ?? 0)).toBe(1000);
    expect(batches.at(-1)?.frames.at(-1)?.no).toBe(1000);
  });

  test("keeps the newest five hundred frames of a line to be saved", () => {
    const { say, watching } = watch();
    for (let turn = 0; turn < KEPT_FRAMES + 20; turn++) say("out", wire({ type: "ping", token: turn }));
    expect([watching.frames.length, watching.frames[0]?.no, watching.frames.at(-1)?.no]).toEqual([KEPT_FRAMES, 21, KEPT_FRAMES + 20]);
  });

  test("that has ended looks on no more, and tells nothing that was left", () => {
    const { say, watching, taps, batches, time } = watch();
    say("out", wire({ type: "ping", token: 1 }));
    watching.end();
    time.pass(1000);
    expect([taps.size, batches, time.waiting]).toEqual([0, [], 0]);
  });

  test("is asked for a direction, a type, a text, and to leave the heartbeats out", () => {
    const { say, told } = watch();
    say("out", wire({ type: "ping", token: 77 }));
    say("in", wire({ type: "pong", token: 77 }));
    say("in", wire({ type: "booted", eventNo: 1, bootCount: 9, cause: "watchdog" }));
    const frames = told();
    const chosen = (filter: object) =>
      frames.filter((frame) => fitsFilter(frame, trafficFilterSchema.parse(filter))).map(({ type }) => type);
    expect(chosen({})).toEqual(["ping", "pong", "booted"]);
    expect(chosen({ direction: "in" })).toEqual(["pong", "booted"]);
    expect(chosen({ type: "ping" })).toEqual(["ping"]);
    expect(chosen({ beats: false })).toEqual(["booted"]);
    expect(chosen({ text: "WatchDog" })).toEqual(["booted"]);
    expect(chosen({ text: "77" })).toEqual(["ping", "pong"]);
    expect(chosen({ windowNo: "13" })).toEqual([]);
  });
});

describe("The live view of another maker's pad", () => {
  const profile = findProfile("generic/xor-five-key");
  if (profile.protocol !== "keypad") throw new Error("no keypad");
  const protocol = KeypadProtocol.of(profile.keypad);
  const request = (name: Parameters<KeypadProtocol["request"]>[0], numbers = {}, after?: Parameters<KeypadProtocol["request"]>[2]) => {
    const frames = protocol.request(name, numbers, after);
    if (typeof frames === "string") throw new Error(frames);
    return frames[0] ?? new Uint8Array(0);
  };

  test("tells a press, and never which: all keys look the same", () => {
    const levels = profile.keypad.keys.filter((key) => key.level !== undefined);
    expect(levels.length).toBe(5);
    const views = levels.map((key) => {
      const { say, told } = watch(profile.keypad);
      say("in", protocol.keyFrame(key));
      return told();
    });
    for (const view of views) expect(view).toEqual(views[0]);
    expect(views[0]).toMatchObject([
      { direction: "in", is: "frame", type: "key", fields: [["key", null]], hides: "level", bytes: null, hex: "" },
    ]);
  });

  test("names our requests, and shows the bytes of those that repeat nothing that was pressed", () => {
    const { say, told } = watch(profile.keypad);
    say("out", request("startRating", { seconds: 30 }));
    const [frame] = told();
    expect(frame).toMatchObject({ direction: "out", is: "frame", hides: null });
    expect(frame?.type).toContain("startRating");
    expect(frame?.hex.length).toBeGreaterThan(0);
  });

  test("tells of noise and of half a frame that they were thrown away, without a byte of them", () => {
    const { say, told } = watch(profile.keypad);
    const [key] = profile.keypad.keys;
    if (key === undefined) throw new Error("no key");
    say("in", protocol.keyFrame(key).slice(0, -1));
    const frames = told();
    expect(frames.length).toBeGreaterThan(0);
    for (const frame of frames) expect(frame).toMatchObject({ is: "fault", hides: "level", hex: "", fields: [] });
  });
});
