import { describe, expect, test } from "vitest";
import { decodePayload } from "./codec.ts";
import { MESSAGES, type Message } from "./messages.ts";
import {
  changing,
  inject,
  KEY,
  openRating,
  REQUEST,
  rated,
  rewritten,
  sessionOf,
  standsUnmoved,
  withFields,
} from "./testing/attack-words.ts";
import { framesIn } from "./testing/frame-collector.ts";
import { framed } from "./testing/framed.ts";
import { PairingBench } from "./testing/pairing-bench.ts";

describe("talking two that are paired into less", () => {
  test.each([
    ["paired taken out of helloAnswer", "toHost", withFields("helloAnswer", { paired: false }), "proof-wrong"],
    ["secured taken out of challengeAnswer", "toHost", withFields("challengeAnswer", { secured: false }), "key-missing-there"],
    ["the pad's proof made zeros", "toHost", withFields("challengeAnswer", { proof: new Uint8Array(16) }), "proof-wrong"],
    ["a capability taken away", "toHost", withFields("helloAnswer", { capabilities: 0 }), "proof-wrong"],
    ["the frame size changed on its way to the pad", "toPad", withFields("hello", { maxFrame: 1000 }), "proof-wrong"],
    ["the window changed on its way to the pad", "toPad", withFields("hello", { window: 8 }), "proof-wrong"],
    ["the highest version changed on its way to the pad", "toPad", withFields("hello", { maxVersion: 9 }), "proof-wrong"],
    ["another nonce in challenge", "toPad", withFields("challenge", { nonce: new Uint8Array(16) }), "proof-wrong"],
  ] as const)("%s: the host takes no rating, the pad gives none", (_, wire, tap, trust) => {
    const bench = new PairingBench({ key: KEY });
    bench[wire].tap = tap;
    bench.start();
    expect(bench.trust).toEqual({ host: trust, pad: "key-missing-there" });
    bench.report(rated(1));
    bench.send(openRating);
    bench.wait(1000);
    inject(bench, "toHost", framed(rated(9), { session: sessionOf(bench), sequence: 1, acknowledgement: 2 }));
    bench.wait(500);
    expect([bench.reports, bench.commands]).toEqual([[], []]);
    bench[wire].tap = (bytes) => [bytes];
    bench.conversation.hostStep({ is: "opened" });
    bench.until(() => bench.isPaired);
  });

  test.each([
    ["secured taken out of it", withFields("ready", { secured: false })],
    ["its proof changed", withFields("ready", { proof: REQUEST })],
  ])("ready with %s: the pad speaks to nobody, and nothing of the host's is taken", (_, tap) => {
    const bench = new PairingBench({ key: KEY });
    bench.toPad.tap = tap;
    bench.startPad();
    bench.openHost();
    bench.until(() => bench.trust.pad !== undefined && bench.trust.host !== undefined);
    expect(bench.trust.pad).not.toBe("paired");
    bench.send(openRating);
    bench.report(rated(1));
    bench.wait(1000);
    expect([bench.reports, bench.commands]).toEqual([[], []]);
  });

  /** Somebody without the key at the pad's line. */
  const strangerAtPad = (frames: readonly [Message, number][]) => {
    const bench = new PairingBench({ key: KEY });
    bench.startPad();
    const hello = { type: "hello", nonce: new Uint8Array(8), minVersion: 1, maxVersion: 1, maxFrame: 254, window: 8 } as const;
    inject(bench, "toPad", framed(hello, { session: 77 }));
    inject(
      bench,
      "toPad",
      ...frames.map(([message, sequence]) => framed(message, { session: 77, sequence, acknowledgement: Math.min(sequence, 1) })),
    );
    bench.wait(100);
    bench.report(rated(1));
    bench.wait(100);
    return bench;
  };
  const challenge: Message = { type: "challenge", nonce: new Uint8Array(16) };
  const ready: Message = { type: "ready", secured: false, proof: new Uint8Array(16) };

  test("a ready that no challenge came before opens nothing: a pad that was not asked for its proof has not been spared the host's", () => {
    const bench = strangerAtPad([
      [ready, 0],
      [openRating, 1],
    ]);
    expect(bench.trust.pad).toBeUndefined();
    expect(bench.commands).toEqual([]);
    expect(framesIn(...bench.toHost.seen).some(({ type }) => type === MESSAGES.rated.id)).toBe(false);
  });

  test("a handshake without a proof gives a session over which nothing goes, and the pad says why", () => {
    const bench = strangerAtPad([
      [challenge, 0],
      [ready, 1],
      [openRating, 2],
    ]);
    expect(bench.trust.pad).toBe("key-missing-there");
    expect(bench.commands).toEqual([]);
    const said = framesIn(...bench.toHost.seen).map(({ type, payload }) => decodePayload(type, payload));
    expect(said).toContainEqual({
      is: "message",
      message: { type: "refused", command: MESSAGES.openRating.id, requestId: REQUEST, reason: "notPaired" },
    });
    expect(said.some((one) => one.is === "message" && one.message.type === "rated")).toBe(false);
  });

  test("a second challenge gets no second proof", () => {
    const bench = strangerAtPad([
      [challenge, 0],
      [challenge, 1],
      [challenge, 2],
    ]);
    expect(framesIn(...bench.toHost.seen).filter(({ type, sequence }) => type === MESSAGES.challengeAnswer.id && sequence > 0)).toEqual([]);
  });
});

describe("frames laid out for a side before it knows whom it speaks to", () => {
  test("a command that waits behind ready is not delivered with it", () => {
    const bench = new PairingBench({ key: KEY, window: 8 });
    bench.toPad.tap = changing("challenge", (frame) => [
      rewritten(frame, {}),
      ...[2, 3, 4, 5].map((sequence) => framed(openRating, { session: frame.session, sequence })),
    ]);
    bench.start();
    bench.wait(100);
    expect(bench.isPaired).toBe(true);
    standsUnmoved(bench);
  });

  test("a rating that waits behind challengeAnswer is not delivered with it", () => {
    const bench = new PairingBench({ key: KEY, window: 8 });
    bench.toHost.tap = changing("challengeAnswer", (frame) => [
      ...[1, 2, 3, 4].map((sequence) => framed(rated(9, 5), { session: frame.session, sequence, acknowledgement: 1 })),
      rewritten(frame, {}),
    ]);
    bench.start();
    bench.wait(100);
    expect(bench.isPaired).toBe(true);
    standsUnmoved(bench);
  });
});
