import type { PadIdentity } from "../pad-session.ts";
import { Conversation, type ConversationStep, TEST_PAD } from "./conversation.ts";
import { framesIn } from "./frame-collector.ts";
import { LossyWire } from "./lossy-wire.ts";
import { fromHex } from "./message-json.ts";
import { PAIRING_KEY } from "./security-vectors.ts";
import { SeededRandom } from "./seeded-random.ts";
import { SmallPad } from "./small-pad.ts";

/** A whole session as it went, every byte in both directions. */
export interface RecordedSession {
  readonly name: string;
  readonly about: string;
  /** The pairing key that both sides hold. */
  readonly key?: Uint8Array;
  /** What the sources of random bytes gave, in order. */
  readonly random: { readonly host: readonly Uint8Array[]; readonly pad: readonly Uint8Array[] };
  readonly steps: readonly ConversationStep[];
}

const REQUEST = fromHex("0198c0de000070008000000000000001");
/** 2026-03-02 09:30 in Beijing. */
const UNIX_MS = Date.UTC(2026, 2, 2, 1, 30);

/** A host and a small pad at a wire of 5 ms, whose doings are recorded. */
class Recording {
  readonly conversation: Conversation;
  readonly toPad: LossyWire;
  readonly toHost: LossyWire;
  readonly #given = { host: [] as Uint8Array[], pad: [] as Uint8Array[] };
  readonly #pad: SmallPad;
  readonly #key: Uint8Array | undefined;

  constructor(seed: number, key?: Uint8Array) {
    this.#key = key;
    const random = new SeededRandom(seed);
    this.toPad = new LossyWire(random);
    this.toHost = new LossyWire(random);
    const recorded = (side: "host" | "pad") => (length: number) => {
      const bytes = random.bytes(length);
      this.#given[side].push(bytes);
      return bytes;
    };
    this.#pad = new SmallPad((message) => this.conversation.padStep({ is: "send", message }));
    this.conversation = new Conversation({
      toPad: this.toPad,
      toHost: this.toHost,
      hostOptions: { random: recorded("host"), keysOf: () => (key === undefined ? [] : [key]) },
      padOptions: { random: recorded("pad"), key: () => key },
      identity: (): PadIdentity => ({ ...TEST_PAD, bootCount: this.#pad.bootCount, paired: key !== undefined }),
      onPad: (effect) => this.#pad.take(effect, this.conversation.now),
      onHost: (effect) => {
        if (effect.is !== "report" || !("eventNo" in effect.message)) return;
        // A real host says this only when the event is on its disk.
        this.conversation.hostStep({ is: "send", message: { type: "stored", eventNo: effect.message.eventNo } });
      },
    });
  }

  wait(ms: number): void {
    this.conversation.run(() => false, ms);
  }

  power(): void {
    this.#pad.restart();
    this.conversation.startPad();
  }

  open(): void {
    this.conversation.openHost();
  }

  ask(): void {
    this.conversation.hostStep({
      is: "send",
      message: { type: "openRating", requestId: REQUEST, timeoutMs: 60_000, voice: 1, labels: [] },
    });
  }

  press(level: number, sinceOpenMs: number): void {
    this.#pad.press(level, sinceOpenMs, UNIX_MS + sinceOpenMs, this.conversation.now);
  }

  end(name: string, about: string): RecordedSession {
    const key = this.#key === undefined ? {} : { key: this.#key };
    return { name, about, ...key, random: this.#given, steps: this.conversation.steps };
  }
}

const rating = (): RecordedSession => {
  const it = new Recording(101);
  it.power();
  it.wait(300);
  it.open();
  it.wait(200);
  it.conversation.hostStep({ is: "send", message: { type: "setTime", unixMs: UNIX_MS } });
  const configure = { type: "configure", debounceMs: 30, volume: 80, brightness: 100, thanksMs: 2000, language: "zh-CN" } as const;
  it.conversation.hostStep({ is: "send", message: configure });
  it.wait(100);
  it.ask();
  it.wait(1500);
  it.press(5, 1470);
  it.wait(1200);
  it.conversation.hostStep({ is: "close" });
  it.wait(100);
  return it.end(
    "a rating",
    "A pad gets power and knocks; the host opens the port; handshake; the event booted is stored; clock and settings; a rating request; the citizen presses 5; the rating is stored; a ping; the host says bye.",
  );
};

const powerLoss = (): RecordedSession => {
  const it = new Recording(102);
  it.power();
  it.open();
  it.wait(200);
  it.ask();
  it.wait(900);
  // The plug comes out as the rating leaves the pad: it is in the pad's store and nowhere else.
  it.toHost.faults = { drop: 1 };
  it.press(2, 880);
  it.toPad.clear();
  it.conversation.pad = undefined;
  it.wait(700);
  it.toHost.faults = {};
  it.power();
  it.wait(600);
  return it.end(
    "a loss of power behind a press",
    "The pad loses its power after it has kept a rating and before the host has heard of it. It starts with the next bootCount, knocks, gets a new session with another number, and offers what is still in its store, oldest first.",
  );
};

const lostAcknowledgement = (): RecordedSession => {
  const it = new Recording(103);
  it.power();
  it.open();
  it.wait(200);
  it.ask();
  it.wait(1000);
  it.press(4, 990);
  // The rating is on the way; what the host answers within the next 20 ms is lost.
  it.toPad.faults = { drop: 1 };
  it.wait(20);
  it.toPad.faults = {};
  it.wait(400);
  return it.end(
    "a lost acknowledgement",
    "The host takes the rating, but its acknowledgement and its stored are lost. Both sides send again after their timeouts; the repeat of the rating is acknowledged and not taken twice.",
  );
};

const paired = (): RecordedSession => {
  const it = new Recording(104, PAIRING_KEY);
  it.power();
  it.wait(300);
  it.open();
  it.wait(200);
  it.ask();
  it.wait(1500);
  // The rating comes, its acknowledgement is lost: a repeat has the same counter and tag.
  it.press(3, 1490);
  it.toPad.faults = { drop: 1 };
  it.wait(20);
  it.toPad.faults = {};
  it.wait(1200);
  it.conversation.hostStep({ is: "close" });
  it.wait(100);
  return it.end(
    "a rating in a paired session",
    "Both hold a pairing key: proofs in challengeAnswer and ready, and every sequenced frame behind them secured. The acknowledgement of the rating is lost, and it is sent again with the same counter and tag.",
  );
};

export const recordSessions = (): readonly RecordedSession[] => [rating(), powerLoss(), lostAcknowledgement(), paired()];

/** What a recorded chunk says, for people: `rated session 9f31 sequence 4 acknowledges 5`. */
export const inWords = (bytes: Uint8Array, nameOf: (type: number) => string): string =>
  framesIn(bytes)
    .map((frame) => {
      const session = frame.session.toString(16).padStart(4, "0");
      return `${nameOf(frame.type)} session ${session} sequence ${frame.sequence} acknowledges ${frame.acknowledgement}`;
    })
    .join(", ");
