import { CAPABILITIES, type Message } from "@window-rating/protocol/pad";
import { describe, expect, test } from "vitest";
import { FirmwareBench } from "./firmware-bench.ts";

const tested = (bench: FirmwareBench): Message<"selfTested">[] => bench.reports.filter((report) => report.type === "selfTested");

describe("a self-test", () => {
  test("of the lamps lights one after the other, and is over after its time", () => {
    const bench = new FirmwareBench();
    expect((bench.identity?.capabilities ?? 0) & CAPABILITIES.selfTest).not.toBe(0);
    bench.send({ type: "selfTest", part: "lamps", durationMs: 2600 });
    expect(tested(bench)).toMatchObject([{ part: "lamps", outcome: "toBeSeen" }]);
    expect(bench.show).toMatchObject({ phase: "testing", lamps: ["code", "off", "off", "off", "off"] });
    bench.pass(2000);
    expect(bench.show.lamps).toEqual(["off", "off", "off", "off", "code"]);
    bench.pass(500);
    expect(bench.show.lamps[0]).toBe("code");
    bench.pass(200);
    expect(bench.show).toMatchObject({ phase: "idle", lamps: ["off", "off", "off", "off", "off"] });
  });

  test("of the keys tells each of them, and makes an event of none", () => {
    const bench = new FirmwareBench();
    bench.send({ type: "selfTest", part: "keys", durationMs: 20_000 });
    const before = bench.statuses.length;
    for (const key of [1, 2, 3, 4, 5] as const) bench.press(key);
    expect(bench.statuses.slice(before).map(({ keysDown }) => keysDown)).toEqual([1, 0, 2, 0, 4, 0, 8, 0, 16, 0]);
    bench.holdPairingKey();
    expect(bench.show).toMatchObject({ phase: "testing", pairing: { is: "nothing" } });
    bench.send({ type: "selfTest", part: "keys", durationMs: 0 });
    expect(bench.show.phase).toBe("idle");
    expect(bench.events.map(({ type }) => type)).toEqual(["booted"]);
  });

  test("gives way to a rating, and is refused while one is shown", () => {
    const bench = new FirmwareBench();
    bench.send({ type: "selfTest", part: "keys", durationMs: 20_000 });
    const requestId = bench.open();
    expect(bench.show).toMatchObject({ phase: "inviting", requestId });
    bench.send({ type: "selfTest", part: "lamps", durationMs: 5000 });
    expect(bench.refusals).toEqual(["notReady"]);
    bench.press(4);
    expect(bench.ratings.map(({ level }) => level)).toEqual([4]);
  });

  test("speaks, looks at the store, and says of a part that is not there that it is not", () => {
    const bench = new FirmwareBench();
    bench.send({ type: "selfTest", part: "voice", durationMs: 1000 });
    expect(bench.show.spoken).toMatchObject({ id: 1 });
    bench.send({ type: "selfTest", part: "store", durationMs: 1000 });
    expect(tested(bench).at(-1)).toMatchObject({ part: "store", outcome: "passed" });
    bench.send({ type: "selfTest", part: "screen", durationMs: 1000 });
    expect(bench.refusals).toEqual(["unsupported"]);
  });
});
