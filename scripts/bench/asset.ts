import { createHash } from "node:crypto";
import { FilePc, MemoryPort, SimulatedPad, seededRandom, VirtualClock } from "@window-rating/firmware-sim";
import type { Asset } from "@window-rating/protocol/pad";
import { type BenchRow, ratioRow } from "./row.ts";

const SIZE = 256 * 1024;
const BAUD = 115_200;
/** Start bit, eight bits, stop bit. */
const LINE_BYTES_PER_SECOND = BAUD / 10;
const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);

const bytesFrom = (seed: number): ((length: number) => Uint8Array) => {
  const random = seededRandom(seed);
  return (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256));
};

/** Brings one asset of random bytes over a line of 115,200 baud, in a secured session. @returns its bytes a second, from the offer to the pad's word that it is complete */
const bring = async (maxFrame: number, window: number): Promise<number> => {
  const clock = new VirtualClock();
  const port = new MemoryPort({ clock, baud: BAUD });
  const pad = new SimulatedPad({ port, clock, profileId: "generic/touchscreen", key: () => KEY, random: bytesFrom(1) });
  const pc = new FilePc(port.host, { clock, baud: BAUD, key: KEY, maxFrame, window });
  if (!clock.runUntil(() => pc.session.isReady, 10_000)) throw new Error("no session");
  clock.run(1000);
  const bytes = bytesFrom(2)(SIZE);
  const hash = new Uint8Array(createHash("sha256").update(bytes).digest());
  const asset: Asset = { is: "asset", name: "photo/1001", kind: "png", size: SIZE, hash };
  const startedAt = clock.now();
  pc.put(asset, bytes);
  if (!clock.runUntil(() => pc.ended.length > 0, 3_600_000) || pc.ended[0] !== "complete") throw new Error(`not complete: ${pc.ended}`);
  const seconds = (clock.now() - startedAt) / 1000;
  if (!Buffer.from(pad.screenAssets?.find("photo/1001")?.bytes ?? []).equals(bytes)) throw new Error("not the same bytes");
  await pad.close();
  return SIZE / seconds;
};

/** The line is paced in virtual time: what is measured is the protocol alone, the same on every machine. */
export const benchAsset = async (): Promise<BenchRow[]> => {
  const row = async (what: string, maxFrame: number, window: number): Promise<BenchRow> =>
    ratioRow(
      {
        what: `256 KB asset over 115,200 baud, secured, ${what}`,
        unit: "bytes/s",
        value: await bring(maxFrame, window),
        against: "what the line carries",
        baseline: LINE_BYTES_PER_SECOND,
      },
      { atLeast: 0.85 },
    );
  return [await row("frames of 4,096 bytes", 4096, 8), await row("frames of 254 bytes, window 2", 254, 2)];
};
