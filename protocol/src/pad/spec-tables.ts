// Writes the generated parts of protocol/SPEC.md, each between `<!-- name -->` and `<!-- /name -->`; with --check only compares.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cobsEncode } from "./cobs.ts";
import { encodePayload } from "./codec.ts";
import type { FieldDomain } from "./fields.ts";
import { FrameWriter } from "./frame.ts";
import { PAIRING_WITHIN } from "./host-pairing.ts";
import { DEFAULT_TIMERS } from "./link.ts";
import { declarationOf, MESSAGES, type Message, type MessageDeclaration, type MessageName } from "./messages.ts";
import { HANDSHAKE } from "./session.ts";
import { pairingExample, securedExample } from "./spec-security.ts";

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).toUpperCase().padStart(2, "0")).join(" ");
const hexId = (id: number): string => `0x${id.toString(16).toUpperCase().padStart(2, "0")}`;
const names = Object.keys(MESSAGES) as MessageName[];
const ARROWS = { "host-to-pad": "host → pad", "pad-to-host": "pad → host", both: "both" } as const;

const valuesOf = (domain: FieldDomain): string => {
  switch (domain.is) {
    case "number":
      return `${domain.min}..${domain.max}`;
    case "flag":
      return "0 or 1";
    case "name":
      return Object.entries(domain.names)
        .map(([name, number]) => `${number} ${name}`)
        .join(", ");
    case "bytes":
      return "any";
    case "text":
      return `UTF-8, at most ${domain.maxBytes} bytes`;
    case "texts":
      return `at most ${domain.maxCount} texts of at most ${domain.maxBytes} bytes`;
    case "blob":
      return `at most ${domain.maxBytes} bytes`;
    case "codes":
      return `at most ${domain.maxCount} numbers that rise`;
  }
};

const overview = (): string =>
  [
    "| id | message | direction | delivery | secured | pads with | since |",
    "|---|---|---|---|---|---|---|",
    ...names.map((name) => {
      const { id, direction, delivery, secured, needs, since } = declarationOf(name);
      return `| ${hexId(id)} | [${name}](#${name.toLowerCase()}) | ${ARROWS[direction]} | ${delivery} | ${secured ? "yes" : "no"} | ${needs === undefined ? "—" : [needs].flat().join(" or ")} | ${since} |`;
    }),
  ].join("\n");

const detail = (name: MessageName): string => {
  const { id, direction, doc, fields }: MessageDeclaration = declarationOf(name);
  const head = `### ${name}\n\n\`${hexId(id)}\`, ${ARROWS[direction]}. ${doc}\n`;
  const rows = Object.entries(fields).map(
    ([field, { kind, size, doc: meaning, domain }]) => `| ${field} | ${kind} | ${size} | ${valuesOf(domain)} | ${meaning} |`,
  );
  if (rows.length === 0) return `${head}\nNo payload.`;
  return `${head}\n${["| field | kind | bytes | values | meaning |", "|---|---|---|---|---|", ...rows].join("\n")}`;
};

const TIMERS: readonly (readonly [string, number, string, string])[] = [
  ["hello repeated every", HANDSHAKE.helloEvery, "200..1000", "host"],
  ["hellos that knocks ask for, at least apart", HANDSHAKE.helloApart, "20..400", "host"],
  ["handshake complete within", HANDSHAKE.within, "2000..5000", "both"],
  ["knock every", HANDSHAKE.knockEvery, "500..2000", "pad"],
  ["acknowledgement timeout, before the first measurement", DEFAULT_TIMERS.initialTimeout, "100..500", "both"],
  ["acknowledgement timeout, floor", DEFAULT_TIMERS.minTimeout, "40..200", "both"],
  ["acknowledgement timeout, ceiling", DEFAULT_TIMERS.maxTimeout, "500..2000", "both"],
  ["ping when nothing was heard for", DEFAULT_TIMERS.pingAfter, "300..1000", "host"],
  ["session given up when nothing was heard for", DEFAULT_TIMERS.silentAfter, "2000..2900", "both"],
  ["event offered again when not stored within", 2000, "1000..5000", "pad"],
  ["key stuck when down for longer than", 10_000, "5000..30000", "pad"],
  ["debounce, until configured", 30, "5..200", "pad"],
  ["pairing key held for", 5000, "3000..8000", "pad"],
  ["pairing offer good for", PAIRING_WITHIN, "60000..180000", "both"],
];

const timers = (): string =>
  [
    "| timer | default, ms | range, ms | who |",
    "|---|---|---|---|",
    ...TIMERS.map(([what, value, range, who]) => `| ${what} | ${value} | ${range} | ${who} |`),
    "",
    `Retransmissions of one frame before the session is broken: ${DEFAULT_TIMERS.maxRetries} (range 3..10).`,
  ].join("\n");

const REQUEST = Uint8Array.from({ length: 16 }, (_, index) => (index === 6 ? 0x70 : index === 8 ? 0x80 : index));

interface Step {
  readonly what: string;
  readonly message: Message;
  readonly session: number;
  readonly sequence: number;
  readonly acknowledgement: number;
}

