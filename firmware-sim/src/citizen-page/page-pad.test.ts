import { requestIdFromBytes } from "@window-rating/protocol/rating";
import { afterEach, describe, expect, test, vi } from "vitest";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { seededBytes, seededRandom } from "../faults/seeded-random.ts";
import { PadFiles } from "../files/pad-files.ts";
import { WindowPc } from "../test/window-pc.ts";
import { EventKeeper } from "./event-keeper.ts";
import { KeptDisk } from "./kept-disk.ts";
import { PagePad } from "./page-pad.ts";
import { TestRows } from "./test/rows.ts";

const random = seededBytes(seededRandom(3));
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A page's pad on rows that outlive it, and a window PC at the other end of its line. */
class Bench {
  readonly clock = new VirtualClock();
  readonly pc = new WindowPc();
  hasLine = false;
  pad: PagePad;

  readonly rows: TestRows;

  private constructor(rows: TestRows, events: EventKeeper) {
    this.rows = rows;
    this.pad = this.#load(events);
  }

  static async open(): Promise<Bench> {
    const rows = new TestRows();
    const bench = new Bench(rows, await EventKeeper.open(rows, random));
    await settled();
    return bench;
  }

  #load(events: EventKeeper): PagePad {
    const pad: PagePad = new PagePad({
      ...{ events, random, version: "1.0.0", clock: this.clock, changed: () => undefined, hasLine: () => this.hasLine },
      files: new PadFiles("pad", new KeptDisk(new Map(), async () => undefined)),
      write: (bytes) => {
        const copy = bytes.slice();
        if (this.hasLine && this.pad === pad) queueMicrotask(() => this.pc.take(copy));
      },
    });
    pad.start();
    return pad;
  }

  /** The page is loaded anew: what it had in memory is gone. */
  async reload(): Promise<void> {
    this.cut();
    this.pad = this.#load(await EventKeeper.open(this.rows, random));
    await settled();
  }

  async plug(): Promise<void> {
    this.hasLine = true;
    this.pc.connect((bytes) => this.hasLine && this.pad.bytes(bytes));
    await this.pc.untilReady();
  }

  cut(): void {
    this.hasLine = false;
    this.pc.disconnect();
  }

  get scene(): string | undefined {
    return this.pad.face.screen?.scene.is;
  }

  async ask(): Promise<string> {
    const requestId = this.pc.open();
    await vi.waitUntil(() => this.scene === "options");
    return requestId;
  }

  touch(requestId: string, level: 1 | 2 | 3 | 4 | 5): void {
    this.pad.touch({ do: "level", requestId: requestId as never, level });
  }
}

describe("a pad that is a page", () => {
  let bench: Bench;
  afterEach(() => bench.cut());

  test("counts a press when it is on the disk and not before: nothing is shown or told of it until then (I2)", async () => {
    bench = await Bench.open();
    await bench.plug();
    const requestId = await bench.ask();
    bench.rows.isHeld = true;
    bench.touch(requestId, 4);
    await settled();
    expect(bench.scene).not.toBe("thanks");
    expect(bench.pc.ratings.size).toBe(0);
    bench.touch(requestId, 1);
    bench.rows.release();
    await vi.waitUntil(() => bench.scene === "thanks");
    await vi.waitUntil(() => bench.pc.ratings.size === 1);
    expect(bench.pc.ratings.get(requestId as never)).toBe(4);
  });

  test("says that it is out of order when the browser keeps nothing, takes no press, and is well again by itself", async () => {
    bench = await Bench.open();
    await bench.plug();
    const requestId = await bench.ask();
    bench.rows.refusal = new Error("QuotaExceededError");
    bench.touch(requestId, 5);
    await vi.waitUntil(() => bench.pad.face.phase === "fault");
    await settled();
    expect(bench.pc.ratings.size).toBe(0);
    bench.rows.refusal = undefined;
    bench.clock.run(5001);
    await vi.waitUntil(() => bench.pad.face.phase === "idle");
    const next = await bench.ask();
    bench.touch(next, 2);
    await vi.waitUntil(() => bench.pc.ratings.get(next as never) === 2);
    expect(bench.pc.ratings.size).toBe(1);
  });

  test("keeps a rating without a line and through a reload, and gives it once, to its own request (I2, I3)", async () => {
    bench = await Bench.open();
    await bench.plug();
    const requestId = await bench.ask();
    bench.cut();
    bench.touch(requestId, 3);
    await vi.waitUntil(() => bench.scene === "thanks");
    const { serialNumber } = bench.pad;
    await bench.reload();
    expect(bench.pad.serialNumber).toBe(serialNumber);
    expect(bench.pad.face.pendingEvents).toBeGreaterThan(0);
    await bench.plug();
    await vi.waitUntil(() => bench.pad.face.pendingEvents === 0);
    const told = bench.pc.reports.filter((report) => report.type === "rated");
    expect(told.map((report) => [requestIdFromBytes(report.requestId), report.level])).toEqual([[requestId, 3]]);
  });

  test("starts while its store answers late, and talks to nobody before it is on the disk that it has started", async () => {
    bench = await Bench.open();
    bench.rows.isHeld = true;
    await bench.reload();
    bench.hasLine = true;
    bench.pc.connect((bytes) => bench.pad.bytes(bytes));
    await settled();
    expect(bench.pc.isReady).toBe(false);
    bench.rows.release();
    await bench.pc.untilReady();
    await vi.waitUntil(() => bench.pc.reports.some((report) => report.type === "booted" && report.bootCount === 2));
  });
});
