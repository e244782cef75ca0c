import type { RecoveryEvent } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import { describe, expect, test } from "vitest";
import type { Fault } from "./fault.ts";
import { RECOVERY_LIMITS, Recovery, type RecoveryInput } from "./recovery.ts";

const SILENT: Fault = { side: "cable", error: new WindowRatingError("WR1005", "/dev/ttyUSB0 is open, but no pad answers") };
const GONE: Fault = { side: "cable", error: new WindowRatingError("WR3001", "/dev/ttyUSB0 is not there") };
const FOREIGN: Fault = { side: "foreign", error: new WindowRatingError("WR3004", "another device") };
const MUTE: RecoveryInput = { is: "mute", fault: SILENT, canSoftReset: false };

/** What a row of inputs led to, one second apart. */
const play = (inputs: readonly RecoveryInput[], recovery = new Recovery(), from = 0) => {
  const effects = inputs.map((input, second) => recovery.step(input, from + second * 1000));
  const told = effects.flat().flatMap((effect) => (effect.is === "tell" ? [effect.event] : []));
  return { recovery, effects, told, rungs: told.map(({ rung }) => rung), acts: effects.flat().filter(({ is }) => is !== "tell") };
};
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

describe("the recovery ladder", () => {
  test("opens a mute port anew a few times, then gives it up with a code that names the root cause", () => {
    const { rungs, told, recovery } = play(times(5, MUTE));
    expect(rungs).toEqual(["reopen", "reopen", "reopen", "reopen", "give-up"]);
    expect(told.at(-1)).toMatchObject({ code: "WR3006", side: "cable", text: expect.stringContaining("WR1005") });
    expect(recovery.hasGivenUp).toBe(true);
    expect(recovery.patienceMs).toBe(RECOVERY_LIMITS.restingMs);
  });

  test("resets the pad before it gives up, if its profile allows that, and only so often", () => {
    const { rungs, acts } = play(times(8, { ...MUTE, canSoftReset: true }));
    expect(rungs).toEqual([...times(4, "reopen"), "soft-reset", "soft-reset", "give-up"]);
    expect(acts.filter(({ is }) => is === "soft-reset")).toHaveLength(2);
  });

  test("goes on opening a pad that was given up, slowly and without another word", () => {
    const { recovery } = play(times(5, MUTE));
    const after = play(times(20, MUTE), recovery, 10_000);
    expect(after.told).toEqual([]);
    expect(after.acts).toEqual(times(20, { is: "reopen", rest: false }));
  });

  test("says that the line is well again once, and has the whole ladder before it after ten steady seconds", () => {
    const { recovery } = play(times(5, MUTE));
    const well = play([{ is: "well" }, { is: "well" }], recovery, 10_000);
    expect(well.rungs).toEqual(["well"]);
    expect(recovery.hasGivenUp).toBe(false);
    expect(play([MUTE], recovery, 30_000).rungs).toEqual(["reopen"]);
  });

  test("does not take a pad for well that is ready for a moment only: its ladder goes on where it was", () => {
    const { recovery } = play(times(4, MUTE));
    play([{ is: "well" }], recovery, 10_000);
    expect(play([MUTE], recovery, 12_000).rungs).toEqual(["give-up"]);
  });

  test("lets sessions be lost five times a minute before it opens the port anew", () => {
    const lost: RecoveryInput = { is: "session-lost", fault: SILENT };
    expect(play(times(5, lost)).rungs).toEqual(times(5, "new-session"));
    expect(play(times(6, lost)).rungs).toEqual([...times(6, "new-session"), "reopen"]);
    const recovery = new Recovery();
    for (let minute = 0; minute < 20; minute++) expect(play([lost], recovery, minute * 61_000).rungs).toEqual(["new-session"]);
  });

  test("waits for a port that is gone without limit, and says so once for each cause", () => {
    const { rungs, acts, recovery } = play(times(100, { is: "gone", fault: GONE }));
    expect(rungs).toEqual(["reopen"]);
    expect(acts).toEqual([]);
    expect(recovery.hasGivenUp).toBe(false);
  });

  test("asks a foreign device a few times and then only every half minute", () => {
    const { acts, rungs } = play(times(7, { is: "refused", fault: FOREIGN }));
    expect(acts.map((act) => act.is === "reopen" && act.rest)).toEqual([false, false, false, false, true, true, true]);
    expect(rungs.at(-1)).toBe("give-up");
  });

  test("tells of frames sent again and thrown away at once, then at most every ten seconds, and loses no count", () => {
    const resent: RecoveryInput = { is: "resent", times: 3 };
    const { told } = play(times(21, resent));
    expect(told.map(({ text }) => Number(/\d+/.exec(text)?.[0]))).toEqual([3, 30, 30]);
    expect(play([resent, { is: "discarded", times: 1 }]).rungs).toEqual(["resend", "resync"]);
  });

  test("tells a fault that no rung mends once, and touches nothing", () => {
    const fault: Fault = { side: "firmware", error: new WindowRatingError("WR3010", "offers the same again") };
    const { told, acts } = play(times(3, { is: "faulty", fault }));
    expect(told).toEqual<RecoveryEvent[]>([{ rung: "give-up", side: "firmware", code: "WR3010", text: "offers the same again" }]);
    expect(acts).toEqual([]);
  });
});
