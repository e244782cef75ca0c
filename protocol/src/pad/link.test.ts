import { describe, expect, test } from "vitest";
import { DEFAULT_TIMERS, type LinkEffect } from "./link.ts";
import { MESSAGES, type Message } from "./messages.ts";
import { framesIn } from "./testing/frame-collector.ts";
import { LinkPair } from "./testing/link-pair.ts";
import { ACK, delivered, frame, keyStuck, kinds, linkOf, ping, raw, sent, stored } from "./testing/link-words.ts";
import type { WireFaults } from "./testing/lossy-wire.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

describe("acknowledging", () => {
  test("a message is acknowledged when all bytes at hand were taken, once", () => {
    const pad = linkOf("pad");
    expect(kinds(pad.step({ is: "frame", frame: frame(stored(1)) }, 0))).toEqual(["deliver"]);
    expect(sent(pad.step({ is: "settle" }, 0))).toEqual(["ack 0/1"]);
    expect(pad.step({ is: "settle" }, 0)).toEqual([]);
  });

  test("an answer on its way carries the acknowledgement and no ack follows", () => {
    const pad = linkOf("pad");
    pad.step({ is: "frame", frame: frame(stored(1)) }, 0);
    expect(sent(pad.step({ is: "send", message: keyStuck(1) }, 0))).toEqual(["keyStuck 0/1"]);
    expect(pad.step({ is: "settle" }, 0)).toEqual([]);
  });

  test("a repeat is acknowledged again and not delivered", () => {
    const pad = linkOf("pad");
    pad.step({ is: "frame", frame: frame(stored(1)) }, 0);
    pad.step({ is: "settle" }, 0);
    expect(pad.step({ is: "frame", frame: frame(stored(1)) }, 300)).toEqual([]);
    expect(sent(pad.step({ is: "settle" }, 300))).toEqual(["ack 0/1"]);
    expect(pad.counters).toMatchObject({ delivered: 1, repeated: 1 });
  });

  test("what comes behind a missing message is kept, and the acknowledgement tells of it; both are delivered when the missing one comes", () => {
    const pad = linkOf("pad", 8);
    for (const place of [1, 3, 3]) expect(pad.step({ is: "frame", frame: frame(stored(place + 1), place) }, 0)).toEqual([]);
    expect(sent(pad.step({ is: "settle" }, 0))).toEqual(["ack 5/0"]);
    expect(delivered(pad.step({ is: "frame", frame: frame(stored(1)) }, 0))).toEqual([1, 2]);
    expect(sent(pad.step({ is: "settle" }, 0))).toEqual(["ack 1/2"]);
    expect(delivered(pad.step({ is: "frame", frame: frame(stored(3), 2) }, 0))).toEqual([3, 4]);
    expect(sent(pad.step({ is: "settle" }, 0))).toEqual(["ack 0/4"]);
    expect(pad.counters).toMatchObject({ delivered: 4, early: 3 });
  });

  test("a message of its own does not tell what came early: an ack follows it", () => {
    const pad = linkOf("pad", 8);
    pad.step({ is: "frame", frame: frame(stored(2), 1) }, 0);
    expect(sent(pad.step({ is: "send", message: keyStuck(1) }, 0))).toEqual(["keyStuck 0/0"]);
    expect(sent(pad.step({ is: "settle" }, 0))).toEqual(["ack 1/0"]);
    expect(pad.step({ is: "settle" }, 0)).toEqual([]);
  });

  test.each([1, 3, 8])("with a window of %i no more is kept than may be under way", (window) => {
    const pad = linkOf("pad", window);
    for (let place = 1; place < 120; place++) pad.step({ is: "frame", frame: frame(stored(place + 1), place) }, 0);
    const [first] = pad.step({ is: "frame", frame: frame(stored(1)) }, 0);
    expect(first).toEqual({ is: "deliver", message: stored(1) });
    expect(pad.counters.delivered).toBe(window);
  });

  test("an unusable message that came early is reported in its turn", () => {
    const pad = linkOf("pad", 8);
    expect(pad.step({ is: "frame", frame: raw(0x1f, Uint8Array.of(1), 1) }, 0)).toEqual([]);
    expect(kinds(pad.step({ is: "frame", frame: frame(stored(1)) }, 0))).toEqual(["deliver", "unusable"]);
  });

  test("an acknowledgement of what was never sent, or of long ago, changes nothing", () => {
    const host = linkOf("host", 8);
    host.step({ is: "send", message: stored(1) }, 0);
    for (const number of [2, 9, 128, 255]) host.step({ is: "frame", frame: frame(ACK, 0, number) }, 1);
    expect(host.unacknowledged).toBe(1);
    host.step({ is: "frame", frame: frame(ACK, 0, 1) }, 2);
    host.step({ is: "send", message: stored(2) }, 3);
    for (const number of [0, 1]) host.step({ is: "frame", frame: frame(ACK, 0, number) }, 4);
    expect(host.unacknowledged).toBe(1);
  });
});

