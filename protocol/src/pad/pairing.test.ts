import { describe, expect, test } from "vitest";
import { HostPairing, MOST_OFFERS, PAIRING_WITHIN } from "./host-pairing.ts";
import type { Message } from "./messages.ts";
import { PadPairing } from "./pad-pairing.ts";
import { commitmentTo, keyIdOf, publicKeyOf, secretsOf } from "./pairing-secrets.ts";
import { TEST_PAD } from "./testing/conversation.ts";
import { PairingBench } from "./testing/pairing-bench.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

const KEY = new SeededRandom(5).bytes(32);
const unpaired = () => new PairingBench().start();
const paired = () => new PairingBench({ key: KEY }).start();
const bothHold = (bench: PairingBench) => expect(bench.keys).toEqual({ confirmed: bench.padKey });

describe("a person who pairs pad and host", () => {
  test("asks at both, types the code, presses, and has a secured session", () => {
    const bench = unpaired();
    expect(bench.trust).toEqual({ host: "unpaired", pad: "unpaired" });
    bench.pair();
    expect(bench.told).toEqual(["invite", "ask", "press", "paired"]);
    expect(bench.trust).toEqual({ host: "paired", pad: "paired" });
    expect(bench.shown).toEqual({ is: "nothing" });
    bothHold(bench);
    bench.send({ type: "stored", eventNo: 5 });
    bench.report({ type: "keyStuck", eventNo: 6, key: 1 });
    bench.until(() => bench.reports.length === 1 && bench.commands.at(-1)?.type === "stored");
  });

  test("may ask at the pad first: the offer waits for the PC", () => {
    const bench = unpaired();
    bench.atPad({ is: "asked" });
    bench.wait(60_000);
    expect(bench.told).toEqual([]);
    expect(bench.shown).toEqual({ is: "nothing" });
    bench.atHost({ is: "asked" });
    bench.until(() => bench.isAsked);
    bench.atHost({ is: "typed", code: bench.code });
    bench.until(() => bench.shown.is === "press");
    bench.atPad({ is: "pressed" });
    bench.until(() => bench.isPaired);
  });

  test("is too late at the PC when the pad's offer is over, and is asked to hold the key", () => {
    const bench = unpaired();
    bench.atPad({ is: "asked" });
    bench.wait(PAIRING_WITHIN + 100);
    bench.atHost({ is: "asked" });
    bench.wait(1000);
    expect(bench.told).toEqual(["invite"]);
  });

  test("reads a code of eight digits from 1 to 5 on the pad, another at each offer, and may type it with blanks", () => {
    const bench = unpaired();
    const codes = new Set<string>();
    for (let round = 0; round < MOST_OFFERS; round++) {
      bench.offer();
      expect(bench.code).toMatch(/^[1-5]{8}$/);
      codes.add(bench.code);
    }
    expect(codes.size).toBe(MOST_OFFERS);
    bench.atHost({ is: "typed", code: `${bench.code.slice(0, 4)} ${bench.code.slice(4)}\n` });
    expect(bench.told.at(-1)).toBe("press");
  });

  test("presses at the pad before anything is kept there", () => {
    const bench = unpaired();
    bench.offer();
    bench.atPad({ is: "pressed" });
    bench.wait(1000);
    expect(bench.shown.is).toBe("code");
    bench.atHost({ is: "typed", code: bench.code });
    bench.wait(1000);
    expect(bench.shown.is).toBe("press");
    expect(bench.padKey).toBeUndefined();
  });

  test("has one try at a code", () => {
    const bench = unpaired();
    bench.offer();
    const code = bench.code;
    bench.atHost({ is: "typed", code: code.replace(/.$/, (digit) => String((Number(digit) % 5) + 1)) });
    bench.atHost({ is: "typed", code });
    bench.wait(1000);
    expect(bench.told.slice(-2)).toEqual(["ask", "wrong-code"]);
    expect(bench.shown).toEqual({ is: "nothing" });
    expect([bench.keys, bench.padKey]).toEqual([{}, undefined]);
    bench.pair();
    expect(bench.isPaired).toBe(true);
  });

  test.each(["invite", "ask", "press"])("who goes away at %s leaves both as they were, after 120 s", (at) => {
    const bench = paired();
    if (at === "invite") bench.atHost({ is: "asked" });
    else bench.offer();
    if (at === "press") bench.atHost({ is: "typed", code: bench.code });
    bench.wait(PAIRING_WITHIN + 5000);
    expect(bench.told.at(-1)).toBe("timeout");
    expect(bench.shown).toEqual({ is: "nothing" });
    expect(bench.isPaired).toBe(true);
    expect(bench.keys).toEqual({ confirmed: KEY });
    expect(bench.padKey).toBe(KEY);
  });

  test.each([
    ["at the PC", "cancelled", (bench: PairingBench) => bench.atHost({ is: "cancelled" })],
    ["at the pad", "pad-gave-up", (bench: PairingBench) => bench.atPad({ is: "cancelled" })],
  ])("may give up %s", (_, told, giveUp) => {
    const bench = unpaired();
    bench.offer();
    giveUp(bench);
    bench.wait(1000);
    expect(bench.told.at(-1)).toBe(told);
    expect(bench.shown).toEqual({ is: "nothing" });
    bench.pair();
    expect(bench.isPaired).toBe(true);
  });

  test("pairs anew over a secured session, and the old key is gone", () => {
    const bench = paired();
    bench.pair();
    bothHold(bench);
    expect(bench.padKey).not.toEqual(KEY);
    expect(bench.isPaired).toBe(true);
  });

  test("hears that the pad could not keep the key; the old one holds", () => {
    const bench = paired();
    bench.atPadKeep = "fails";
    bench.pair();
    bench.wait(1000);
    expect(bench.told.at(-1)).toBe("not-kept");
    expect(bench.isPaired).toBe(true);
    expect(bench.keys).toEqual({ confirmed: KEY });
  });
});

