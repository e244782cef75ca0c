import type { RatingBody } from "@window-rating/protocol/sync";
import { expect } from "vitest";
import { inTransaction } from "../src/database/transaction.ts";
import { makeEnrolmentCode } from "../src/enrolment.ts";
import { acceptRating } from "../src/ratings/accept.ts";
import { OPEN_POLICY } from "../src/ratings/policy.ts";
import { BusinessWorld, iso } from "./business-world.ts";
import type { TestStorage } from "./storages.ts";
import { MORNING_MS, WindowPc } from "./window-pc.ts";

/** Two halls of two agencies. Everything that belongs to one of them bears its name somewhere. */
export const SIDES = ["EAST", "WEST"] as const;
export type Side = (typeof SIDES)[number];

/** What there is of one side, by the numbers with which one would ask for it. */
export interface OfSide {
  readonly agency: string;
  readonly hall: string;
  readonly window: string;
  readonly staffNo: string;
  readonly item: string;
  readonly pc: WindowPc;
  /** Case of a press, rated. */
  readonly caseNo: string;
  /** Number of its rating. */
  readonly ratingNo: number;
}

/** A central of two halls, each with ratings of several ways, ends without a rating, troubles, and a window PC that tells of itself. */
export class TwoHalls {
  readonly world: BusinessWorld;
  readonly sides: Readonly<Record<Side, OfSide>>;

  private constructor(world: BusinessWorld, sides: Readonly<Record<Side, OfSide>>) {
    this.world = world;
    this.sides = sides;
  }

  static async open(storage: TestStorage): Promise<TwoHalls> {
    const world = await BusinessWorld.open(storage);
    const sides = {} as Record<Side, OfSide>;
    for (const side of SIDES) {
      await register(world, side);
      sides[side] = await fill(world, side);
    }
    return new TwoHalls(world, sides);
  }

  close(): Promise<void> {
    return this.world.close();
  }
}

const register = async (world: BusinessWorld, side: Side): Promise<void> => {
  const rows: Readonly<Record<string, object>> = {
    agency: { agencyCode: `A-${side}`, name: `${side} 机构样例` },
    hall: { hallNo: `H-${side}`, name: `${side} 大厅样例`, agencyCode: `A-${side}` },
    window: { windowNo: `W-${side}`, name: `${side} 窗口样例`, hallNo: `H-${side}`, agencyCode: `A-${side}` },
    clerk: { staffNo: `S-${side}`, name: `${side} 张三样例`, agencyCode: `A-${side}`, windowNo: `W-${side}` },
    item: { itemCode: `ITEM-${side}`, name: `${side} 事项样例`, agencyCode: `A-${side}` },
  };
  for (const [kind, row] of Object.entries(rows)) {
    const response = await world.post("/api/v1/registry", { kind, entries: [row] });
    expect([kind, response.status]).toEqual([kind, 200]);
  }
};

/** A press of this side, bound to its clerk, window and item. */
export const pressOf = (pc: WindowPc, side: Side, over: Partial<RatingBody> = {}): RatingBody => {
  const body = pc.rating(over);
  const own = {
    staffNo: `S-${side}`,
    clerkName: `${side} 张三样例`,
    itemCode: `ITEM-${side}`,
    itemName: `${side} 事项样例`,
    windowNo: `W-${side}`,
  };
  return { ...body, binding: { ...body.binding, ...own } };
};

const fill = async (world: BusinessWorld, side: Side): Promise<OfSide> => {
  const pc = new WindowPc(side, `W-${side}`);
  await pc.enrol(world.url, (await makeEnrolmentCode(world.db, pc.windowNo, 60, world.nowMs)).code);
  const presses = Array.from({ length: 6 }, () => pressOf(pc, side));
  const [first] = presses as [RatingBody];
  const unrated = pc.notRated();
  const entries = [
    ...presses.map((body) => pc.entry(body)),
    pc.entry({
      ...unrated,
      binding: { ...unrated.binding, ...pressOf(pc, side).binding, requestId: unrated.binding.requestId, caseNo: `U-${side}` },
    }),
    pc.entry(pc.unbound()),
    // Content that is not understood is set aside, and a number that never comes leaves a hole.
    pc.entry(JSON.stringify({ kind: "later", side })),
  ];
  const hidden = pc.entry(pressOf(pc, side));
  const altered = { ...pc.entry(pressOf(pc, side)), signature: hidden.signature };
  const { answers } = await pc.send(world.url, [...entries, altered], world.nowMs);
  expect(answers.map(({ answer }) => answer)).toEqual([...new Array(8).fill("stored"), "refused", "refused"]);
  await pc.send(world.url, [pc.entry(pressOf(pc, side))], world.nowMs);
  await heartbeat(world, pc, side);

  const report = world.report({
    caseNo: `R-${side}`,
    itemCode: `ITEM-${side}`,
    itemName: `${side} 事项样例`,
    agencyCode: `A-${side}`,
    visit: { visitNo: 1, windowNo: `W-${side}`, staffNo: `S-${side}`, clerkName: `${side} 张三样例`, endedAt: iso(MORNING_MS) },
  });
  expect((await world.tell([report, { ...report, caseNo: `X-${side}`, itemCode: "" }])).map(({ answer }) => answer)).toEqual([
    "taken",
    "refused",
  ]);
  await inTransaction(world.db, async (tx) => {
    const at = { atMs: MORNING_MS, level: 2 as const };
    await acceptRating(
      tx,
      { ...at, channel: "sms", key: `item ${side}`, subject: { kind: "item", caseNo: `R-${side}` } },
      OPEN_POLICY,
      world.nowMs,
    );
    await acceptRating(
      tx,
      { ...at, channel: "web", key: `hall ${side}`, subject: { kind: "hall", subjectNo: `H-${side}` } },
      OPEN_POLICY,
      world.nowMs,
    );
    await acceptRating(
      tx,
      { ...at, channel: "web", key: `agency ${side}`, subject: { kind: "agency", subjectNo: `A-${side}` } },
      OPEN_POLICY,
      world.nowMs,
    );
  });
  const rating = await world.db
    .selectFrom("ratings")
    .select("seq")
    .where("request_id", "=", first.binding.requestId)
    .executeTakeFirstOrThrow();
  return {
    agency: `A-${side}`,
    hall: `H-${side}`,
    window: `W-${side}`,
    staffNo: `S-${side}`,
    item: `ITEM-${side}`,
    pc,
    caseNo: first.binding.caseNo,
    ratingNo: rating.seq,
  };
};

/** The window PC tells that its pad is ready. */
export const heartbeat = async (world: BusinessWorld, pc: WindowPc, side: Side, waiting = 0): Promise<void> => {
  const pad = { connection: "ready", model: "generic/five-button", serialNumber: `SN-${side}`, cause: null, sinceMs: MORNING_MS };
  const status = {
    version: "0.1.0",
    startedAtMs: MORNING_MS,
    queue: { waiting, oldestWaitingAtMs: waiting === 0 ? null : MORNING_MS, setAside: 0 },
    windows: [{ windowNo: `W-${side}`, pad, clerks: [{ staffNo: `S-${side}`, clerkName: `${side} 张三样例` }] }],
  };
  const response = await world.post("/sync/v1/heartbeats", { windowPcId: pc.windowPcId, sentAtMs: world.nowMs, status }, pc.token);
  expect(response.status).toBe(200);
};
