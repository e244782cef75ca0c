import { existsSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { findProfile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { joined, parseHexText } from "@window-rating/protocol/keypad";
import type { LineSettings } from "@window-rating/protocol/rfc2217";
import { systemClock } from "../../clock.ts";
import type { AskedKey } from "../../learning/evidence.ts";
import { learnKeypad } from "../../learning/learn.ts";
import { profileText } from "../../learning/profile-text.ts";
import { recordPad } from "../../learning/recorder.ts";
import { scanLine } from "../../learning/scan.ts";
import { namedPort } from "../../pads/choose-port.ts";
import type { PortOpener } from "../../pads/pad-port.ts";
import { DEFAULT_SETTINGS } from "../../pads/port-settings.ts";
import type { Command } from "../command.ts";
import { COMMON_FLAGS, readFlags } from "../flags.ts";
import { askedKey, askedKeys, MEANINGS } from "./asked-keys.ts";
import { wantsHelp } from "./named-profile.ts";

const HELP = `Usage: window-host profile learn --port <p> [flags]

Makes a profile for a pad of another maker that nobody has one for: asks for each key to be pressed twice, finds out how its
frames are built, writes the profile with what was recorded as its examples, and checks it. Then try it with profile try.

  --port <p>         path, tcp://host:port or rfc2217://host:port
  --out <file>       where the profile goes; default ./my-pad.json
  --id <maker/model> id of the profile; default my/pad
  --keys <list>      what the keys stand for, in the order in which they will be pressed; else you are asked. Each is
                     ${MEANINGS};
                     words that are printed on it stand behind =
  --light <bytes>    what lights the pad, from its sheet, as "FF 68 03 03 68 01 01 0B 0D 16" or "'$RATE,30*2D' 0D 0A"; sent
                     before each press. Many pads send nothing while they are dark
  --baud <n>         speed of the line, default 9600; with --data-bits 7|8, --parity none|even|odd, --stop-bits 1|2
  --scan             tries the usual speeds with a key that you press again and again, and takes the likeliest
  --listen <s>       how long the pad is listened to before anybody presses, default 6
  --patience <s>     how long each press is waited for, default 30
  --force            writes over a file that is there
  --json             print JSON

Exit codes: 0 written and good, 1 nothing could be made of it, 2 bad usage.

Examples:
  window-host profile learn --port /dev/ttyUSB0 --id acme/star-5 --out ./star-5.json
  window-host profile learn --port COM3 --scan
  window-host profile learn --port tcp://192.0.2.7:4001 --keys 2,nothing=默认,4,5 --light "FF 68 03 03 68 01 01 0B 0D 16"`;

const FLAGS = {
  ...COMMON_FLAGS,
  port: { type: "string" },
  out: { type: "string", default: "./my-pad.json" },
  id: { type: "string", default: "my/pad" },
  keys: { type: "string" },
  light: { type: "string" },
  baud: { type: "string", default: "9600" },
  "data-bits": { type: "string", default: "8" },
  parity: { type: "string", default: "none" },
  "stop-bits": { type: "string", default: "1" },
  scan: { type: "boolean", default: false },
  listen: { type: "string", default: "6" },
  patience: { type: "string", default: "30" },
  force: { type: "boolean", default: false },
} as const;

const say = (text: string): void => void process.stderr.write(`${text}\n`);

export const learnCommand: Command = async (args, { print }) => {
  if (wantsHelp(args)) {
    print(HELP);
    return 0;
  }
  const flags = readFlags(args, FLAGS);
  const { port } = flags;
  if (port === undefined) throw new WindowRatingError("WR8002", "no port is named: --port <p>");
  if (flags.scan && port.startsWith("tcp://"))
    throw new WindowRatingError("WR8002", "--scan cannot set the speed behind tcp://; set it at the serial server, or use rfc2217://");
  if (!/^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/.test(flags.id))
    throw new WindowRatingError("WR8002", `--id ${flags.id}: give maker/model in lower case, as acme/star-5`);
  const file = resolve(flags.out);
  // Before anybody presses ten times.
  if (existsSync(file) && !flags.force)
    throw new WindowRatingError("WR8006", `${file} is there already; name another --out, or add --force`);
  const light = flags.light === undefined ? undefined : lightBytes(flags.light);
  const clock = systemClock();
  const opener = (line: LineSettings): PortOpener => namedPort(port, { ...DEFAULT_SETTINGS, line }, clock);
  const given = lineOf(flags);
  const keys = flags.keys === undefined ? await askKeys() : askedKeys(flags.keys);
  const patienceMs = seconds("--patience", flags.patience) * 1000;
  const line = flags.scan ? await scanLine({ opener, clock, ...(light === undefined ? {} : { light }), patienceMs, say }) : given;
  const evidence = await recordPad({
    open: opener(line),
    clock,
    keys,
    ...(light === undefined ? {} : { light }),
    listenMs: seconds("--listen", flags.listen) * 1000,
    patienceMs,
    presser: {
      still: () => say(`请勿触碰评价器 ${flags.listen} 秒。 Do not touch the pad for ${flags.listen} s.`),
      press: (key, turn) =>
        say(
          turn === 1
            ? `请按${nameOf(key)}。 Now press key ${nameOf(key)}.`
            : `请再按一次${nameOf(key)}。 Now press key ${nameOf(key)} once more.`,
        ),
    },
  });
  const learned = learnKeypad(evidence);
  if (typeof learned === "string") throw new WindowRatingError("WR2004", learned);
  write(file, profileText(learned, { id: flags.id, line, usb: await usbOf(port) }), flags.force);
  const profile = findProfile(file);
  const { notes, description } = learned;
  if (flags.json) print(JSON.stringify({ ok: true, file, id: profile.id, line, framing: description.framing.is, notes }, null, 2));
  else {
    print(
      [`${file} is written and good: ${keys.length} keys, each read from what it sent.`, ...notes.map((note) => `  - ${note}`)].join("\n"),
    );
    print(`Try it: window-host profile try ${flags.out} --port ${port}`);
  }
  return 0;
};

const nameOf = ({ key, label }: AskedKey): string => (label === undefined ? `${key}` : `${key} (${label})`);

const lightBytes = (text: string): Uint8Array => {
  const parsed = parseHexText(text);
  if ("wrong" in parsed) throw new WindowRatingError("WR8002", `--light ${parsed.wrong}`);
  return joined(parsed.text.parts.flatMap((part) => (part.is === "bytes" ? [part.bytes] : [])));
};

const seconds = (flag: string, text: string): number => {
  const value = Number(text);
  if (!(value >= 0.1 && value <= 600)) throw new WindowRatingError("WR8002", `${flag} ${text}: give seconds from 0.1 to 600`);
  return value;
};

const lineOf = (flags: { baud: string; "data-bits": string; parity: string; "stop-bits": string }): LineSettings => {
  const one = <const T extends readonly (string | number)[]>(flag: string, text: string, choices: T): T[number] => {
    const found = choices.find((choice) => String(choice) === text);
    if (found === undefined) throw new WindowRatingError("WR8002", `--${flag} ${text}: there are ${choices.join(", ")}`);
    return found;
  };
  const speeds = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600] as const;
  return {
    baudRate: one("baud", flags.baud, speeds),
    dataBits: one("data-bits", flags["data-bits"], [7, 8]),
    parity: one("parity", flags.parity, ["none", "even", "odd"]),
    stopBits: one("stop-bits", flags["stop-bits"], [1, 2]),
    flowControl: "none",
  };
};

/** Asks the person at the terminal what each key is. @throws WR8002 where there is no terminal */
const askKeys = async (): Promise<readonly AskedKey[]> => {
  if (process.stdin.isTTY !== true) throw new WindowRatingError("WR8002", "there is no terminal to ask at: --keys <list>");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  say(`每个键上印的是什么？ What is printed on each key? ${MEANINGS}`);
  try {
    const texts: string[] = [];
    for (;;) {
      const text = (await terminal.question(`  ${texts.length + 1}（回车结束 / Enter ends）: `)).trim();
      if (text === "" && texts.length > 0) return askedKeys(texts.join(","));
      try {
        askedKey(text, texts.length + 1);
        texts.push(text);
      } catch (error) {
        say((error as Error).message);
      }
    }
  } finally {
    terminal.close();
  }
};

/** USB ids of the port, for the profile; null if it is none of USB, or they cannot be read. */
const usbOf = async (path: string): Promise<{ vendorId: string; productId: string } | null> => {
  if (path.includes("://")) return null;
  const { SerialPort } = await import("serialport");
  const ports = await SerialPort.list().catch(() => []);
  const { deviceAt } = await import("../../pads/device-id.ts");
  const device = deviceAt(path);
  const found = ports.find((port) => port.path === path || (device !== undefined && deviceAt(port.path) === device));
  if (found?.vendorId === undefined || found.productId === undefined) return null;
  return { vendorId: found.vendorId.toLowerCase(), productId: found.productId.toLowerCase() };
};

/** @throws WR8006 if it cannot be written */
const write = (file: string, text: string, force: boolean): void => {
  try {
    writeFileSync(file, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    throw new WindowRatingError("WR8006", `${file}: ${(error as Error).message}`, error);
  }
};
