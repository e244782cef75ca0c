import fc from "fast-check";
import { expect, test } from "vitest";
import type { Manner } from "./test/fake-central.ts";
import { SendingWorld } from "./test/sending-world.ts";

const manner: fc.Arbitrary<Manner> = fc.oneof(
  fc.constantFrom<Manner>(
    "good",
    "silent",
    "silent-after-storing",
    "trickle",
    "cut-before-storing",
    "cut-after-storing",
    "cut-mid-answer",
    "answers-twice",
    "answers-backwards",
    "answers-of-others",
    "wrong-ids",
    "half-the-answers",
    "no-answers",
    "contradicts-itself",
    "html",
    "half-json",
    "other-json",
    "redirect",
    "unknown-pc",
  ),
  fc.record({
    status: fc.constantFrom(400, 403, 404, 408, 409, 413, 418, 429, 500, 502, 503, 504),
    code: fc.constantFrom("WR7001", "WR7015"),
  }),
  fc.record({
    status: fc.constantFrom(429, 503),
    headers: fc.constantFrom<Record<string, string>>({ "retry-after": "3" }, { "retry-after": "soon" }),
  }),
);

const event = fc.oneof(
  { weight: 3, arbitrary: fc.record({ is: fc.constant("append" as const), count: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 6, arbitrary: fc.record({ is: fc.constant("manner" as const), manner }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("network" as const) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("clock" as const), days: fc.integer({ min: -9, max: 9 }) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("down" as const) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("store" as const) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("restart" as const) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("poke" as const) }) },
);

const happening = fc.record({ event, thenMs: fc.constantFrom(0, 1, 40, 900, 5000, 61_000) });

test("after any misbehaviour, once central behaves, every entry is there exactly once or set aside with a reason, and the outbox is empty", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(happening, { maxLength: 30 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 4 }),
      fc.nat(),
      async (story, refused, seed) => {
        await using world = await SendingWorld.open(seed);
        const limits = { batch: { entries: 32, bytes: 100_000 }, maxDelayMs: 30_000 };
        for (const number of refused) world.central.refuses.set(number, "WR7008");
        let sender = world.sender(limits);
        sender.start();
        for (const { event, thenMs } of story) {
          if (event.is === "append") for (let count = 0; count < event.count; count++) world.outbox.append();
          else if (event.is === "manner") world.central.manner = event.manner;
          else if (event.is === "network") world.network += "'";
          else if (event.is === "clock") world.time.stepWallClock(event.days * 86_400_000);
          else if (event.is === "down") await world.central.down();
          else if (event.is === "store") world.outbox.failure = new Error("disk full");
          else if (event.is === "poke") sender.poke();
          else {
            await world.stop(sender);
            sender = world.sender(limits);
            sender.start();
          }
          await world.pass(thenMs);
          world.outbox.failure = null;
          if (event.is === "down") await world.central.up();
        }
        world.central.manner = "good";
        world.outbox.append();
        const from = world.time.monotonicMs();
        await world.drained();
        // Longest waits: a request under way, and a Retry-After or the slow retry of a refused window PC.
        expect(world.time.monotonicMs() - from).toBeLessThan(300_000);

        const aside = world.outbox.listSetAside().map(({ entry, code }) => ({ number: entry.number, code }));
        expect(world.missing()).toEqual([]);
        expect(world.central.conflicts).toBe(0);
        expect(world.central.taken.size + aside.length).toBeGreaterThanOrEqual(world.outbox.written.length);
        for (const { number, code } of aside) {
          // Refused by central, or alone too large for the way to it.
          expect(code === "WR7008" ? refused.includes(number) : code === "WR6008").toBe(true);
        }
      },
    ),
    { seed: 20_260_302, numRuns: 120 },
  );
});