describe("the window", () => {
  test("holds back what does not fit and lets it go as acknowledgements come", () => {
    const host = linkOf("host", 2);
    const effects = [1, 2, 3, 4].flatMap((eventNo) => host.step({ is: "send", message: stored(eventNo) }, 0));
    expect(sent(effects)).toEqual(["stored 0/0", "stored 1/0"]);
    expect(host.unacknowledged).toBe(4);
    expect(sent(host.step({ is: "frame", frame: frame(ACK, 0, 1) }, 5))).toEqual(["stored 2/0"]);
    expect(sent(host.step({ is: "frame", frame: frame(ACK, 0, 3) }, 6))).toEqual(["stored 3/0"]);
    host.step({ is: "frame", frame: frame(ACK, 0, 4) }, 7);
    expect(host.unacknowledged).toBe(0);
  });

  test("is sent again whole after the timeout, with the acknowledgement number of now", () => {
    const host = linkOf("host", 8);
    for (const eventNo of [1, 2, 3]) host.step({ is: "send", message: stored(eventNo) }, 0);
    host.step({ is: "frame", frame: frame(keyStuck(1)) }, 100);
    expect(host.deadline()).toBe(200);
    expect(sent(host.step({ is: "time" }, 200))).toEqual(["stored 0/1", "stored 1/1", "stored 2/1"]);
    expect(host.counters.resent).toBe(3);
  });
});

