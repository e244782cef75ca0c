import { OPTION, subnegotiation } from "./telnet.ts";

/** How the far serial port is set. */
export interface LineSettings {
  readonly baudRate: number;
  readonly dataBits: 5 | 6 | 7 | 8;
  readonly parity: "none" | "odd" | "even";
  readonly stopBits: 1 | 2;
  readonly flowControl: "none" | "software" | "hardware";
}

/** Commands of the COM-PORT-OPTION, client → server; the server's have 100 more (RFC 2217, section 3). */
const COMMAND = {
  signature: 0,
  baudRate: 1,
  dataSize: 2,
  parity: 3,
  stopSize: 4,
  control: 5,
  lineState: 6,
  modemState: 7,
  suspend: 8,
  resume: 9,
  lineStateMask: 10,
  modemStateMask: 11,
  purge: 12,
} as const;
const SERVER = 100;

const PARITY = { none: 1, odd: 2, even: 3 } as const;
const FLOW = { none: 1, software: 2, hardware: 3 } as const;
const DTR = { on: 8, off: 9 } as const;
const RTS = { on: 11, off: 12 } as const;
const PURGE_BOTH = 3;

/** Overrun, parity, framing error, break: what tells of a wrong speed or a bad cable. */
const LINE_STATE_MASK = 0b0001_1110;
/** Carrier, ring, data set ready, clear to send: what tells of a pulled plug. */
const MODEM_STATE_MASK = 0b1111_0000;

const command = (name: keyof typeof COMMAND, ...value: readonly number[]): Uint8Array =>
  subnegotiation(OPTION.comPort, Uint8Array.of(COMMAND[name], ...value));

const baudRateBytes = (baudRate: number): number[] => [
  (baudRate >>> 24) & 0xff,
  (baudRate >>> 16) & 0xff,
  (baudRate >>> 8) & 0xff,
  baudRate & 0xff,
];

/** What the server must confirm before the line is used. */
export type Confirmable = "baud rate" | "data bits" | "parity" | "stop bits" | "flow control";

/** The commands that set a line, and the value that the server must confirm for each. */
export const settingCommands = (
  line: LineSettings,
): readonly { readonly what: Confirmable; readonly value: number; readonly bytes: Uint8Array }[] => [
  { what: "baud rate", value: line.baudRate, bytes: command("baudRate", ...baudRateBytes(line.baudRate)) },
  { what: "data bits", value: line.dataBits, bytes: command("dataSize", line.dataBits) },
  { what: "parity", value: PARITY[line.parity], bytes: command("parity", PARITY[line.parity]) },
  { what: "stop bits", value: line.stopBits, bytes: command("stopSize", line.stopBits) },
  { what: "flow control", value: FLOW[line.flowControl], bytes: command("control", FLOW[line.flowControl]) },
];

/** Value of a setting as a person writes it. */
export const settingText = (what: Confirmable, value: number): string => {
  const named = what === "parity" ? PARITY : what === "flow control" ? FLOW : undefined;
  return Object.entries(named ?? {}).find(([, number]) => number === value)?.[0] ?? String(value);
};

export const signalCommand = (signal: "dtr" | "rts", state: "on" | "off"): Uint8Array =>
  command("control", (signal === "dtr" ? DTR : RTS)[state]);

/** Throws away what waits in the server in both directions. */
export const purgeCommand = (): Uint8Array => command("purge", PURGE_BOTH);

/** Asks the server to tell of errors on the line and of the modem lines. */
export const maskCommands = (): readonly Uint8Array[] => [
  command("lineStateMask", LINE_STATE_MASK),
  command("modemStateMask", MODEM_STATE_MASK),
];

export const signatureCommand = (text: string): Uint8Array =>
  command("signature", ...[...text].map((letter) => letter.charCodeAt(0) & 0x7f));

/** What a server says. */
export type ServerMessage =
  | { readonly is: "confirmed"; readonly what: Confirmable; readonly value: number }
  | { readonly is: "signature-wanted" }
  | { readonly is: "line-state"; readonly errors: readonly ("overrun" | "parity" | "framing" | "break")[] }
  | { readonly is: "modem-state"; readonly carrier: boolean; readonly dataSetReady: boolean; readonly clearToSend: boolean }
  | { readonly is: "suspend" }
  | { readonly is: "resume" };

const NUMBERS: ReadonlyMap<number, Confirmable> = new Map([
  [COMMAND.dataSize, "data bits"],
  [COMMAND.parity, "parity"],
  [COMMAND.stopSize, "stop bits"],
]);

/** Reads the content of a COM-PORT subnegotiation; undefined for what is not for a client, or has the wrong length. */
export const readServerMessage = (content: Uint8Array): ServerMessage | undefined => {
  const [id, ...value] = content;
  if (id === undefined || id < SERVER) return undefined;
  const number = id - SERVER;
  const [first] = value;
  if (number === COMMAND.signature) return value.length === 0 ? { is: "signature-wanted" } : undefined;
  if (number === COMMAND.suspend) return { is: "suspend" };
  if (number === COMMAND.resume) return { is: "resume" };
  if (number === COMMAND.baudRate) {
    if (value.length !== 4) return undefined;
    return { is: "confirmed", what: "baud rate", value: value.reduce((sum, byte) => sum * 256 + byte, 0) };
  }
  if (first === undefined || value.length !== 1) return undefined;
  const what = NUMBERS.get(number);
  if (what !== undefined) return { is: "confirmed", what, value: first };
  if (number === COMMAND.control) {
    // Answers to DTR, RTS and break have numbers of their own.
    return first <= FLOW.hardware ? { is: "confirmed", what: "flow control", value: first } : undefined;
  }
  if (number === COMMAND.lineState) return { is: "line-state", errors: LINE_ERRORS.filter(([bit]) => first & bit).map(([, name]) => name) };
  if (number === COMMAND.modemState) {
    return { is: "modem-state", carrier: (first & 0x80) !== 0, dataSetReady: (first & 0x20) !== 0, clearToSend: (first & 0x10) !== 0 };
  }
  return undefined;
};

const LINE_ERRORS = [
  [0x02, "overrun"],
  [0x04, "parity"],
  [0x08, "framing"],
  [0x10, "break"],
] as const;
