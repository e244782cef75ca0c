import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type HallSummary, runHall } from "../hall/hall.ts";
import { TcpPort } from "../ports/tcp-port.ts";
import { SimulatedPad } from "../simulator.ts";
import { BenchWindow } from "../test/bench-window.ts";
import { WindowPc } from "../test/window-pc.ts";
import { FAULT_NAMES, FAULTS, type FaultName, joinPlans, readFault } from "./library.ts";
import { readFaults } from "./read-faults.ts";

const NOTHING_WRONG = { lost: 0, doubled: 0, misbound: 0 };

describe("a quarter of an hour in a hall with", () => {
  /** At its standard rate this is too seldom to show in so short a time. */
  const often: Partial<Record<FaultName, string>> = { delay: "delay=0.3" };
  const hall = (fault: FaultName): Promise<HallSummary> =>
    runHall({ windows: 4, minutes: 15, seed: 7, faults: joinPlans([readFault(often[fault] ?? fault)]) });
  /** What shows in the summary that the fault was there. */
  const shows: Readonly<Record<FaultName, (hall: HallSummary) => boolean>> = {
    drop: ({ damagedFrames, newSessions }) => damagedFrames > 1000 && newSessions > 0,
    flip: ({ damagedFrames }) => damagedFrames > 10,
    corrupt: ({ damagedFrames }) => damagedFrames > 100,
    duplicate: ({ damagedFrames }) => damagedFrames > 10,
    cutFrame: ({ damagedFrames }) => damagedFrames > 10,
    delay: ({ storedAfterMs }) => storedAfterMs.most > 20,
    latency: ({ storedAfterMs, resentFrames }) => storedAfterMs.p50 > 16 && resentFrames === 0,
    unplug: ({ newSessions }) => newSessions > 20,
    powerCut: ({ boots }) => boots > 20,
    brownOut: ({ boots }) => boots > 100,
    silent: ({ newSessions }) => newSessions > 10,
    // In memory there is no connection to hang; see below.
    hangConnection: ({ newSessions }) => newSessions === 0,
    stuckKey: ({ refused, asked }) => refused === asked,
    bouncingKeys: ({ rated }) => rated > 0,
    deadLamp: ({ rated }) => rated > 0,
    fullStore: ({ refused, asked }) => refused === asked,
    clockDrift: ({ rated }) => rated > 0,
  };

  test.each(FAULT_NAMES)("%s loses, doubles and misbinds nothing", async (fault) => {
    const summary = await hall(fault);
    expect(summary).toMatchObject({ ...NOTHING_WRONG, pending: 0 });
    expect(summary.asked).toBeGreaterThan(5);
    expect(shows[fault](summary), JSON.stringify(summary)).toBe(true);
  });
});

describe("a stuck key", () => {
  test("is reported after ten seconds and gives no rating; until it is let go the pad refuses to ask", () => {
    const window = new BenchWindow();
    const mend = window.suffer("stuckKey=2");
    window.clock.run(11_000);
    expect(window.pc.stuckReports).toBe(1);
    window.ask();
    expect([...window.pc.requests.values()][0]).toMatchObject({ end: "refused", level: undefined });
    expect(window.pad.face).toMatchObject({ phase: "idle", keysDown: [false, true, false, false, false] });
    mend();
    window.ask();
    window.press(5);
    window.settle();
    expect(window.levels).toEqual([undefined, 5]);
    expect(window.reckoning).toEqual(NOTHING_WRONG);
  });

  test("that sticks before the lamps light chooses nothing, and the citizen's own key counts", () => {
    const window = new BenchWindow();
    window.suffer("stuckKey=2");
    window.ask();
    expect(window.pad.face.phase).toBe("inviting");
    window.press(4);
    window.settle();
    expect(window.levels).toEqual([4]);
    expect(window.reckoning).toEqual(NOTHING_WRONG);
  });
});

