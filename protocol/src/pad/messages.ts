import { bytes, type Field, flag, name8, text8, texts8, time48, u8, u16, u32 } from "./fields.ts";

/** `control` frames carry no sequence number; `sequenced` ones are delivered once and in order. */
export type Delivery = "control" | "sequenced";
export type Direction = "host-to-pad" | "pad-to-host" | "both";

/** Declaration of one message. Encoding, decoding, types, SPEC.md, log lines and fuzzers all derive from it. */
export interface MessageDeclaration {
  readonly id: number;
  readonly direction: Direction;
  readonly delivery: Delivery;
  /** True if taking it twice leaves the receiver as taking it once. */
  readonly idempotent: boolean;
  /** True if a paired pad or host must authenticate it. */
  readonly secured: boolean;
  /** First protocol version that has it. */
  readonly since: number;
  readonly doc: string;
  // biome-ignore lint/suspicious/noExplicitAny: a declaration holds fields of many types; each keeps its own
  readonly fields: Readonly<Record<string, Field<any>>>;
}

const declare = <const Declared extends MessageDeclaration>(declaration: Declared): Declared => declaration;

const requestId = bytes(16, "Id of the rating request (UUID, in the order of its text form)");
const eventNo = u32("Number of the event: 1 for the first of this event store, then always one more, also after a loss of power", 1);

/** Ids below this are control frames, whether a version knows them or not; this one and all above are sequenced. */
export const FIRST_SEQUENCED_ID = 0x10;

