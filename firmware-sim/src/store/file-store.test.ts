import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PadEvent } from "@window-rating/protocol/pad";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { seededBytes, seededRandom } from "../faults/seeded-random.ts";
import { realDisk } from "./disk.ts";
import type { StoreChange } from "./event-store.ts";
import { FileStore } from "./file-store.ts";
import { encodeRecords } from "./log.ts";
import { PowerCut, PowerCutDisk } from "./power-cut-disk.ts";

const PATH = "/pad.store";

const rated = (eventNo: number): PadEvent => ({
  type: "rated",
  eventNo,
  requestId: new Uint8Array(16).fill(eventNo % 256),
  level: ((eventNo % 5) + 1) as 1 | 2 | 3 | 4 | 5,
  sinceOpenMs: 900,
  unixMs: 1_760_000_000_000 + eventNo,
  bootCount: 1,
});
const keyStuck = (eventNo: number): PadEvent => ({ type: "keyStuck", eventNo, key: 3 });

const keep = (store: FileStore, event: (eventNo: number) => PadEvent): PadEvent => {
  const made = event(store.contents.lastEventNo + 1);
  store.apply({ is: "event", event: made });
  return made;
};

const options = (disk: PowerCutDisk, seed = 1) => ({ disk, random: seededBytes(seededRandom(seed)), compactAtBytes: 1500 });

