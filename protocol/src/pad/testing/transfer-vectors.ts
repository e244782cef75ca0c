import { ed25519 } from "@noble/curves/ed25519.js";
import { signedOf } from "../firmware-signature.ts";
import { HostTransfer, type HostTransferInput } from "../host-transfer.ts";
import type { Message } from "../messages.ts";
import { PadTransfer, type PadTransferInput, type PadTransferOptions } from "../pad-transfer.ts";
import { type FirmwareImage, offerOf, type TransferFile } from "../transfer-file.ts";
import { TEST_PAD } from "./conversation.ts";
import { hex, messageToJson } from "./message-json.ts";
import { PadMemory } from "./pad-memory.ts";
import { SeededRandom } from "./seeded-random.ts";
import { assetOf, imageOf, MAKER_SEED } from "./transfer-rig.ts";

/** Payload of a frame and frames under way in the recorded transfer: small, so that it can be read. */
export const RECORDED_LIMITS = { largestPayload: 108, window: 2 } as const;

export const RECORDED_PAD: PadTransferOptions = {
  assets: { kinds: ["png", "json"], maxBytes: 50_000, capacityBytes: 100_000 },
  firmware: { model: TEST_PAD.model, release: 7, maxBytes: 50_000, makerKeys: [ed25519.getPublicKey(MAKER_SEED)] },
};

type Step =
  | { readonly from: "host" | "pad"; readonly message: object }
  /** The session is lost, and the power of the pad with the last bytes that it was given. */
  | { readonly cut: string; readonly surelyThere: number };

/** A file that comes in two sessions, message by message. */
const resumed = () => {
  const bytes = new SeededRandom(11).bytes(520);
  const file = assetOf("photo/1001", bytes);
  const memory = new PadMemory();
  const steps: Step[] = [];
  const host = new HostTransfer(Number.POSITIVE_INFINITY);
  let pad = new PadTransfer(RECORDED_PAD, memory.contents);
  const toPad: Message[] = [];

  const give = (input: HostTransferInput): void => {
    for (const effect of host.step(input, 0)) {
      if (effect.is !== "send") continue;
      steps.push({ from: "host", message: messageToJson(effect.message) });
      toPad.push(effect.message);
    }
  };
  const take = (input: PadTransferInput): void => {
    for (const effect of pad.step(input)) {
      if (effect.is === "send") {
        steps.push({ from: "pad", message: messageToJson(effect.message) });
        give({ is: "report", message: effect.message });
      } else if (effect.is === "change") take({ is: "answered", change: effect.change, result: memory.apply(effect.change) });
    }
  };
  const run = (isDone: () => boolean): void => {
    for (let message = toPad.shift(); message !== undefined; message = toPad.shift()) {
      take({ is: "command", message: message as Extract<PadTransferInput, { is: "command" }>["message"] });
      if (isDone()) return;
      give({ is: "flow", unacknowledged: toPad.length });
    }
  };

  give({ is: "ready", ...RECORDED_LIMITS });
  give({ is: "put", file, bytes });
  run(() => memory.appended >= 300);
  memory.cut(70);
  const surelyThere = memory.contents.partial?.received ?? 0;
  steps.push({ cut: "The pad loses its power; of the last chunk the first 30 bytes are on its memory. Then a new session.", surelyThere });
  toPad.length = 0;
  give({ is: "lost" });
  pad = new PadTransfer(RECORDED_PAD, memory.contents);
  give({ is: "ready", ...RECORDED_LIMITS });
  run(() => false);
  return { file: fileJson(file), bytes: hex(bytes), largestPayload: RECORDED_LIMITS.largestPayload, steps };
};

const fileJson = (file: TransferFile) =>
  Object.fromEntries(Object.entries(file).map(([name, value]) => [name, value instanceof Uint8Array ? hex(value) : value]));

const OFFERS: readonly (readonly [string, (image: Uint8Array) => FirmwareImage])[] = [
  ["signed, and newer than what runs", (image) => imageOf(image, { version: "1.8.0", release: 8 })],
  ["of another model", (image) => imageOf(image, { model: "generic/touchscreen", version: "1.8.0", release: 8 })],
  ["of the release that runs", (image) => imageOf(image, { version: "1.7.0", release: 7 })],
  ["of a maker that the pad does not know", (image) => ({ ...imageOf(image, { release: 8 }), signer: new Uint8Array(8).fill(0xab) })],
  ["whose release was changed after it was signed", (image) => ({ ...imageOf(image, { release: 7 }), release: 8 })],
];

const firmware = () => {
  const image = new SeededRandom(12).bytes(96);
  const [, newer] = OFFERS[0] as (typeof OFFERS)[number];
  const file = newer(image);
  const answerTo = (offered: FirmwareImage) => {
    const memory = new PadMemory();
    const pad = new PadTransfer(RECORDED_PAD, memory.contents);
    const offer = offerOf(offered, 1);
    const [first] = pad.step({ is: "command", message: offer });
    const [told] =
      first?.is === "change" ? pad.step({ is: "answered", change: first.change, result: memory.apply(first.change) }) : [first];
    if (told?.is !== "send") throw new Error("the pad does not answer an offer");
    return { offer: messageToJson(offer), answer: messageToJson(told.message) };
  };
  return {
    makerPrivateKey: hex(MAKER_SEED),
    makerPublicKey: hex(ed25519.getPublicKey(MAKER_SEED)),
    runs: { model: TEST_PAD.model, release: 7 },
    image: hex(image),
    file: fileJson(file),
    signed: hex(signedOf(file)),
    offers: OFFERS.map(([name, of]) => ({ name, ...answerTo(of(image)) })),
  };
};

export const transferVectors = () => ({
  about: [
    "A file that comes to a pad, and firmware that a maker signed. Messages without their frames; frames.json and sessions.json have those.",
    "resumed: what each side says, in order. A host may send shorter chunks and another number of them at a time; the pad says the same.",
    "firmware: an Ed25519 key pair (the private key as its 32-byte seed), what it signs for this image, and what a pad answers to offers.",
  ],
  resumed: resumed(),
  firmware: firmware(),
});