test("bouncing keys give one rating for one press, and none for a touch that is all chatter", () => {
  const window = new BenchWindow();
  window.suffer("bouncingKeys=25");
  window.ask();
  window.press(3, 10);
  expect(window.pad.face.phase).toBe("inviting");
  window.clock.run(500);
  window.press(4);
  window.settle();
  expect(window.levels).toEqual([4]);
  expect(window.pad.facts()).toHaveLength(1);
  expect(window.reckoning).toEqual(NOTHING_WRONG);
});

test("a dead lamp stays dark, and its key works", () => {
  const window = new BenchWindow();
  window.suffer("deadLamp=5");
  window.ask();
  expect(window.pad.face.lamps).toEqual(["invite", "invite", "invite", "invite", "off"]);
  window.press(5);
  expect(window.pad.face).toMatchObject({ phase: "chosen", lamps: ["off", "off", "off", "off", "off"] });
  window.settle();
  expect(window.levels).toEqual([5]);
});

describe("a full store", () => {
  test("refuses to ask, and asks again when there is room", () => {
    const window = new BenchWindow();
    window.settle();
    const mend = window.suffer("fullStore");
    window.ask();
    expect(window.pad.face.phase).toBe("idle");
    expect([...window.pc.requests.values()][0]?.end).toBe("refused");
    mend();
    window.ask();
    expect(window.pad.face.phase).toBe("inviting");
  });

  test("with room for one event keeps that rating and refuses the next citizen until it is delivered", () => {
    const window = new BenchWindow();
    window.settle();
    window.suffer("fullStore=1");
    window.ask();
    // The window PC hears nothing any more, and says what it says.
    window.pad.setCondition({ toHost: { ...window.pad.condition.toHost, drop: 1 } });
    window.press(1);
    window.clock.run(300);
    expect(window.pad.face.pendingEvents).toBe(1);
    window.pad.setCondition({ toHost: { ...window.pad.condition.toHost, drop: 0 } });
    window.settle();
    expect(window.levels).toEqual([1]);
    window.ask();
    expect(window.pad.face.phase).toBe("inviting");
  });
});

test("a clock that is fast by a fifth lets the invitation time out early, and nothing else is wrong", () => {
  const window = new BenchWindow();
  window.suffer("clockDrift=0.2");
  window.ask();
  const { remainingMs } = window.pad.face;
  const asked = window.clock.now();
  expect(window.clock.runUntil(() => window.pad.face.phase === "idle", 60_000)).toBe(true);
  expect(remainingMs).toBeGreaterThan(29_900);
  expect((window.clock.now() - asked) / 25_000).toBeCloseTo(1, 1);
  window.settle();
  expect([...window.pc.requests.values()][0]?.end).toBe("timed-out");
  window.ask();
  window.press(2);
  window.settle();
  expect(window.levels).toEqual([undefined, 2]);
});

test("a brown-out makes the pad start again and again; what was pressed before is kept, and the request is lit again", () => {
  const window = new BenchWindow();
  window.ask();
  window.press(4);
  // The next request is open when the power begins to fail.
  window.clock.run(3000);
  const second = window.ask();
  const boots = window.pc.boots;
  const mend = window.suffer("brownOut=5");
  expect(window.clock.runUntil(() => !window.pad.face.power, 200_000)).toBe(true);
  window.clock.run(2000);
  mend();
  window.settle();
  expect(window.pc.boots - boots).toBeGreaterThanOrEqual(3);
  if (window.pad.face.requestId === second) window.press(2);
  window.settle();
  expect(window.levels[0]).toBe(4);
  expect(window.reckoning).toEqual(NOTHING_WRONG);
});

