import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isNewer, placeInLine, RESTING, type UpdateFacts, type UpdateState, updateStep } from "./update-plan.ts";

const HOUR = 3_600_000;
const release = { version: "0.2.0", percentage: 100 };
const closed: UpdateFacts = {
  nowMs: 1_000_000,
  minuteOfDay: 18 * 60 + 5,
  closingMinute: 18 * 60,
  version: "0.1.0",
  windowPcId: "5f0c7a52-0000-4000-8000-000000000000",
  waiting: 0,
  isBusy: false,
  refused: [],
};
const tick = (state: UpdateState, facts: UpdateFacts) => updateStep(state, { is: "tick", facts });
const ready: UpdateState = { is: "ready", release };

describe("an update", () => {
  test("is looked for every four hours, fetched at once, and installed when the hall has closed", () => {
    const looked = tick(RESTING, closed);
    expect(looked.effect).toBe("check");
    expect(tick(looked.state, { ...closed, nowMs: closed.nowMs + HOUR }).effect).toBeNull();
    expect(tick(looked.state, { ...closed, nowMs: closed.nowMs + 4 * HOUR }).effect).toBe("check");
    const found = updateStep(looked.state, { is: "found", release, facts: closed });
    expect(found).toEqual({ state: { is: "fetching", release }, effect: "fetch" });
    const fetched = updateStep(found.state, { is: "fetched" });
    expect(fetched.state).toEqual(ready);
    expect(tick(fetched.state, closed)).toEqual({ state: { is: "installing", release }, effect: "install" });
  });

  test.each<[string, Partial<UpdateFacts>]>([
    ["the hall is open", { minuteOfDay: 11 * 60 }],
    ["it is long after closing", { minuteOfDay: 23 * 60 }],
    ["entries wait for central", { waiting: 1 }],
    ["it is not known whether entries wait", { waiting: null }],
    ["a citizen is being asked", { isBusy: true }],
  ])("is not installed while %s", (_what, facts) => {
    expect(tick(ready, { ...closed, ...facts })).toEqual({ state: ready, effect: null });
  });

  test("is installed after midnight too, where a hall closes that late", () => {
    expect(tick(ready, { ...closed, closingMinute: 23 * 60 + 30, minuteOfDay: 20 }).effect).toBe("install");
  });

  test("that fails is tried again hours later, and harms nothing meanwhile", () => {
    const failed = updateStep({ is: "fetching", release }, { is: "failed", facts: closed });
    expect(failed.effect).toBeNull();
    expect(tick(failed.state, closed).effect).toBeNull();
    expect(tick(failed.state, { ...closed, nowMs: closed.nowMs + 4 * HOUR }).effect).toBe("check");
  });

  test("is never one to an older version, to the same, or to something that is no version", () => {
    for (const version of ["0.1.0", "0.0.9", "0.1", "v9.0.0", "9.0.0-beta", ""]) {
      const found = updateStep(RESTING, { is: "found", release: { version, percentage: 100 }, facts: closed });
      expect(found.effect, version).toBeNull();
    }
    expect(isNewer("0.10.0", "0.9.9")).toBe(true);
    expect(isNewer("1.0.0", "0.99.99")).toBe(true);
  });

  test("reaches nobody while nobody may take it, and everybody when everybody may", () => {
    const at = (percentage: number, windowPcId: string | null) =>
      updateStep(RESTING, { is: "found", release: { version: "0.2.0", percentage }, facts: { ...closed, windowPcId } }).effect;
    fc.assert(
      fc.property(fc.option(fc.uuid()), (id) => {
        expect(at(0, id)).toBeNull();
        expect(at(100, id)).toBe("fetch");
      }),
    );
    expect(at(99, null)).toBeNull();
  });
});

describe("the place of a window PC in the line for a release", () => {
  const ids = Array.from({ length: 4000 }, (_, i) => `pc-${i}`);

  test("is spread evenly: a tenth of the PCs take what a tenth may take", () => {
    const share = ids.filter((id) => placeInLine(id, "0.2.0") < 10).length / ids.length;
    expect(share).toBeGreaterThan(0.085);
    expect(share).toBeLessThan(0.115);
  });

  test("stays, so that a larger share holds the smaller one, and is another for the next release", () => {
    const first = ids.filter((id) => placeInLine(id, "0.2.0") < 10);
    expect(first.every((id) => placeInLine(id, "0.2.0") < 50)).toBe(true);
    expect(first.filter((id) => placeInLine(id, "0.3.0") < 10).length).toBeLessThan(first.length / 2);
  });
});
