import { describe, expect, test } from "vitest";
import { type Frame, SECURED_FLAG } from "./frame.ts";
import { MESSAGES } from "./messages.ts";
import { FrameGuard, GUARD_OVERHEAD, type Handshake, isSameSecret, openFrame, proofOf } from "./security.ts";
import { SeededRandom } from "./testing/seeded-random.ts";

const random = new SeededRandom(11);
const KEY = random.bytes(32);
const HANDSHAKE: Handshake = {
  session: 0x1234,
  hello: random.bytes(13),
  helloAnswer: random.bytes(62),
  hostNonce: random.bytes(16),
  padNonce: random.bytes(16),
};
const RATED = MESSAGES.rated.id;
const PAYLOAD = random.bytes(39);

const guards = (handshake = HANDSHAKE, key = KEY) => ({
  host: new FrameGuard("host", key, handshake, 1),
  pad: new FrameGuard("pad", key, handshake, 2),
});
const { host, pad } = guards();

const frame = (change: Partial<Frame> = {}): Frame => ({
  flags: SECURED_FLAG,
  type: RATED,
  session: HANDSHAKE.session,
  sequence: 3,
  acknowledgement: 5,
  payload: PAYLOAD,
  ...change,
});
const sealed = (counter = 3, by = pad): Frame =>
  frame({ sequence: counter & 0xff, payload: by.seal(RATED, HANDSHAKE.session, counter, PAYLOAD) });
const changedAt = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 0x01 : byte));

describe("a proof", () => {
  test("has 16 bytes and differs by side, by key and by every byte of the handshake", () => {
    const proof = proofOf(KEY, "pad", HANDSHAKE);
    expect(proof).toHaveLength(16);
    const others = [
      proofOf(KEY, "host", HANDSHAKE),
      proofOf(changedAt(KEY, 31), "pad", HANDSHAKE),
      ...[0x0001, 0x0100].map((bit) => proofOf(KEY, "pad", { ...HANDSHAKE, session: HANDSHAKE.session ^ bit })),
      ...(["hello", "helloAnswer", "hostNonce", "padNonce"] as const).flatMap((part) =>
        Array.from(HANDSHAKE[part], (_, at) => proofOf(KEY, "pad", { ...HANDSHAKE, [part]: changedAt(HANDSHAKE[part], at) })),
      ),
    ];
    expect(others).toHaveLength(2 + 2 + 13 + 62 + 32);
    for (const other of others) expect(isSameSecret(other, proof)).toBe(false);
    expect(isSameSecret(proofOf(KEY, "pad", HANDSHAKE), proof)).toBe(true);
  });
});

describe("comparing secrets", () => {
  test("tells equal from unequal, also by length", () => {
    expect(isSameSecret(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    for (const other of [Uint8Array.of(1, 3), Uint8Array.of(1), Uint8Array.of(1, 2, 0), new Uint8Array(0)]) {
      expect(isSameSecret(Uint8Array.of(1, 2), other)).toBe(false);
    }
  });
});

describe("a secured frame", () => {
  test("is longer by counter and tag, and opens to what was sealed", () => {
    const one = sealed();
    expect(one.payload).toHaveLength(PAYLOAD.length + GUARD_OVERHEAD);
    expect(host.open(one, 3)).toEqual(frame({ flags: 0 }));
  });

  test("carries an acknowledgement that may change from one sending to the next", () => {
    expect(host.open({ ...sealed(), acknowledgement: 77 }, 3)).toEqual(frame({ flags: 0, acknowledgement: 77 }));
  });

  test("does not open when any byte of it was changed", () => {
    const one = sealed();
    for (let at = 0; at < one.payload.length; at++) expect(host.open({ ...one, payload: changedAt(one.payload, at) }, 3)).toBeUndefined();
    for (let at = 0; at < one.payload.length; at++) expect(host.open({ ...one, payload: one.payload.subarray(0, at) }, 3)).toBeUndefined();
    for (const change of [{ type: MESSAGES.status.id }, { session: 0x1235 }, { sequence: 4 }, { flags: 0 }]) {
      expect(host.open({ ...one, ...change }, 3)).toBeUndefined();
    }
  });

  test("does not open for its sender, in another session, or with another key", () => {
    expect(pad.open(sealed(), 3)).toBeUndefined();
    expect(guards({ ...HANDSHAKE, padNonce: changedAt(HANDSHAKE.padNonce, 0) }).host.open(sealed(), 3)).toBeUndefined();
    expect(guards(HANDSHAKE, changedAt(KEY, 0)).host.open(sealed(), 3)).toBeUndefined();
  });

  test.each([
    [1000, 1000, true],
    [1000, 1007, true],
    [1007, 1000, true],
    [1000, 1128, true],
    [1000, 1129, false],
    [1000, 1256, false],
    [1256, 1000, false],
    [70_000, 70_000 + 65_536, false],
    [0xffff_ffff, 0xffff_ffff, true],
  ])("with counter %i opens when %i is expected: %s", (counter, expected, opens) => {
    expect(host.open(sealed(counter), expected) !== undefined).toBe(opens);
  });
});

describe("what is given to the link", () => {
  const link = (expected: number) => ({ expected });
  const ack = frame({ flags: 0, type: MESSAGES.ack.id, payload: new Uint8Array(0) });

  test("is everything without the flag while there is no key, and nothing with it", () => {
    expect(openFrame(frame({ flags: 0 }), link(3), undefined)).toEqual(frame({ flags: 0 }));
    expect(openFrame(sealed(), link(3), undefined)).toBeUndefined();
  });

  test("are control frames as they come, but none that says to be secured", () => {
    expect(openFrame(ack, link(3), host)).toBe(ack);
    expect(openFrame({ ...ack, flags: SECURED_FLAG }, link(3), host)).toBeUndefined();
    expect(openFrame({ ...ack, flags: SECURED_FLAG }, link(3), undefined)).toBeUndefined();
  });

  test("are sequenced frames only when they are authentic, but for repeats of the handshake's own", () => {
    expect(openFrame(sealed(), link(3), host)).toEqual(frame({ flags: 0 }));
    for (const sequence of [1, 2, 3, 4]) expect(openFrame(frame({ flags: 0, sequence }), link(3), host)).toBeUndefined();
    const repeat = frame({ flags: 0, sequence: 0 });
    expect(openFrame(repeat, link(3), host)).toBe(repeat);
    expect(openFrame(frame({ flags: 0, sequence: 1 }), link(3), pad)).toBeDefined();
    expect(openFrame(frame({ flags: 0, sequence: 2 }), link(3), pad)).toBeUndefined();
    // The numbers will go round: from here on a 0 could be taken for the 256.
    expect(openFrame(repeat, link(128), host)).toBe(repeat);
    expect(openFrame(repeat, link(129), host)).toBeUndefined();
  });
});
