// The worked examples of SPEC.md about pairing and secured frames: the first cases of vectors/pairing.json.
import type { Message } from "./messages.ts";
import { EXCHANGE, HANDSHAKE, PAIRING_KEY, RATED, workedExchange, workedFrame, workedHandshake } from "./testing/security-vectors.ts";

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(" ");

/** Names and values in two columns; bytes in rows of 32. */
const values = (rows: readonly (readonly [string, string | Uint8Array])[]): string => {
  const width = Math.max(...rows.map(([name]) => name.length)) + 3;
  const lines = rows.flatMap(([name, value]) => {
    if (typeof value === "string") return [name.padEnd(width) + value];
    const parts = Array.from({ length: Math.ceil(value.length / 32) }, (_, index) => hex(value.subarray(index * 32, index * 32 + 32)));
    return parts.map((part, index) => (index === 0 ? name : "").padEnd(width) + part);
  });
  return ["```text", ...lines, "```"].join("\n");
};

/** A frame of a pairing, as the other worked examples show theirs. */
type ShowFrame = (what: string, message: Message, numbers: { session: number; sequence: number; acknowledgement: number }) => string;

export const pairingExample = (show: ShowFrame): string => {
  const { pad, padPrivateKey, hostPrivateKey, padNonce, hostNonce } = EXCHANGE;
  const worked = workedExchange(EXCHANGE);
  const { padPublicKey, hostPublicKey, commitment, sharedSecret, exchange, code, key, proof, keyId } = worked;
  const numbers = (sequence: number, acknowledgement: number) => ({ session: HANDSHAKE.session, sequence, acknowledgement });
  return [
    "### Example 4: a pairing",
    `The pad is ${pad.model}, serial number ${pad.serialNumber}; the session is an unpaired one. What each side has of its own:`,
    values([
      ["pad's private key", padPrivateKey],
      ["pad's public key", padPublicKey],
      ["pad's nonce", padNonce],
      ["host's private key", hostPrivateKey],
      ["host's public key", hostPublicKey],
      ["host's nonce", hostNonce],
    ]),
    show("Somebody held key 3 of the pad.", { type: "pairingOffer", publicKey: padPublicKey, commitment }, numbers(2, 2)),
    show("Somebody wants to pair at the PC.", { type: "pairingStart", publicKey: hostPublicKey, nonce: hostNonce }, numbers(2, 3)),
    show("The pad reveals its nonce and blinks the code.", { type: "pairingReveal", nonce: padNonce }, numbers(3, 3)),
    "**What both now come to.**",
    values([
      ["X25519", sharedSecret],
      ["exchange", exchange],
      ["code", `${code.slice(0, 4)} ${code.slice(4)}`],
      ["key", key],
      ["key id", keyId],
    ]),
    show(
      "The code was typed at the PC and is the same; the host has the key on its disk.",
      { type: "pairingConfirm", proof },
      numbers(3, 4),
    ),
  ].join("\n\n");
};

export const securedExample = (): string => {
  const worked = workedHandshake(PAIRING_KEY, HANDSHAKE);
  const { header, payload, sealed, tag, wire } = workedFrame(PAIRING_KEY, HANDSHAKE, RATED);
  return [
    "### Example 5: a secured frame",
    "The next session, by the key of example 4. It has the number 0x1234 too, so that the frame can be laid beside that of example 3.",
    values([
      ["payload of hello", HANDSHAKE.hello],
      ["payload of helloAnswer", HANDSHAKE.helloAnswer],
      ["nonce of challenge", HANDSHAKE.hostNonce],
      ["nonce of challengeAnswer", HANDSHAKE.padNonce],
      ["transcript", worked.transcript],
      ["proof of the pad", worked.padProof],
      ["proof of the host", worked.hostProof],
      ["key for frames to the pad", worked.toPadKey],
      ["key for frames to the host", worked.toHostKey],
    ]),
    "**The rating of example 3: fourth sequenced frame of the pad.**",
    values([
      ["header", Uint8Array.of(0x81, header.type, header.session & 0xff, header.session >>> 8, header.sequence, header.acknowledgement)],
      ["payload", payload],
      ["counter", sealed.subarray(payload.length, -8)],
      ["tag", tag],
      ["tag is over", Uint8Array.of(0x81, header.type, header.session & 0xff, header.session >>> 8, ...sealed.subarray(0, -8))],
      ["sent", wire],
    ]),
  ].join("\n\n");
};
