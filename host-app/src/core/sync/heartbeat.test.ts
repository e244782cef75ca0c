import { heartbeatRequestSchema, type WindowPcStatus } from "@window-rating/protocol/sync";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import type { Exchange, Post } from "./exchange.ts";
import { createHeartbeat } from "./heartbeat.ts";
import { VirtualTime } from "./test/virtual-time.ts";

const MINUTE_MS = 60_000;
const STATUS: WindowPcStatus = {
  version: "0.1.0",
  startedAtMs: 1_772_413_000_000,
  queue: { waiting: 0, oldestWaitingAtMs: null, setAside: 0 },
  windows: [],
};

const answered = (status: number, text = '{"centralTimeMs":1}'): Exchange => ({
  is: "answer",
  status,
  contentType: "application/json",
  location: null,
  retryAfter: null,
  date: null,
  text,
});

/** A window PC in virtual time, and a central that answers as told. */
const world = (answers: Exchange[] = []) => {
  const time = new VirtualTime();
  const beats: { readonly atMs: number; readonly post: Post }[] = [];
  const state = { mark: "ready", isEnrolled: true, isClosed: false, status: (): WindowPcStatus => STATUS, onTakenSince: () => {} };
  const log: string[] = [];
  const takenSince: unknown[] = [];
  const heartbeat = createHeartbeat({
    identity: {
      windowPcId: "0195a1b2-0000-8000-8000-0000000000ff",
      enrolment: () => (state.isEnrolled ? { centralUrl: "http://central", token: "t".repeat(43), enrolledAt: "" } : null),
    },
    centralUrl: "http://central.example/base/",
    clock: time,
    random: () => 0.5,
    timers: time,
    transport: {
      post: async (post) => {
        beats.push({ atMs: time.monotonicMs(), post });
        return answers.shift() ?? answered(200);
      },
      close: () => {
        state.isClosed = true;
      },
    },
    status: () => state.status(),
    mark: () => state.mark,
    onTakenSince: (entries) => {
      takenSince.push(entries);
      state.onTakenSince();
    },
    logger: pino({ level: "debug" }, { write: (line: string) => void log.push((JSON.parse(line) as { msg: string }).msg) }),
  });
  /** Lets this much time pass, with everything that comes of it. */
  const pass = async (ms: number): Promise<void> => {
    let isOver = false;
    time.setTimeout(() => {
      isOver = true;
    }, ms);
    while (!isOver) {
      time.turn();
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
  };
  return { time, beats, state, log, heartbeat, pass, takenSince };
};

describe("the heartbeat of a window PC", () => {
  it("tells central how it is soon after the start, and then every minute", async () => {
    const { heartbeat, pass, beats } = world();
    heartbeat.start();
    await pass(5_000);
    expect(beats).toHaveLength(1);
    const [first] = beats;
    expect(String(first?.post.url)).toBe("http://central.example/base/sync/v1/heartbeats");
    expect(heartbeatRequestSchema.parse(JSON.parse(first?.post.text ?? ""))).toMatchObject({ status: STATUS });
    await pass(10 * MINUTE_MS);
    expect(beats).toHaveLength(11);
    await heartbeat.stop();
  });

  it("tells at once that a pad or clerk came or went, but never more often than every ten seconds", async () => {
    const { heartbeat, pass, beats, state } = world();
    heartbeat.start();
    await pass(20_000);
    state.mark = "absent";
    await pass(2_100);
    expect(beats).toHaveLength(2);
    for (let second = 0; second < 20; second++) {
      state.mark = second % 2 === 0 ? "ready" : "absent";
      await pass(1_000);
    }
    const apart = beats.slice(1).map(({ atMs }, index) => atMs - (beats[index]?.atMs ?? 0));
    expect(Math.min(...apart)).toBeGreaterThanOrEqual(10_000);
    await heartbeat.stop();
  });

  it("leaves a central alone for an hour that knows no heartbeats, and then asks again", async () => {
    const { heartbeat, pass, beats, state, log } = world([answered(404)]);
    heartbeat.start();
    await pass(30 * MINUTE_MS);
    state.mark = "changed";
    await pass(20 * MINUTE_MS);
    expect(beats).toHaveLength(1);
    expect(log).toEqual(["this central knows no heartbeats yet; asking again in an hour"]);
    await pass(15 * MINUTE_MS);
    expect(beats.length).toBeGreaterThan(1);
    await heartbeat.stop();
  });

  it.each([
    ["is away", { is: "unreachable", reason: "no route" }],
    ["cuts the connection", { is: "cut", reason: "reset" }],
    ["does not know this PC", answered(401)],
    ["is busy", answered(503)],
  ] as const)("goes on every minute while central %s", async (_, exchange) => {
    const { heartbeat, pass, beats } = world(new Array(20).fill(exchange));
    heartbeat.start();
    await pass(10 * MINUTE_MS);
    expect(beats.length).toBeGreaterThanOrEqual(9);
    expect(beats.length).toBeLessThanOrEqual(11);
    await heartbeat.stop();
  });

  it("says nothing before the PC is enrolled, and nothing that cannot be read", async () => {
    const { heartbeat, pass, beats, state, log } = world();
    state.isEnrolled = false;
    heartbeat.start();
    await pass(3 * MINUTE_MS);
    expect(beats).toEqual([]);
    state.isEnrolled = true;
    state.status = () => {
      throw new Error("the database is closed");
    };
    await pass(3 * MINUTE_MS);
    expect([beats, log[0]]).toEqual([[], "this PC cannot say how it is"]);
    state.status = () => STATUS;
    await pass(2 * MINUTE_MS);
    expect(beats.length).toBeGreaterThan(0);
    await heartbeat.stop();
  });

  it("tells which entries central has taken since, and goes on when they cannot be sent again now, or the answer is nonsense", async () => {
    const entry = { entryId: "0195a1b2-0000-7000-8000-000000000001", number: 7 };
    const told = answered(200, JSON.stringify({ centralTimeMs: 1, takenSince: [entry] }));
    const nonsense = ["", "{", "[]", '{"centralTimeMs":1,"takenSince":"all"}', '{"centralTimeMs":1,"takenSince":[{"number":"7"}]}'];
    const { heartbeat, pass, beats, state, log, takenSince } = world([told, ...nonsense.map((text) => answered(200, text)), told]);
    state.onTakenSince = () => {
      throw new Error("the disk is full");
    };
    heartbeat.start();
    await pass(8 * MINUTE_MS);
    expect(beats.length).toBeGreaterThanOrEqual(7);
    expect(takenSince).toEqual([[entry], [entry]]);
    expect(log).toContain("what central has taken since cannot be sent again now");
    await heartbeat.stop();
  });

  it("is over once it was stopped", async () => {
    const { heartbeat, pass, beats, state, time } = world();
    heartbeat.start();
    await pass(10_000);
    await heartbeat.stop();
    expect([state.isClosed, time.hasTimers]).toEqual([true, false]);
    await pass(MINUTE_MS);
    expect(beats).toHaveLength(1);
  });
});
