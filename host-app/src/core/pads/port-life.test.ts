import type { RecoveryEvent } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import pino from "pino";
import { afterEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../clock.ts";
import type { OpenPort, PortEvents, PortOpener } from "./pad-port.ts";
import { PortLife, type PortUser } from "./port-life.ts";
import { RECOVERY_LIMITS } from "./recovery.ts";

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

/** Limits at which a whole ladder takes a moment. */
const FAST = { ...RECOVERY_LIMITS, patienceMs: 5, patienceAfterSessionMs: 5, restingMs: 20, reopens: 1, softResets: 1 };

/** A port that does nothing but write down what happens to it, and a user that does the same; its pad may be ready at once. */
const startLife = (port: Partial<OpenPort> = {}, isReady = false, opening: (attempt: number) => void = () => {}) => {
  const happened: string[] = [];
  const told: RecoveryEvent[] = [];
  const current: { events: PortEvents | undefined } = { events: undefined };
  let attempts = 0;
  const open: PortOpener = async (events) => {
    opening(++attempts);
    happened.push("open");
    current.events = events;
    return {
      name: "port",
      kind: "memory",
      write: (bytes) => void happened.push(`write ${bytes.length}`),
      close: async () => void happened.push("close"),
      ...port,
    };
  };
  const user: PortUser = {
    opened: () => {
      happened.push("opened");
      if (isReady) life.well();
    },
    bytes: (chunk) => happened.push(`bytes ${chunk.length}`),
    leaving: () => {
      happened.push("leaving");
      life.write(new Uint8Array(3));
    },
    evidence: () => ({ frames: 0, badFrames: 0, sessions: 0, boots: 0, reoffered: undefined }),
    recovered: (event) => told.push(event),
    stateChanged: () => {},
  };
  const life: PortLife = new PortLife({ open, clock: systemClock(), logger: pino({ level: "silent" }), user, limits: FAST });
  undo.push(() => life.stop());
  life.start();
  return { life, happened, told, current };
};

describe("the life of a port", () => {
  test("takes every rung of the ladder at a mute port: reopen, soft reset, give up, and goes on slowly", async () => {
    let resets = 0;
    const { told, happened, life } = startLife({
      softReset: async () => {
        resets++;
      },
    });
    await vi.waitFor(() => expect(told.map(({ rung }) => rung)).toEqual(["reopen", "soft-reset", "give-up"]));
    expect(resets).toBe(1);
    expect(life.hasGivenUp).toBe(true);
    const opened = happened.filter((what) => what === "open").length;
    await vi.waitFor(() => expect(happened.filter((what) => what === "open").length).toBeGreaterThan(opened), { timeout: 10_000 });
    expect(told).toHaveLength(3);
    expect(life.events.map(({ rung }) => rung)).toEqual(["reopen", "soft-reset", "give-up"]);
  });

  test("resets no pad whose port cannot, and lets a reset that fails hold nothing up", async () => {
    const without = startLife();
    await vi.waitFor(() => expect(without.told.map(({ rung }) => rung)).toEqual(["reopen", "give-up"]));
    const failing = startLife({ softReset: () => Promise.reject(new Error("no such line")) });
    await vi.waitFor(() => expect(failing.told.map(({ rung }) => rung)).toEqual(["reopen", "soft-reset", "give-up"]));
  });

  test("lets its user say goodbye before a port is let go, and not when it is gone already", async () => {
    const { life, happened, current } = startLife({}, true);
    await vi.waitFor(() => expect(happened).toContain("opened"));
    current.events?.closed(new WindowRatingError("WR3001", "unplugged"));
    expect(happened).toEqual(["open", "opened", "leaving"]);
    expect(life.failure?.code).toBe("WR3001");
    await vi.waitFor(() => expect(happened.slice(3)).toEqual(["open", "opened"]));
    await life.stop();
    expect(happened.slice(5)).toEqual(["leaving", "write 3", "close"]);
  });

  test("stays on a port whose pad is ready, however long that says nothing", async () => {
    const { happened, told } = startLife({}, true);
    await vi.waitFor(() => expect(happened).toContain("opened"));
    const other = startLife();
    await vi.waitFor(() => expect(other.life.hasGivenUp).toBe(true));
    expect(happened).toEqual(["open", "opened"]);
    expect(told).toEqual([]);
  });

  test("tries again what cannot be opened, says why, and needs no limit for that", async () => {
    const { life, happened, told } = startLife({}, true, (attempt) => {
      if (attempt <= 3) throw new WindowRatingError("WR3003", "port is held by another program");
    });
    await vi.waitFor(() => expect(life.failure?.code).toBe("WR3003"));
    await vi.waitFor(() => expect(happened).toContain("opened"), { timeout: 10_000 });
    expect(told[0]).toMatchObject({ rung: "reopen", side: "host", code: "WR3003" });
    expect(life.failure).toBeUndefined();
    expect(told.at(-1)?.rung).toBe("well");
  });

  test("survives a port that closes in the very turn in which it opened", async () => {
    let attempts = 0;
    const opened: string[] = [];
    const user: PortUser = {
      opened: () => opened.push("opened"),
      bytes: () => {},
      leaving: () => opened.push("leaving"),
      evidence: () => ({ frames: 0, badFrames: 0, sessions: 0, boots: 0, reoffered: undefined }),
      recovered: () => {},
      stateChanged: () => {},
    };
    const second = new PortLife({
      open: async (events) => {
        if (++attempts === 1) events.closed(undefined);
        return { name: "port", kind: "memory", write: () => {}, close: async () => {} };
      },
      clock: systemClock(),
      logger: pino({ level: "silent" }),
      user,
      limits: FAST,
    });
    undo.push(() => second.stop());
    second.start();
    await vi.waitFor(() => expect(opened).toContain("opened"), { timeout: 10_000 });
    expect(attempts).toBeGreaterThanOrEqual(2);
  });
});