const exampleStep = ({ what, message, session, sequence, acknowledgement }: Step): string => {
  const { id, fields } = declarationOf(message.type);
  const payload = encodePayload(message).slice();
  const wire = new FrameWriter().encode({ flags: 0, type: id, session, sequence, acknowledgement }, payload);
  const header = Uint8Array.of(1, id, session & 0xff, session >>> 8, sequence, acknowledgement);
  const values = message as unknown as Readonly<Record<string, unknown>>;
  const shown = Object.keys(fields).map((name) => {
    const value = values[name];
    return `${name} = ${value instanceof Uint8Array ? hex(value) : JSON.stringify(value)}`;
  });
  const plain = plainOf(wire);
  return [
    `**${what}**`,
    "",
    "```text",
    `message   ${message.type}${shown.length > 0 ? `: ${shown.join(", ")}` : ""}`,
    `header    ${hex(header)}`,
    `payload   ${payload.length > 0 ? hex(payload) : "(none)"}`,
    `CRC-32C   ${hex(plain.subarray(plain.length - 4))}`,
    `on wire   ${hex(wire)}`,
    "```",
  ].join("\n");
};

/** Un-stuffs one frame between its delimiters; proves on the way that stuffing it again gives the same bytes. */
const plainOf = (wire: Uint8Array): Uint8Array => {
  const plain: number[] = [];
  for (let at = 1; at < wire.length - 1; ) {
    const code = wire[at] as number;
    plain.push(...wire.subarray(at + 1, at + code));
    at += code;
    if (code !== 0xff && at < wire.length - 1) plain.push(0);
  }
  const bytes = Uint8Array.from(plain);
  const again = new Uint8Array(wire.length);
  cobsEncode(bytes, bytes.length, again, 1);
  if (hex(again) !== hex(wire)) throw new Error("stuffing and un-stuffing disagree");
  return bytes;
};

const nonce = (length: number, first: number): Uint8Array => Uint8Array.from({ length }, (_, index) => first + index);

const EXAMPLES: readonly { title: string; steps: readonly Step[] }[] = [
  {
    title: "Example 1: hello and its answer",
    steps: [
      {
        what: "The host calls, session 0x1234.",
        message: { type: "hello", nonce: nonce(8, 0x11), minVersion: 1, maxVersion: 1, maxFrame: 254, window: 1 },
        session: 0x1234,
        sequence: 0,
        acknowledgement: 0,
      },
      {
        what: "The pad answers.",
        message: {
          ...{ type: "helloAnswer", nonce: nonce(8, 0x11), version: 1, minVersion: 1, maxVersion: 1 },
          ...{ model: "generic/five-button", serialNumber: "A-0042", firmware: "1.0.0" },
          ...{ storeId: 0x0badcafe, bootCount: 3, capabilities: 3, maxFrame: 254, window: 1, eventCapacity: 64, paired: false },
        } as Message<"helloAnswer">,
        session: 0x1234,
        sequence: 0,
        acknowledgement: 0,
      },
    ],
  },
  {
    title: "Example 2: the pad is lit",
    steps: [
      {
        what: "Open rating: fifth message of the host (sequence 4); the pad's challengeAnswer and status were received (acknowledgement 2).",
        message: { type: "openRating", requestId: REQUEST, timeoutMs: 30000, voice: 2, labels: [] },
        session: 0x1234,
        sequence: 4,
        acknowledgement: 2,
      },
      {
        what: "The pad has nothing to say at once and acknowledges.",
        message: { type: "ack" },
        session: 0x1234,
        sequence: 0,
        acknowledgement: 5,
      },
    ],
  },
  {
    title: "Example 3: the citizen presses",
    steps: [
      {
        what: "Rated: the event is in the pad's store already.",
        message: { type: "rated", eventNo: 7, requestId: REQUEST, level: 5, sinceOpenMs: 2345, unixMs: 1790000000000, bootCount: 3 },
        session: 0x1234,
        sequence: 3,
        acknowledgement: 5,
      },
      {
        what: "Stored: the host has it on disk. The same frame acknowledges the one before.",
        message: { type: "stored", eventNo: 7 },
        session: 0x1234,
        sequence: 5,
        acknowledgement: 4,
      },
    ],
  },
];

const examples = (): string =>
  [
    ...EXAMPLES.map(({ title, steps }) => `### ${title}\n\n${steps.map(exampleStep).join("\n\n")}`),
    pairingExample((what, message, numbers) => exampleStep({ what, message, ...numbers })),
    securedExample(),
  ].join("\n\n");

const PARTS: Readonly<Record<string, () => string>> = {
  messages: () => `${overview()}\n\n${names.map(detail).join("\n\n")}`,
  timers,
  examples,
};

/** SPEC.md with its generated parts as the declarations have them now. @throws Error if the markers of a part are missing */
export const withTables = (text: string): string =>
  Object.entries(PARTS).reduce((document, [name, make]) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [from, to] = [document.indexOf(open), document.indexOf(close)];
    if (from < 0 || to < from) throw new Error(`SPEC.md has no place for its part "${name}"`);
    return `${document.slice(0, from + open.length)}\n${make()}\n${document.slice(to)}`;
  }, text);

if (import.meta.main) {
  const path = join(import.meta.dirname, "..", "..", "SPEC.md");
  const before = readFileSync(path, "utf8");
  const after = withTables(before);
  if (process.argv.includes("--check")) {
    if (before !== after) {
      process.stderr.write("protocol/SPEC.md does not show the messages as declared: run npm run docs\n");
      process.exitCode = 1;
    }
  } else if (before !== after) writeFileSync(path, after);
}
