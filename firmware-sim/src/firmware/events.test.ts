import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KeyNo } from "../face.ts";
import { seededBytes, seededRandom } from "../faults/seeded-random.ts";
import { FileStore } from "../store/file-store.ts";
import { PowerCut, PowerCutDisk } from "../store/power-cut-disk.ts";
import { FirmwareBench, requestsOf } from "./firmware-bench.ts";

const numbersOf = (events: readonly { readonly eventNo: number }[]): number[] => events.map((event) => event.eventNo);

describe("an event", () => {
  test("is offered again every two seconds as a new message until it is stored, and nothing else meanwhile", () => {
    const bench = new FirmwareBench();
    bench.storesEvents = false;
    bench.open();
    bench.press(5);
    bench.open();
    bench.press(1);
    expect(bench.ratings).toHaveLength(1);
    bench.pass(6100);
    expect(numbersOf(bench.ratings)).toEqual([2, 2, 2, 2]);
    bench.send({ type: "stored", eventNo: 2 });
    expect(numbersOf(bench.ratings)).toEqual([2, 2, 2, 2, 3]);
  });

  test("is offered from the oldest on in every new session", () => {
    const bench = new FirmwareBench();
    bench.storesEvents = false;
    for (const key of [1, 2, 3] as const) {
      bench.open();
      bench.press(key);
    }
    bench.storesEvents = true;
    bench.hostCalls();
    expect(bench.ratings.map((rating) => rating.level)).toEqual([1, 1, 2, 3]);
    expect(bench.show.pendingEvents).toBe(0);
  });

  test("is forgotten once: a repeated, an early and an unknown stored change nothing (I4)", () => {
    const bench = new FirmwareBench();
    bench.storesEvents = false;
    bench.open();
    bench.press(5);
    for (const eventNo of [99, 4, 2, 2, 1, 2]) bench.send({ type: "stored", eventNo });
    bench.hostCalls();
    bench.storesEvents = true;
    bench.open();
    bench.press(2);
    bench.pass(5000);
    expect(bench.ratings.map((rating) => [rating.eventNo, rating.level])).toEqual([
      [2, 5],
      [3, 2],
    ]);
  });

  test("keeps its number over a loss of power and gets a new one never used before", () => {
    const bench = new FirmwareBench();
    bench.storesEvents = false;
    bench.open();
    bench.press(5);
    bench.powerCycle();
    bench.storesEvents = true;
    bench.pass(3000);
    expect(bench.events.slice(-2)).toMatchObject([
      { type: "rated", eventNo: 2, bootCount: 1 },
      { type: "booted", eventNo: 3, bootCount: 2 },
    ]);
    bench.powerCycle();
    bench.pass(3000);
    expect(bench.events.at(-1)).toMatchObject({ type: "booted", eventNo: 4, bootCount: 3 });
  });
});

describe("while the cable is out", () => {
  test("the citizen may still press, and the rating is delivered with its request when the cable is back (I2, I3)", () => {
    const bench = new FirmwareBench();
    const requestId = bench.open(bench.newRequest(), { timeoutMs: 60_000 });
    bench.isPlugged = false;
    bench.pass(10_000);
    expect(bench.show).toMatchObject({ phase: "inviting", isReady: false });
    bench.press(4);
    expect(bench.show.phase).toBe("chosen");
    bench.pass(5000);
    expect(bench.ratings).toEqual([]);
    bench.isPlugged = true;
    bench.pass(3000);
    expect(requestsOf(bench.ratings)).toEqual([requestId]);
    expect(bench.ratings[0]).toMatchObject({ level: 4, sinceOpenMs: 10_000 });
    expect(bench.show.pendingEvents).toBe(0);
  });

  test("a late press still lands on its own request after the next was opened (I3)", () => {
    const bench = new FirmwareBench();
    const first = bench.open(bench.newRequest(), { timeoutMs: 600_000 });
    bench.isPlugged = false;
    bench.pass(5000);
    bench.press(2);
    bench.isPlugged = true;
    bench.storesEvents = false;
    bench.pass(3000);
    const second = bench.open();
    bench.press(5);
    bench.storesEvents = true;
    bench.pass(3000);
    const byRequest = new Map(bench.ratings.map((rating) => [requestsOf([rating])[0], rating.level]));
    expect([...byRequest]).toEqual([
      [first, 2],
      [second, 5],
    ]);
  });

  test("a request that is asked again after the reconnect goes on as it was", () => {
    const bench = new FirmwareBench();
    const requestId = bench.open(bench.newRequest(), { timeoutMs: 60_000 });
    bench.isPlugged = false;
    bench.pass(10_000);
    bench.isPlugged = true;
    bench.pass(3000);
    const { remainingMs } = bench.show;
    bench.open(requestId, { timeoutMs: 60_000 });
    expect(bench.show).toMatchObject({ phase: "inviting", remainingMs });
  });

  test("a loss of power ends the request that is shown without a rating", () => {
    const bench = new FirmwareBench();
    bench.open();
    bench.powerCycle();
    bench.pass(3000);
    expect(bench.show.phase).toBe("idle");
    bench.press(5);
    expect(bench.ratings).toEqual([]);
  });
});

