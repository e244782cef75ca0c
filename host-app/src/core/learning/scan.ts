import { WindowRatingError } from "@window-rating/protocol/error";
import { hexOf } from "@window-rating/protocol/keypad";
import type { LineSettings } from "@window-rating/protocol/rfc2217";
import type { Clock } from "../clock.ts";
import type { PortOpener } from "../pads/pad-port.ts";
import { burstsOf, type Chunk } from "./bursts.ts";
import { SCANNED, SURE_SCORE, scoreOf } from "./line-score.ts";

export interface ScanOptions {
  /** Opens the port anew with these settings. */
  readonly opener: (line: LineSettings) => PortOpener;
  readonly clock: Pick<Clock, "monotonicMs">;
  /** What lights the pad. */
  readonly light?: Uint8Array;
  /** How long a press is waited for at each speed, at most. */
  readonly patienceMs: number;
  readonly say: (text: string) => void;
}

/** Nobody waits longer than this at one speed. */
const SCAN_MS = 8000;
const GATHER_MS = 1500;

/**
 * Tries the usual speeds while somebody presses a key again and again.
 * @returns the likeliest
 * @throws WR2004 if nothing came at any speed, WR3xxx if the port cannot be opened
 */
export const scanLine = async ({ opener, clock, light, patienceMs, say }: ScanOptions): Promise<LineSettings> => {
  say("请反复按同一个键，直到提示停止。 Press one and the same key again and again until you are told to stop.");
  let best: { line: LineSettings; score: number } | undefined;
  for (const line of SCANNED) {
    const bursts = burstsOf(await gather(opener(line), clock, light, Math.min(SCAN_MS, patienceMs)));
    const score = scoreOf(bursts);
    say(`  ${String(line.baudRate).padStart(6)}: ${bursts[0] === undefined ? "…" : hexOf(bursts[0].bytes.subarray(0, 12))}`);
    if (score > (best?.score ?? 0)) best = { line, score };
    if (score >= SURE_SCORE) break;
  }
  if (best === undefined)
    throw new WindowRatingError("WR2004", "nothing came at any speed; check the cable, and give --light if the pad is dark");
  say(`请停止按键。 Stop pressing. ${best.line.baudRate} bit/s`);
  return best.line;
};

/** Everything that comes from the first byte on, for a moment. */
const gather = async (
  open: PortOpener,
  clock: Pick<Clock, "monotonicMs">,
  light: Uint8Array | undefined,
  patienceMs: number,
): Promise<Chunk[]> => {
  const chunks: Chunk[] = [];
  let end: () => void = () => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  let timer = setTimeout(() => end(), patienceMs);
  const port = await open({
    bytes: (bytes) => {
      if (chunks.length === 0) {
        clearTimeout(timer);
        timer = setTimeout(() => end(), GATHER_MS);
      }
      chunks.push({ bytes: Uint8Array.from(bytes), atMs: clock.monotonicMs() });
    },
    closed: () => end(),
  });
  if (light !== undefined) port.write(light);
  await over;
  clearTimeout(timer);
  await port.close();
  return chunks;
};
