import { x25519 } from "@noble/curves/ed25519.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { encodePayload } from "../codec.ts";
import { type Frame, FrameWriter, SECURED_FLAG } from "../frame.ts";
import { declarationOf, type Message } from "../messages.ts";
import { commitmentTo, keyIdOf, publicKeyOf, secretsOf } from "../pairing-secrets.ts";
import { FrameGuard, type Handshake, proofOf, type Side } from "../security.ts";
import { TEST_PAD } from "./conversation.ts";
import { framesIn } from "./frame-collector.ts";
import { fromHex } from "./message-json.ts";
import { SeededRandom } from "./seeded-random.ts";

/** What pairing and security come to in a few cases: vectors/pairing.json and the worked examples of SPEC.md show these. */

const label = (text: string): Uint8Array => utf8ToBytes(`window-rating/1 ${text}`);
const text8 = (text: string): Uint8Array => concatBytes(Uint8Array.of(utf8ToBytes(text).length), utf8ToBytes(text));
const u16 = (number: number): Uint8Array => Uint8Array.of(number & 0xff, number >>> 8);

export interface ExchangeExample {
  readonly pad: { readonly model: string; readonly serialNumber: string };
  readonly padPrivateKey: Uint8Array;
  readonly hostPrivateKey: Uint8Array;
  readonly padNonce: Uint8Array;
  readonly hostNonce: Uint8Array;
}

/** A pairing with everything that is computed on the way. */
export const workedExchange = ({ pad, padPrivateKey, hostPrivateKey, padNonce, hostNonce }: ExchangeExample) => {
  const padPublicKey = publicKeyOf(padPrivateKey);
  const hostPublicKey = publicKeyOf(hostPrivateKey);
  const secrets = secretsOf(padPrivateKey, hostPublicKey, { pad, padPublicKey, hostPublicKey, padNonce, hostNonce });
  if (secrets === undefined) throw new Error("a public key of small order");
  const names = [text8(pad.model), text8(pad.serialNumber)];
  const exchange = sha256(concatBytes(label("pairing"), ...names, padPublicKey, hostPublicKey, padNonce, hostNonce));
  return {
    padPublicKey,
    hostPublicKey,
    commitment: commitmentTo(padPublicKey, padNonce),
    sharedSecret: x25519.getSharedSecret(padPrivateKey, hostPublicKey),
    exchange,
    ...secrets,
    keyId: keyIdOf(secrets.key),
  };
};

/** The proofs and keys of a session. */
export const workedHandshake = (key: Uint8Array, handshake: Handshake) => {
  const { session, hello, helloAnswer, hostNonce, padNonce } = handshake;
  const transcript = sha256(concatBytes(label("session"), u16(session), hello, helloAnswer, hostNonce, padNonce));
  const keyOf = (text: string) => hmac(sha256, key, concatBytes(label(text), transcript));
  return {
    transcript,
    padProof: proofOf(key, "pad", handshake),
    hostProof: proofOf(key, "host", handshake),
    toPadKey: keyOf("host to pad"),
    toHostKey: keyOf("pad to host"),
  };
};

export interface SecuredExample {
  readonly by: Side;
  readonly message: Message;
  readonly counter: number;
  readonly acknowledgement: number;
}

const writer = new FrameWriter();

/** A secured frame: its payload with counter and tag, and its bytes on the wire. */
export const workedFrame = (key: Uint8Array, handshake: Handshake, { by, message, counter, acknowledgement }: SecuredExample) => {
  const { id } = declarationOf(message.type);
  const payload = encodePayload(message).slice();
  const sealed = new FrameGuard(by, key, handshake, 0).seal(id, handshake.session, counter, payload);
  const header = { flags: SECURED_FLAG, type: id, session: handshake.session, sequence: counter & 0xff, acknowledgement };
  return { header, payload, sealed, tag: sealed.slice(-8), wire: writer.encode(header, sealed) };
};

const count = (length: number, first: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (first + index) & 0xff);

export const EXCHANGE: ExchangeExample = {
  pad: { model: "generic/five-button", serialNumber: "A-0042" },
  padPrivateKey: count(32, 0x20),
  hostPrivateKey: count(32, 0x60),
  padNonce: count(16, 0xa0),
  hostNonce: count(16, 0xb0),
};

export const HANDSHAKE: Handshake = {
  session: 0x1234,
  hello: encodePayload({ type: "hello", nonce: count(8, 0x11), minVersion: 1, maxVersion: 1, maxFrame: 254, window: 1 }).slice(),
  helloAnswer: encodePayload({
    type: "helloAnswer",
    ...TEST_PAD,
    ...EXCHANGE.pad,
    ...{ capabilities: 0x81, paired: true, nonce: count(8, 0x11) },
    ...{ version: 1, minVersion: 1, maxVersion: 1, maxFrame: 254, window: 1 },
  }).slice(),
  hostNonce: count(16, 0xc0),
  padNonce: count(16, 0xd0),
};

