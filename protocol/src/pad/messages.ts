import type { MessageDeclaration } from "./declarations/declaration.ts";
import { EVENT_MESSAGES } from "./declarations/events.ts";
import { PAIRING_MESSAGES } from "./declarations/pairing.ts";
import { SCREEN_MESSAGES } from "./declarations/screen.ts";
import { SESSION_MESSAGES } from "./declarations/session.ts";
import { TRANSFER_MESSAGES } from "./declarations/transfer.ts";
import { UPKEEP_MESSAGES } from "./declarations/upkeep.ts";
import { USE_MESSAGES } from "./declarations/use.ts";
import type { Field } from "./fields.ts";

export { CAPABILITIES, type Capability, type Delivery, type Direction, type MessageDeclaration } from "./declarations/declaration.ts";
export { ASK } from "./declarations/screen.ts";
export { LARGEST_CHUNK } from "./declarations/transfer.ts";

/** Ids below this are control frames, whether a version knows them or not; this one and all above are sequenced. */
export const FIRST_SEQUENCED_ID = 0x10;

/**
 * Every message of protocol version 1. Ids below 0x10 are control frames; 0x10–0x1F and 0x40–0x5F host to pad; 0x20–0x2F reports and
 * 0x30–0x3F events of the pad.
 */
export const MESSAGES = {
  ...SESSION_MESSAGES,
  ...USE_MESSAGES,
  ...EVENT_MESSAGES,
  ...PAIRING_MESSAGES,
  ...TRANSFER_MESSAGES,
  ...SCREEN_MESSAGES,
  ...UPKEEP_MESSAGES,
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
export type EventName = keyof typeof EVENT_MESSAGES;
export type PadEvent = Message<EventName>;

const byId = new Map<number, MessageName>((Object.keys(MESSAGES) as MessageName[]).map((name) => [MESSAGES[name].id, name]));

/** Name of a message id, or undefined if this version has none. */
export const messageName = (id: number): MessageName | undefined => byId.get(id);

export const declarationOf = (name: MessageName): MessageDeclaration => MESSAGES[name];

export const isEvent = (message: Message): message is PadEvent => Object.hasOwn(EVENT_MESSAGES, message.type);
