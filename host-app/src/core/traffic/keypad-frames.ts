import {
  FrameCutter,
  type KeypadDescription,
  KeypadProtocol,
  KeypadReader,
  type KeypadReading,
  meaningOf,
  type RequestName,
} from "@window-rating/protocol/keypad";
import { hexText } from "./hex-text.ts";
import type { LineFrames, ReadFrame } from "./line-frames.ts";

/** Frames of ours that never repeat what was pressed; all others may (acknowledge copies the press). */
const PLAIN_REQUESTS: readonly RequestName[] = ["hello", "startRating", "cancel", "idle", "keepAlive", "beep", "pause", "resume"];

type Cut = ReturnType<FrameCutter["push"]>[number];

/** Reads a line of another maker's pad by its profile. On such a line a key is a level, and so is whatever may hold a key. */
export class KeypadFrames implements LineFrames {
  readonly #tell: (frame: ReadFrame) => void;
  readonly #protocol: KeypadProtocol;
  readonly #fromPad: KeypadReader;
  readonly #toPad: FrameCutter;

  constructor(description: KeypadDescription, tell: (frame: ReadFrame) => void) {
    this.#tell = tell;
    this.#protocol = KeypadProtocol.of(description);
    this.#fromPad = new KeypadReader(this.#protocol);
    this.#toPad = new FrameCutter(this.#protocol.toPad);
  }

  push(direction: "in" | "out", bytes: Uint8Array, now: number): void {
    this.time(now);
    if (direction === "in") for (const reading of this.#fromPad.push(bytes, now)) this.#tell(this.#heard(reading));
    else for (const cut of this.#toPad.push(bytes, now)) this.#tell(this.#said(cut));
  }

  time(now: number): void {
    for (const reading of this.#fromPad.time(now)) this.#tell(this.#heard(reading));
    for (const cut of this.#toPad.time(now)) this.#tell(this.#said(cut));
  }

  deadline(): number | undefined {
    const due = [this.#fromPad.deadline(), this.#toPad.deadline()].filter((at) => at !== undefined);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  reset(): void {
    this.#fromPad.reset();
    this.#toPad.reset();
  }

  #heard(reading: KeypadReading): ReadFrame {
    const about = { direction: "in", header: null } as const;
    if (reading.is === "rejected") {
      // Lines of different keys differ in length.
      const bytes = this.#protocol.fromPad.kind === "line" ? null : reading.bytes.length;
      return { ...about, is: "fault", type: reading.reason, fields: [], hides: "level", bytes, hex: "" };
    }
    if (reading.is === "key") {
      const meaning = meaningOf(reading.key);
      if (meaning.is === "action") return { ...about, ...plain("key", reading.bytes), fields: [["action", meaning.action]] };
      return { ...about, is: "frame", type: "key", fields: [["key", null]], hides: "level", bytes: null, hex: "" };
    }
    const { role, bytes } = reading;
    if (role.is === "keepAlive" || role.is === "started") return { ...about, ...plain(role.is, bytes) };
    return { ...about, is: "frame", type: role.is, fields: [], hides: "level", bytes: null, hex: "" };
  }

  #said(cut: Cut): ReadFrame {
    const about = { direction: "out", header: null } as const;
    if (cut.is === "rejected") return { ...about, is: "fault", type: cut.reason, fields: [], hides: "level", bytes: null, hex: "" };
    const named = this.#protocol.requestsOf(cut.values);
    const names = [...new Set(named.map(({ name }) => name))];
    const [first] = named;
    if (first !== undefined && names.every((name) => PLAIN_REQUESTS.includes(name))) {
      const fields = Object.entries(first.numbers).map(([name, value]): [string, string] => [name, String(value)]);
      return { ...about, ...plain(names.join("/"), cut.bytes), fields };
    }
    return { ...about, is: "frame", type: names.join("/") || "reply", fields: [], hides: "level", bytes: null, hex: "" };
  }
}

const plain = (type: string, bytes: Uint8Array): Pick<ReadFrame, "is" | "type" | "fields" | "hides" | "bytes" | "hex"> => ({
  is: "frame",
  type,
  fields: [],
  hides: null,
  bytes: bytes.length,
  hex: hexText(bytes),
});
