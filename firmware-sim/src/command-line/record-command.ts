import { readFileSync } from "node:fs";
import { join } from "node:path";
import { contentHash, findProfile } from "@window-rating/device-profiles";
import { z } from "zod";
import { Recorder } from "../traffic/recorder.ts";
import { PRIVACY_NOTE } from "../traffic/recording.ts";
import { readFlags, refuse } from "./flags.ts";
import { openListenPort } from "./listen-port.ts";
import type { Surroundings } from "./surroundings.ts";

export const RECORD_HELP = `pad-sim record: writes down what a real pad and its window PC say to each other

  pad-sim record --port <p> --listen <where> <file>       until Ctrl+C

  --port <p>           where the pad is: /dev/ttyUSB0, COM3, tcp://host:port
  --listen <where>     where the window PC finds it meanwhile: the path of a link to a tty, or tcp:<port> on 127.0.0.1 (tcp:0 = any free port)
  --profile <id|file>  profile of the pad: how its port is opened (default: generic/five-button)
  --json               print one line of JSON when ready, one in the end
  --help               print this

Stop the window PC, start this, and give the window PC what --listen names as its pad's port. Nothing is changed on the way.
The file must not be there yet. ${PRIVACY_NOTE}

Examples
  pad-sim record --port /dev/ttyUSB0 --listen /tmp/recorded-pad window-12.jsonl
  pad-sim record --port tcp://10.0.0.7:4001 --listen tcp:7001 window-12.jsonl
`;

const FLAGS = {
  port: { type: "string" },
  listen: { type: "string" },
  profile: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const flagsSchema = z.object({
  port: z.string().min(1, "names no port").optional(),
  listen: z.string().min(1, "names no place").optional(),
  profile: z.string().default("generic/five-button"),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

export const runRecord = async (given: readonly string[], { output, err, untilStopped }: Surroundings): Promise<number> => {
  const { words, ...flags } = readFlags(given, FLAGS, flagsSchema);
  if (flags.help) {
    output.write(RECORD_HELP);
    return 0;
  }
  const [file, ...more] = words;
  if (flags.port === undefined || flags.listen === undefined || file === undefined || more.length > 0) {
    throw refuse("record needs --port <p>, --listen <where> and one file");
  }
  const stopped = untilStopped();
  const profile = findProfile(flags.profile);
  const listen = await openListenPort(flags.listen);
  await using running = new AsyncDisposableStack();
  running.defer(() => listen.close());
  const recorder = await Recorder.start({
    padPort: flags.port,
    settings: profile.port,
    listen,
    file,
    header: { program: version(), profile: profile.id, profileSha256: contentHash(profile) },
  });
  running.defer(() => recorder.close());
  err(`${PRIVACY_NOTE}\n`);
  output.write(
    flags.json ? `${JSON.stringify({ port: listen.path, file })}\n` : `recording; the window PC finds the pad at ${listen.path}\n`,
  );
  await stopped;
  const { host, pad } = recorder.bytes;
  output.write(
    flags.json ? `${JSON.stringify({ bytesOfHost: host, bytesOfPad: pad })}\n` : `${host} bytes of the host, ${pad} of the pad\n`,
  );
  return 0;
};

const version = (): string => {
  const content: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8"));
  return z.object({ version: z.string() }).parse(content).version;
};