test("a USB adapter of 16 ms latency is no fault: a rating comes 16 ms later, and nothing is sent twice", () => {
  const stored = (fault: string): number => {
    const window = new BenchWindow();
    window.suffer(fault);
    window.settle();
    window.ask();
    window.pad.keyDown(5);
    expect(window.clock.runUntil(() => window.pad.face.pendingEvents === 1, 1000)).toBe(true);
    const kept = window.clock.now();
    window.settle();
    expect(window.levels).toEqual([5]);
    expect(window.pc.counters.resent).toBe(0);
    return window.clock.now() - kept;
  };
  const prompt = stored("latency=0");
  expect(prompt).toBeLessThan(10);
  expect(stored("latency")).toBeCloseTo(prompt + 16, 5);
});

describe("5 % byte loss", () => {
  test("keeps the citizen's press on the pad until it gets through", () => {
    const window = new BenchWindow();
    window.suffer("drop=0.05");
    let asked = 0;
    while (window.levels.filter((level) => level !== undefined).length < 3 && asked++ < 200) {
      window.ask();
      if (window.pad.face.phase === "inviting") window.press(3);
      window.clock.run(20_000);
    }
    window.settle();
    expect(window.levels.filter((level) => level === 3).length).toBeGreaterThanOrEqual(3);
    expect(window.reckoning).toEqual(NOTHING_WRONG);
    expect(window.pc.counters.faults["bad-checksum"]).toBeGreaterThan(0);
  });
});

describe("a connection that hangs", () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  test("is noticed by its silence; the next connection delivers what was pressed meanwhile", async () => {
    const port = await TcpPort.open(0);
    const pad = new SimulatedPad({ port });
    ends.push(() => pad.close());
    const pc = new WindowPc();
    ends.push(() => pc.disconnect());
    const call = async () => {
      const { hostname, port: number } = new URL(port.path);
      const socket = connect(Number(number), hostname);
      ends.push(() => socket.destroy());
      await once(socket, "connect");
      socket.on("data", (chunk) => pc.take(chunk));
      pc.connect((bytes) => void socket.write(bytes));
      return socket;
    };
    const first = await call();
    await pc.untilReady();
    const requestId = pc.open();
    await vi.waitUntil(() => pad.face.phase === "inviting", { timeout: 10_000 });
    pad.hangConnection();
    await pad.press(4);
    await vi.waitUntil(() => !pc.isReady, { timeout: 10_000 });
    expect([first.destroyed, pc.ratings.size]).toEqual([false, 0]);
    pc.disconnect();
    await call();
    await vi.waitUntil(() => pad.face.pendingEvents === 0, { timeout: 20_000 });
    expect(new Map(pc.ratings)).toEqual(new Map([[requestId, 4]]));
  });

  test("cannot be had on a tty", () => {
    expect(() => readFaults(undefined, ["hangConnection"], false)).toThrow(/WR9004.*--tcp/);
    expect(readFaults(undefined, ["hangConnection=5"], true).hangConnection).toEqual({ everyMs: 5000 });
  });
});

describe("a fault by its name", () => {
  test.each(FAULT_NAMES)("%s has a standard value that is valid", (name) => {
    expect(joinPlans([readFault(name)])).toEqual(joinPlans([readFault(`${name}=${FAULTS[name].standard}`)]));
  });

  test("holds over the one of the same name before it, and leaves the others", () => {
    const plan = joinPlans([readFault("drop=0.5"), readFault("corrupt=0.25"), readFault("drop=0.125"), readFault("stuckKey=1")]);
    expect(plan).toMatchObject({ toHost: { drop: 0.125, corrupt: 0.25 }, toPad: { drop: 0.125, corrupt: 0.25 }, stuckKey: 1 });
  });

  test.each([
    ["stuck", /WR9004.*there is no fault "stuck"; there are drop,/],
    ["drop=2", /WR9004.*drop=2 \(probability for each byte\)/],
    ["drop=", /WR9004.*give a number/],
    ["drop=much", /WR9004.*give a number/],
    ["stuckKey=6", /WR9004.*stuckKey=6 \(key, 1 to 5\)/],
    ["clockDrift=-0.9", /WR9004/],
  ])("%s is refused", (text, message) => {
    expect(() => readFault(text)).toThrow(message);
  });
});
