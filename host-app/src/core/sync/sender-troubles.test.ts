import { describe, expect, test } from "vitest";
import type { Manner } from "./test/fake-central.ts";
import { SendingWorld } from "./test/sending-world.ts";

const HOUR = 3_600_000;

const UNHARMED: Manner[] = ["answers-twice", "answers-backwards", "answers-of-others", "half-the-answers"];

describe("central misbehaves", () => {
  const cases: [Manner, string | null][] = [
    [{ status: 500 }, "WR6007"],
    [{ status: 502 }, "WR6007"],
    [{ status: 503, code: "WR7015", headers: { "retry-after": "5" } }, "WR6007"],
    [{ status: 400, code: "WR7001" }, "WR6007"],
    [{ status: 429 }, "WR6007"],
    [{ status: 404 }, "WR6002"],
    ["silent", "WR6001"],
    ["silent-after-storing", "WR6001"],
    ["trickle", "WR6001"],
    ["cut-mid-answer", "WR6001"],
    ["wrong-ids", "WR6002"],
    ["no-answers", "WR6002"],
    ["contradicts-itself", "WR6002"],
    ["html", "WR6002"],
    ["half-json", "WR6002"],
    ["other-json", "WR6002"],
    ["endless", "WR6002"],
    ["redirect", "WR6002"],
    ["unknown-pc", "WR6005"],
  ];
  test.each(cases)("%j is shown, costs nothing, and ends when central is well again", async (manner, code) => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    for (let count = 0; count < 9; count++) world.outbox.append();
    world.central.manner = manner;
    sender.start();
    await world.until(() => world.tries.length >= 7 && sender.state().nextTryMs !== null);
    expect(sender.state().cause?.code).toBe(code);
    expect(sender.state().cause?.text).toMatch(/^WR6\d{3} \P{Cc}+$/u);
    expect(world.outbox.counts()).toMatchObject({ waiting: 9, setAside: 0 });

    world.central.manner = "good";
    await world.drained();
    expect(world.missing()).toEqual([]);
    expect(world.central.conflicts).toBe(0);
    expect(sender.state()).toMatchObject({ sent: 9, cause: null });
  });

  test.each(["cut-before-storing", "cut-after-storing"] as const)("%s: sent again and confirmed once", async (manner) => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    for (let count = 0; count < 9; count++) world.outbox.append();
    world.central.script.push(manner);
    sender.start();
    await world.drained();
    expect(world.tries.map(({ exchange }) => exchange)).toContain("cut");
    expect(world.missing()).toEqual([]);
    expect(sender.state().sent).toBe(9);
    const times = [...world.central.taken.values()].map((taken) => taken.times);
    expect(Math.max(...times)).toBe(manner === "cut-after-storing" ? 2 : 1);
  });

  test.each(UNHARMED)("%s: what matches an entry that was sent is believed, the rest is sent again without a pause", async (manner) => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    for (let count = 0; count < 8; count++) world.outbox.append();
    world.central.script.push(manner);
    const before = world.time.monotonicMs();
    sender.start();
    await world.drained();
    expect(world.time.monotonicMs()).toBe(before);
    expect(world.missing()).toEqual([]);
    expect(sender.state().sent).toBe(8);
  });

  test("an idle connection that central has closed in the meantime is no failure", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    sender.start();
    await world.pass(1000);
    world.central.script.push("cut-before-storing");
    world.outbox.append();
    await world.drained();
    expect(world.tries.map(({ exchange }) => exchange)).toEqual(["answer", "answer"]);
    expect(sender.state().cause).toBeNull();
  });

  test.each([
    ["7", 7000, 8750],
    ["0", 1000, 1250],
    ["999999", 3_600_000, 4_500_000],
  ])("429 with Retry-After %s: not before then, whatever happens here", async (retryAfter, least, most) => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    world.outbox.append();
    world.central.script.push({ status: 429, headers: { "retry-after": retryAfter } });
    sender.start();
    await world.until(() => world.tries.length === 1);
    world.outbox.append();
    world.network = "eth0 192.0.2.9/24";
    await world.drained();
    const pause = (world.tries[1]?.atMs ?? 0) - (world.tries[0]?.atMs ?? 0);
    expect(pause).toBeGreaterThanOrEqual(least);
    expect(pause).toBeLessThanOrEqual(most + 1);
  });

  test("Retry-After as a date counts from the date of the answer, however wrong the clock of this PC is", async () => {
    await using world = await SendingWorld.open();
    world.time.stepWallClock(-40 * 24 * HOUR);
    const sender = world.sender();
    world.outbox.append();
    world.central.script.push({
      status: 503,
      headers: { date: "Mon, 02 Mar 2026 09:00:00 GMT", "retry-after": "Mon, 02 Mar 2026 09:02:00 GMT" },
    });
    sender.start();
    await world.drained();
    const pause = (world.tries[1]?.atMs ?? 0) - (world.tries[0]?.atMs ?? 0);
    expect(pause).toBeGreaterThanOrEqual(120_000);
    expect(pause).toBeLessThanOrEqual(150_001);
  });
});

