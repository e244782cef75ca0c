import { open } from "node:fs/promises";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { CONSOLE_TRAFFIC_REQUESTS } from "../../messages/console-traffic.ts";
import type { HandlersFor } from "../../messages/exchange.ts";
import type { TrafficWatch } from "../traffic/traffic-watch.ts";
import type { ConsoleLine, ConsoleParts } from "./console-parts.ts";

/** A screen gives an answer ten seconds; no part of a bundle may take so much that the whole of it comes later. */
const PART_PATIENCE_MS = 3000;
/** Three quarters of what a screen may be behind, in base64. */
const PIECE_BYTES = 144 * 1024;

export const trafficHandlers = (
  { dataDir, clock, status, traffic }: ConsoleParts,
  line: ConsoleLine,
): HandlersFor<typeof CONSOLE_TRAFFIC_REQUESTS> => {
  let watch: TrafficWatch | undefined;
  let bundlePath: string | undefined;
  const stop = (): void => {
    watch?.end();
    watch = undefined;
  };
  let hasEnded = false;
  line.onEnd(() => {
    hasEnded = true;
    stop();
  });
  return {
    "traffic.watch": async () => {
      stop();
      const begun = await traffic.watch(undefined, (batch) => line.tell("traffic", batch));
      // Another one may have begun meanwhile, or the console may have gone.
      stop();
      watch = begun;
      if (hasEnded) stop();
      return { lines: traffic.lines };
    },
    "traffic.stop": () => {
      stop();
      return {};
    },
    "traffic.save": async ({ filter, from, to }) => {
      const [{ fitsFilter }, { saveFrames }] = await Promise.all([
        import("../traffic/traffic-filter.ts"),
        import("../traffic/traffic-file.ts"),
      ]);
      const frames = (watch?.frames ?? []).filter((frame) => frame.no >= from && frame.no <= to && fitsFilter(frame, filter));
      return { path: saveFrames(dataDir, frames, clock.wallMs()), frames: frames.length };
    },
    "doctor.run": async () => {
      const { examine } = await import("../commands/doctor/examine.ts");
      return { findings: await examine({ dataDir, env: process.env, readsDatabase: false }) };
    },
    "bundle.make": async () => {
      const [{ makeBundle }, { examine }] = await Promise.all([import("../bundle/log-bundle.ts"), import("../commands/doctor/examine.ts")]);
      const bundle = await makeBundle({
        dataDir,
        env: process.env,
        wallMs: clock.wallMs(),
        patienceMs: PART_PATIENCE_MS,
        status: () => Promise.resolve(status()),
        examine: () => examine({ dataDir, env: process.env, readsDatabase: false }),
      });
      bundlePath = bundle.path;
      return { ...bundle, parts: [...bundle.parts], missing: [...bundle.missing] };
    },
    "bundle.read": async ({ from }) => {
      if (bundlePath === undefined) throw new WindowRatingError("WR8006", "this console has had no bundle made");
      return { data: await pieceOf(bundlePath, from) };
    },
  };
};

const pieceOf = async (path: string, from: number): Promise<string> => {
  try {
    await using file = await open(path, "r");
    const { buffer, bytesRead } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, from);
    return buffer.subarray(0, bytesRead).toString("base64");
  } catch (error) {
    throw new WindowRatingError("WR8006", `${path} cannot be read: ${(error as Error).message}`, error);
  }
};
