import { describe, expect, test } from "vitest";
import { joinPlans, readFault } from "../faults/library.ts";
import { reckon } from "./audit.ts";
import { runHall } from "./hall.ts";

const SOUND = joinPlans([]);
const BAD = joinPlans(["corrupt=0.005", "unplug=30", "powerCut=45", "silent=90", "bouncingKeys"].map(readFault));

describe("an hour of a hall", () => {
  test("with nothing wrong in it asks for every case and takes what citizens give", async () => {
    const hall = await runHall({ windows: 5, minutes: 60, seed: 1, faults: SOUND });
    expect(hall).toMatchObject({ lost: 0, doubled: 0, misbound: 0, pending: 0, newSessions: 0, resentFrames: 0, open: 0, boots: 5 });
    expect(hall.asked).toBeGreaterThan(50);
    expect(hall.rated + hall.timedOut + hall.superseded).toBe(hall.asked);
    expect(hall.levels.reduce((sum, count) => sum + count)).toBe(hall.rated);
    expect(hall.rated).toBeGreaterThan(hall.timedOut);
  });

  test("in which much goes wrong loses, doubles and misbinds nothing (I2, I3, I4)", async () => {
    for (let seed = 1; seed <= 4; seed++) {
      const hall = await runHall({ windows: 5, minutes: 60, seed, faults: BAD });
      expect(hall, `seed ${seed}`).toMatchObject({ lost: 0, doubled: 0, misbound: 0, pending: 0 });
      expect(hall.newSessions).toBeGreaterThan(100);
      expect(hall.rated).toBeGreaterThan(30);
    }
  });

  test("is the same for the same seed, and another for another", async () => {
    const options = { windows: 4, minutes: 20, seed: 9, faults: BAD };
    const first = await runHall(options);
    expect(await runHall(options)).toEqual(first);
    expect(await runHall({ ...options, seed: 10 })).not.toEqual({ ...first, seed: 10 });
  });
});

describe("the reckoning of a window", () => {
  const ID = "0198c0de-0000-7000-8000-000000000001" as never;
  const OTHER = "0198c0de-0000-7000-8000-000000000002" as never;
  const fact = (eventNo: number, requestId = ID, level = 4) => ({ is: "rated" as const, eventNo, requestId, level });
  const pc = (level: number | undefined, counts = {}) => ({
    requests: new Map([[ID, { requestId: ID, caseNo: "1", endsAt: 0, end: undefined, level }]]),
    seconds: 0,
    unbound: 0,
    ...counts,
  });
  const presses = [{ key: 4 as const, requestId: ID as string }];

  test("finds nothing where all agree", () => {
    expect(reckon({ presses, facts: [fact(1)], pending: 0, pc: pc(4) })).toEqual({ lost: 0, doubled: 0, misbound: 0 });
  });

  test("calls a rating lost that the window PC does not have, unless the pad still keeps it", () => {
    expect(reckon({ presses, facts: [fact(1)], pending: 0, pc: pc(undefined) }).lost).toBe(1);
    expect(reckon({ presses, facts: [fact(1)], pending: 1, pc: pc(undefined) }).lost).toBe(0);
  });

  test("calls it doubled when the pad or the window PC has two for one request", () => {
    expect(reckon({ presses, facts: [fact(1), fact(2)], pending: 0, pc: pc(4) }).doubled).toBe(1);
    expect(reckon({ presses, facts: [fact(1)], pending: 0, pc: pc(4, { seconds: 1 }) }).doubled).toBe(1);
  });

  test.each([
    ["of a request that was never shown to the finger", { facts: [fact(1, OTHER)], pc: pc(undefined) }],
    ["of a level that nobody pressed", { facts: [fact(1, ID, 5)], pc: pc(5) }],
    ["that the window PC has and the pad never gave", { facts: [], pc: pc(4) }],
    ["that the window PC cannot bind", { facts: [fact(1)], pc: pc(4, { unbound: 1 }) }],
  ])("calls a rating misbound %s", (_, evidence) => {
    expect(reckon({ presses, pending: 0, ...evidence }).misbound).toBe(1);
  });
});