describe("entries that cannot pass", () => {
  test("a refused entry in the middle is set aside with its code, and the others go on in the same batch", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    for (let count = 0; count < 9; count++) world.outbox.append();
    world.central.refuses.set(5, "WR7008");
    sender.start();
    await world.drained();
    expect(world.central.requests).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9]]);
    expect(world.outbox.listSetAside()).toMatchObject([
      { entry: { number: 5 }, code: "WR7008", detail: "as the test wants it", atMs: world.time.wallMs() },
    ]);
    expect(world.missing()).toEqual([]);
    expect(sender.state()).toMatchObject({ sent: 8, refused: 1, cause: null });
    expect(world.log).toContainEqual(expect.objectContaining({ number: 5, code: "WR7008" }));
  });

  test("all refused: all set aside, and the next one is sent as ever", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    for (let number = 1; number <= 30; number++) {
      world.outbox.append();
      world.central.refuses.set(number, "WR7006");
    }
    sender.start();
    await world.drained();
    world.outbox.append();
    await world.drained();
    expect(world.outbox.listSetAside()).toHaveLength(30);
    expect([...world.central.taken.values()].map(({ entry }) => entry.number)).toEqual([31]);
  });

  test("a proxy that takes small requests only gets small ones, and all arrive without a pause", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    for (let count = 0; count < 300; count++) world.outbox.append();
    world.central.mostBytes = 10_000;
    const before = world.time.monotonicMs();
    sender.start();
    await world.drained();
    expect(world.time.monotonicMs()).toBe(before);
    expect(world.missing()).toEqual([]);
    expect(world.outbox.counts().setAside).toBe(0);
    // A size that failed is tried again now and then, not all the time.
    expect(world.tries.length).toBeLessThan(world.central.requests.length * 1.5);
  });

  test("an entry that is too large even alone is set aside and the others go on", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    for (let number = 1; number <= 20; number++) world.outbox.append(number === 7 ? `{"text":"${"长".repeat(5000)}"}` : undefined);
    world.central.mostBytes = 12_000;
    sender.start();
    await world.drained();
    expect(world.outbox.listSetAside()).toMatchObject([{ entry: { number: 7 }, code: "WR6008" }]);
    expect(world.missing()).toEqual([]);
    expect(sender.state()).toMatchObject({ sent: 19, refused: 1, cause: null });
  });

  test("an entry that was too large is sent once more when somebody asks, and at each start; it leaves the list when central has it", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender();
    for (let number = 1; number <= 3; number++) world.outbox.append(number === 2 ? `{"text":"${"长".repeat(5000)}"}` : undefined);
    world.central.mostBytes = 12_000;
    sender.start();
    await world.drained();
    sender.poke();
    expect(world.outbox.counts()).toMatchObject({ waiting: 1, setAside: 1 });
    await world.drained();
    expect(world.outbox.counts()).toMatchObject({ waiting: 0, setAside: 1 });
    await sender.stop();
    world.central.mostBytes = 1_000_000;
    world.sender().start();
    await world.drained();
    expect(world.outbox.counts()).toMatchObject({ waiting: 0, setAside: 0 });
    expect(world.missing()).toEqual([]);
  });

  const stumbles: Manner[] = [
    { status: 503, code: "WR7015", headers: { "retry-after": "5" } },
    { status: 500 },
    "silent",
    "cut-before-storing",
    "no-answers",
  ];
  test.each(stumbles)(
    "one that central answers with %j, again and again, does not hold up the others and is never dropped",
    async (stumble) => {
      await using world = await SendingWorld.open();
      const sender = world.sender();
      for (let count = 0; count < 500; count++) world.outbox.append();
      world.central.stumblesOver.add(3).add(250);
      world.central.stumble = stumble;
      sender.start();
      await world.until(() => world.outbox.counts().waiting === 2);
      expect(world.outbox.next({ entries: 9, bytes: 1e6 }).map(({ number }) => number)).toEqual([3, 250]);
      expect(world.outbox.counts().setAside).toBe(0);

      // New ones pass while those two are tried again.
      world.outbox.append();
      await world.until(() => world.outbox.counts().waiting === 2);
      await world.pass(600_000);
      expect(sender.state().cause).not.toBeNull();
      world.central.stumblesOver.clear();
      await world.drained();
      expect(world.missing()).toEqual([]);
    },
  );

  test("with batches that time out it goes on with smaller ones", async () => {
    await using world = await SendingWorld.open();
    const sender = world.sender({ batch: { entries: 64, bytes: 1_000_000 } });
    for (let count = 0; count < 64; count++) world.outbox.append();
    world.central.script.push("silent", "silent", "silent");
    sender.start();
    await world.drained();
    expect(world.central.requests.slice(0, 4).map((numbers) => numbers.length)).toEqual([64, 32, 16, 8]);
    expect(world.missing()).toEqual([]);
  });
});