describe("a full event store", () => {
  const rate = (bench: FirmwareBench, key: KeyNo = 5): void => {
    bench.open();
    bench.press(key);
  };

  test("keeps every rating, counts other events as lost, and refuses the next request", () => {
    const bench = new FirmwareBench({ capacity: 4 });
    bench.storesEvents = false;
    for (let count = 0; count < 4; count++) rate(bench);
    bench.open();
    expect(bench.refusals).toEqual(["storeFull"]);
    expect(bench.statuses.at(-1)).toMatchObject({ faults: 1, pendingEvents: 4, lostEvents: 0 });
    bench.powerCycle();
    bench.pass(3000);
    expect(bench.statuses.at(-1)).toMatchObject({ faults: 1, pendingEvents: 4, lostEvents: 1 });
    bench.storesEvents = true;
    bench.pass(3000);
    expect(new Set(numbersOf(bench.ratings))).toEqual(new Set([2, 3, 4, 5]));
    bench.open();
    expect(bench.show.phase).toBe("inviting");
  });

  test("holds a place for the rating that is shown: no other event takes it", () => {
    const bench = new FirmwareBench({ capacity: 2 });
    bench.storesEvents = false;
    bench.key("keyDown", 1);
    bench.pass(100);
    bench.key("keyDown", 2);
    bench.pass(100);
    bench.open(bench.newRequest(), { timeoutMs: 60_000 });
    bench.pass(11_000);
    expect(bench.statuses.at(-1)).toMatchObject({ phase: "inviting", faults: 4 });
    expect(bench.show.pendingEvents).toBe(1);
    bench.press(3);
    expect(bench.show).toMatchObject({ phase: "chosen", pendingEvents: 2 });
    bench.storesEvents = true;
    bench.pass(3000);
    expect(bench.ratings).toMatchObject([{ level: 3 }]);
    bench.send({ type: "askStatus" });
    expect(bench.statuses.at(-1)).toMatchObject({ lostEvents: 1 });
  });
});

describe("a store that cannot be written", () => {
  test("shows a fault instead of a choice, refuses, and mends itself when there is room again", () => {
    const disk = new PowerCutDisk();
    const openStore = () => new FileStore("/pad", { disk, random: seededBytes(seededRandom(3)) });
    const bench = new FirmwareBench({ openStore });
    const requestId = bench.open();
    disk.isFull = true;
    bench.press(4);
    expect(bench.show).toMatchObject({ phase: "fault", lamps: ["fault", "fault", "fault", "fault", "fault"] });
    expect(bench.phases).not.toContain("chosen");
    bench.open(requestId);
    expect(bench.refusals).toEqual(["fault"]);
    bench.pass(12_000);
    expect(bench.show.phase).toBe("fault");
    disk.isFull = false;
    bench.pass(5000);
    expect(bench.show.phase).toBe("idle");
    expect(bench.events.at(-1)).toMatchObject({ type: "fault", code: 1 });
    bench.open(requestId);
    bench.press(4);
    expect(requestsOf(bench.ratings)).toEqual([requestId]);
  });

  test("from the first start on keeps the pad mute until it can be written", () => {
    const disk = new PowerCutDisk();
    const openStore = () => new FileStore("/pad", { disk, random: seededBytes(seededRandom(3)) });
    openStore().close();
    disk.isFull = true;
    const bench = new FirmwareBench({ openStore });
    bench.pass(6000);
    expect(bench.show).toMatchObject({ phase: "fault", isReady: false });
    disk.isFull = false;
    bench.pass(6000);
    expect(bench.show).toMatchObject({ phase: "idle", isReady: true });
    expect(bench.events[0]).toMatchObject({ type: "booted", bootCount: 1 });
  });
});

test("a damaged store is a fault in the status and an event, and its readable ratings are delivered", () => {
  const disk = new PowerCutDisk();
  const openStore = () => new FileStore("/pad", { disk, random: seededBytes(seededRandom(3)) });
  const bench = new FirmwareBench({ openStore });
  bench.storesEvents = false;
  bench.open();
  bench.press(4);
  bench.open();
  bench.press(2);
  const log = disk.read("/pad") as Uint8Array;
  log[log.length - 30] = 0;
  bench.powerCycle();
  bench.storesEvents = true;
  bench.pass(3000);
  expect(bench.statuses.at(-1)?.faults).toBe(2);
  expect(new Set(bench.ratings.map((rating) => rating.level))).toEqual(new Set([4]));
  expect(bench.events.at(-1)).toMatchObject({ type: "fault", code: 1 });
});

