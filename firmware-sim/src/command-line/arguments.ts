import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";

export const HELP = `pad-sim: a rating pad without the hardware

  pad-sim [--pty [link] | --tcp <port>] [options]     run a pad until Ctrl+C
  pad-sim audit --store <file> [--json]               list what a pad's store has seen; the pad may be running
  pad-sim fleet [options]                             a thousand pads in one process, for load tests
  pad-sim hall [options]                              an hour of a hall in seconds, on a virtual clock
  pad-sim record [options] <file>                     write down what a real pad and its window PC say
  pad-sim replay [options] <file>                     play one side of that to a live other side
                                                      (each has its own --help)

Port
  --pty [link]         a virtual serial port, published under this path (default: pad-<serial> in the folder for temporary files)
  --tcp <port>         a serial server on 127.0.0.1; 0 = any free port

Options
  --profile <id|file>  model of the pad, maker/model, or a profile of your own, ….json; also pads of other makers
                       (default: generic/five-button; npm run profiles:check lists them)
  --serial <SN>        serial number (default: SIM-0001)
  --store <file>       keep the pad's events in this file; without it they are gone when pad-sim ends
  --firmware <version/release>  firmware that the pad is made with (default: 1.0.0/1)
  --maker-key <file>   take firmware that this maker signed: an Ed25519 public key in PEM; may be given several times
  --panel <kind>       terminal, web, board or none (default: none)
  --panel-port <port>  port of the web panel on 127.0.0.1 (default: any free port)
  --board-port <port>  serial port of the Arduino that is the board panel's hands, with --panel board
  --board-wiring <file>  which pin is wired to what, if not as docs/board.md draws it
  --assets <folder>    pictures, language packs and lists of reasons that a pad with a screen holds from the start
  --script <file>      play a script of presses and mishaps
  --faults <file>      disturb the line and the pad at random, from a seed
  --fault <name[=value]>  one fault of the library in docs/simulator.md; may be given several times, and beside --faults
  --json               print one line of JSON when ready: {"port": …, "panel": …}
  --help               print this

Examples
  pad-sim --pty --panel terminal
  pad-sim --tcp 7001 --panel web --store pad.store
  pad-sim --pty --profile generic/ff68-four-key --panel terminal
  pad-sim --pty --panel board --board-port /dev/ttyACM0
  pad-sim --pty /tmp/pad-1 --script presses.json --faults noisy-line.json
  pad-sim --tcp 7001 --fault stuckKey=3 --fault drop=0.01
  pad-sim --tcp 7001 --profile generic/touchscreen --panel web --assets my-hall/
  pad-sim --tcp 7001 --profile generic/touchscreen --store pad.store --maker-key maker.pub
  pad-sim audit --store pad.store --json

Scripts and faults are described in docs/simulator.md, the board in docs/board.md, the touchscreen and its files in docs/touchscreen.md.
Exit codes: 0 done, 1 failed, 2 command not understood.
`;

export type PortChoice = { readonly is: "pty"; readonly link: string } | { readonly is: "tcp"; readonly port: number };

export type PanelChoice =
  | { readonly is: "terminal" | "none" }
  | { readonly is: "web"; readonly port: number }
  | { readonly is: "board"; readonly port: string; readonly wiringFile: string | undefined };

export interface RunCommand {
  readonly is: "run";
  readonly port: PortChoice;
  readonly profileId: string;
  readonly serialNumber: string;
  readonly storeFile: string | undefined;
  readonly firmware: { readonly version: string; readonly release: number };
  readonly makerKeyFiles: readonly string[];
  readonly panel: PanelChoice;
  readonly assetFolder: string | undefined;
  readonly scriptFile: string | undefined;
  /** File of a plan, and faults by name behind it. */
  readonly faultsFile: string | undefined;
  readonly faults: readonly string[];
  readonly json: boolean;
}

export type Command = RunCommand | { readonly is: "audit"; readonly storeFile: string; readonly json: boolean } | { readonly is: "help" };

const NO_PORT = "must be a port, 0 to 65535";
const tcpPort = z
  .string()
  .regex(/^\d{1,5}$/, NO_PORT)
  .transform(Number)
  .refine((port) => port <= 65_535, NO_PORT);
