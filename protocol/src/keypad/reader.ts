import type { Rejection } from "./description.ts";
import { type Cut, type CutFrame, FrameCutter } from "./frame-cutter.ts";
import type { KeypadFrameRole, KeypadProtocol } from "./protocol.ts";

/** What bytes of a pad turned out to be. */
export type KeypadReading =
  /** A press of a key, by a frame whose checksum is right where there is one. */
  | ({ readonly is: "key" } & Extract<KeypadFrameRole, { is: "key" }> & CutFrame)
  /** A right frame that is no press. */
  | ({ readonly is: "frame"; readonly role: Exclude<KeypadFrameRole, { is: "key" }> } & CutFrame)
  | Extract<Cut, { is: "rejected" }>;

/** Reads what a pad sends by its description. Never throws; what it keeps is bounded. */
export class KeypadReader {
  readonly #protocol: KeypadProtocol;
  readonly #cutter: FrameCutter;

  constructor(protocol: KeypadProtocol) {
    this.#protocol = protocol;
    const isByte = protocol.fromPad.kind === "byte";
    this.#cutter = new FrameCutter(protocol.fromPad, (values) => !isByte || protocol.roleOf(values).is !== "other");
  }

  /** Bytes thrown away since this reader was made, by reason. */
  get rejected(): Readonly<Record<Rejection, number>> {
    return this.#cutter.rejected;
  }

  /** @param now monotonic milliseconds */
  push(bytes: Uint8Array, now: number): KeypadReading[] {
    return this.#cutter.push(bytes, now).map((cut) => this.#read(cut));
  }

  /** Gives up a frame that stands still for too long, and finds what may hide behind its first byte. */
  time(now: number): KeypadReading[] {
    return this.#cutter.time(now).map((cut) => this.#read(cut));
  }

  /** When `time` must be called next, monotonic milliseconds. */
  deadline(): number | undefined {
    return this.#cutter.deadline();
  }

  /** Forgets what is not whole: the port was opened anew. */
  reset(): void {
    this.#cutter.reset();
  }

  #read(cut: Cut): KeypadReading {
    if (cut.is === "rejected") return cut;
    const { values, bytes } = cut;
    const role = this.#protocol.roleOf(values);
    return role.is === "key" ? { ...role, values, bytes } : { is: "frame", role, values, bytes };
  }
}
