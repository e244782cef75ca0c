import { WindowRatingError } from "@window-rating/protocol/error";
import { describe, expect, test } from "vitest";
import { openIdentity } from "../identity/identity.ts";
import type { Exchange } from "./exchange.ts";
import { SendingWorld } from "./test/sending-world.ts";

const HOUR = 3_600_000;

describe("with a central that is well", () => {
  test("a new entry is sent in the same moment", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    sender.start();
    await world.pass(HOUR);
    const before = world.time.monotonicMs();
    world.outbox.append();
    await world.drained();
    expect(world.time.monotonicMs()).toBe(before);
    expect(sender.state()).toMatchObject({
      sent: 1,
      refused: 0,
      cause: null,
      nextTryMs: null,
      highestGapless: 1,
      lastSyncMs: world.time.wallMs(),
    });
  });

  test("at the start it greets central with an empty batch, so that enrolment and clock show before the first case", async () => {
    await using world = await SendingWorld.open();
    world.central.clockMs = () => world.time.wallMs() + 90_000;
    const sender = world.sender();
    expect(sender.state()).toMatchObject({ offsetMs: null, lastSyncMs: null });
    sender.start();
    await world.pass(1000);
    expect(world.central.requests).toEqual([[]]);
    expect(sender.state()).toMatchObject({ offsetMs: 90_000, cause: null, nextTryMs: null });
  });

  test("entries that come while a batch is under way go with the next one, and no batch is over the limit", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender({ batch: { entries: 50, bytes: 1_000_000 } });
    for (let count = 0; count < 120; count++) world.outbox.append();
    sender.start();
    await world.drained();
    expect(world.central.requests.map((numbers) => numbers.length)).toEqual([50, 50, 20]);
    expect(world.missing()).toEqual([]);
  });

  test("a batch ends where its bytes would pass the limit, and the quotes that JSON adds are counted", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender({ batch: { entries: 500, bytes: 20_000 } });
    for (let count = 0; count < 40; count++) world.outbox.append(`"${'"'.repeat(1500)}"`);
    world.central.mostBytes = 20_000;
    sender.start();
    await world.drained();
    expect(world.missing()).toEqual([]);
    expect(world.tries).toHaveLength(world.central.requests.length);
    expect(world.outbox.counts().setAside).toBe(0);
  });
});

test("24 hours without central: every pause stays in its range, nothing is lost, and all 2,000 entries arrive once", async () => {
  await using world = await SendingWorld.open(24);
  const limits = { baseDelayMs: 1000, maxDelayMs: 60_000, newEntryEveryMs: 5000 };
  const sender = world.sender(limits);
  await world.central.down();
  sender.start();
  // A morning's and an afternoon's work in bursts of 40, 28 minutes apart; between them the back-off is by itself.
  let written = 0;
  const burst = () => {
    for (let count = 0; count < 40 && written < 2000; count++, written++) world.outbox.append();
    if (written < 2000) world.time.setTimeout(burst, 28 * 60_000);
  };
  world.time.setTimeout(burst, 60_000);
  await world.pass(24 * HOUR);

  expect(world.outbox.counts().waiting).toBe(2000);
  expect(sender.state().cause?.code).toBe("WR6001");
  expect(new Set(world.tries.map(({ exchange }) => exchange))).toEqual(new Set(["unreachable"]));
  const pauses = world.tries.slice(1).map(({ atMs }, index) => atMs - (world.tries[index]?.atMs ?? 0));
  for (const [index, pause] of pauses.entries()) {
    expect(pause).toBeGreaterThanOrEqual(50);
    expect(pause).toBeLessThanOrEqual(Math.min(60_000, 1000 * 2 ** index) + 1);
  }
  // Full jitter about the middle of the cap: 24 h / 30 s is 2,880 tries.
  expect(world.tries.length).toBeGreaterThan(2500);
  expect(world.tries.length).toBeLessThan(3300);

  await world.central.up();
  await world.drained();
  expect(world.missing()).toEqual([]);
  expect(world.central.taken.size).toBe(2000);
  expect([...world.central.taken.values()].every(({ times }) => times === 1)).toBe(true);
  expect(world.central.conflicts).toBe(0);
  expect(sender.state()).toMatchObject({ sent: 2000, refused: 0, cause: null, highestGapless: 2000 });
});

