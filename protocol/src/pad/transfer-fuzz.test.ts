import { ed25519 } from "@noble/curves/ed25519.js";
import { sha256 } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { HostTransfer } from "./host-transfer.ts";
import type { Command, Report } from "./messages.ts";
import { type FileResult, PadTransfer } from "./pad-transfer.ts";
import { messageOf } from "./testing/message-arbitrary.ts";
import { PadMemory } from "./testing/pad-memory.ts";
import { SeededRandom } from "./testing/seeded-random.ts";
import { assetOf, MAKER_SEED } from "./testing/transfer-rig.ts";

const OPTIONS = {
  assets: { kinds: ["png", "jpeg", "wav", "json"], maxBytes: 5000, capacityBytes: 9000 },
  firmware: { model: "generic/five-button", release: 3, maxBytes: 5000, makerKeys: [ed25519.getPublicKey(MAKER_SEED)] },
} as const;
const GOOD = new SeededRandom(5).bytes(300);

/** A host that says what it likes, now and then what is right. */
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  messageOf("offerAsset"),
  messageOf("offerFirmware"),
  messageOf("chunk"),
  messageOf("dropAsset"),
  messageOf("askAsset"),
  messageOf("endTransfer"),
  fc.constant({ type: "offerAsset", transfer: 1, ...withoutIs(assetOf("logo", GOOD)) } as const),
  fc.record({ transfer: fc.constantFrom(1, 2), place: fc.integer({ min: 0, max: 4 }) }).map(({ transfer, place }): Command => {
    const offset = place * 100;
    return { type: "chunk", transfer, offset, data: GOOD.slice(offset, offset + 100) };
  }),
);

function withoutIs<T extends { readonly is: string }>({ is: _, ...rest }: T): Omit<T, "is"> {
  return rest;
}

test("whatever a host says, a pad goes on, and has no file whose hash is wrong", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyCommand, fc.constantFrom<FileResult | undefined>(undefined, undefined, undefined, "noRoom", "fault")), {
        maxLength: 60,
      }),
      (commands) => {
        const memory = new PadMemory();
        const pad = new PadTransfer(OPTIONS, memory.contents);
        for (const [message, failing] of commands) {
          memory.failing = failing;
          const effects = [...pad.step({ is: "command", message })];
          for (let effect = effects.shift(); effect !== undefined; effect = effects.shift()) {
            if (effect.is !== "change") continue;
            effects.unshift(...pad.step({ is: "answered", change: effect.change, result: memory.apply(effect.change) }));
          }
          // What the pad believes to have is what is on its memory.
          expect(pad.assets).toEqual(memory.contents.assets);
        }
        for (const { name, hash } of pad.assets) expect(sha256(memory.bytesOf(name) as Uint8Array)).toEqual(hash);
        expect(pad.assets.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(OPTIONS.assets.capacityBytes);
        expect(pad.staged).toBeUndefined();
      },
    ),
    { numRuns: 300 },
  );
});

test("whatever a pad says, a host goes on, ends each file once, and sends nothing but its bytes", () => {
  const anyReport: fc.Arbitrary<Report> = fc.oneof(
    messageOf("wanted"),
    messageOf("transferEnded"),
    messageOf("heldAsset"),
    messageOf("refused"),
    fc
      .record({ transfer: fc.integer({ min: 1, max: 4 }), offset: fc.integer({ min: 0, max: 310 }) })
      .map((fields): Report => ({ type: "wanted", ...fields })),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(anyReport, fc.nat(4)), { maxLength: 80 }), (reports) => {
      const host = new HostTransfer(11_520);
      const ended: string[] = [];
      let now = 0;
      const give = (input: Parameters<HostTransfer["step"]>[0]) => {
        for (const effect of host.step(input, now)) {
          if (effect.is === "ended" && effect.file.is === "asset") ended.push(effect.file.name);
          if (effect.is === "send" && effect.message.type === "chunk") {
            const { offset, data } = effect.message;
            expect(data).toEqual(GOOD.subarray(offset, offset + data.length));
          }
        }
      };
      give({ is: "ready", largestPayload: 108, window: 2 });
      for (const name of ["a", "b", "c"]) give({ is: "put", file: assetOf(name, GOOD), bytes: GOOD });
      for (const [message, what] of reports) {
        now += 10_000;
        give({ is: "report", message });
        if (what === 0) give({ is: "time" });
        else if (what === 1) give({ is: "lost" });
        else if (what === 2) give({ is: "ready", largestPayload: 108, window: 2 });
        else give({ is: "flow", unacknowledged: 0 });
      }
      expect(new Set(ended).size).toBe(ended.length);
      expect(host.waiting.length + ended.length).toBe(3);
    }),
    { numRuns: 300 },
  );
});