describe("keys that are lost", () => {
  test.each([
    ["the host", { keys: {} }, { host: "key-missing-here", pad: "key-missing-there" }],
    ["the pad", { padKey: undefined }, { host: "key-missing-there", pad: "unpaired" }],
    ["the pad, which has that of another PC", { padKey: KEY.toReversed() }, { host: "proof-wrong", pad: "key-missing-there" }],
    ["both", { keys: {}, padKey: undefined }, { host: "unpaired", pad: "unpaired" }],
  ])("by %s: both know it, nothing but pairing goes over the session, and pairing anew mends it", (_, lost, trust) => {
    const bench = new PairingBench({ key: KEY });
    Object.assign(bench, lost);
    bench.start();
    expect(bench.trust).toEqual(trust);
    bench.send({ type: "openRating", requestId: new Uint8Array(16), timeoutMs: 30_000, voice: 0, labels: [] });
    bench.report({ type: "rated", eventNo: 1, requestId: new Uint8Array(16), level: 5, sinceOpenMs: 1, unixMs: 0, bootCount: 1 });
    bench.wait(1000);
    const isFree = trust.host === "unpaired";
    expect([bench.commands.length, bench.reports.length]).toEqual(isFree ? [1, 1] : [0, 0]);
    bench.pair();
    expect(bench.isPaired).toBe(true);
    bothHold(bench);
  });
});

describe("unpairing", () => {
  test("erases the pad's key, and the next session says so", () => {
    const bench = paired();
    bench.send({ type: "unpair", keyId: keyIdOf(KEY) });
    bench.until(() => bench.trust.host === "key-missing-there");
    expect(bench.padKey).toBeUndefined();
    bench.keys = {};
    bench.conversation.hostStep({ is: "opened" });
    bench.until(() => bench.isJoined);
    expect(bench.trust).toEqual({ host: "unpaired", pad: "unpaired" });
    bench.pair();
    expect(bench.isPaired).toBe(true);
  });

  test("with the id of another key does nothing", () => {
    const bench = paired();
    bench.send({ type: "unpair", keyId: new Uint8Array(8) });
    bench.wait(5000);
    expect(bench.isPaired).toBe(true);
    expect(bench.padKey).toBe(KEY);
  });
});