/** Every message of protocol version 1. Ids below 0x10 are control frames, 0x10–0x1F host to pad, 0x20–0x3F pad to host. */
export const MESSAGES = {
  ack: declare({
    id: 0x01,
    direction: "both",
    delivery: "control",
    idempotent: true,
    secured: false,
    since: 1,
    doc: "Carries the acknowledgement number of its header when nothing else is to be sent.",
    fields: {},
  }),
  ping: declare({
    id: 0x02,
    direction: "host-to-pad",
    delivery: "control",
    idempotent: true,
    secured: false,
    since: 1,
    doc: "Asks for a sign of life.",
    fields: { token: u16("Any number; the answer repeats it") },
  }),
  pong: declare({
    id: 0x03,
    direction: "pad-to-host",
    delivery: "control",
    idempotent: true,
    secured: false,
    since: 1,
    doc: "Sign of life.",
    fields: { token: u16("The number of the ping") },
  }),
  knock: declare({
    id: 0x04,
    direction: "pad-to-host",
    delivery: "control",
    idempotent: true,
    secured: false,
    since: 1,
    doc: "A pad without a session asks for one; session number 0.",
    fields: { cause: name8("Why there is none", { power: 1, silence: 2, unknownSession: 3, broken: 4 }) },
  }),
  hello: declare({
    id: 0x05,
    direction: "host-to-pad",
    delivery: "control",
    idempotent: true,
    secured: false,
    since: 1,
    doc: "Opens the session whose number stands in the header. Sent in the frame layout of version 1 by every version for ever.",
    fields: {
      nonce: bytes(8, "Random; the same in repeats of one hello"),
      minVersion: u8("Lowest protocol version the host speaks", 1),
      maxVersion: u8("Highest protocol version the host speaks", 1),
      maxFrame: u16("Longest frame before stuffing that the host takes, bytes", 254, 4096),
      window: u8("Most sequenced frames under way that the host takes", 1, 8),
    },
  }),
  helloAnswer: declare({
    id: 0x06,
    direction: "pad-to-host",
    delivery: "control",
    idempotent: true,
    secured: false,
    since: 1,
    doc: "What the pad is, and what is agreed: the lower of the two frame sizes and windows.",
    fields: {
      nonce: bytes(8, "The nonce of the hello"),
      version: u8("Version chosen; 0 if there is no common one, and then there is no session"),
      minVersion: u8("Lowest protocol version the pad speaks", 1),
      maxVersion: u8("Highest protocol version the pad speaks", 1),
      model: text8(32, "Model, as its profile names it: maker/model"),
      serialNumber: text8(32, "Serial number, unique for the model"),
      firmware: text8(16, "Version of the firmware"),
      storeId: u32("Random number made with the event store; event numbers start anew with a new one"),
      bootCount: u32("How often the pad has started"),
      capabilities: u32("Bits: 0 lamps, 1 voice, 2 screen, 3 touch, 4 reasons, 5 assets, 6 firmware update"),
      maxFrame: u16("Longest frame before stuffing that the pad takes, bytes", 254, 4096),
      window: u8("Most sequenced frames under way that the pad takes", 1, 8),
      eventCapacity: u16("Events the pad can keep", 1),
      paired: flag("1 if the pad holds a pairing key"),
    },
  }),
  bye: declare({
    id: 0x07,
    direction: "both",
    delivery: "control",
    idempotent: true,
    secured: false,
    since: 1,
    doc: "Ends the session; not acknowledged.",
    fields: { cause: name8("Why", { shutdown: 1, newSession: 2, refused: 3, protocol: 4 }) },
  }),
  challenge: declare({
    id: 0x10,
    direction: "host-to-pad",
    delivery: "sequenced",
    idempotent: true,
    secured: false,
    since: 1,
    doc: "First message of a session: the pad shall prove who it is.",
    fields: { nonce: bytes(16, "Random") },
  }),
  ready: declare({
    id: 0x11,
    direction: "host-to-pad",
    delivery: "sequenced",
    idempotent: true,
    secured: false,
    since: 1,
    doc: "Answers the pad's own challenge; from here on the pad may be used and offers its stored events.",
    fields: {
      secured: flag("1 if the session is authenticated on both sides"),
      proof: bytes(16, "The host's proof; zeros in a session that is not secured"),
    },
  }),
  configure: declare({
    id: 0x12,
    direction: "host-to-pad",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "Settings that hold until the next configure or loss of power.",
    fields: {
      debounceMs: u8("A key counts when it has been down this long, milliseconds", 5, 200),
      volume: u8("Loudness of the voice, percent", 0, 100),
      brightness: u8("Brightness of the lamps, percent", 0, 100),
      thanksMs: u16("How long thanks are shown after a rating, milliseconds", 0, 10000),
      language: text8(16, "Language of voice and texts, BCP 47, for instance zh-CN"),
    },
  }),
  setTime: declare({
    id: 0x13,
    direction: "host-to-pad",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "Sets the pad's clock.",
    fields: { unixMs: time48("Unix time, milliseconds") },
  }),
  openRating: declare({
    id: 0x14,
    direction: "host-to-pad",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "Lights the pad for one rating. A request that is shown already goes on; one that the pad has a rating for is not shown again; any other replaces what is shown.",
    fields: {
      requestId,
      timeoutMs: u32("How long the citizen may choose, milliseconds", 1000, 600000),
      voice: u16("Prompt to speak when the lamps light; 0 = none"),
      labels: texts8(5, 32, "Words for levels 1 to 5; empty = the pad's own"),
    },
  }),
  cancelRating: declare({
    id: 0x15,
    direction: "host-to-pad",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "Ends the request without a rating if it is shown. A press that came before counts and is offered all the same.",
    fields: { requestId },
  }),
  idle: declare({
    id: 0x16,
    direction: "host-to-pad",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "Puts the pad to rest, whatever it shows.",
    fields: {},
  }),
  identify: declare({
    id: 0x17,
    direction: "host-to-pad",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "All lamps blink so that a person finds this pad; a rating that is shown goes on.",
    fields: { durationMs: u16("How long, milliseconds", 0, 60000) },
  }),
  askStatus: declare({
    id: 0x18,
    direction: "host-to-pad",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "Asks for a status.",
    fields: {},
  }),
  stored: declare({
    id: 0x19,
    direction: "host-to-pad",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "The host has the event on disk; only now may the pad forget it.",
    fields: { eventNo },
  }),
  challengeAnswer: declare({
    id: 0x20,
    direction: "pad-to-host",
    delivery: "sequenced",
    idempotent: true,
    secured: false,
    since: 1,
    doc: "The pad's proof and its own challenge.",
    fields: {
      nonce: bytes(16, "Random: the pad's challenge to the host"),
      proof: bytes(16, "The pad's proof; zeros if it is not paired"),
      secured: flag("1 if the proof is real"),
    },
  }),
  status: declare({
    id: 0x21,
    direction: "pad-to-host",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "Sent after ready, when asked, and whenever the phase changes.",
    fields: {
      phase: name8("What the pad shows", { idle: 0, inviting: 1, chosen: 2, thanks: 3, fault: 4 }),
      requestId: bytes(16, "The request that is shown; zeros = none"),
      pendingEvents: u16("Events kept that the host has not stored"),
      lostEvents: u32("Events other than ratings that found no room, since the store was made"),
      keysDown: u8("Bits 0–4: keys 1–5 that are down now", 0, 31),
      faults: u16("Bits: 0 event store full, 1 event store damaged, 2 key stuck, 3 lamp, 4 voice"),
      uptimeMs: u32("Milliseconds since the start, modulo 2^32"),
    },
  }),
  refused: declare({
    id: 0x22,
    direction: "pad-to-host",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "The pad could not do as told.",
    fields: {
      command: u8("Id of the message refused"),
      requestId: bytes(16, "Its request id; zeros if it has none"),
      reason: name8("Why", { notReady: 1, storeFull: 2, unsupported: 3, keyStuck: 4, fault: 5 }),
    },
  }),
  rated: declare({
    id: 0x30,
    direction: "pad-to-host",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "Event: the citizen chose. Kept through loss of power and offered again until stored.",
    fields: {
      eventNo,
      requestId,
      level: u8("1 非常不满意 … 5 非常满意", 1, 5),
      sinceOpenMs: u32("From lighting up to the press, milliseconds"),
      unixMs: time48("Time of the press on the pad's clock; 0 = the clock was not set"),
      bootCount: u32("Start of the pad in which it happened"),
    },
  }),
  timedOut: declare({
    id: 0x31,
    direction: "pad-to-host",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "Event: nobody chose in time. Not a rating.",
    fields: { eventNo, requestId, unixMs: time48("As in rated"), bootCount: u32("As in rated") },
  }),
  booted: declare({
    id: 0x32,
    direction: "pad-to-host",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "Event: the pad started.",
    fields: {
      eventNo,
      bootCount: u32("How often the pad has started, this time included", 1),
      cause: name8("Why", { power: 1, watchdog: 2, update: 3, command: 4 }),
    },
  }),
  keyStuck: declare({
    id: 0x33,
    direction: "pad-to-host",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "Event: a key has been down for longer than 10 s; it is ignored until it is let go.",
    fields: { eventNo, key: u8("Key 1–5", 1, 5) },
  }),
  fault: declare({
    id: 0x34,
    direction: "pad-to-host",
    delivery: "sequenced",
    idempotent: true,
    secured: true,
    since: 1,
    doc: "Event: something in the pad failed.",
    fields: {
      eventNo,
      code: u16("Bit number as in status faults, or 256 and up for the maker's own"),
      detail: text8(64, "In words, English"),
    },
  }),
} as const satisfies Record<string, MessageDeclaration>;

