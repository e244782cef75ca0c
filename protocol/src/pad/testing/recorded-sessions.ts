import { sha256 } from "@noble/hashes/sha2.js";
import type { Command, Report } from "../messages.ts";
import type { PadIdentity } from "../pad-session.ts";
import type { SessionOptions } from "../session.ts";
import { Conversation, type ConversationStep, TEST_PAD } from "./conversation.ts";
import { framesIn } from "./frame-collector.ts";
import { LossyWire } from "./lossy-wire.ts";
import { fromHex } from "./message-json.ts";
import { PAIRING_KEY } from "./security-vectors.ts";
import { SeededRandom } from "./seeded-random.ts";
import { SmallPad } from "./small-pad.ts";

type Limits = Required<Pick<SessionOptions, "maxFrame" | "window">>;

/** A whole session as it went, every byte in both directions. */
export interface RecordedSession {
  readonly name: string;
  readonly about: string;
  /** The pairing key that both sides hold. */
  readonly key?: Uint8Array;
  /** Frame size and window that both sides take; those of a small pad if not given. */
  readonly limits?: Limits;
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
  readonly #limits: Limits | undefined;

  constructor(seed: number, key?: Uint8Array, limits?: Limits) {
    this.#key = key;
    this.#limits = limits;
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
      hostOptions: { ...limits, random: recorded("host"), keysOf: () => (key === undefined ? [] : [key]) },
      padOptions: { ...limits, random: recorded("pad"), key: () => key },
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

  say(message: Command): void {
    this.conversation.hostStep({ is: "send", message });
    this.wait(120);
  }

  report(message: Report): void {
    this.conversation.padStep({ is: "send", message });
    this.wait(120);
  }

  answer(...answer: Parameters<SmallPad["answer"]>): void {
    this.#pad.answer(...answer);
  }

  end(name: string, about: string): RecordedSession {
    const key = this.#key === undefined ? {} : { key: this.#key };
    const limits = this.#limits === undefined ? {} : { limits: this.#limits };
    return { name, about, ...key, ...limits, random: this.#given, steps: this.conversation.steps };
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

const touchscreen = (): RecordedSession => {
  const it = new Recording(105, PAIRING_KEY, { maxFrame: 1024, window: 8 });
  it.power();
  it.open();
  it.wait(200);
  const screen = { contrast: "normal", textSize: "large", languages: ["zh-CN", "en"], logo: "", windowQrPicture: "" } as const;
  it.say({ type: "configureScreen", ...screen, windowQr: "https://example.invalid/w/12", hall: "样例大厅", window: "12" });
  it.say({ type: "contactKey", keyId: fromHex("0102030405060708"), publicKey: new Uint8Array(32).fill(9) });
  const file = new TextEncoder().encode("a picture of nobody");
  it.say({ type: "offerAsset", transfer: 1, name: "photo/1001", kind: "png", size: file.length, hash: sha256(file) });
  it.report({ type: "wanted", transfer: 1, offset: 0 });
  it.say({ type: "chunk", transfer: 1, offset: 0, data: file });
  it.report({ type: "transferEnded", transfer: 1, outcome: "complete" });
  it.say({ type: "staffCard", staffNo: "1001", name: "张三样例", title: "综合窗口", photo: "photo/1001", stars: 4, partyEmblem: false });
  const shown = { itemName: "居民身份证换领", caseNo: "37-20260301-0007", reasonList: "2020", ask: 7, caseQr: "" } as const;
  it.say({ type: "openTouchRating", requestId: REQUEST, timeoutMs: 60_000, voice: 2, labels: [], ...shown });
  it.wait(900);
  const sealed = { sealed: new Uint8Array(120).fill(0xa5), sealedFor: fromHex("0102030405060708") };
  const answer = { level: 2, reasonList: "2020", reasons: [207, 214], ...sealed, completed: "confirmed", language: "zh-CN" } as const;
  it.answer({ ...answer, sinceOpenMs: 880, unixMs: UNIX_MS }, it.conversation.now);
  it.wait(300);
  it.say({ type: "pause", text: "" });
  it.say({ type: "notice", text: "今日下午提前下班", durationMs: 0 });
  it.conversation.hostStep({ is: "close" });
  it.wait(100);
  return it.end(
    "an answer on a touchscreen",
    "A paired pad with a touchscreen, longer frames and a window of 8: how the screen looks, central's key, a picture, the staff card, the options; the citizen chooses level 2 with two reasons and sealed words; then a pause and a notice.",
  );
};

export const recordSessions = (): readonly RecordedSession[] => [rating(), powerLoss(), lostAcknowledgement(), paired(), touchscreen()];

/** What a recorded chunk says, for people: `rated session 9f31 sequence 4 acknowledges 5`. */
export const inWords = (bytes: Uint8Array, nameOf: (type: number) => string): string =>
  framesIn(bytes)
    .map((frame) => {
      const session = frame.session.toString(16).padStart(4, "0");
      return `${nameOf(frame.type)} session ${session} sequence ${frame.sequence} acknowledges ${frame.acknowledgement}`;
    })
    .join(", ");