describe("a pairing that is cut at any frame", () => {
  const CUTS: Readonly<Record<string, (bench: PairingBench) => void>> = {
    "the cable is pulled for 4 s": (bench) => bench.wait(4000),
    "the pad loses its power": (bench) => bench.startPad(),
    "the host is killed": (bench) => bench.openHost(),
    "both are gone": (bench) => {
      bench.startPad();
      bench.openHost();
    },
  };
  const bytesOnWires = (bench: PairingBench) => bench.toPad.seen.length + bench.toHost.seen.length;

  /** The frame with this number and all behind it are lost, until the cut is over. @returns whether there was such a frame */
  const cutAt = (bench: PairingBench, frame: number, cut: (bench: PairingBench) => void): boolean => {
    const from = bytesOnWires(bench) + frame;
    let isOver = false;
    const tap = (bytes: Uint8Array) => (bytesOnWires(bench) > from && !isOver ? [] : [bytes]);
    bench.toPad.tap = bench.toHost.tap = tap;
    bench.pair();
    const wasReached = bytesOnWires(bench) > from;
    bench.toPad.clear();
    bench.toHost.clear();
    cut(bench);
    isOver = true;
    bench.wait(8000);
    return wasReached;
  };

  test.each(Object.keys(CUTS))("%s: what was paired is paired still, by the old key or the new", (how) => {
    let frame = 0;
    for (let wasReached = true; wasReached; frame++) {
      const bench = paired();
      wasReached = cutAt(bench, frame, CUTS[how] as (bench: PairingBench) => void);
      expect(bench.trust, `frame ${frame}`).toEqual({ host: "paired", pad: "paired" });
      bothHold(bench);
    }
    expect(frame).toBeGreaterThan(12);
  });

  test.each(Object.keys(CUTS))("%s: what was not paired is paired or is not, both know which, and can be paired", (how) => {
    const ends = new Set<string>();
    let frame = 0;
    for (let wasReached = true; wasReached; frame++) {
      const bench = unpaired();
      wasReached = cutAt(bench, frame, CUTS[how] as (bench: PairingBench) => void);
      const { host, pad } = bench.trust;
      expect(["paired", "unpaired"], `frame ${frame}`).toContain(host);
      expect(pad, `frame ${frame}`).toBe(host);
      expect(bench.keys).toEqual(bench.padKey === undefined ? {} : { confirmed: bench.padKey });
      ends.add(String(host));
      bench.pair();
      expect(bench.isPaired, `frame ${frame}`).toBe(true);
    }
    expect(ends).toEqual(new Set(["paired", "unpaired"]));
  });

  test.each([
    ["host", "unpaired", unpaired],
    ["host", "paired", paired],
    ["pad", "unpaired", unpaired],
    ["pad", "paired", paired],
  ] as const)("the %s dies in the moment in which the key is on its memory; they were %s before", (side, _, start) => {
    const bench = start();
    if (side === "host") bench.atHostKeep = "dies";
    else bench.atPadKeep = "dies";
    bench.pair();
    bench.wait(8000);
    expect(bench.trust.host).toBe(bench.trust.pad);
    expect(bench.trust.host).toBe(side === "pad" || start === paired ? "paired" : "unpaired");
    expect(bench.keys).toEqual(bench.padKey === undefined ? {} : { confirmed: bench.padKey });
    bench.pair();
    expect(bench.isPaired).toBe(true);
  });
});

