import { randomBytes } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Bench, Item, Outcome } from "../conformance/item.ts";
import type { Person } from "../conformance/person.ts";
import { Probe } from "../conformance/probe.ts";
import { ITEMS, makeSureItIsFree, tryItem } from "../conformance/run.ts";
import { NOBODY, terminalPerson } from "../conformance/terminal-person.ts";
import { choosePort } from "../pads/choose-port.ts";
import type { OpenPort } from "../pads/pad-port.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, readFlags } from "./flags.ts";
import { readImage } from "./pad-update-command.ts";

const HELP = `Usage: window-host conformance --port <p> [flags]

Tries a pad against the conformance checklist of protocol/SPEC.md and prints passed or failed for each item. Meant for
the desk of whoever builds or buys pads: the pad must not belong to a window, and window-host must not run on its port.

  --port <p>      path, tcp://host:port or rfc2217://host:port
  --profile <id>  profile with the line settings; default: our own line, 115200 8N1
  --unattended    leave out what needs somebody at the pad
  --only <ids>    only these items, for instance C1,C9,C22
  --image <file>  a signed image of the pad's maker, for C59; nothing but its signer's id is used
  --long          long forms too: C27 sends the whole megabyte (90 s at 115200 baud)
  --json          print JSON

Exit codes: 0 every item that was tried passed, 1 an item failed, 2 bad usage.

Examples:
  window-host conformance --port /dev/ttyUSB0
  window-host conformance --port tcp://127.0.0.1:4001 --unattended --json
  pad-sim --tcp 4001 & window-host conformance --port tcp://127.0.0.1:4001 --unattended`;

const FLAGS = {
  ...COMMON_FLAGS,
  port: { type: "string" },
  profile: { type: "string", default: "auto" },
  unattended: { type: "boolean", default: false },
  only: { type: "string" },
  image: { type: "string" },
  long: { type: "boolean", default: false },
} as const;

export const conformanceCommand: Command = async (args, { print }) => {
  const flags = readFlags(args, FLAGS);
  if (flags.help) {
    print(HELP);
    return 0;
  }
  if (flags.port === undefined) throw new WindowRatingError("WR8002", "no port is named: --port <p>");
  const items = itemsOf(flags.only);
  const signer = flags.image === undefined ? {} : { signer: readImage(flags.image).signer };
  const say = flags.json ? () => undefined : print;
  const tell = (line: string): void => void process.stderr.write(`${line}\n`);
  const terminal = flags.unattended ? undefined : createInterface({ input: process.stdin, output: process.stderr });
  try {
    const person = terminal === undefined ? NOBODY : terminalPerson(terminal, tell);
    const outcomes = await tryPad({ port: flags.port, profile: flags.profile, person, items, isLong: flags.long, say, tell, ...signer });
    const count = (is: Outcome["is"]): number => outcomes.filter((outcome) => outcome.is === is).length;
    if (flags.json)
      print(JSON.stringify({ passed: count("passed"), failed: count("failed"), leftOut: count("left-out"), items: outcomes }, null, 2));
    else print(`\n${count("passed")} passed, ${count("failed")} failed, ${count("left-out")} left out`);
    return count("failed") > 0 ? 1 : 0;
  } finally {
    terminal?.close();
  }
};

const itemsOf = (only: string | undefined): readonly Item[] => {
  if (only === undefined) return ITEMS;
  const wanted = only.split(",").map((id) => id.trim());
  const unknown = wanted.find((id) => !ITEMS.some((item) => item.id === id));
  if (unknown !== undefined)
    throw new WindowRatingError("WR8002", `there is no item ${unknown}; there are ${ITEMS.map(({ id }) => id).join(", ")}`);
  return ITEMS.filter(({ id }) => wanted.includes(id));
};

interface Trial {
  readonly port: string;
  readonly profile: string;
  readonly person: Person;
  readonly items: readonly Item[];
  readonly isLong: boolean;
  readonly signer?: Uint8Array;
  readonly say: (line: string) => void;
  readonly tell: (line: string) => void;
}

const MARKS = { passed: "passed  ", failed: "FAILED  ", "left-out": "left out" } as const;

/** @throws WR3xxx if the port cannot be opened, WR1012, WR1020, WR1021 as makeSureItIsFree */
const tryPad = async ({ port, profile, person, items, isLong, say, tell, ...maker }: Trial): Promise<readonly Outcome[]> => {
  const opener = choosePort(port, profile);
  const open = (bytes: (chunk: Uint8Array) => void): Promise<OpenPort> => opener({ bytes, closed: () => undefined });
  const probe = new Probe({ open, random: (length) => randomBytes(length), now: () => performance.now() });
  const reopen = async (): Promise<void> => {
    await probe.close();
    await probe.open();
  };
  const bench: Bench = { probe, person, isLong, tell, reopen, ...maker };
  await probe.open();
  try {
    await makeSureItIsFree(bench);
    say(`${probe.pad?.model} ${probe.pad?.serialNumber}, firmware ${probe.pad?.firmware}\n`);
    const outcomes: Outcome[] = [];
    for (const item of items) {
      const outcome = await tryItem(item, bench);
      outcomes.push(outcome);
      say(
        `${MARKS[outcome.is]}  ${outcome.id.padEnd(5)} ${outcome.title}${outcome.is === "passed" ? "" : `\n                → ${outcome.why}`}`,
      );
    }
    return outcomes;
  } finally {
    await probe.unpair().catch(() => undefined);
    await probe.close();
  }
};
