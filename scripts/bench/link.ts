import { FaultyLine, NO_LINE_FAULTS, PacedLine, seededRandom, VirtualClock } from "@window-rating/firmware-sim";
import { FrameReader, Link, type LinkEffect, type LinkInput, type Message } from "@window-rating/protocol/pad";
import { type BenchRow, ratioRow, valueRow } from "./row.ts";

const FRAMES = 1_000_000;
/** A clean line is as fast after this many as after a million. */
const CLEAN_FRAMES = 50_000;
const BAUD = 115_200;
const WINDOW = 8;
/** Chance that a byte becomes another, in each direction. */
const CORRUPT = 0.01;
/** Bytes of a `timedOut`, whose frame has 41: of such frames a third is hit. */
const PAYLOAD_BYTES = 30;

/** How one million messages went from pad to host. */
interface Passage {
  readonly delivered: number;
  readonly wrong: number;
  readonly seconds: number;
  readonly resent: number;
}

const message = (eventNo: number): Message<"timedOut"> => ({
  type: "timedOut",
  eventNo,
  requestId: Uint8Array.from({ length: 16 }, (_, at) => (eventNo * 31 + at * 7) & 0xff),
  unixMs: 1_760_000_000_000 + eventNo,
  bootCount: 12,
});

const isSame = (one: Message, other: Message<"timedOut">): boolean =>
  one.type === other.type &&
  one.eventNo === other.eventNo &&
  one.unixMs === other.unixMs &&
  one.requestId.every((byte, index) => byte === other.requestId[index]);

/** Sends numbered messages from pad to host over a line of 115,200 baud in virtual time. */
const send = (count: number, corrupt: number, seed: number): Passage => {
  const clock = new VirtualClock();
  const random = seededRandom(seed);
  let [given, delivered, wrong] = [0, 0, 0];
  let broken: string | undefined;
  const end = (role: "host" | "pad", out: () => FaultyLine, onDeliver: (message: Message) => void) => {
    const link = new Link({ role, session: 0x1234, window: WINDOW, maxFrame: 254 }, 0);
    // No handshake is measured.
    link.begin();
    let deadline = Number.POSITIVE_INFINITY;
    const step = (input: LinkInput): void => {
      for (const effect of link.step(input, clock.now())) carryOut(effect);
      arm();
    };
    const carryOut = (effect: LinkEffect): void => {
      if (effect.is === "transmit") out().carry(effect.bytes);
      else if (effect.is === "deliver") onDeliver(effect.message);
      else if (effect.is === "broken") broken = `${role}: ${effect.cause}`;
    };
    const arm = (): void => {
      if (deadline <= link.deadline()) return;
      const wanted = link.deadline();
      deadline = wanted;
      clock.after(wanted - clock.now(), () => {
        if (deadline !== wanted) return;
        deadline = Number.POSITIVE_INFINITY;
        step({ is: "time" });
      });
    };
    const reader = new FrameReader({ frame: (frame) => step({ is: "frame", frame }), fault: () => step({ is: "damaged" }) });
    const take = (bytes: Uint8Array): void => {
      reader.push(bytes);
      step({ is: "settle" });
    };
    return { link, step, take };
  };
  const lineTo = (take: (bytes: Uint8Array) => void): FaultyLine => {
    const paced = new PacedLine(clock, BAUD, take);
    return new FaultyLine({ ...NO_LINE_FAULTS, corrupt }, random, clock, (bytes) => paced.carry(bytes));
  };
  const host = end(
    "host",
    () => toPad,
    (got) => {
      delivered++;
      if (!isSame(got, message(delivered))) wrong++;
    },
  );
  const pad = end(
    "pad",
    () => toHost,
    () => wrong++,
  );
  const refill = (): void => {
    while (given < count && pad.link.unacknowledged < WINDOW) pad.step({ is: "send", message: message(++given) });
  };
  const toHost = lineTo((bytes) => host.take(bytes));
  const toPad = lineTo((bytes) => {
    pad.take(bytes);
    refill();
  });
  refill();
  clock.runUntil(() => delivered === count || broken !== undefined, Number.POSITIVE_INFINITY);
  if (broken !== undefined) throw new Error(`the link broke after ${delivered} messages (${broken})`);
  return { delivered, wrong, seconds: clock.now() / 1000, resent: pad.link.counters.resent };
};

/** The link on a line that corrupts one byte in a hundred, in both directions, against the same line without faults. */
export const benchLink = async (): Promise<BenchRow[]> => {
  const clean = send(CLEAN_FRAMES, 0, 1);
  const bad = send(FRAMES, CORRUPT, 1);
  const rate = ({ delivered, seconds }: Passage): number => (delivered * PAYLOAD_BYTES) / seconds;
  return [
    ratioRow(
      {
        what: "link under 1 % byte corruption, 10⁶ frames at 115,200 baud",
        unit: "B/s payload",
        value: rate(bad),
        against: "the same line, clean",
        baseline: rate(clean),
      },
      { atLeast: 0.6 },
    ),
    valueRow(
      {
        what: "link under 1 % byte corruption: messages wrong, doubled or lost",
        unit: "messages",
        value: bad.wrong + FRAMES - bad.delivered,
        against: "frames sent again",
        baseline: bad.resent,
      },
      { atMost: 0 },
    ),
  ];
};