describe("the acknowledgement timeout", () => {
  test("time that comes before the deadline does nothing", () => {
    const host = linkOf("host");
    host.step({ is: "send", message: stored(1) }, 0);
    expect(host.step({ is: "time" }, 199)).toEqual([]);
    expect(host.deadline()).toBe(200);
  });

  test("time that comes exactly at the deadline moves it, whatever the fractions of a millisecond", () => {
    const random = new SeededRandom(31);
    for (let round = 0; round < 2000; round++) {
      const host = linkOf("host");
      const start = random.fraction() * 1000;
      host.step({ is: "send", message: stored(1) }, start);
      host.step({ is: "frame", frame: frame(ACK, 0, 1) }, start + random.fraction() * 150);
      host.step({ is: "send", message: stored(2) }, start + 160.3);
      const due = host.deadline();
      expect(sent(host.step({ is: "time" }, due))).toEqual(["stored 1/0"]);
      expect(host.deadline()).toBeGreaterThan(due);
    }
  });

  test("follows the measured round trip down to its floor", () => {
    const host = linkOf("host");
    for (let round = 0; round < 20; round++) {
      const now = round * 100;
      host.step({ is: "send", message: stored(1) }, now);
      host.step({ is: "frame", frame: frame(ACK, 0, round + 1) }, now + 4);
    }
    host.step({ is: "send", message: stored(1) }, 2000);
    expect(host.deadline()).toBe(2000 + DEFAULT_TIMERS.minTimeout);
    expect(new Set(host.roundTrips)).toEqual(new Set([4]));
  });

  test("an acknowledgement of part of the window does not shorten the round trip measured for the rest", () => {
    const host = linkOf("host", 8);
    host.step({ is: "send", message: stored(1) }, 0);
    host.step({ is: "send", message: stored(2) }, 0);
    host.step({ is: "frame", frame: frame(ACK, 0, 1) }, 150);
    host.step({ is: "frame", frame: frame(ACK, 0, 2) }, 160);
    expect(host.roundTrips).toEqual([150, 160]);
  });

  test("progress starts it anew for what is still under way", () => {
    const host = linkOf("host", 8);
    host.step({ is: "send", message: stored(1) }, 0);
    host.step({ is: "send", message: stored(2) }, 0);
    host.step({ is: "frame", frame: frame(ACK, 0, 1) }, 100);
    // Round trip 100, deviation 50: 100 + 4 × 50 from the progress on.
    expect(host.deadline()).toBe(100 + 300);
  });

  test("an answer to a message sent twice measures nothing (Karn's rule), and the doubled timeout stays until one does", () => {
    const host = linkOf("host");
    host.step({ is: "send", message: stored(1) }, 0);
    host.step({ is: "time" }, 200);
    host.step({ is: "frame", frame: frame(ACK, 0, 1) }, 201);
    expect(host.roundTrips).toEqual([]);
    host.step({ is: "send", message: stored(2) }, 300);
    expect(host.deadline()).toBe(300 + 400);
    host.step({ is: "frame", frame: frame(ACK, 0, 2) }, 320);
    host.step({ is: "send", message: stored(3) }, 400);
    expect(host.deadline()).toBe(400 + 60);
  });

  test("doubles up to its ceiling with every repeat; after the last repeat the link is broken", () => {
    const host = linkOf("host");
    host.step({ is: "send", message: stored(1) }, 0);
    const repeats: number[] = [];
    let broken: LinkEffect | undefined;
    let now = 0;
    while (broken === undefined) {
      // The pad is there, and answers everything but this.
      host.step({ is: "frame", frame: frame({ type: "pong", token: 0 }) }, now);
      now = host.deadline();
      const effects = host.step({ is: "time" }, now);
      if (sent(effects).includes("stored 0/0")) repeats.push(now);
      broken = effects.find((effect) => effect.is === "broken");
    }
    expect(repeats).toEqual([200, 600, 1400, 2400, 3400, 4400, 5400, 6400]);
    expect(repeats.length).toBe(DEFAULT_TIMERS.maxRetries);
    expect(broken).toEqual({ is: "broken", cause: "no-acknowledgement" });
    expect(now).toBe(7400);
  });

  test("keeps the newest round trips only", () => {
    const host = linkOf("host");
    for (let round = 0; round < 700; round++) {
      host.step({ is: "send", message: stored(1) }, round * 10);
      host.step({ is: "frame", frame: frame(ACK, 0, (round + 1) & 0xff) }, round * 10 + (round < 188 ? 1 : 2));
    }
    expect(host.roundTrips.length).toBe(512);
    expect(new Set(host.roundTrips)).toEqual(new Set([2]));
  });
});

describe("signs of life", () => {
  test("a host that hears nothing pings, and gives up within 3 s", () => {
    const host = linkOf("host");
    const log: string[] = [];
    for (let now = host.deadline(); now < Number.POSITIVE_INFINITY; now = host.deadline()) {
      const effects = host.step({ is: "time" }, now);
      log.push(...sent(effects).map((name) => `${now} ${name}`), ...effects.filter(({ is }) => is === "broken").map(() => `${now} broken`));
    }
    expect(log).toEqual(["900 ping 0/0", "1800 ping 0/0", "2700 ping 0/0", "2800 broken"]);
    expect(DEFAULT_TIMERS.silentAfter).toBeLessThan(3000);
  });

  test("a pad that hears nothing gives up within 3 s, without pinging", () => {
    const pad = linkOf("pad");
    expect(pad.deadline()).toBe(DEFAULT_TIMERS.silentAfter);
    expect(pad.step({ is: "time" }, DEFAULT_TIMERS.silentAfter)).toEqual([{ is: "broken", cause: "silence" }]);
  });

  test("the pad answers a ping with its number, and both stay", () => {
    const pad = linkOf("pad");
    const [answer] = pad.step({ is: "frame", frame: frame(ping(0x1234)) }, 900);
    expect(answer?.is === "transmit" && framesIn(answer.bytes)[0]).toMatchObject({
      type: MESSAGES.pong.id,
      payload: Uint8Array.of(0x34, 0x12),
    });
    expect(pad.deadline()).toBe(900 + DEFAULT_TIMERS.silentAfter);
  });

  test("an idle pair lives on for an hour", () => {
    const pair = new LinkPair({ seed: 1, window: 1 });
    pair.run(() => false, 3_600_000);
    expect([pair.host.broken, pair.pad.broken]).toEqual([undefined, undefined]);
    expect(pair.now).toBe(3_600_000);
  });

  test("a pulled plug is noticed at both ends within 3 s", () => {
    const pair = new LinkPair({ seed: 2, window: 1, faults: { drop: 1 } });
    pair.run(() => pair.host.broken !== undefined && pair.pad.broken !== undefined, 3000);
    expect([pair.host.broken, pair.pad.broken]).toEqual(["silence", "silence"]);
  });
});

