import { describe, expect, test } from "vitest";
import { hexOf } from "./byte-text.ts";
import { FrameCutter } from "./frame-cutter.ts";
import { KeypadProtocol } from "./protocol.ts";
import { DESCRIPTIONS } from "./testing/descriptions.ts";

/** What the pad's end reads from the frames that the host makes. */
const heard = (protocol: KeypadProtocol, ...request: Parameters<KeypadProtocol["request"]>): unknown => {
  const frames = protocol.request(...request);
  if (typeof frames === "string") return frames;
  const cutter = new FrameCutter(protocol.toPad);
  return frames.flatMap((frame) => cutter.push(frame, 0).map((cut) => (cut.is === "frame" ? protocol.requestsOf(cut.values) : cut)));
};

describe("a keypad's protocol", () => {
  const crc = KeypadProtocol.of(DESCRIPTIONS.CRC);
  const lines = KeypadProtocol.of(DESCRIPTIONS.LINES);

  test("reads at the pad's end what it wrote at the host's", () => {
    expect(heard(crc, "startRating", { seconds: 30 })).toEqual([[{ name: "startRating", numbers: { seconds: 30 } }]]);
    expect(heard(lines, "startRating", { seconds: 1234 })).toEqual([[{ name: "startRating", numbers: { seconds: 1234 } }]]);
    expect(heard(lines, "voice", { prompt: 7 })).toEqual([[{ name: "voice", numbers: { prompt: 7 } }]]);
    expect(heard(crc, "keepAlive")).toEqual([[{ name: "keepAlive", numbers: {} }]]);
  });

  test("writes a number that is too large for its place as the largest that fits, never as what is left of it", () => {
    expect(heard(crc, "startRating", { seconds: 300 })).toEqual([[{ name: "startRating", numbers: { seconds: 255 } }]]);
    expect(heard(lines, "voice", { prompt: 1234 })).toEqual([[{ name: "voice", numbers: { prompt: 999 } }]]);
    expect(heard(crc, "startRating", { seconds: -1 })).toEqual([[{ name: "startRating", numbers: { seconds: 0 } }]]);
  });

  test("says why a frame cannot be made of what the pad sent, and breaks nothing by it", () => {
    const after = { address: new Uint8Array(0), function: new Uint8Array(1), data: new Uint8Array(9) };
    expect(crc.reply(0, after)).toBe("data has 9 bytes, framing allows 0 to 8");
    expect(lines.request("acknowledge", {}, { ...after, data: Uint8Array.of(0x2a, 0x0d) })).toBe("a line can hold printable ASCII only");
  });

  test("makes two bytes of a number in the order that the pad wants", () => {
    const turned = structuredClone(DESCRIPTIONS.CRC);
    turned.requests.startRating = { send: [{ function: "20", data: "{seconds:2-low}" }] };
    const [frame] = KeypadProtocol.of(turned).request("startRating", { seconds: 300 }) as Uint8Array[];
    expect(hexOf(frame as Uint8Array)).toMatch(/^02 01 20 2C 01 /);
  });
});