describe("central is away", () => {
  test("the moment the network of this PC changes, it is tried again and the back-off starts afresh", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender({ maxDelayMs: 3_600_000 });
    await world.central.down();
    world.outbox.append();
    sender.start();
    await world.pass(8 * HOUR);
    const waited = (sender.state().nextTryMs ?? 0) - world.time.wallMs();
    expect(waited).toBeGreaterThan(60_000);

    await world.central.up();
    const backAt = world.time.monotonicMs();
    world.network = "eth0 192.0.2.8/24";
    await world.drained();
    expect(world.time.monotonicMs() - backAt).toBeLessThanOrEqual(2000);
  });

  test("a new entry starts a try, but at most one in five seconds", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender({ maxDelayMs: 3_600_000 });
    await world.central.down();
    world.outbox.append();
    sender.start();
    await world.pass(8 * HOUR);
    expect((sender.state().nextTryMs ?? 0) - world.time.wallMs()).toBeGreaterThan(60_000);

    const before = world.tries.length;
    const from = world.time.monotonicMs();
    for (let second = 0; second <= 20; second++) world.time.setTimeout(() => world.outbox.append(), second * 1000);
    await world.pass(21_000);
    const times = world.tries.slice(before).map(({ atMs }) => Math.round((atMs - from) / 1000));
    expect(times).toEqual([0, 5, 10, 15, 20]);
  });

  test("poke tries at once", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender({ maxDelayMs: 3_600_000 });
    await world.central.down();
    world.outbox.append();
    sender.start();
    await world.pass(8 * HOUR);
    await world.central.up();
    const before = world.time.monotonicMs();
    sender.poke();
    await world.drained();
    expect(world.time.monotonicMs()).toBe(before);
  });

  test.each([-3, +3])("a wall clock that steps by %i days in a pause changes no pause, and shows as offset at once", async (days) => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    world.outbox.append();
    sender.start();
    await world.drained();
    await world.central.down();
    world.outbox.append();
    await world.until(() => sender.state().nextTryMs !== null && world.tries.length > 6);
    const before = (sender.state().nextTryMs ?? 0) - world.time.wallMs();
    const tries = world.tries.length;
    const centralMs = world.time.wallMs();
    world.time.stepWallClock(days * 24 * HOUR);
    expect((sender.state().nextTryMs ?? 0) - world.time.wallMs()).toBe(before);
    expect(sender.state().offsetMs).toBe(centralMs - world.time.wallMs());
    await world.pass(before + 1);
    expect(world.tries.length).toBe(tries + 1);
    await world.central.up();
    await world.drained();
    expect(world.missing()).toEqual([]);
  });
});

describe("enrolment", () => {
  test("without one nothing is sent; one that another command makes meanwhile counts within two seconds", async () => {
    await using world = await SendingWorld.open(1, { enrolled: false });
    const sender = world.sender();
    world.outbox.append();
    sender.start();
    await world.pass(HOUR);
    expect(sender.state()).toMatchObject({ cause: { code: "WR6003" }, nextTryMs: null });
    expect(world.tries).toEqual([]);

    const { centralUrl, token } = { centralUrl: world.central.url, token: world.central.token };
    openIdentity(world.dataDir).keepEnrolment({ centralUrl, token, enrolledAt: "2026-03-02T01:00:00Z" });
    const from = world.time.monotonicMs();
    await world.drained();
    expect(world.time.monotonicMs() - from).toBeLessThanOrEqual(2000);
    expect(sender.state()).toMatchObject({ cause: null, sent: 1 });
  });

  test("a refused token is shown and tried slowly; nothing is dropped; a new enrolment sends at once", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    sender.start();
    await world.pass(1000);
    world.central.token = "n".repeat(43);
    for (let count = 0; count < 5; count++) world.outbox.append();
    const before = world.tries.length;
    await world.pass(HOUR);
    expect(sender.state().cause?.code).toBe("WR6005");
    expect(world.tries.length - before).toBeLessThanOrEqual(121);
    expect(world.outbox.counts()).toMatchObject({ waiting: 5, setAside: 0 });
    const from = world.time.monotonicMs();
    world.enrol();
    await world.drained();
    expect(world.time.monotonicMs() - from).toBeLessThanOrEqual(2000);
    expect(sender.state()).toMatchObject({ cause: null, sent: 5 });
    expect(JSON.stringify(world.log)).not.toContain(world.central.token);
  });
});

