import {
  decodePayload,
  encodePayload,
  FrameReader,
  FrameWriter,
  HostSession,
  type HostSessionEffect,
  MESSAGES,
  type Message,
  PadSession,
  type PadSessionEffect,
} from "@window-rating/protocol/pad";
import type { StreamRandom } from "./stream-random.ts";
import type { StreamReading, StreamTarget } from "./stream-target.ts";

const writer = new FrameWriter(254);

/** A rating as a pad writes it. */
export const ratedFrame = (random: StreamRandom, header: { session: number; sequence: number; acknowledgement: number }): RatedFrame => {
  const message: Message<"rated"> = {
    type: "rated",
    eventNo: 1 + random.below(1000),
    requestId: Uint8Array.from(random.bytes(16)),
    level: 1 + random.below(5),
    sinceOpenMs: random.below(30_000),
    unixMs: 1_790_000_000_000 + random.below(1_000_000),
    bootCount: random.below(100),
  };
  const payload = encodePayload(message).slice();
  return { payload: hex(payload), bytes: [...writer.encode({ flags: 0, type: MESSAGES.rated.id, ...header }, payload)] };
};

export interface RatedFrame {
  readonly bytes: readonly number[];
  /** In hexadecimal, to compare by. */
  readonly payload: string;
}

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");

const anyHeader = (random: StreamRandom) => ({
  session: random.below(65_536),
  sequence: random.below(256),
  acknowledgement: random.below(256),
});

/** Reads bytes and looks at the ratings that come out of them. */
export class RatingWatch {
  readonly sent = new Set<string>();
  ratings = 0;
  wrong: string | undefined;
  readonly #reader = new FrameReader({
    frame: ({ type, payload }) => {
      const decoded = decodePayload(type, payload);
      if (decoded.is === "message" && decoded.message.type === "rated") this.take(payload);
    },
    fault: () => {},
  });

  push(bytes: Uint8Array): void {
    this.#reader.push(bytes);
  }

  /** A rating came out. */
  take(payload: Uint8Array): void {
    if (this.sent.has(hex(payload))) this.ratings++;
    else this.wrong = `a rating that was not sent: ${hex(payload)}`;
  }

  get reading(): StreamReading {
    return { ratings: this.ratings, wrong: this.wrong };
  }
}

/** Noise, or frames of ratings that were damaged. */
const padStream = (random: StreamRandom, sent: Set<string>, frame: () => RatedFrame): number[] => {
  if (random.chance(0.3)) {
    const zeros = random.of([0, 0.02, 0.2]);
    return random.bytes(random.below(160)).map((byte) => (random.chance(zeros) ? 0 : byte));
  }
  const stream: number[] = [];
  for (let count = 1 + random.below(3); count > 0; count--) {
    const { bytes, payload } = frame();
    sent.add(payload);
    stream.push(...bytes);
  }
  return random.damage(stream, random.below(8));
};

export const padDecoder: StreamTarget = {
  name: "pad decoder",
  share: 35,
  read: (random) => {
    const watch = new RatingWatch();
    const stream = padStream(random, watch.sent, () => ratedFrame(random, anyHeader(random)));
    random.pieces(stream, (piece) => watch.push(piece));
    return watch.reading;
  },
};

/** A host's session with a pad at the other end, until both are ready. */
const readySession = (random: StreamRandom): HostSession => {
  const bytes = (length: number): Uint8Array => Uint8Array.from(random.bytes(length));
  const identity = { model: "generic/five-button", serialNumber: "FUZZ-1", firmware: "1", storeId: 1, bootCount: 1 };
  const host = new HostSession({ random: bytes });
  const pad = new PadSession({ random: bytes }, () => ({ ...identity, capabilities: 0, eventCapacity: 64, paired: false }));
  const toPad: Uint8Array[] = [];
  const toHost: Uint8Array[] = [];
  const written = (effects: readonly (HostSessionEffect | PadSessionEffect)[], wire: Uint8Array[]): void => {
    for (const effect of effects) if (effect.is === "write") wire.push(effect.bytes.slice());
  };
  written(pad.step({ is: "started" }, 0), toHost);
  written(host.step({ is: "opened" }, 0), toPad);
  for (let turn = 0; turn < 20 && !(host.isReady && pad.isReady); turn++) {
    for (const chunk of toPad.splice(0)) written(pad.step({ is: "bytes", bytes: chunk }, 0), toHost);
    written(pad.step({ is: "settle" }, 0), toHost);
    for (const chunk of toHost.splice(0)) written(host.step({ is: "bytes", bytes: chunk }, 0), toPad);
    written(host.step({ is: "settle" }, 0), toPad);
  }
  if (!host.isReady) throw new Error("the session did not become ready");
  return host;
};

/** What the host says next tells which session this is, and which frame it waits for. */
const headerOf = (host: HostSession) => {
  let header = { session: 0, sequence: 0, acknowledgement: 0 };
  const look = new FrameReader({
    frame: ({ session, acknowledgement }) => {
      header = { session, sequence: acknowledgement, acknowledgement: 0 };
    },
    fault: () => {},
  });
  for (let turn = 0; turn < 3 && header.session === 0; turn++)
    for (const effect of host.step({ is: "time" }, host.deadline() ?? 0)) if (effect.is === "write") look.push(effect.bytes);
  return header;
};

export const hostSession: StreamTarget = {
  name: "host session",
  share: 8,
  read: (random) => {
    const host = readySession(random);
    let header = headerOf(host);
    let now = host.deadline() ?? 0;
    const watch = new RatingWatch();
    const next = (): RatedFrame => {
      const frame = ratedFrame(random, header);
      header = { ...header, sequence: (header.sequence + 1) & 0xff };
      return frame;
    };
    random.pieces(padStream(random, watch.sent, next), (bytes) => {
      now += random.below(5);
      for (const effect of host.step({ is: "bytes", bytes }, now))
        if (effect.is === "report" && effect.message.type === "rated") watch.take(encodePayload(effect.message));
    });
    return watch.reading;
  },
};