describe("the two state machines", () => {
  const random = new SeededRandom(3);
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
  const own = random.bytes(32);
  const nonce = random.bytes(16);
  const publicKey = publicKeyOf(own);
  const offer: Message<"pairingOffer"> = { type: "pairingOffer", publicKey, commitment: commitmentTo(publicKey, nonce) };
  const started = () => {
    const host = new HostPairing(random.bytes);
    host.step({ is: "asked" }, 0);
    host.step({ is: "report", pad, message: offer }, 0);
    return host;
  };
  const kinds = (effects: readonly { readonly is: string }[]) => effects.map(({ is }) => is);

  test("the host takes no nonce that the pad was not bound to", () => {
    const host = started();
    const effects = host.step({ is: "report", pad, message: { type: "pairingReveal", nonce: nonce.toReversed() } }, 1);
    expect(effects).toEqual([
      { is: "send", message: { type: "pairingCancel", cause: "cancelled" } },
      { is: "failed", cause: "wrong-proof" },
    ]);
  });

  test("neither takes a public key of small order", () => {
    const zeros = new Uint8Array(32);
    const host = new HostPairing(random.bytes);
    host.step({ is: "asked" }, 0);
    host.step({ is: "report", pad, message: { type: "pairingOffer", publicKey: zeros, commitment: commitmentTo(zeros, nonce) } }, 0);
    expect(kinds(host.step({ is: "report", pad, message: { type: "pairingReveal", nonce } }, 1))).toEqual(["send", "failed"]);
    const atPad = new PadPairing(random.bytes, TEST_PAD);
    atPad.step({ is: "asked" }, 0);
    expect(atPad.step({ is: "command", message: { type: "pairingStart", publicKey: zeros, nonce } }, 1)).toEqual([
      { is: "send", message: { type: "pairingEnded", cause: "wrongProof" } },
      { is: "failed", wasShown: false },
    ]);
  });

  test("the host answers no more than three offers for one asking", () => {
    const host = started();
    const took = () => kinds(host.step({ is: "report", pad, message: offer }, 1));
    expect([took(), took(), took(), took()]).toEqual([["send"], ["send"], ["send", "failed"], []]);
    expect(kinds(host.step({ is: "asked" }, 2))).toEqual(["send"]);
  });

  test("a session that is lost ends what was asked, and is waited for when the code was typed", () => {
    const asked = started();
    expect(asked.step({ is: "lost" }, 1)).toEqual([{ is: "failed", cause: "lost" }]);
    const waiting = new HostPairing(random.bytes);
    waiting.step({ is: "asked" }, 0);
    expect(waiting.step({ is: "lost" }, 1)).toEqual([]);
    expect(waiting.step({ is: "ready" }, 2)).toEqual([]);
    expect(waiting.deadline()).toBe(PAIRING_WITHIN);
  });

  test("the pad answers whatever of a pairing comes without an offer", () => {
    const atPad = new PadPairing(random.bytes, TEST_PAD);
    const refusal = [{ is: "send", message: { type: "pairingEnded", cause: "notOffered" } }];
    expect(atPad.step({ is: "command", message: { type: "pairingStart", publicKey, nonce } }, 0)).toEqual(refusal);
    expect(atPad.step({ is: "command", message: { type: "pairingConfirm", proof: nonce } }, 0)).toEqual(refusal);
    for (const is of ["pressed", "kept", "notKept", "lost", "time", "cancelled"] as const) expect(atPad.step({ is }, 0)).toEqual([]);
    expect(atPad.step({ is: "command", message: { type: "pairingCancel", cause: "timeout" } }, 0)).toEqual([]);
  });

  test("a host that confirms without the key ends the pairing at the pad", () => {
    const atPad = new PadPairing(random.bytes, TEST_PAD);
    atPad.step({ is: "asked" }, 0);
    atPad.step({ is: "command", message: { type: "pairingStart", publicKey, nonce } }, 1);
    expect(atPad.isShown).toBe(true);
    expect(atPad.step({ is: "command", message: { type: "pairingConfirm", proof: nonce } }, 2)).toEqual([
      { is: "send", message: { type: "pairingEnded", cause: "wrongProof" } },
      { is: "show", shown: { is: "nothing" } },
      { is: "failed", wasShown: true },
    ]);
  });

  test("codes use all digits alike, and every part of the exchange changes code, key and proof", () => {
    const other = random.bytes(32);
    const base = {
      pad: { model: "a/b", serialNumber: "c" },
      padPublicKey: publicKey,
      hostPublicKey: publicKeyOf(other),
      padNonce: nonce,
      hostNonce: random.bytes(16),
    };
    const secrets = secretsOf(own, base.hostPublicKey, base);
    expect(secretsOf(other, publicKey, base)).toEqual(secrets);
    const changes = [
      { pad: { model: "a", serialNumber: "/bc" } },
      { pad: { model: "a/bc", serialNumber: "" } },
      { padPublicKey: base.hostPublicKey },
      { hostPublicKey: publicKey },
      { padNonce: base.hostNonce },
      { hostNonce: nonce },
    ];
    for (const change of changes) {
      const changed = secretsOf(own, base.hostPublicKey, { ...base, ...change });
      expect(changed?.code).not.toBe(secrets?.code);
      expect(changed?.key).not.toEqual(secrets?.key);
      expect(changed?.proof).not.toEqual(secrets?.proof);
    }
    const digits = new Map<string, number>();
    for (let round = 0; round < 400; round++) {
      for (const digit of secretsOf(own, base.hostPublicKey, { ...base, padNonce: random.bytes(16) })?.code ?? "") {
        digits.set(digit, (digits.get(digit) ?? 0) + 1);
      }
    }
    expect([...digits.keys()].sort()).toEqual(["1", "2", "3", "4", "5"]);
    // 640 of each on average, standard deviation 22.6.
    for (const count of digits.values()) expect(Math.abs(count - 640)).toBeLessThan(120);
  });
});
