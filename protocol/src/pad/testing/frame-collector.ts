import { type Frame, type FrameFault, FrameReader, type FrameSink } from "../frame.ts";

/** Reads bytes and keeps all that came out, with the payloads copied. */
export class FrameCollector implements FrameSink {
  readonly frames: Frame[] = [];
  readonly faults: FrameFault[] = [];
  readonly versions: (number | undefined)[] = [];
  readonly #reader: FrameReader;

  constructor(maxFrame?: number) {
    this.#reader = new FrameReader(this, maxFrame);
  }

  frame(frame: Frame): void {
    this.frames.push({ ...frame, payload: frame.payload.slice() });
  }

  fault(fault: FrameFault, version?: number): void {
    this.faults.push(fault);
    this.versions.push(version);
  }

  push(...chunks: readonly Uint8Array[]): this {
    for (const chunk of chunks) this.#reader.push(chunk);
    return this;
  }

  reset(): this {
    this.#reader.reset();
    return this;
  }
}

/** The frames in some bytes; for reading what a session wrote. */
export const framesIn = (...chunks: readonly Uint8Array[]): readonly Frame[] => new FrameCollector(4096).push(...chunks).frames;
