import { describe, expect, test } from "vitest";
import { HostSession } from "./host-session.ts";
import { MESSAGES } from "./messages.ts";
import { PadSession } from "./pad-session.ts";
import {
  bytesOf,
  changing,
  inject,
  KEY,
  numbersOf,
  openRating,
  paired,
  rated,
  rewritten,
  securedOn,
  sessionOf,
  standsUnmoved,
  stored,
  talk,
} from "./testing/attack-words.ts";
import { TEST_PAD } from "./testing/conversation.ts";
import { framesIn } from "./testing/frame-collector.ts";
import { framed } from "./testing/framed.ts";
import { PairingBench } from "./testing/pairing-bench.ts";
import { SeededRandom } from "./testing/seeded-random.ts";
import type { TappedWire } from "./testing/tapped-wire.ts";

/** Each test is what somebody with the line in his hands does to a host and a pad that are paired. */

describe("playing again what was said", () => {
  test("within a session gives nothing, at once and after 300 more frames", () => {
    const bench = paired({ window: 4 });
    for (let eventNo = 1; eventNo <= 40; eventNo++) {
      bench.report(rated(eventNo));
      bench.send(stored(eventNo));
    }
    bench.wait(2000);
    const recorded = { toHost: [...bench.toHost.seen], toPad: [...bench.toPad.seen] };
    const again = () => {
      inject(bench, "toHost", ...recorded.toHost.filter((bytes) => securedOn(bench.toHost).includes(bytes)));
      inject(bench, "toPad", ...recorded.toPad.filter((bytes) => securedOn(bench.toPad).includes(bytes)));
      bench.wait(500);
    };
    again();
    expect([bench.reports.length, bench.commands.length]).toEqual([40, 40]);
    for (let eventNo = 41; eventNo <= 340; eventNo++) {
      bench.report(rated(eventNo));
      bench.send(stored(eventNo));
      // Frame 256 + n has the sequence number of frame n.
      if (eventNo % 50 === 0) again();
    }
    bench.wait(5000);
    again();
    const all = Array.from({ length: 340 }, (_, index) => index + 1);
    expect([numbersOf(bench.reports), numbersOf(bench.commands)]).toEqual([all, all]);
  });

  test("gives nothing after 70,000 frames either, when a counter of 16 bits would have come round", () => {
    const { bytes: random } = new SeededRandom(17);
    const host = new HostSession({ random, window: 8, keysOf: () => [KEY] });
    const pad = new PadSession({ random, window: 8, key: () => KEY }, () => TEST_PAD);
    talk(host, pad);
    const records: Uint8Array[] = [];
    let delivered = 0;
    let toPad: Uint8Array[] = [];
    let toHost: Uint8Array[] = [];
    const takeAtPad = (bytes: Uint8Array, now: number) => {
      for (const input of [{ is: "bytes", bytes }, { is: "settle" }] as const) {
        const effects = pad.step(input, now);
        delivered += effects.filter(({ is }) => is === "command").length;
        toHost.push(...bytesOf(effects));
      }
    };
    for (let eventNo = 1; eventNo <= 70_000; eventNo++) {
      toPad = bytesOf(host.step({ is: "send", message: stored(eventNo) }, eventNo));
      if (eventNo <= 8 || (eventNo >= 65_530 && eventNo <= 65_544)) records.push(...toPad);
      toHost = [];
      for (const bytes of toPad) takeAtPad(bytes, eventNo);
      for (const bytes of toHost) host.step({ is: "bytes", bytes }, eventNo);
    }
    expect(delivered).toBe(70_000);
    expect(records).toHaveLength(8 + 15);
    for (const bytes of records) takeAtPad(bytes, 70_001);
    expect(delivered).toBe(70_000);
    expect(pad.isReady).toBe(true);
  });

  test("in a later session gives nothing, whether its number is another or the same", () => {
    const bench = paired();
    bench.report(rated(1));
    bench.send(stored(1));
    bench.wait(500);
    const recorded = [securedOn(bench.toHost), securedOn(bench.toPad)] as const;
    expect(recorded.every((frames) => frames.length > 0)).toBe(true);
    for (let round = 0; round < 5; round++) {
      bench.openHost();
      bench.until(() => bench.isPaired);
      const session = sessionOf(bench);
      const inSession = (frames: readonly Uint8Array[]) => framesIn(...frames).map((frame) => rewritten(frame, { session }));
      inject(bench, "toHost", ...recorded[0], ...inSession(recorded[0]));
      inject(bench, "toPad", ...recorded[1], ...inSession(recorded[1]));
      bench.wait(500);
    }
    expect([bench.reports.length, bench.commands.length]).toEqual([1, 1]);
    expect(bench.isPaired).toBe(true);
  });

  test("a whole handshake of the pad's does not open a session with its host", () => {
    const bench = paired();
    const recorded = [...bench.toHost.seen];
    bench.conversation.pad = undefined;
    bench.openHost();
    for (let round = 0; round < 50; round++) {
      inject(bench, "toHost", ...framesIn(...recorded).map((frame) => rewritten(frame, { session: sessionOf(bench) })));
      bench.wait(100);
      expect(bench.trust.host).not.toBe("paired");
    }
  });

  test("a whole handshake of the host's does not open a session with its pad", () => {
    const bench = paired();
    const recorded = [...bench.toPad.seen];
    bench.conversation.host = undefined;
    bench.startPad();
    bench.commands.length = 0;
    inject(bench, "toPad", ...recorded);
    bench.wait(100);
    // The host's proof was for another nonce of the pad.
    expect(bench.trust.pad).toBe("proof-wrong");
    inject(bench, "toPad", framed(openRating, { session: framesIn(...recorded).at(-1)?.session ?? 0, sequence: 2, acknowledgement: 1 }));
    bench.wait(100);
    expect(bench.commands).toEqual([]);
  });
});