describe("a store in a file", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pad-store-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = (name = "pad.store") =>
    new FileStore(join(folder, name), { disk: realDisk, random: seededBytes(seededRandom(1)), compactAtBytes: 1500 });

  test("gives back after reopening what was kept, in order, without what was forgotten", () => {
    const store = open();
    store.apply({ is: "booted", bootCount: 1 });
    const events = Array.from({ length: 40 }, () => keep(store, rated));
    for (const event of events.slice(0, 38)) store.apply({ is: "stored", eventNo: event.eventNo });
    store.apply({ is: "lost", lostEvents: 4 });
    const { storeId } = store.contents;
    store.close();
    expect(open().contents).toEqual({ storeId, bootCount: 1, lastEventNo: 40, lostEvents: 4, pending: events.slice(38), damaged: false });
  });

  test("knows every rating it ever kept after many compactions, each once", () => {
    const store = open();
    for (let round = 0; round < 100; round++) store.apply({ is: "stored", eventNo: keep(store, rated).eventNo });
    store.close();
    expect(readFileSync(join(folder, "pad.store")).length).toBeLessThan(2000);
    expect(
      open()
        .facts()
        .map((fact) => fact.eventNo),
    ).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  test("does not count the facts of another store whose journal lies beside it", () => {
    const store = open();
    for (let round = 0; round < 20; round++) store.apply({ is: "stored", eventNo: keep(store, rated).eventNo });
    store.close();
    rmSync(join(folder, "pad.store"));
    const other = new FileStore(join(folder, "pad.store"), { disk: realDisk, random: seededBytes(seededRandom(2)) });
    expect(other.facts()).toEqual([]);
    other.close();
  });

  test("refuses a file of a newer format and leaves it untouched", () => {
    const path = join(folder, "pad.store");
    const newer = encodeRecords([{ is: "store", format: 2, storeId: 7 }]);
    writeFileSync(path, newer);
    expect(() => open()).toThrow(/WR9002.*format 2/);
    expect(new Uint8Array(readFileSync(path))).toEqual(newer);
  });

  test("refuses a file that is no store and leaves it untouched", () => {
    const path = join(folder, "pad.store");
    writeFileSync(path, "Dear diary,\n");
    expect(() => open()).toThrow(/WR9002/);
    expect(readFileSync(path, "utf8")).toBe("Dear diary,\n");
  });

  test("refuses a folder in the place of the file", () => {
    expect(() => new FileStore(folder, { disk: realDisk, random: seededBytes(seededRandom(1)) })).toThrow(/WR9002/);
  });
});

describe("a damaged store", () => {
  const filled = () => {
    const disk = new PowerCutDisk();
    const store = new FileStore(PATH, { ...options(disk), compactAtBytes: 1e6 });
    store.apply({ is: "booted", bootCount: 1 });
    for (let count = 0; count < 6; count++) keep(store, rated);
    return { log: disk.read(PATH) as Uint8Array, contents: store.contents };
  };

  test("loses at most the one event whose record holds the damaged byte, and says so", () => {
    const { log, contents } = filled();
    for (let position = 0; position < log.length - 1; position++) {
      const bytes = log.slice();
      bytes[position] = (bytes[position] as number) ^ 0x04;
      const disk = new PowerCutDisk(new Map([[PATH, bytes]]));
      const found = new FileStore(PATH, options(disk)).contents;
      const numbers = found.pending.map((event) => event.eventNo);
      expect(numbers.length).toBeGreaterThanOrEqual(5);
      expect(found.lastEventNo).toBeGreaterThanOrEqual(contents.lastEventNo);
      expect(found.bootCount).toBeGreaterThanOrEqual(contents.bootCount);
      if (found.damaged) expect(disk.read(`${PATH}.damaged`)).toEqual(bytes);
      else expect(found.pending).toEqual(contents.pending);
    }
  });

  test("is whole again at the next start and reuses no number", () => {
    const { log } = filled();
    const bytes = log.slice();
    bytes[log.length - 20] = 0x20;
    const disk = new PowerCutDisk(new Map([[PATH, bytes]]));
    const store = new FileStore(PATH, options(disk));
    expect(store.contents.damaged).toBe(true);
    expect(keep(store, keyStuck).eventNo).toBeGreaterThan(6);
    const again = new FileStore(PATH, options(disk)).contents;
    expect(again.damaged).toBe(false);
    expect(again.pending).toEqual(store.contents.pending);
  });
});

describe("a full disk", () => {
  test("fails the change, and the store goes on with the same number when there is room again", () => {
    const disk = new PowerCutDisk();
    const store = new FileStore(PATH, options(disk));
    keep(store, rated);
    disk.isFull = true;
    expect(() => keep(store, rated)).toThrow(/ENOSPC/);
    expect(() => keep(store, rated)).toThrow(/ENOSPC/);
    expect(store.contents.lastEventNo).toBe(1);
    disk.isFull = false;
    const event = keep(store, keyStuck);
    expect(event.eventNo).toBe(2);
    const found = new FileStore(PATH, options(disk)).contents;
    expect(found.damaged).toBe(false);
    expect(found.pending).toEqual([rated(1), keyStuck(2)]);
  });
});

describe("a power cut", () => {
  /** What a run of the pad asks of its store. */
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.constant("rated" as const) },
    { weight: 1, arbitrary: fc.constant("note" as const) },
    { weight: 4, arbitrary: fc.constant("stored" as const) },
    { weight: 1, arbitrary: fc.constant("lost" as const) },
  );
  const run = fc.record({ steps: fc.array(step, { maxLength: 40 }), units: fc.integer({ min: 0, max: 8000 }) });

  test("at any byte of any write loses no event that was reported kept, doubles none and turns no number back (I2)", () => {
    fc.assert(
      fc.property(fc.array(run, { minLength: 1, maxLength: 6 }), fc.integer(), (runs, seed) => {
        const random = seededRandom(seed);
        let disk = new PowerCutDisk();
        const told = { storeId: undefined as number | undefined, bootCount: 0, lastEventNo: 0, lostEvents: 0 };
        const kept = new Map<number, PadEvent>();
        const forgotten = new Set<number>();
        // The event in whose write the power went: it may be there or not.
        let doubtful: PadEvent | undefined;

        const check = (store: FileStore) => {
          const { contents } = store;
          const numbers = contents.pending.map((event) => event.eventNo);
          expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
          for (const [eventNo, event] of kept) {
            if (!forgotten.has(eventNo)) expect(contents.pending).toContainEqual(event);
          }
          for (const event of contents.pending) {
            if (!kept.has(event.eventNo)) expect(event).toEqual(doubtful);
          }
          expect(contents.lastEventNo).toBeGreaterThanOrEqual(told.lastEventNo);
          expect(contents.bootCount).toBeGreaterThanOrEqual(told.bootCount);
          expect(contents.damaged).toBe(false);
          if (told.storeId !== undefined) expect(contents.storeId).toBe(told.storeId);
          const facts = store.facts().map((fact) => fact.eventNo);
          expect(facts).toEqual([...new Set(facts)].sort((one, other) => one - other));
          for (const [eventNo, event] of kept) if (event.type === "rated") expect(facts).toContain(eventNo);
        };

        for (const { steps, units } of runs) {
          disk.unitsLeft = units;
          try {
            const store = new FileStore(PATH, { disk, random: seededBytes(random), compactAtBytes: 900 });
            check(store);
            // An event that was found is offered from now on, so it must stay.
            for (const event of store.contents.pending) kept.set(event.eventNo, event);
            told.storeId = store.contents.storeId;
            told.lastEventNo = store.contents.lastEventNo;
            told.bootCount = store.contents.bootCount;
            const apply = (change: StoreChange) => store.apply(change);
            apply({ is: "booted", bootCount: store.contents.bootCount + 1 });
            told.bootCount++;
            for (const what of steps) {
              if (what === "stored") {
                const oldest = store.contents.pending[0];
                if (oldest === undefined) continue;
                forgotten.add(oldest.eventNo);
                apply({ is: "stored", eventNo: oldest.eventNo });
              } else if (what === "lost") {
                apply({ is: "lost", lostEvents: store.contents.lostEvents + 1 });
              } else {
                const eventNo = store.contents.lastEventNo + 1;
                doubtful = what === "rated" ? rated(eventNo) : keyStuck(eventNo);
                apply({ is: "event", event: doubtful });
                kept.set(eventNo, doubtful);
                told.lastEventNo = eventNo;
              }
            }
          } catch (error) {
            if (!(error instanceof PowerCut)) throw error;
          }
          disk = disk.afterPowerCut(random);
        }
        check(new FileStore(PATH, { disk, random: seededBytes(random) }));
      }),
      { numRuns: 400 },
    );
  });
});