describe("the outbox fails", () => {
  test("while confirming: it is shown, tried again, and what central had already is confirmed as a repeat", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    sender.start();
    await world.pass(1000);
    world.outbox.append();
    world.outbox.failure = new WindowRatingError("WR4003", "0 bytes free");
    await world.pass(60_000);
    expect(sender.state().cause?.code).toBe("WR4003");
    world.outbox.failure = null;
    await world.drained();
    expect(sender.state()).toMatchObject({ sent: 1, cause: null });
  });

  test("with an error of another kind: WR6009, and it goes on", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    world.outbox.failure = new Error("disk I/O error");
    sender.start();
    await world.pass(60_000);
    expect(sender.state().cause).toMatchObject({ code: "WR6009", text: expect.stringContaining("disk I/O error") });
    world.outbox.failure = null;
    world.outbox.append();
    await world.drained();
    expect(world.missing()).toEqual([]);
  });
});

describe("stopping", () => {
  test("an answer that is on its way is taken in, and the outbox is not touched afterwards", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    world.outbox.append();
    sender.start();
    world.time.turn();
    expect(sender.state().sent).toBe(0);
    await world.stop(sender);
    world.outbox.closed = true;
    expect(sender.state()).toMatchObject({ sent: 1, nextTryMs: null });
    expect(world.outbox.listeners).toBe(0);
    expect(world.time.hasTimers).toBe(false);
  });

  test.each(["silent", "silent-after-storing", "trickle"] as const)(
    "a request that central keeps (%s) is given up within two seconds",
    async (manner) => {
      await using world = await SendingWorld.open();
      const sender = world.sender();
      world.outbox.append();
      world.central.manner = manner;
      sender.start();
      await world.until(() => world.central.requests.length === 1);
      const from = world.time.monotonicMs();
      await world.stop(sender);
      expect(world.time.monotonicMs() - from).toBeLessThanOrEqual(2000);
      world.outbox.closed = true;
      world.outbox.append();
      await world.pass(HOUR);
      expect(world.central.requests).toHaveLength(1);
      expect(world.tries.map(({ exchange }) => exchange)).toEqual(["aborted"]);
    },
  );

  test("a request that cannot even be given up does not keep it, and its late answer touches nothing", async () => {
    await using world = await SendingWorld.open();
    const { promise, resolve } = Promise.withResolvers<Exchange>();
    const sender = world.sender({}, { post: () => promise, close() {} });
    world.outbox.append();
    sender.start();
    world.time.turn();
    const from = world.time.monotonicMs();
    await world.stop(sender);
    expect(world.time.monotonicMs() - from).toBeLessThanOrEqual(2000);
    const before = sender.state();
    world.outbox.closed = true;
    resolve({ is: "cut", reason: "late" });
    await world.pass(HOUR);
    expect(sender.state()).toEqual({ ...before, offsetMs: null });
    expect(world.log.filter(({ level }) => level >= 50)).toEqual([]);
  });

  test("twice is once, and before the start it ends at once", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    const first = sender.stop();
    expect(sender.stop()).toBe(first);
    await first;
    sender.start();
    await world.pass(HOUR);
    expect(world.tries).toEqual([]);
  });
});
