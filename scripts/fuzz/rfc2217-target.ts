import { Rfc2217Client, type Rfc2217Effect, type Rfc2217Input } from "@window-rating/protocol/rfc2217";
import { RatingWatch, ratedFrame } from "./pad-targets.ts";
import type { StreamRandom } from "./stream-random.ts";
import type { StreamTarget } from "./stream-target.ts";

const LINE = { baudRate: 115_200, dataBits: 8, parity: "none", stopBits: 1, flowControl: "none" } as const;
const [IAC, SB, SE, WILL, DO] = [255, 250, 240, 251, 253];
const COM_PORT = 44;
const confirm = (command: number, ...value: number[]): number[] => [IAC, SB, COM_PORT, 100 + command, ...value, IAC, SE];

/** What a server answers until the line is set as asked, by RFC 2217 and no code of ours. */
const SETTLING: readonly number[] = [
  ...[IAC, WILL, 1, IAC, WILL, 3, IAC, DO, 3, IAC, DO, 0, IAC, WILL, 0, IAC, DO, COM_PORT],
  ...confirm(1, 0, 1, 0xc2, 0),
  ...confirm(2, 8),
  ...confirm(3, 1),
  ...confirm(4, 1),
  ...confirm(5, 1),
  ...confirm(12, 3),
  ...confirm(7, 0xb0),
];

const TELNETISH = [255, 255, 254, 253, 252, 251, 250, 240, 44, 0, 1, 3, 100, 101, 105, 106, 107];

const streamOf = (random: StreamRandom, sent: Set<string>): number[] => {
  if (random.chance(0.25)) return random.bytes(random.below(160)).map((byte) => (random.chance(0.5) ? random.of(TELNETISH) : byte));
  const stream = [...SETTLING];
  if (random.chance(0.5)) random.damage(stream, 1 + random.below(4));
  const data: number[] = [];
  for (let count = random.below(3); count > 0; count--) {
    const header = { session: random.below(65_536), sequence: random.below(256), acknowledgement: 0 };
    const { bytes, payload } = ratedFrame(random, header);
    sent.add(payload);
    for (const byte of bytes) data.push(...(byte === IAC ? [IAC, IAC] : [byte]));
  }
  return [...stream, ...random.damage(data, random.below(6))];
};

/** The client of a serial server: negotiation, confirmations and data, with ratings of a pad behind it. */
export const rfc2217Client: StreamTarget = {
  name: "RFC 2217 client",
  share: 15,
  read: (random) => {
    const client = new Rfc2217Client({ name: "server", line: LINE, dtr: "leave", rts: "leave" });
    const watch = new RatingWatch();
    let [isReady, failures, written, now] = [false, 0, 0, 0];
    let wrong: string | undefined;
    const give = (input: Rfc2217Input): void => {
      for (const effect of client.step(input, now)) look(effect);
    };
    const look = (effect: Rfc2217Effect): void => {
      if (effect.is === "ready") isReady = true;
      else if (effect.is === "failed") failures++;
      else if (effect.is === "write") written += effect.bytes.length;
      else if (effect.is === "data") {
        if (!isReady) wrong = "gave out data before the line was set";
        watch.push(effect.bytes);
      }
    };
    give({ is: "connected" });
    random.pieces(streamOf(random, watch.sent), (bytes) => {
      now += random.below(20);
      give({ is: "bytes", bytes });
    });
    for (let turn = 0; turn < 3; turn++) {
      now += 10_000;
      give({ is: "time" });
    }
    if (failures > 1) wrong = `failed ${failures} times`;
    if (!isReady && failures === 0) wrong = "never ended its negotiation";
    if (written > 3000) wrong = `wrote ${written} bytes`;
    return { ratings: watch.ratings, wrong: wrong ?? watch.wrong };
  },
};