test("a power cut at any write between press and stored loses no choice that was shown or sent, and doubles none (I2, I4)", () => {
  let cuts = 0;
  for (let units = 0; ; units += 3) {
    const random = seededRandom(units);
    let disk = new PowerCutDisk();
    const openStore = () => new FileStore("/pad", { disk, random: seededBytes(random), compactAtBytes: 700 });
    const bench = new FirmwareBench({ openStore, shred: true, seed: units });
    bench.pass(100);
    disk.unitsLeft = units;
    let requestId = bench.open();
    let wasCut = false;
    try {
      bench.press(4);
      bench.pass(5000);
      requestId = bench.open();
      bench.press(3);
      bench.pass(5000);
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      wasCut = true;
    }
    const wasShown = bench.phases.at(-1) === "chosen";
    const sentBefore = new Set(requestsOf(bench.ratings));
    disk = disk.afterPowerCut(random);
    bench.powerCycle();
    bench.pass(6000);
    const sent = new Set(requestsOf(bench.ratings));
    if (wasShown) expect(sent).toContain(requestId);
    for (const request of sentBefore) expect(sent).toContain(request);
    // A rating may be offered more than once, always as the same event.
    const eventByRequest = new Map(bench.ratings.map((rating) => [requestsOf([rating])[0], rating.eventNo]));
    expect(new Set(numbersOf(bench.ratings)).size).toBe(eventByRequest.size);
    expect(bench.show.pendingEvents).toBe(0);
    if (!wasCut) break;
    cuts++;
  }
  expect(cuts).toBeGreaterThan(100);
});

describe("bytes from the wire", () => {
  test("that are noise never throw, light no lamp and make no event (I7)", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 30 }), (chunks) => {
        const bench = new FirmwareBench();
        bench.isPlugged = false;
        for (const chunk of chunks) {
          bench.raw(chunk);
          bench.pass(1);
        }
        expect(bench.show.phase).toBe("idle");
        expect(bench.store.contents.lastEventNo).toBe(1);
      }),
      { numRuns: 200 },
    );
  });

  test("that are valid commands with any values in any order never throw, and never make a rating without a key", () => {
    const requestId = fc.constantFrom(new Uint8Array(16), new Uint8Array(16).fill(7), new Uint8Array(16).fill(255));
    const command = fc.oneof(
      fc.record({
        type: fc.constant("openRating" as const),
        requestId,
        timeoutMs: fc.integer({ min: 1000, max: 600_000 }),
        voice: fc.integer({ min: 0, max: 65_535 }),
        labels: fc.array(fc.string({ unit: "grapheme", maxLength: 4 }), { maxLength: 5 }),
      }),
      fc.record({ type: fc.constant("cancelRating" as const), requestId }),
      fc.record({ type: fc.constant("setTime" as const), unixMs: fc.constantFrom(0, 1, 2 ** 48 - 1) }),
      fc.record({ type: fc.constant("stored" as const), eventNo: fc.integer({ min: 1, max: 2 ** 32 - 1 }) }),
      fc.record({ type: fc.constant("identify" as const), durationMs: fc.integer({ min: 0, max: 60_000 }) }),
      fc.record({
        type: fc.constant("configure" as const),
        debounceMs: fc.integer({ min: 5, max: 200 }),
        volume: fc.integer({ min: 0, max: 100 }),
        brightness: fc.integer({ min: 0, max: 100 }),
        thanksMs: fc.integer({ min: 0, max: 10_000 }),
        language: fc.constantFrom("", "zh-CN", "en"),
      }),
      fc.constantFrom({ type: "idle" as const }, { type: "askStatus" as const }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(command, fc.integer({ min: 0, max: 20_000 })), { maxLength: 30 }), fc.integer(), (commands, seed) => {
        const bench = new FirmwareBench({ shred: true, seed });
        for (const [message, wait] of commands) {
          bench.send(message);
          bench.pass(wait);
        }
        expect(bench.ratings).toEqual([]);
        bench.open(bench.newRequest());
        bench.press(5, 201);
        expect(bench.ratings).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  });
});

test("whole days of use, with cables pulled and power cut at random, lose, double and misbind nothing (I2, I3, I4)", () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = seededRandom(seed);
      const bench = new FirmwareBench({ shred: true, seed });
      const pressed = new Map<string, number>();
      for (let citizen = 0; citizen < 40; citizen++) {
        bench.open();
        if (random() < 0.3) bench.isPlugged = !bench.isPlugged;
        bench.storesEvents = random() < 0.7;
        bench.pass(random() * 12_000);
        const key = (1 + Math.floor(random() * 5)) as KeyNo;
        const shown = bench.show;
        bench.press(key);
        if (shown.phase === "inviting" && shown.requestId !== null && bench.phases.at(-1) === "chosen") pressed.set(shown.requestId, key);
        if (random() < 0.2) bench.powerCycle();
        bench.pass(random() * 4000);
      }
      bench.isPlugged = true;
      bench.storesEvents = true;
      bench.pass(10_000);
      const received = new Map(bench.ratings.map((rating) => [requestsOf([rating])[0] as string, rating.level]));
      expect(new Map([...received].sort())).toEqual(new Map([...pressed].sort()));
      expect(new Set(numbersOf(bench.ratings)).size).toBe(pressed.size);
      expect(bench.show.pendingEvents).toBe(0);
    }),
    { numRuns: 40 },
  );
});
