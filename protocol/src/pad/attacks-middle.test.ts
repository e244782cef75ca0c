import { describe, expect, test } from "vitest";
import { decodePayload, encodePayload } from "./codec.ts";
import type { Frame } from "./frame.ts";
import { HostPairing, type HostPairingEffect, MOST_OFFERS, PAIRING_WITHIN } from "./host-pairing.ts";
import { type Command, declarationOf, MESSAGES, type Message, type MessageName } from "./messages.ts";
import { PadPairing, type PadPairingEffect } from "./pad-pairing.ts";
import { commitmentTo, publicKeyOf } from "./pairing-secrets.ts";
import { changing, inject, messageOf, numbersOf, paired, rated, rewritten, sessionOf, standsUnmoved } from "./testing/attack-words.ts";
import { TEST_PAD } from "./testing/conversation.ts";
import { framesIn } from "./testing/frame-collector.ts";
import { checksummed, framed, framedRaw } from "./testing/framed.ts";
import { MESSAGE_NAMES } from "./testing/message-arbitrary.ts";
import { hex } from "./testing/message-json.ts";
import { PairingBench } from "./testing/pairing-bench.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

/** Somebody between the two ends of a line, for instance on the way to a serial server, who speaks the protocol as well as we do. */

/** The shortest payload that the message can have. */
const least = (name: MessageName): Uint8Array => {
  const id = declarationOf(name).id;
  for (const size of Array.from({ length: 200 }, (_, index) => index)) {
    for (const fill of [0, 1]) {
      const payload = new Uint8Array(size).fill(fill);
      if (decodePayload(id, payload).is === "message") return payload;
    }
  }
  return new Uint8Array(0);
};

describe("somebody in the middle while two are paired with each other", () => {
  const pad = {
    type: "helloAnswer",
    nonce: new Uint8Array(8),
    version: 1,
    minVersion: 1,
    maxVersion: 1,
    maxFrame: 254,
    window: 1,
    ...TEST_PAD,
  } as const;
  const somebody = () => {
    const random = new SeededRandom(99);
    const asHost = new HostPairing(random.bytes);
    asHost.step({ is: "asked" }, 0);
    return { asHost, asPad: new PadPairing(random.bytes, TEST_PAD) };
  };
  /** What he says in the name of the other side, in answer to a frame. */
  const answers = (frame: Frame, effects: readonly (HostPairingEffect | PadPairingEffect)[]): Uint8Array[] =>
    effects.flatMap((effect) => {
      const numbers = { session: frame.session, sequence: frame.acknowledgement, acknowledgement: frame.sequence + 1 };
      return effect.is === "send" ? [framed(effect.message, numbers)] : [];
    });

  test("the codes are not the same, and the pad's does not pair at the PC", () => {
    const bench = new PairingBench().start();
    const { asHost, asPad } = somebody();
    const codes: string[] = [];
    bench.toHost.tap = (bytes) =>
      framesIn(bytes).flatMap((frame) => {
        const message = messageOf(frame);
        if (message.type !== "pairingOffer" && message.type !== "pairingReveal") return [bytes];
        inject(bench, "toPad", ...answers(frame, asHost.step({ is: "report", pad, message }, 0)));
        if (message.type === "pairingReveal") return [];
        return asPad
          .step({ is: "asked" }, 0)
          .flatMap((effect) => (effect.is === "send" ? [rewritten(frame, { payload: encodePayload(effect.message).slice() })] : []));
      });
    bench.toPad.tap = changing("pairingStart", (frame) => {
      const effects = asPad.step({ is: "command", message: messageOf(frame) as Command }, 0);
      for (const effect of effects) if (effect.is === "show" && effect.shown.is === "code") codes.push(effect.shown.code);
      inject(bench, "toHost", ...answers(frame, effects));
      return [];
    });
    bench.offer();
    expect(bench.isAsked).toBe(true);
    expect(bench.code).toMatch(/^[1-5]{8}$/);
    expect(codes).toHaveLength(1);
    expect(bench.code).not.toBe(codes[0]);
    bench.atHost({ is: "typed", code: bench.code });
    expect(bench.told.at(-1)).toBe("wrong-code");
    expect(bench.keys).toEqual({});
  });

  test("who confirms to the pad himself gets no key into it while nobody presses there", () => {
    const bench = new PairingBench().start();
    const { asHost } = somebody();
    let revealed: Frame | undefined;
    bench.toHost.tap = (bytes) =>
      framesIn(bytes).flatMap((frame) => {
        const message = messageOf(frame);
        if (message.type === "pairingReveal") revealed = frame;
        if (message.type !== "pairingOffer" && message.type !== "pairingReveal") return [bytes];
        inject(bench, "toPad", ...answers(frame, asHost.step({ is: "report", pad, message }, 0)));
        return [];
      });
    bench.atPad({ is: "asked" });
    bench.until(() => revealed !== undefined);
    // He has seen everything that makes the code: he needs nobody to type it.
    inject(bench, "toPad", ...answers(revealed as Frame, asHost.step({ is: "typed", code: bench.code }, 0)));
    bench.until(() => bench.shown.is === "press");
    bench.wait(PAIRING_WITHIN);
    expect(bench.shown).toEqual({ is: "nothing" });
    expect(bench.padKey).toBeUndefined();
  });

  test("who offers and offers until a code of his own is the pad's gets three answers", () => {
    const bench = new PairingBench().start();
    const random = new SeededRandom(31);
    bench.toPad.tap = changing("pairingStart", ({ session, sequence }) => {
      inject(bench, "toHost", framed({ type: "ack" }, { session, acknowledgement: sequence + 1 }));
      return [];
    });
    const offers = (count: number) => {
      for (let index = 0; index < count; index++) {
        const publicKey = publicKeyOf(random.bytes(32));
        bench.report({ type: "pairingOffer", publicKey, commitment: commitmentTo(publicKey, random.bytes(16)) });
        bench.wait(30);
      }
      const starts = framesIn(...bench.toPad.seen).filter(({ type }) => type === MESSAGES.pairingStart.id);
      return new Set(starts.map(({ payload }) => hex(payload))).size;
    };
    expect(offers(20)).toBe(0);
    bench.atHost({ is: "asked" });
    // One of those that came before was noted: it is the first.
    expect(offers(40)).toBe(MOST_OFFERS);
    expect(bench.told.at(-1)).toBe("too-many-offers");
  });
});