describe("sending back what a side has said", () => {
  test("to the same side, gives nothing", () => {
    const bench = paired();
    bench.report(rated(1));
    bench.send(stored(1));
    bench.wait(500);
    const before = [bench.reports.length, bench.commands.length];
    const all = (wire: TappedWire) => framesIn(...securedOn(wire));
    inject(bench, "toHost", ...all(bench.toPad).flatMap((frame) => [1, 2, 3].map((sequence) => rewritten(frame, { sequence }))));
    inject(bench, "toPad", ...all(bench.toHost).flatMap((frame) => [1, 2, 3].map((sequence) => rewritten(frame, { sequence }))));
    bench.wait(500);
    expect([bench.reports.length, bench.commands.length]).toEqual(before);
    expect([bench.conversation.host?.counters.unusable, bench.conversation.pad?.counters.unusable]).toEqual([0, 0]);
    expect(bench.isPaired).toBe(true);
  });

  test("makes no side prove to itself: the pad's proof is not the host's", () => {
    const bench = new PairingBench({ key: KEY });
    let proof: Uint8Array = new Uint8Array(16);
    bench.toHost.tap = (bytes) => {
      const [frame] = framesIn(bytes);
      if (frame?.type === MESSAGES.challengeAnswer.id) proof = frame.payload.slice(16, 32);
      return [bytes];
    };
    bench.toPad.tap = changing("ready", (frame) => [rewritten(frame, { payload: Uint8Array.of(1, ...proof) })]);
    bench.startPad();
    bench.openHost();
    bench.until(() => bench.trust.pad !== undefined);
    expect(bench.trust.pad).toBe("proof-wrong");
  });
});

describe("another pad in the place of the one that is paired", () => {
  const swap = (mine: Uint8Array | undefined, serialNumber: string) => {
    const bench = paired();
    bench.report(rated(1));
    bench.wait(500);
    // The other pad is put on in mid-session, while the host still believes in the first.
    bench.identity = { ...TEST_PAD, serialNumber };
    bench.padKey = mine;
    bench.startPad();
    return bench;
  };

  test.each([
    ["no key", undefined, "key-missing-there"],
    ["a key of its own", KEY.toReversed(), "proof-wrong"],
  ] as const)("which says to be the same and has %s is not taken for it", (_, key, trust) => {
    const bench = swap(key, TEST_PAD.serialNumber);
    bench.until(() => bench.isJoined);
    expect(bench.trust.host).toBe(trust);
    bench.report(rated(2));
    bench.wait(1000);
    expect(numbersOf(bench.reports)).toEqual([1]);
    expect(bench.keys).toEqual({ confirmed: KEY });
  });

  test("goes on with nothing of the session, even if it is on the line so fast that nobody hears it knock", () => {
    const bench = paired();
    const session = sessionOf(bench);
    inject(bench, "toHost", framed(rated(9), { session, sequence: 1, acknowledgement: 2 }));
    bench.wait(500);
    standsUnmoved(bench);
  });

  test("is what it says, if it is paired too: the host hears its name with the session", () => {
    const keys: Record<string, Uint8Array> = { [TEST_PAD.serialNumber]: KEY, other: KEY.toReversed() };
    const random = new SeededRandom(9);
    const host = new HostSession({ random: random.bytes, keysOf: ({ serialNumber }) => [keys[serialNumber] as Uint8Array] });
    const names = [TEST_PAD.serialNumber, "other"].map((serialNumber) => {
      const pad = new PadSession({ random: random.bytes, key: () => keys[serialNumber] }, () => ({ ...TEST_PAD, serialNumber }));
      return talk(host, pad).flatMap((effect) => (effect.is === "ready" ? [`${effect.pad.serialNumber} ${effect.trust}`] : []));
    });
    expect(names).toEqual([[`${TEST_PAD.serialNumber} paired`], ["other paired"]]);
  });
});
