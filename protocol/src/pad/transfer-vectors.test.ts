import { createHash, createPublicKey, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import { HostTransfer } from "./host-transfer.ts";
import type { Command, Message, Report } from "./messages.ts";
import { type FileContents, PadTransfer } from "./pad-transfer.ts";
import { fromHex, hex, type MessageJson, messageFromJson } from "./testing/message-json.ts";
import { PadMemory } from "./testing/pad-memory.ts";
import { RECORDED_LIMITS, RECORDED_PAD } from "./testing/transfer-vectors.ts";
import { readVectors } from "./testing/vectors.ts";
import { fileOf } from "./transfer-file.ts";

/** These read the file as a stranger would, and not the program that made it. */
const { resumed, firmware } = JSON.parse(readVectors("transfer.json")) as {
  resumed: {
    file: { name: string; size: number; hash: string };
    bytes: string;
    steps: ({ from: "host" | "pad"; message: MessageJson } | { cut: string; surelyThere: number })[];
  };
  firmware: {
    makerPublicKey: string;
    runs: { model: string; release: number };
    image: string;
    file: { model: string; version: string; release: number; size: number; hash: string; signer: string; signature: string };
    signed: string;
    offers: { name: string; offer: MessageJson; answer: MessageJson }[];
  };
};

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

describe("transfer.json, the resumed transfer", () => {
  const bytes = fromHex(resumed.bytes);

  test("is of the file that it names", () => {
    expect(resumed.file).toMatchObject({ size: bytes.length, hash: sha256(bytes) });
  });

  test("gets from a pad what is written, and the file at the end", () => {
    const memory = new PadMemory();
    let pad = new PadTransfer(RECORDED_PAD, memory.contents);
    const said: Message[] = [];
    for (const step of resumed.steps) {
      if ("cut" in step) {
        memory.cut((memory.contents.partial?.received ?? 0) - step.surelyThere);
        pad = new PadTransfer(RECORDED_PAD, memory.contents);
      } else if (step.from === "pad") {
        expect(said.shift()).toEqual(messageFromJson(step.message));
      } else {
        const effects = [...pad.step({ is: "command", message: messageFromJson(step.message) as Command })];
        for (let effect = effects.shift(); effect !== undefined; effect = effects.shift()) {
          if (effect.is === "send") said.push(effect.message);
          if (effect.is !== "change") continue;
          effects.unshift(...pad.step({ is: "answered", change: effect.change, result: memory.apply(effect.change) }));
        }
      }
    }
    expect(said).toEqual([]);
    expect(memory.bytesOf(resumed.file.name)).toEqual(bytes);
  });

  test("gets from a host the bytes that the pad asks for, in their order", () => {
    const host = new HostTransfer(Number.POSITIVE_INFINITY);
    const [first] = resumed.steps;
    if (first === undefined || !("message" in first)) throw new Error("begins with an offer");
    const file = fileOf(messageFromJson(first.message) as Message<"offerAsset">);
    const said: Message[] = [];
    const give = (input: Parameters<HostTransfer["step"]>[0]) => {
      for (const effect of host.step(input, 0)) if (effect.is === "send") said.push(effect.message);
    };
    give({ is: "ready", ...RECORDED_LIMITS });
    give({ is: "put", file, bytes });
    for (const step of resumed.steps) {
      if ("cut" in step) {
        said.length = 0;
        give({ is: "lost" });
        give({ is: "ready", ...RECORDED_LIMITS });
      } else if (step.from === "pad") {
        give({ is: "report", message: messageFromJson(step.message) as Report });
      } else {
        if (said.length === 0) give({ is: "flow", unacknowledged: 0 });
        expect(said.shift()).toEqual(messageFromJson(step.message));
      }
    }
    expect(host.waiting).toEqual([]);
  });
});

describe("transfer.json, the firmware", () => {
  const text8 = (text: string) => [new TextEncoder().encode(text).length, ...new TextEncoder().encode(text)];
  const u32 = (number: number) => [number & 255, (number >>> 8) & 255, (number >>> 16) & 255, number >>> 24];
  const { file, signed, image, makerPublicKey, runs, offers } = firmware;

  test("is signed over what section 11 of SPEC.md says", () => {
    const label = [...new TextEncoder().encode("window-rating/1 firmware")];
    const written = [
      ...label,
      ...text8(file.model),
      ...text8(file.version),
      ...u32(file.release),
      ...u32(file.size),
      ...fromHex(file.hash),
    ];
    expect(hex(Uint8Array.from(written))).toBe(signed);
    expect(file.hash).toBe(sha256(fromHex(image)));
    expect(file.signer).toBe(sha256(fromHex(makerPublicKey)).slice(0, 16));
  });

  test("has a signature that another Ed25519 finds right", () => {
    const x = Buffer.from(fromHex(makerPublicKey)).toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    expect(verify(null, fromHex(signed), key, fromHex(file.signature))).toBe(true);
  });

  test.each(offers)("offered $name gets its answer", ({ offer, answer }) => {
    const empty: FileContents = { assets: [] };
    const pad = new PadTransfer({ firmware: { ...runs, maxBytes: 50_000, makerKeys: [fromHex(makerPublicKey)] } }, empty);
    const effects = pad.step({ is: "command", message: messageFromJson(offer) as Command });
    const [change] = effects;
    const told = change?.is === "change" ? pad.step({ is: "answered", change: change.change, result: "done" }) : effects;
    expect(told).toEqual([{ is: "send", message: messageFromJson(answer) }]);
  });
});
