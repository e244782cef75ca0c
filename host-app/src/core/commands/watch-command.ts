import { type IncomingMessage, request } from "node:http";
import { ERRORS, type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { readControl } from "../desk/control-file.ts";
import { TRAFFIC_PATH } from "../desk/traffic-stream.ts";
import { frameText } from "../traffic/frame-text.ts";
import { fitsFilter } from "../traffic/traffic-filter.ts";
import { type TrafficFilter, trafficBatchSchema } from "../traffic/traffic-shape.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";

const HELP = `Usage: window-host watch [--window <no>] [--text <text>] [--beats] [--hex] [--count <n>] --data <dir> [--json]

Shows what goes over the lines of the pads of a running window-host while it goes: → to the pad, ← from it, ! bytes that were thrown away.
Which level a citizen gave is never shown, nor what tells who somebody is. Ends with Ctrl+C.

  --window <no>  one window; default: all windows of this PC
  --text <text>  only frames with this text in their name or fields
  --beats        with heartbeats and acknowledgements, which else are left out
  --hex          the bytes under each frame, hidden ones as ··
  --count <n>    end after so many frames
  --data <dir>   the data folder; or set WINDOW_RATING_DATA
  --json         print each frame as one line of JSON, its bytes included

Exit codes: 0 ended by you or by --count, 1 window-host does not run or has stopped, 2 bad usage.

Examples:
  window-host watch --data /var/lib/window-rating/window
  window-host watch --window 12 --text rated --data /var/lib/window-rating/window
  window-host watch --beats --hex --count 20 --data /var/lib/window-rating/window
  window-host watch --json --data /var/lib/window-rating/window | jq -c 'select(.is == "fault")'`;

export const watchCommand: Command = async (args, { env, print }) => {
  const flags = readFlags(args, {
    ...COMMON_FLAGS,
    window: { type: "string" },
    text: { type: "string", default: "" },
    beats: { type: "boolean", default: false },
    hex: { type: "boolean", default: false },
    count: { type: "string" },
  });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const most = mostOf(flags.count);
  const filter: TrafficFilter = { windowNo: null, direction: null, type: null, text: flags.text, beats: flags.beats };
  let shown = 0;
  let dropped = 0;
  // A quiet line shows nothing for hours; beside standard output, which others may read.
  const opened = (): void => {
    if (!flags.json) process.stderr.write(`Watching${flags.beats ? "" : "; heartbeats are left out, --beats shows them"}. Ctrl+C ends.\n`);
  };
  for await (const line of linesOf(dataDirOf(flags.data, env), flags.window, opened)) {
    const batch = trafficBatchSchema.parse(JSON.parse(line));
    for (const frame of batch.frames) {
      if (!fitsFilter(frame, filter)) continue;
      print(flags.json ? JSON.stringify(frame) : `${frameText(frame)}${flags.hex && frame.hex !== "" ? `\n    ${frame.hex}` : ""}`);
      if (++shown >= most) return 0;
    }
    if (batch.dropped > dropped && !flags.json) print(`… ${batch.dropped - dropped} frames came too fast to be shown`);
    dropped = batch.dropped;
  }
  throw new WindowRatingError("WR8003", "it has stopped");
};

const mostOf = (count: string | undefined): number => {
  if (count === undefined) return Number.POSITIVE_INFINITY;
  if (!/^[1-9]\d{0,8}$/.test(count)) throw new WindowRatingError("WR8002", "--count takes a number from 1");
  return Number(count);
};

/** @throws WR8003 if none runs, WR8006, and whatever it refuses with */
const linesOf = async function* (dataDir: string, windowNo: string | undefined, opened: () => void): AsyncGenerator<string> {
  const control = readControl(dataDir);
  if (control === null) throw new WindowRatingError("WR8003", `no control.json in ${dataDir}`);
  const query = windowNo === undefined ? "" : `?windowNo=${encodeURIComponent(windowNo)}`;
  const outgoing = request({
    host: "127.0.0.1",
    port: control.deskPort,
    path: `${TRAFFIC_PATH}${query}`,
    agent: false,
    headers: { authorization: `Bearer ${control.token}` },
  });
  try {
    const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.on("response", resolve);
      outgoing.on("error", (error) => reject(new WindowRatingError("WR8003", error.message, error)));
      outgoing.end();
    });
    if (incoming.statusCode === 200) opened();
    for await (const line of linesIn(incoming)) {
      if (incoming.statusCode !== 200) throw refusalOf(line, incoming.statusCode);
      yield line;
    }
  } finally {
    outgoing.destroy();
  }
};

/** Until the stream ends, or is cut off. */
const linesIn = async function* (incoming: IncomingMessage): AsyncGenerator<string> {
  incoming.setEncoding("utf8");
  let rest = "";
  try {
    for await (const chunk of incoming as AsyncIterable<string>) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch {
    // It was cut off: window-host has stopped.
    return;
  }
  if (rest !== "") yield rest;
};

const refusalSchema = z.object({ error: z.object({ code: z.string().refine((code) => Object.hasOwn(ERRORS, code)), detail: z.string() }) });

const refusalOf = (line: string, status: number | undefined): WindowRatingError => {
  const refusal = refusalSchema.safeParse(JSON.parse(line));
  if (!refusal.success) return new WindowRatingError("WR8003", `it answered with HTTP ${status}`);
  return new WindowRatingError(refusal.data.error.code as ErrorCode, refusal.data.error.detail);
};
