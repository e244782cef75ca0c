import type { KeypadDescription } from "../description.ts";

/** Sum-8, two lengths, address; sends a press again until it is answered. */
const FF68: KeypadDescription = {
  framing: {
    is: "frame",
    fields: [
      { is: "fixed", name: "start", bytes: "FF 68" },
      { is: "length", counts: { from: "address", to: "data" } },
      { is: "length", name: "length again", counts: { from: "address", to: "data" } },
      { is: "fixed", name: "mark", bytes: "68" },
      { is: "address", bytes: "01" },
      { is: "function" },
      { is: "data", min: 0, max: 3 },
      { is: "checksum", kind: "sum-8", over: { from: "address", to: "data" } },
      { is: "fixed", name: "end", bytes: "16" },
    ],
  },
  requests: {
    startRating: { send: [{ function: "01", data: "0B" }] },
    acknowledge: { send: [{ function: "01", data: "{data}" }], after: "storage" },
    stars: { send: [{ function: "02", data: "{level}" }] },
    beep: { send: [{ function: "03" }] },
  },
  keys: [
    { key: "0", label: "不满意", match: { function: "11", data: "00" }, level: 2 },
    { key: "1", label: "默认", match: { function: "11", data: "01" }, nothing: "默认: nobody chose a level with it" },
    { key: "2", label: "满意", match: { function: "11", data: "02" }, level: 4 },
    { key: "3", label: "非常满意", match: { function: "11", data: "03" }, level: 5 },
    { key: "call", match: { data: "0C" }, action: "callNext" },
  ],
  repeat: { is: "until-answered", everyMs: 400, withinMs: 1000 },
  keepAlive: { from: "nobody" },
  guard: { beforeMs: 0, afterMs: 1000 },
  examples: [
    { bytes: "FF 68 03 03 68 01 11 00 12 16", key: "0" },
    { bytes: "FF 68 03 03 68 01 11 01 13 16", key: "1" },
    { bytes: "FF 68 03 03 68 01 11 02 14 16", key: "2" },
    { bytes: "FF 68 03 03 68 01 11 03 15 16", key: "3" },
    { bytes: "FF 68 03 03 68 01 00 0C 0D 16", key: "call" },
    { bytes: "FF 68 03 03 68 01 11 03 14 16", rejected: "checksum" },
    { bytes: "FF 68 03 04 68 01 11 03 15 16", rejected: "length" },
    { bytes: "FF 68 03 03 68 02 11 03 16 16", rejected: "address" },
    { bytes: "FF 68 03 03 68 01 01 0B 0D 16", request: "startRating" },
    { bytes: "FF 68 03 03 68 01 01 03 05 16", request: "acknowledge", after: "FF 68 03 03 68 01 11 03 15 16" },
    { bytes: "FF 68 03 03 68 01 02 05 08 16", request: "stars", values: { level: 5 } },
    { bytes: "FF 68 02 02 68 01 03 04 16", request: "beep" },
  ],
};

/** CRC-16, no length field, asked by the host whether it is there, repeats while held, must be left in peace between frames. */
const CRC: KeypadDescription = {
  framing: {
    is: "frame",
    fields: [
      { is: "fixed", bytes: "02" },
      { is: "address", bytes: "01" },
      { is: "function" },
      { is: "data", min: 0, max: 8 },
      { is: "checksum", kind: "crc-16/modbus", order: "low-first", over: { from: "address", to: "data" } },
      { is: "fixed", name: "end", bytes: "03" },
    ],
    gapMs: 100,
  },
  requests: {
    hello: { send: [{ function: "70" }] },
    startRating: { send: [{ function: "20", data: "{seconds}" }], expect: { function: "A0" }, withinMs: 200, tries: 3 },
    cancel: { send: [{ function: "21" }], expect: { function: "A1" }, withinMs: 200, tries: 2 },
    idle: { send: [{ function: "22" }] },
    acknowledge: { send: [{ function: "23" }], after: "storage", idleAfterMs: 2000 },
    refuse: { send: [{ function: "24" }] },
    keepAlive: { send: [{ function: "30" }], expect: { function: "B0" }, withinMs: 200, tries: 1 },
  },
  keys: [1, 2, 3, 4, 5].map((key) => ({
    key: String(key),
    match: { function: "10", data: `0${key}` },
    level: (6 - key) as 1 | 2 | 3 | 4 | 5,
  })),
  replies: [{ to: { function: "40", data: "*" }, send: [{ function: "41", data: "{data}" }] }],
  repeat: { is: "while-held", everyMs: 100, withinMs: 400 },
  keepAlive: { from: "host", everyMs: 1000, missed: 3 },
  guard: { beforeMs: 200, afterMs: 500 },
  pauseMs: 50,
  examples: [
    { bytes: "02 01 10 01 EC 00 03", key: "1" },
    { bytes: "02 01 10 02 AC 01 03", key: "2" },
    { bytes: "02 01 10 03 6D C1 03", key: "3" },
    { bytes: "02 01 10 04 2C 03 03", key: "4" },
    { bytes: "02 01 10 05 ED C3 03", key: "5" },
    { bytes: "02 01 10 05 ED C2 03", rejected: "checksum" },
    { bytes: "02 01", rejected: "gap" },
    { bytes: "02 01 70 01 C4 03", request: "hello" },
    { bytes: "02 01 20 1E B9 C8 03", request: "startRating", values: { seconds: 30 } },
    { bytes: "02 01 A0 00 58 03", frame: "answer" },
    { bytes: "02 01 21 C0 38 03", request: "cancel" },
    { bytes: "02 01 22 80 39 03", request: "idle" },
    { bytes: "02 01 23 41 F9 03", request: "acknowledge", after: "02 01 10 05 ED C3 03" },
    { bytes: "02 01 24 00 3B 03", request: "refuse", after: "02 01 10 05 ED C3 03" },
    { bytes: "02 01 30 00 34 03", request: "keepAlive" },
    { bytes: "02 01 B0 01 94 03", frame: "answer" },
    { bytes: "02 01 41 C0 10 03", reply: true, after: "02 01 40 01 D0 03" },
  ],
};

