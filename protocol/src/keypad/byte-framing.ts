import { type Attempt, DEFAULT_GAP_MS, type FramePart, type FrameValues, type Framing, NO_BYTES } from "./framing.ts";

/** Every byte is a message of its own. */
export class ByteFraming implements Framing {
  readonly kind = "byte";
  readonly carries = { address: false, function: false, data: true };
  readonly longest = 1;
  readonly gapMs = DEFAULT_GAP_MS;

  attempt(buffer: Uint8Array, start: number, end: number): Attempt {
    if (start >= end) return { is: "short" };
    return { is: "frame", length: 1, values: { address: NO_BYTES, function: NO_BYTES, data: buffer.slice(start, start + 1) } };
  }

  /** To such a pad several bytes may be said at once. */
  told(): undefined {
    return undefined;
  }

  encode(values: Omit<FrameValues, "address">): Uint8Array | string {
    return values.data.length > 0 ? values.data : "holds no byte";
  }

  least(name: "function" | "data"): Uint8Array {
    return name === "data" ? Uint8Array.of(0) : NO_BYTES;
  }

  parts(frame: Uint8Array): readonly FramePart[] {
    return [{ name: "data", bytes: frame }];
  }
}
