import { randomBytes } from "node:crypto";
import { findProfile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { realClock } from "../clock/clock.ts";
import { openPadLine } from "../traffic/pad-line.ts";
import { messagesOf } from "../traffic/recorded-messages.ts";
import { type Recording, readRecording } from "../traffic/recording.ts";
import { HostReplay, PadReplay, type Replay, type ReplayEnd } from "../traffic/replay.ts";
import { VerbatimReplay } from "../traffic/verbatim.ts";
import { readFlags, refuse } from "./flags.ts";
import { openListenPort } from "./listen-port.ts";
import type { Surroundings } from "./surroundings.ts";

export const REPLAY_HELP = `pad-sim replay: plays one side of a recording to a live other side

  pad-sim replay <file> --listen <where>      plays the pad to a window PC
  pad-sim replay <file> --port <p>            plays the window PC to a pad

  --listen <where>     where the window PC finds the pad: the path of a link to a tty, or tcp:<port> on 127.0.0.1 (tcp:0 = any free port)
  --port <p>           where the pad is: /dev/ttyUSB0, COM3, tcp://host:port
  --pace <pace>        recorded: at the times of the recording, later where today's citizen is slower; fast: as fast as the other side says what
                       it said then (default: recorded)
  --verbatim           the bytes as they were. Without it, what was said in the pad protocol is said again in a session of today, about the
                       requests of today; a recording of another maker's pad is always played verbatim
  --json               print one line of JSON when ready, one in the end
  --help               print this

Examples
  pad-sim replay window-12.jsonl --listen /tmp/pad-1 --pace fast
  pad-sim replay window-12.jsonl --port /dev/ttyUSB0

Exit code 1 if not everything could be played, or the other side did not say within ten seconds what it had said.
`;

const FLAGS = {
  listen: { type: "string" },
  port: { type: "string" },
  pace: { type: "string" },
  verbatim: { type: "boolean" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const flagsSchema = z.object({
  listen: z.string().min(1, "names no place").optional(),
  port: z.string().min(1, "names no port").optional(),
  pace: z.enum(["recorded", "fast"], "must be recorded or fast").default("recorded"),
  verbatim: z.boolean().default(false),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

type Flags = z.output<typeof flagsSchema>;

export const runReplay = async (given: readonly string[], { output, untilStopped }: Surroundings): Promise<number> => {
  const { words, ...flags } = readFlags(given, FLAGS, flagsSchema);
  if (flags.help) {
    output.write(REPLAY_HELP);
    return 0;
  }
  const [file, ...more] = words;
  if (file === undefined || more.length > 0) throw refuse("replay needs one file");
  if ((flags.listen === undefined) === (flags.port === undefined)) throw refuse("replay needs either --listen <where> or --port <p>");
  const stopped = untilStopped();
  const recording = readRecording(file);
  await using running = new AsyncDisposableStack();
  let replay: (Replay & { start(): void }) | undefined;
  let write: (bytes: Uint8Array) => void = () => {};
  let at = flags.port;
  const take = (bytes: Uint8Array): void => replay?.take(bytes);
  if (flags.listen !== undefined) {
    const port = await openListenPort(flags.listen);
    running.defer(() => port.close());
    port.listen({ bytes: take });
    write = (bytes) => port.write(bytes);
    at = port.path;
  } else if (flags.port !== undefined) {
    const line = await openPadLine(flags.port, portOf(recording), { bytes: take, lost: () => replay?.stop() });
    running.defer(() => line.close());
    write = (bytes) => line.write(bytes);
  }
  replay = replayOf(recording, flags, write);
  output.write(flags.json ? `${JSON.stringify({ port: at })}\n` : `playing at ${at}\n`);
  replay.start();
  void stopped.then(() => replay?.stop());
  const end = await replay.done;
  output.write(flags.json ? `${JSON.stringify(end)}\n` : textOf(end));
  return end.played === end.of && end.impatient === 0 ? 0 : 1;
};

/** How the port was opened when it was recorded; the profile may be one that this PC does not have. */
const portOf = ({ header }: Recording) => {
  try {
    return findProfile(header.profile).port;
  } catch (error) {
    if (error instanceof WindowRatingError) return findProfile("generic/five-button").port;
    throw error;
  }
};

const replayOf = (recording: Recording, flags: Flags, write: (bytes: Uint8Array) => void): Replay & { start(): void } => {
  const { chunks } = recording;
  const side = flags.listen === undefined ? "host" : "pad";
  const talk = messagesOf(chunks);
  if (flags.verbatim || talk.pad === undefined) return new VerbatimReplay({ chunks, side, pace: flags.pace, clock: realClock, write });
  if (talk.messages.length === 0) {
    throw new WindowRatingError("WR9022", "no session of the pad protocol came to stand in it, so there is nothing to say");
  }
  const options = { talk, pace: flags.pace, clock: realClock, random: (length: number) => randomBytes(length), write };
  return side === "pad" ? new PadReplay({ ...options, pad: talk.pad }) : new HostReplay(options);
};

const textOf = ({ played, of, impatient }: ReplayEnd): string =>
  `${played} of ${of} played${impatient === 0 ? "" : `, ${impatient} times not waited any longer`}\n`;