const file = z.string().min(1, "names no file").optional();
const flagsSchema = z.object({
  pty: z.string().optional(),
  tcp: tcpPort.optional(),
  profile: z.string().default("generic/five-button"),
  serial: z
    .string()
    .min(1, "must not be empty")
    .refine((text) => new TextEncoder().encode(text).length <= 32, "has more than 32 bytes")
    .default("SIM-0001"),
  store: file,
  firmware: z
    .string()
    .regex(/^[!-.0-~]{1,16}\/[1-9]\d{0,8}$/, "must be a version and the number of its release, for instance 1.0.0/1")
    .default("1.0.0/1")
    .transform((text) => ({ version: text.slice(0, text.indexOf("/")), release: Number(text.slice(text.indexOf("/") + 1)) })),
  "maker-key": z.array(z.string().min(1, "names no file")).default([]),
  panel: z.enum(["terminal", "web", "board", "none"], "must be terminal, web, board or none").default("none"),
  "panel-port": tcpPort.default(0),
  "board-port": z.string().min(1, "names no port").optional(),
  "board-wiring": file,
  assets: z.string().min(1, "names no folder").optional(),
  script: file,
  faults: file,
  fault: z.array(z.string()).default([]),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

const FLAGS = {
  pty: { type: "string" },
  tcp: { type: "string" },
  profile: { type: "string" },
  serial: { type: "string" },
  store: { type: "string" },
  firmware: { type: "string" },
  "maker-key": { type: "string", multiple: true },
  panel: { type: "string" },
  "panel-port": { type: "string" },
  "board-port": { type: "string" },
  "board-wiring": { type: "string" },
  assets: { type: "string" },
  script: { type: "string" },
  faults: { type: "string" },
  fault: { type: "string", multiple: true },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const refuse = (detail: string, cause?: unknown): WindowRatingError => new WindowRatingError("WR8002", detail, cause);

/** @throws WR8002 naming the flag that is not understood */
export const readCommand = (given: readonly string[]): Command => {
  const { values, positionals } = parse(given);
  const parsed = flagsSchema.safeParse(values);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refuse(`--${issue?.path.join(".")} ${issue?.message}`, parsed.error);
  }
  const flags = parsed.data;
  const [command, ...rest] = positionals;
  if (flags.help || command === "help") return { is: "help" };
  if (rest.length > 0 || (command !== undefined && command !== "audit")) throw refuse(`unknown command ${positionals.join(" ")}`);
  if (command === "audit") {
    if (flags.store === undefined) throw refuse("audit needs --store <file>");
    return { is: "audit", storeFile: flags.store, json: flags.json };
  }
  if (flags.pty !== undefined && flags.tcp !== undefined) throw refuse("--pty and --tcp exclude each other: a pad has one port");
  if (flags.panel === "terminal" && flags.json) throw refuse("--json and --panel terminal exclude each other: both write to the terminal");
  return {
    is: "run",
    port: flags.tcp === undefined ? { is: "pty", link: linkOf(flags.pty, flags.serial) } : { is: "tcp", port: flags.tcp },
    profileId: flags.profile,
    serialNumber: flags.serial,
    storeFile: flags.store,
    firmware: flags.firmware,
    makerKeyFiles: flags["maker-key"],
    panel: panelOf(flags),
    assetFolder: flags.assets,
    scriptFile: flags.script,
    faultsFile: flags.faults,
    faults: flags.fault,
    json: flags.json,
  };
};

const panelOf = (flags: z.output<typeof flagsSchema>): PanelChoice => {
  const { panel, "board-port": port, "board-wiring": wiringFile } = flags;
  if (panel !== "board" && (port ?? wiringFile) !== undefined) throw refuse("--board-port and --board-wiring go with --panel board");
  if (panel === "web") return { is: panel, port: flags["panel-port"] };
  if (panel !== "board") return { is: panel };
  if (port === undefined) throw refuse("--panel board needs --board-port <port>");
  return { is: panel, port, wiringFile };
};

const parse = (given: readonly string[]) => {
  // The link behind --pty may be left out, which parseArgs does not know.
  const args = given.map((arg, index) => (arg === "--pty" && (given[index + 1] ?? "-").startsWith("-") ? "--pty=" : arg));
  try {
    return parseArgs({ args, options: FLAGS, strict: true, allowPositionals: true });
  } catch (error) {
    throw refuse((error as Error).message.split(/[.\n]/)[0] ?? "", error);
  }
};

const linkOf = (given: string | undefined, serialNumber: string): string =>
  given === undefined || given === "" ? join(tmpdir(), `pad-${serialNumber.replace(/[^A-Za-z0-9._-]/g, "_")}`) : resolve(given);