export type MessageName = keyof typeof MESSAGES;

type FieldsOf<Name extends MessageName> = (typeof MESSAGES)[Name]["fields"];
type ValuesOf<Fields> = { readonly [Key in keyof Fields]: Fields[Key] extends Field<infer T> ? T : never };

/** A message by name: `{ type: "stored", eventNo: 7 }`. */
export type Message<Name extends MessageName = MessageName> = Name extends MessageName
  ? { readonly type: Name } & ValuesOf<FieldsOf<Name>>
  : never;

type NamesWhere<Where> = { [Name in MessageName]: (typeof MESSAGES)[Name] extends Where ? Name : never }[MessageName];
/** Names of sequenced messages that the host sends. */
export type CommandName = NamesWhere<{ delivery: "sequenced"; direction: "host-to-pad" }>;
/** Names of sequenced messages that the pad sends. */
export type ReportName = NamesWhere<{ delivery: "sequenced"; direction: "pad-to-host" }>;
export type Command = Message<CommandName>;
export type Report = Message<ReportName>;
/** Events are the reports that carry an event number and live in the pad's event store. */
export type EventName = "rated" | "timedOut" | "booted" | "keyStuck" | "fault";
export type PadEvent = Message<EventName>;

const byId = new Map<number, MessageName>((Object.keys(MESSAGES) as MessageName[]).map((name) => [MESSAGES[name].id, name]));

/** Name of a message id, or undefined if this version has none. */
export const messageName = (id: number): MessageName | undefined => byId.get(id);

export const declarationOf = (name: MessageName): MessageDeclaration => MESSAGES[name];

const EVENT_NAMES: ReadonlySet<string> = new Set<EventName>(["rated", "timedOut", "booted", "keyStuck", "fault"]);
export const isEvent = (message: Message): message is PadEvent => EVENT_NAMES.has(message.type);
