import { createHash, createHmac, createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Frame, PROTOCOL_VERSION } from "./frame.ts";
import { commitmentTo, secretsOf } from "./pairing-secrets.ts";
import { FrameGuard, type Handshake, openFrame, proofOf, type Side } from "./security.ts";
import { framesIn } from "./testing/frame-collector.ts";
import { fromHex, hex } from "./testing/message-json.ts";
import { readVectors } from "./testing/vectors.ts";

/** Reads pairing.json as a stranger would, computes everything by another library after SPEC.md, and holds the implementation against it too. */

type Hex<Names extends string> = Readonly<Record<Names, string>>;

const { exchanges, handshake, secured, notAuthentic, smallOrder } = JSON.parse(readVectors("pairing.json")) as {
  exchanges: (Hex<
    | "name"
    | "padPrivateKey"
    | "hostPrivateKey"
    | "padNonce"
    | "hostNonce"
    | "padPublicKey"
    | "hostPublicKey"
    | "commitment"
    | "sharedSecret"
    | "exchange"
    | "code"
    | "key"
    | "proof"
    | "keyId"
  > & { pad: { model: string; serialNumber: string } })[];
  handshake: Hex<
    "key" | "hello" | "helloAnswer" | "hostNonce" | "padNonce" | "transcript" | "padProof" | "hostProof" | "toPadKey" | "toHostKey"
  > & { session: number };
  secured: (Hex<"name" | "payload" | "sealed" | "wire"> & { by: Side; type: number; counter: number })[];
  notAuthentic: { name: string; to: Side; expects: number; wire: string }[];
  smallOrder: string[];
};

const label = (text: string) => Buffer.from(`window-rating/1 ${text}`);
const sha256 = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();
const hmac = (key: Uint8Array, ...parts: Uint8Array[]) => createHmac("sha256", key).update(Buffer.concat(parts)).digest();
const text8 = (text: string) => Buffer.concat([Buffer.of(Buffer.byteLength(text)), Buffer.from(text)]);
// PKCS#8 and SPKI of X25519 are these bytes and the key.
const privateKeyOf = (key: string) =>
  createPrivateKey({ key: Buffer.from(`302e020100300506032b656e04220420${key}`, "hex"), format: "der", type: "pkcs8" });
const publicKeyOf = (key: string) =>
  createPublicKey({ key: Buffer.from(`302a300506032b656e032100${key}`, "hex"), format: "der", type: "spki" });

describe("an exchange", () => {
  test.each(exchanges)("$name: another library comes to the same by the words of SPEC.md", (one) => {
    for (const side of ["pad", "host"] as const) {
      const der = createPublicKey(privateKeyOf(one[`${side}PrivateKey`])).export({ format: "der", type: "spki" });
      expect(hex(der.subarray(-32))).toBe(one[`${side}PublicKey`]);
    }
    const [padPublicKey, hostPublicKey, padNonce, hostNonce] = [one.padPublicKey, one.hostPublicKey, one.padNonce, one.hostNonce].map(
      fromHex,
    ) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    expect(hex(sha256(label("commitment"), padPublicKey, padNonce))).toBe(one.commitment);
    const exchange = sha256(
      label("pairing"),
      text8(one.pad.model),
      text8(one.pad.serialNumber),
      padPublicKey,
      hostPublicKey,
      padNonce,
      hostNonce,
    );
    expect(hex(exchange)).toBe(one.exchange);
    const shared = diffieHellman({ privateKey: privateKeyOf(one.hostPrivateKey), publicKey: publicKeyOf(one.padPublicKey) });
    expect(hex(shared)).toBe(one.sharedSecret);
    const key = Buffer.from(hkdfSync("sha256", shared, exchange, label("pairing key"), 32));
    expect(hex(key)).toBe(one.key);
    expect(hex(hmac(key, label("pairing host"), exchange).subarray(0, 16))).toBe(one.proof);
    expect(hex(sha256(label("key id"), key).subarray(0, 8))).toBe(one.keyId);
    const number = sha256(label("code"), exchange).readUInt32LE(0) % 390_625;
    const digits = number.toString(5).padStart(8, "0");
    expect([...digits].map((digit) => Number(digit) + 1).join("")).toBe(one.code);
  });

  test.each(exchanges)("$name: both sides of the implementation come to it", (one) => {
    const parts = {
      pad: one.pad,
      padPublicKey: fromHex(one.padPublicKey),
      hostPublicKey: fromHex(one.hostPublicKey),
      padNonce: fromHex(one.padNonce),
      hostNonce: fromHex(one.hostNonce),
    };
    const expected = { code: one.code, key: fromHex(one.key), proof: fromHex(one.proof) };
    expect(secretsOf(fromHex(one.padPrivateKey), parts.hostPublicKey, parts)).toEqual(expected);
    expect(secretsOf(fromHex(one.hostPrivateKey), parts.padPublicKey, parts)).toEqual(expected);
    expect(hex(commitmentTo(parts.padPublicKey, parts.padNonce))).toBe(one.commitment);
  });

  test.each(smallOrder)("with the public key %s comes to nothing", (key) => {
    const [one] = exchanges as [(typeof exchanges)[number]];
    const nonces = { padNonce: fromHex(one.padNonce), hostNonce: fromHex(one.hostNonce) };
    const parts = { pad: one.pad, padPublicKey: fromHex(key), hostPublicKey: fromHex(one.hostPublicKey), ...nonces };
    expect(secretsOf(fromHex(one.hostPrivateKey), fromHex(key), parts)).toBeUndefined();
  });
});