test("a broken link does nothing more and names no deadline", () => {
  const pad = linkOf("pad");
  pad.step({ is: "send", message: keyStuck(1) }, 0);
  pad.step({ is: "time" }, 10_000);
  expect(pad.deadline()).toBe(Number.POSITIVE_INFINITY);
  expect(pad.step({ is: "frame", frame: frame(ping(1)) }, 10_001)).toEqual([]);
  expect(pad.step({ is: "time" }, 20_000)).toEqual([]);
});

describe("what cannot be used", () => {
  test("an unknown message is reported, acknowledged and holds up nothing", () => {
    const pad = linkOf("pad");
    expect(pad.step({ is: "frame", frame: raw(0x1f, Uint8Array.of(1)) }, 0)).toEqual([
      { is: "unusable", decoded: { is: "unknown", id: 0x1f } },
    ]);
    expect(sent(pad.step({ is: "settle" }, 0))).toEqual(["ack 0/1"]);
    expect(kinds(pad.step({ is: "frame", frame: frame(stored(1), 1) }, 0))).toEqual(["deliver"]);
    expect(pad.counters).toMatchObject({ delivered: 1, unusable: 1 });
  });

  test("ids of later versions above all that are known are sequenced too", () => {
    const pad = linkOf("pad");
    expect(pad.step({ is: "frame", frame: raw(0xff, new Uint8Array(0)) }, 0)).toMatchObject([{ decoded: { is: "unknown", id: 0xff } }]);
    expect(sent(pad.step({ is: "settle" }, 0))).toEqual(["ack 0/1"]);
  });

  test("a malformed payload is reported, acknowledged and holds up nothing", () => {
    const pad = linkOf("pad");
    expect(pad.step({ is: "frame", frame: raw(MESSAGES.stored.id, Uint8Array.of(1)) }, 0)).toMatchObject([
      { is: "unusable", decoded: { is: "malformed", id: 0x19 } },
    ]);
    expect(sent(pad.step({ is: "settle" }, 0))).toEqual(["ack 0/1"]);
  });

  test("a repeat of it is not reported again", () => {
    const pad = linkOf("pad");
    pad.step({ is: "frame", frame: raw(0x1f, Uint8Array.of(1)) }, 0);
    expect(pad.step({ is: "frame", frame: raw(0x1f, Uint8Array.of(1)) }, 0)).toEqual([]);
  });

  test("a sequenced message in the wrong direction is reported and acknowledged", () => {
    const pad = linkOf("pad");
    expect(pad.step({ is: "frame", frame: frame(keyStuck(1)) }, 0)).toEqual([
      { is: "unusable", decoded: { is: "malformed", id: 0x33, why: "keyStuck in the wrong direction" } },
    ]);
    expect(sent(pad.step({ is: "settle" }, 0))).toEqual(["ack 0/1"]);
  });

  test("an unknown control frame is reported and not acknowledged, but its acknowledgement number counts", () => {
    const host = linkOf("host");
    host.step({ is: "send", message: stored(1) }, 0);
    expect(host.step({ is: "frame", frame: raw(0x0e, new Uint8Array(3), 0, 1) }, 1)).toEqual([
      { is: "unusable", decoded: { is: "unknown", id: 0x0e } },
    ]);
    expect(host.unacknowledged).toBe(0);
    expect(host.step({ is: "settle" }, 1)).toEqual([]);
  });

  test("a control frame in the wrong direction, or one that has no place in a session, is reported and acknowledges nothing", () => {
    const host = linkOf("host", 8);
    for (let round = 0; round < 255; round++) {
      host.step({ is: "send", message: stored(1) }, 0);
      host.step({ is: "frame", frame: frame(ACK, 0, round + 1) }, 0);
    }
    host.step({ is: "send", message: stored(1) }, 0);
    const hello: Message = { type: "hello", nonce: new Uint8Array(8), minVersion: 1, maxVersion: 1, maxFrame: 254, window: 1 };
    // Number 0 in these would acknowledge message 255.
    for (const message of [hello, ping(1), { type: "knock", cause: "power" }] as const) {
      expect(host.step({ is: "frame", frame: frame(message, 0, 0) }, 1)).toMatchObject([{ is: "unusable", decoded: { is: "malformed" } }]);
    }
    expect(host.unacknowledged).toBe(1);
  });
});