export const PAIRING_KEY = workedExchange(EXCHANGE).key;

export const RATED: SecuredExample = {
  by: "pad",
  message: {
    ...{ type: "rated", eventNo: 7, requestId: fromHex("000102030405700780090a0b0c0d0e0f"), level: 5 },
    ...{ sinceOpenMs: 2345, unixMs: 1_790_000_000_000, bootCount: 3 },
  },
  counter: 3,
  acknowledgement: 5,
};

const random = new SeededRandom(41);
const exchanges: readonly (readonly [string, ExchangeExample])[] = [
  ["the example of SPEC.md", EXCHANGE],
  ...["a pad with the longest names", "a pad without a serial number"].map((name, index): readonly [string, ExchangeExample] => [
    name,
    {
      pad: index === 0 ? { model: "m".repeat(32), serialNumber: "序列号0042".repeat(2) } : { model: "a/b", serialNumber: "" },
      padPrivateKey: random.bytes(32),
      hostPrivateKey: random.bytes(32),
      padNonce: random.bytes(16),
      hostNonce: random.bytes(16),
    },
  ]),
];

const securedFrames: readonly (readonly [string, SecuredExample])[] = [
  ["the example of SPEC.md", RATED],
  ["the first secured frame of a host", { by: "host", message: { type: "askStatus" }, counter: 2, acknowledgement: 1 }],
  ["a sequence number that went round", { by: "host", message: { type: "stored", eventNo: 9 }, counter: 0x0001_02fe, acknowledgement: 77 }],
];

/** A frame with one thing wrong, and the number that its receiver expects. */
const notAuthentic = (): readonly { name: string; to: Side; expects: number; wire: Uint8Array }[] => {
  const one = workedFrame(PAIRING_KEY, HANDSHAKE, RATED);
  const [frame] = framesIn(one.wire) as [Frame];
  const written = (change: Partial<Frame>) => writer.encode({ ...frame, ...change }, change.payload ?? frame.payload);
  const flipped = (at: number) => frame.payload.map((byte, index) => (index === at ? byte ^ 1 : byte));
  const length = frame.payload.length;
  return [
    { name: "not secured", to: "host", expects: 3, wire: written({ flags: 0, payload: one.payload }) },
    { name: "secured in name only: no counter, no tag", to: "host", expects: 3, wire: written({ payload: one.payload.slice(0, 11) }) },
    { name: "a payload that was changed", to: "host", expects: 3, wire: written({ payload: flipped(20) }) },
    { name: "a counter that was changed", to: "host", expects: 3, wire: written({ payload: flipped(length - 12) }) },
    { name: "a tag that was changed", to: "host", expects: 3, wire: written({ payload: flipped(length - 1) }) },
    { name: "another type", to: "host", expects: 3, wire: written({ type: 0x31 }) },
    { name: "another sequence number", to: "host", expects: 4, wire: written({ sequence: 4 }) },
    { name: "played again 256 frames later", to: "host", expects: 259, wire: one.wire },
    { name: "too far ahead", to: "host", expects: 0, wire: workedFrame(PAIRING_KEY, HANDSHAKE, { ...RATED, counter: 129 }).wire },
    { name: "sent back to the pad", to: "pad", expects: 3, wire: one.wire },
    { name: "a control frame that says to be secured", to: "host", expects: 3, wire: written({ type: 0x01, sequence: 0 }) },
  ];
};

/** Content of vectors/pairing.json; bytes are to be written in hexadecimal. */
export const securityVectors = () => ({
  about: [
    "Pairing and security (SPEC.md, section 10), with all that is computed on the way.",
    "exchanges: what both sides send and come to. handshake: proofs and keys of a session by the pairing key of the first exchange.",
    "secured: frames of that session. notAuthentic: frames of it that the receiver drops, with the number it expects next.",
    "smallOrder: public keys that end a pairing.",
  ],
  exchanges: exchanges.map(([name, exchange]) => ({ name, ...exchange, ...workedExchange(exchange) })),
  handshake: { key: PAIRING_KEY, ...HANDSHAKE, ...workedHandshake(PAIRING_KEY, HANDSHAKE) },
  secured: securedFrames.map(([name, frame]) => {
    const { payload, sealed, wire } = workedFrame(PAIRING_KEY, HANDSHAKE, frame);
    return { name, by: frame.by, type: declarationOf(frame.message.type).id, counter: frame.counter, payload, sealed, wire };
  }),
  notAuthentic: notAuthentic(),
  smallOrder: [new Uint8Array(32), Uint8Array.of(1, ...new Uint8Array(31)), Uint8Array.of(0xec, ...new Uint8Array(30).fill(0xff), 0x7f)],
});