/** Lines with an XOR in hexadecimal digits, as NMEA has it; the pad says by itself that it is there. */
const LINES: KeypadDescription = {
  framing: {
    is: "line",
    start: "$",
    pattern: "{function},{data}",
    checksum: { kind: "xor-8", separator: "*" },
    terminator: "CR LF",
    maxLength: 40,
  },
  requests: {
    startRating: { send: [{ function: "RATE", data: "{seconds}" }], expect: { function: "OK", data: "RATE" } },
    idle: { send: [{ function: "IDLE" }] },
    acknowledge: { send: [{ function: "THANKS", data: "{data}" }], after: "storage" },
    voice: { send: [{ function: "SAY", data: "{prompt:3}" }] },
  },
  keys: [
    { key: "good", match: { function: "KEY", data: "5" }, level: 5 },
    { key: "bad", match: { function: "KEY", data: "1" }, level: 1 },
    { key: "pause", match: { function: "KEY", data: "P" }, action: "pause" },
  ],
  replies: [{ to: { function: "ALIVE" }, send: [{ function: "YES" }] }],
  repeat: { is: "never" },
  keepAlive: { from: "pad", match: { function: "ALIVE" }, everyMs: 5000, missed: 2 },
  guard: { beforeMs: 0, afterMs: 300 },
  examples: [
    { bytes: "'$KEY,5*4E' 0D 0A", key: "good" },
    { bytes: "'$KEY,1*4a' 0D 0A", key: "bad" },
    { bytes: "'$KEY,P*2B' 0D 0A", key: "pause" },
    { bytes: "'$KEY,5*4F' 0D 0A", rejected: "checksum" },
    { bytes: "'$RATE,30*2D' 0D 0A", request: "startRating", values: { seconds: 30 } },
    { bytes: "'$OK,RATE*2A' 0D 0A", frame: "answer" },
    { bytes: "'$IDLE,*28' 0D 0A", request: "idle" },
    { bytes: "'$THANKS,5*12' 0D 0A", request: "acknowledge", after: "'$KEY,5*4E' 0D 0A" },
    { bytes: "'$SAY,002*55' 0D 0A", request: "voice", values: { prompt: 2 } },
    { bytes: "'$ALIVE,*7B' 0D 0A", frame: "keepAlive" },
    { bytes: "'$YES,*63' 0D 0A", reply: true, after: "'$ALIVE,*7B' 0D 0A" },
  ],
};

/** Single bytes; the host can say nothing to it. */
const BYTES: KeypadDescription = {
  framing: { is: "byte" },
  requests: {},
  keys: [1, 2, 3, 4, 5].map((key) => ({ key: String(key), match: { data: `'${key}'` }, level: key as 1 | 2 | 3 | 4 | 5 })),
  repeat: { is: "never" },
  keepAlive: { from: "nobody" },
  guard: { beforeMs: 0, afterMs: 300 },
  examples: [
    { bytes: "31", key: "1" },
    { bytes: "32", key: "2" },
    { bytes: "33", key: "3" },
    { bytes: "34", key: "4" },
    { bytes: "35", key: "5" },
    { bytes: "36", rejected: "unknown" },
  ],
};

export const DESCRIPTIONS = { FF68, CRC, LINES, BYTES };
