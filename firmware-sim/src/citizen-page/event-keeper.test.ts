import type { PadEvent } from "@window-rating/protocol/pad";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededBytes, seededRandom } from "../faults/seeded-random.ts";
import { changed, emptyContents, type StoreChange } from "../store/event-store.ts";
import { encodeRecords } from "../store/log.ts";
import { EventKeeper } from "./event-keeper.ts";
import { TestRows } from "./test/rows.ts";

const random = seededBytes(seededRandom(1));
const rated = (eventNo: number): PadEvent => ({
  type: "rated",
  eventNo,
  requestId: new Uint8Array(16).fill(eventNo % 256),
  level: ((eventNo % 5) + 1) as 1 | 2 | 3 | 4 | 5,
  ...{ sinceOpenMs: 900, unixMs: 1_760_000_000_000, bootCount: 1 },
});
const kept = (eventNo: number): StoreChange => ({ is: "event", event: rated(eventNo) });

describe("the event store of a page", () => {
  test("is on the disk with its id before it is used", async () => {
    const rows = new TestRows();
    const { storeId } = (await EventKeeper.open(rows, random)).contents;
    expect((await EventKeeper.open(rows, random)).contents).toEqual(emptyContents(storeId));
  });

  test("gives back when the page is loaded anew what was kept and not stored, and the pairing key", async () => {
    const rows = new TestRows();
    const keeper = await EventKeeper.open(rows, random);
    const key = new Uint8Array(32).fill(4);
    await keeper.apply({ is: "booted", bootCount: 1 });
    await keeper.apply({ is: "paired", key });
    for (let eventNo = 1; eventNo <= 450; eventNo++) {
      await keeper.apply(kept(eventNo));
      if (eventNo < 448) await keeper.apply({ is: "stored", eventNo });
    }
    expect(rows.kept.length).toBeLessThan(210);
    const again = await EventKeeper.open(rows, random);
    expect(again.contents).toEqual(keeper.contents);
    expect(again.contents).toMatchObject({ lastEventNo: 450, pending: [rated(448), rated(449), rated(450)], pairingKey: key });
  });

  test("has no row with a key that it gave up", async () => {
    const rows = new TestRows();
    const keeper = await EventKeeper.open(rows, random);
    await keeper.apply({ is: "paired", key: new Uint8Array(32).fill(0xab) });
    await keeper.apply({ is: "unpaired" });
    expect(rows.kept.map((row) => Buffer.from(row).toString()).join("")).not.toContain("abab");
  });

  test("makes no change that cannot be written, and makes the next one that can", async () => {
    const rows = new TestRows();
    const keeper = await EventKeeper.open(rows, random);
    rows.refusal = new Error("the disk is full");
    await expect(keeper.apply(kept(1))).rejects.toThrow("full");
    rows.refusal = undefined;
    await keeper.apply(kept(1));
    expect(keeper.contents.pending).toEqual([rated(1)]);
    expect((await EventKeeper.open(rows, random)).contents.pending).toEqual([rated(1)]);
  });

  test("gives no number twice after a damage, keeps what can be read, and puts the rest aside", async () => {
    const rows = new TestRows();
    const keeper = await EventKeeper.open(rows, random);
    for (let eventNo = 1; eventNo <= 9; eventNo++) await keeper.apply(kept(eventNo));
    rows.kept = rows.kept.map((row, index) => (index === 4 || index === 9 ? row.map((byte, at) => (at === 40 ? byte ^ 1 : byte)) : row));
    const before = rows.kept;
    const { contents } = await EventKeeper.open(rows, random);
    expect(contents.damaged).toBe(true);
    expect(contents.pending.map(({ eventNo }) => eventNo)).toEqual([1, 2, 3, 5, 6, 7, 8]);
    expect(contents.lastEventNo).toBeGreaterThanOrEqual(9);
    expect(rows.aside).toEqual(before);
    expect((await EventKeeper.open(rows, random)).contents).toEqual({ ...contents, damaged: false });
  });

  test("leaves the store of a newer program as it is", async () => {
    const rows = new TestRows();
    rows.kept = [encodeRecords([{ is: "store", format: 99, storeId: 7 }])];
    await expect(EventKeeper.open(rows, random)).rejects.toMatchObject({ code: "WR9002" });
    expect(rows.kept).toHaveLength(1);
  });

  test("comes to the same as its changes in their order, wherever the power is lost", async () => {
    const change = fc.oneof(
      fc.nat(40).map((eventNo): StoreChange => kept(eventNo + 1)),
      fc.nat(40).map((eventNo): StoreChange => ({ is: "stored", eventNo: eventNo + 1 })),
      fc.nat(9).map((bootCount): StoreChange => ({ is: "booted", bootCount })),
      fc.nat(255).map((byte): StoreChange => ({ is: "paired", key: new Uint8Array(32).fill(byte) })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 60 }), fc.nat(60), async (changes, cut) => {
        const rows = new TestRows();
        const keeper = await EventKeeper.open(rows, random);
        const { storeId } = keeper.contents;
        let model = emptyContents(storeId);
        for (const [index, one] of changes.entries()) {
          if (index === cut) rows.refusal = new Error("the power is gone");
          const isMade = await keeper.apply(one).then(
            () => true,
            () => false,
          );
          if (isMade) model = changed(model, one);
        }
        rows.refusal = undefined;
        expect((await EventKeeper.open(rows, random)).contents).toEqual(model);
      }),
      { numRuns: 100, seed: 4 },
    );
  });
});
