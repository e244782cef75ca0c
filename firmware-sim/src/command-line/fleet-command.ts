import { mkdirSync, writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { z } from "zod";
import { readFaults } from "../faults/read-faults.ts";
import { KEEN_HABITS, RANDOM_HABITS } from "../fleet/citizens.ts";
import { Fleet, type FleetCounts, type FleetSummary } from "../fleet/fleet.ts";
import type { Crowd } from "../fleet/fleet-pad.ts";
import { readScript } from "../script/script.ts";
import { duration, noMoreWords, path, readFlags, refuse, wholeNumber } from "./flags.ts";
import type { Surroundings } from "./surroundings.ts";

export const FLEET_HELP = `pad-sim fleet: many pads in one process, each behind a TCP port of its own, for load tests of window PCs and serial servers

  pad-sim fleet [--count <n>] [options]       until Ctrl+C, then prints what each pad has seen

  --count <n>          how many pads, 1 to 5000 (default: 1000)
  --tcp                each listens on a TCP port; there is no other way yet, so it may be left out
  --port <n>           port of the first pad; each further one has the next (default: any free ones)
  --address <ip>       address to listen on (default: 127.0.0.1)
  --profile <id>       model of the pads, maker/model (default: generic/five-button)
  --citizens <kind>    random: some walk away, press twice, think again; keen: every invitation is answered once and soon;
                       script: --script says what they do (default: random)
  --script <file>      the script that each pad plays
  --every <time>       no pad is rated more often than this, for instance 10s (default: as often as it is asked)
  --for <time>         end after this time instead of by Ctrl+C
  --seed <n>           the same seed gives the same citizens and faults (default: 1)
  --faults <file>, --fault <name[=value]>   faults that every pad suffers (docs/simulator.md)
  --state <folder>     a store of its own for each pad in this folder; without it events are gone in the end
  --windows <file>     write the setting "windows" for a window PC that serves all of them
  --records <file>     in the end, write every rating as a line of JSON: what an audit holds against the window PC's
  --json               JSON: one line when all listen, one in the end
  --help               print this

Examples
  pad-sim fleet --count 1000 --port 21000 --citizens keen --every 10s
  pad-sim fleet --count 20 --windows windows.json --records ratings.jsonl --for 10m --json
`;

const FLAGS = {
  count: { type: "string" },
  tcp: { type: "boolean" },
  port: { type: "string" },
  address: { type: "string" },
  profile: { type: "string" },
  citizens: { type: "string" },
  script: { type: "string" },
  every: { type: "string" },
  for: { type: "string" },
  seed: { type: "string" },
  faults: { type: "string" },
  fault: { type: "string", multiple: true },
  state: { type: "string" },
  windows: { type: "string" },
  records: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const flagsSchema = z.object({
  count: wholeNumber(1, 5000).default(1000),
  port: wholeNumber(0, 65_535).default(0),
  address: z.union([z.ipv4(), z.ipv6()], "must be an IP address").default("127.0.0.1"),
  profile: z.string().default("generic/five-button"),
  citizens: z.enum(["random", "keen", "script"], "must be random, keen or script").optional(),
  script: path,
  every: duration.default(0),
  for: duration.optional(),
  seed: wholeNumber(-2_000_000_000, 2_000_000_000).default(1),
  faults: path,
  fault: z.array(z.string()).default([]),
  state: path,
  windows: path,
  records: path,
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

const SHOW_EVERY_MS = 5000;

export const runFleet = async (given: readonly string[], { output, untilStopped }: Surroundings): Promise<number> => {
  const flags = readFlags(given, FLAGS, flagsSchema);
  if (flags.help) {
    output.write(FLEET_HELP);
    return 0;
  }
  noMoreWords(flags.words);
  if (flags.port !== 0 && flags.port + flags.count - 1 > 65_535)
    throw refuse(`--port ${flags.port} leaves no room for ${flags.count} ports`);
  const stopped = untilStopped();
  keepHeapSmall();
  const faults = readFaults(flags.faults, flags.fault, true);
  const crowd = crowdOf(flags);
  if (flags.state !== undefined) mkdirSync(flags.state, { recursive: true });
  await using running = new AsyncDisposableStack();
  const fleet = await Fleet.start({
    count: flags.count,
    firstPort: flags.port,
    address: flags.address,
    profileId: flags.profile,
    crowd,
    everyMs: flags.every,
    seed: flags.seed,
    faults,
    ...(flags.state === undefined ? {} : { storeFolder: flags.state }),
  });
  running.defer(() => fleet.close());
  const { ports } = fleet;
  if (flags.windows !== undefined) writeFileSync(flags.windows, `${JSON.stringify(windowsOf(ports), null, 2)}\n`);
  if (flags.json) output.write(`${JSON.stringify({ count: flags.count, ports: ports.map(({ port }) => port) })}\n`);
  else {
    output.write(`${flags.count} pads on ${ports[0]?.port} to ${ports.at(-1)?.port}\n`);
    const timer = setInterval(() => output.write(`${countsText(fleet.counts)}\n`), SHOW_EVERY_MS);
    running.defer(() => clearInterval(timer));
  }
  await Promise.race([stopped, ...(flags.for === undefined ? [] : [passed(flags.for, running)])]);
  const summary = fleet.summary();
  if (flags.records !== undefined)
    writeFileSync(
      flags.records,
      fleet
        .ratings()
        .map((rating) => `${JSON.stringify(rating)}\n`)
        .join(""),
    );
  output.write(flags.json ? `${JSON.stringify(summary)}\n` : summaryText(summary));
  return 0;
};

/**
 * On a machine with much memory V8 lets a busy process have 134 MB of young objects, and four times what lives of old ones (measured
 * with a thousand pads, of which 40 MB live). More collections cost less than that is worth beside what is being load-tested.
 */
const keepHeapSmall = (): void => {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=100");
};

const crowdOf = ({ citizens, script }: { citizens?: "random" | "keen" | "script" | undefined; script?: string | undefined }): Crowd => {
  if (script !== undefined && citizens !== undefined && citizens !== "script") throw refuse("--script goes with --citizens script");
  if (script !== undefined) return { is: "script", steps: readScript(script) };
  if (citizens === "script") throw refuse("--citizens script needs --script <file>");
  return { is: "citizens", habits: citizens === "keen" ? KEEN_HABITS : RANDOM_HABITS };
};

const passed = (ms: number, running: AsyncDisposableStack): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    running.defer(() => clearTimeout(timer));
  });

/** As `windows` of the window PC's configuration has it. */
const windowsOf = (ports: Fleet["ports"]): object => ({
  windows: ports.map(({ serialNumber, port }, index) => ({ windowNo: String(index + 1), pad: { port, serialNumber } })),
});

const countsText = ({ count, ready, asked, pressed, acked, timedOut, pending }: FleetCounts): string =>
  `${ready} of ${count} ready  ${asked} asked  ${pressed} pressed  ${acked} stored by the host  ${timedOut} timed out  ${pending} events pending`;

const summaryText = (summary: FleetSummary): string => {
  const { seconds, storedAfterMs, cores, memoryMB } = summary;
  return [
    countsText(summary),
    `${seconds} s, stored after ${storedAfterMs.p50} ms (p50), ${storedAfterMs.p99} ms (p99), ${storedAfterMs.most} ms (most)`,
    `${cores} cores, ${memoryMB} MB`,
    "",
  ].join("\n");
};