describe("somebody in the middle of a line whose ends are paired", () => {
  test("every changed byte of a secured frame loses the frame", () => {
    const bench = paired();
    let secured: Frame | undefined;
    bench.toHost.tap = changing("rated", (frame) => {
      secured ??= frame;
      return [];
    });
    bench.report(rated(1));
    bench.wait(20);
    bench.toHost.tap = () => [];
    const frame = secured as Frame;
    const body = Uint8Array.of(
      0x81,
      frame.type,
      frame.session & 0xff,
      frame.session >>> 8,
      frame.sequence,
      frame.acknowledgement,
      ...frame.payload,
    );
    for (let at = 0; at < body.length; at++) {
      // What is received is not authenticated in itself; see the forged acknowledgements.
      if (at === 5) continue;
      for (const bit of [0x01, 0x80]) inject(bench, "toHost", checksummed(body.map((byte, index) => (index === at ? byte ^ bit : byte))));
    }
    bench.wait(300);
    expect(bench.reports).toEqual([]);
    bench.toHost.tap = (bytes) => [bytes];
    bench.wait(3000);
    expect(numbersOf(bench.reports)).toEqual([1]);
  });

  test("who keeps a rating back, and acknowledges it in the host's name, keeps back all that comes behind it, and it is the first to arrive when he is gone", () => {
    const bench = paired({ window: 4 });
    const isRating = (frame: Frame) => frame.type === MESSAGES.rated.id && frame.payload[20] === 1;
    bench.toHost.tap = (bytes) =>
      framesIn(bytes).flatMap((frame) => {
        if (!isRating(frame)) return [bytes];
        inject(bench, "toPad", framed({ type: "ack" }, { session: frame.session, acknowledgement: (frame.sequence + 1) & 0xff }));
        return [];
      });
    bench.report(rated(1, 5));
    bench.wait(500);
    bench.report(rated(2, 1));
    bench.wait(50);
    expect(bench.conversation.pad?.unacknowledged).toBe(0);
    for (let eventNo = 3; eventNo < 8; eventNo++) bench.report(rated(eventNo, 5));
    bench.wait(20_000);
    expect(numbersOf(bench.reports)).toEqual([1]);
    // The pad offers what was not stored in each new session, oldest first.
    bench.toHost.tap = (bytes) => [bytes];
    bench.conversation.hostStep({ is: "opened" });
    bench.until(() => bench.isPaired);
    for (let eventNo = 2; eventNo < 8; eventNo++) bench.report(rated(eventNo));
    bench.wait(3000);
    expect(numbersOf(bench.reports)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  test.each(MESSAGE_NAMES.filter((name) => declarationOf(name).delivery === "sequenced"))(
    "an unsecured %s that is injected is not taken",
    (name) => {
      const bench = paired();
      const { id, direction } = declarationOf(name);
      const wire = direction === "host-to-pad" ? "toPad" : "toHost";
      const told = bench.told.length;
      for (let sequence = 0; sequence < 6; sequence++)
        inject(bench, wire, framedRaw(id, least(name), { session: sessionOf(bench), sequence }));
      bench.wait(200);
      expect(bench.told).toHaveLength(told);
      expect(bench.isPaired).toBe(true);
      standsUnmoved(bench);
    },
  );

  test.each(["knock", "bye", "hello"] as const)("an injected %s ends the session, and the next one is secured again", (name) => {
    const bench = paired();
    const session = name === "knock" ? 0 : name === "hello" ? 4711 : sessionOf(bench);
    const messages: Record<string, Message> = {
      knock: { type: "knock", cause: "power" },
      bye: { type: "bye", cause: "shutdown" },
      hello: { type: "hello", nonce: new Uint8Array(8), minVersion: 1, maxVersion: 1, maxFrame: 254, window: 1 },
    };
    inject(bench, name === "knock" ? "toHost" : "toPad", framed(messages[name] as Message, { session }));
    bench.until(() => !bench.isPaired);
    bench.until(() => bench.isPaired);
    standsUnmoved(bench);
  });
});