describe("what cannot be sent", () => {
  test("a message longer than the agreed frame is refused with WR1001 and the link goes on", () => {
    const host = linkOf("host", 1, 39);
    const long: Message = { type: "openRating", requestId: new Uint8Array(16), timeoutMs: 1000, voice: 0, labels: ["满意"] };
    expect(() => host.step({ is: "send", message: long }, 0)).toThrow(/WR1001.*openRating needs 40/s);
    expect(host.unacknowledged).toBe(0);
    expect(sent(host.step({ is: "send", message: stored(1) }, 0))).toEqual(["stored 0/0"]);
  });

  test("a message with a wrong value is refused with WR1002 and the link goes on", () => {
    const host = linkOf("host");
    expect(() => host.step({ is: "send", message: stored(0) }, 0)).toThrow(/WR1002/);
    expect(sent(host.step({ is: "send", message: stored(1) }, 0))).toEqual(["stored 0/0"]);
  });
});

describe.each([1, 8])("over a bad wire, window %i,", (window) => {
  /** More than two rounds of the sequence numbers. */
  const COUNT = 600;

  const converse = (seed: number, faults: WireFaults) => {
    const pair = new LinkPair({ seed, window, faults });
    for (let eventNo = 1; eventNo <= COUNT; eventNo++) {
      pair.host.send(stored(eventNo), 0);
      pair.pad.send(keyStuck(eventNo), 0);
    }
    pair.run(
      () => pair.host.link.unacknowledged + pair.pad.link.unacknowledged === 0 || (pair.host.broken && pair.pad.broken) !== undefined,
    );
    const numbers = (messages: readonly Message[]): number[] => messages.map((message) => ("eventNo" in message ? message.eventNo : -1));
    return { pair, atPad: numbers(pair.pad.delivered), atHost: numbers(pair.host.delivered) };
  };
  const counted = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

  test("a good wire delivers all, in order, and nothing is sent twice", () => {
    const { pair, atPad, atHost } = converse(1, {});
    expect(atPad).toEqual(counted(COUNT));
    expect(atHost).toEqual(counted(COUNT));
    expect(pair.host.link.counters).toMatchObject({ sent: COUNT, resent: 0, repeated: 0, early: 0 });
  });

  test.each([
    { name: "loses a tenth", faults: { drop: 0.1 } },
    { name: "repeats a third", faults: { repeat: 0.3 } },
    { name: "lets one in ten be overtaken", faults: { overtake: 0.1 } },
    { name: "corrupts and cuts a tenth", faults: { flip: 0.1, cut: 0.1 } },
    { name: "corrupts one byte in a hundred", faults: { corrupt: 0.01 } },
    { name: "corrupts one byte in a hundred and splits all", faults: { corrupt: 0.01, split: 1 } },
    {
      name: "splits all and does everything else a little",
      faults: { split: 1, drop: 0.04, flip: 0.04, repeat: 0.1, overtake: 0.04, cut: 0.04 },
    },
  ])("one that $name delivers all, once and in order", ({ faults }) => {
    for (let seed = 1; seed <= 6; seed++) {
      const { pair, atPad, atHost } = converse(seed, faults);
      expect([pair.host.broken, pair.pad.broken], `seed ${seed}`).toEqual([undefined, undefined]);
      expect(atPad, `seed ${seed}`).toEqual(counted(COUNT));
      expect(atHost, `seed ${seed}`).toEqual(counted(COUNT));
    }
  });

  test("a hopeless one breaks, and until then has delivered the beginning, once and in order", () => {
    let broken = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const { pair, atPad, atHost } = converse(seed, { drop: 0.5, flip: 0.2, repeat: 0.2, overtake: 0.2, cut: 0.1 });
      if (pair.host.broken !== undefined || pair.pad.broken !== undefined) broken++;
      expect(atPad, `seed ${seed}`).toEqual(counted(atPad.length));
      expect(atHost, `seed ${seed}`).toEqual(counted(atHost.length));
    }
    expect(broken).toBeGreaterThan(0);
  });
});