const given: Handshake = {
  session: handshake.session,
  hello: fromHex(handshake.hello),
  helloAnswer: fromHex(handshake.helloAnswer),
  hostNonce: fromHex(handshake.hostNonce),
  padNonce: fromHex(handshake.padNonce),
};
const key = fromHex(handshake.key);
const session = Buffer.of(given.session & 0xff, given.session >>> 8);

describe("the handshake", () => {
  test("is made with the key of the first exchange", () => {
    expect(handshake.key).toBe(exchanges[0]?.key);
  });

  test("comes to the same by another library and by the implementation", () => {
    const transcript = sha256(label("session"), session, given.hello, given.helloAnswer, given.hostNonce, given.padNonce);
    expect(hex(transcript)).toBe(handshake.transcript);
    for (const side of ["pad", "host"] as const) {
      expect(hex(hmac(key, label(side), transcript).subarray(0, 16))).toBe(handshake[`${side}Proof`]);
      expect(hex(proofOf(key, side, given))).toBe(handshake[`${side}Proof`]);
    }
    expect(hex(hmac(key, label("host to pad"), transcript))).toBe(handshake.toPadKey);
    expect(hex(hmac(key, label("pad to host"), transcript))).toBe(handshake.toHostKey);
  });
});

const guardOf = (side: Side) => new FrameGuard(side, key, given, 1);
const onlyFrame = (wire: string): Frame => {
  const frames = framesIn(fromHex(wire));
  expect(frames).toHaveLength(1);
  return frames[0] as Frame;
};

describe("a secured frame", () => {
  test.each(secured)(
    "$name: its tag is by another library what it is here, and it opens",
    ({ by, type, counter, payload, sealed, wire }) => {
      const signed = fromHex(sealed).subarray(0, -8);
      const keyOfDirection = fromHex(by === "host" ? handshake.toPadKey : handshake.toHostKey);
      const tag = hmac(keyOfDirection, Buffer.of(0x80 | PROTOCOL_VERSION, type), session, signed).subarray(0, 8);
      expect(hex(fromHex(sealed).subarray(-8))).toBe(hex(tag));
      expect(hex(signed)).toBe(payload + hex(Buffer.from(Uint32Array.of(counter).buffer)));
      const frame = onlyFrame(wire);
      expect(hex(frame.payload)).toBe(sealed);
      const opened = openFrame(frame, { expected: counter }, guardOf(by === "host" ? "pad" : "host"));
      expect(opened).toMatchObject({ flags: 0, type, sequence: counter & 0xff });
      expect(hex(opened?.payload ?? new Uint8Array(0))).toBe(payload);
    },
  );

  test.each(notAuthentic)("$name: is dropped", ({ to, expects, wire }) => {
    expect(openFrame(onlyFrame(wire), { expected: expects }, guardOf(to))).toBeUndefined();
  });
});
