import { encodePayload } from "../codec.ts";
import type { Frame } from "../frame.ts";
import { Link, type LinkEffect } from "../link.ts";
import { declarationOf, MESSAGES, type Message } from "../messages.ts";
import { framesIn } from "./frame-collector.ts";

const SESSION = 0x0102;
export const linkOf = (role: "host" | "pad", window = 1, maxFrame = 254): Link => {
  const link = new Link({ role, session: SESSION, window, maxFrame }, 0);
  link.begin();
  return link;
};
export const frame = (message: Message, sequence = 0, acknowledgement = 0): Frame => ({
  flags: 0,
  type: declarationOf(message.type).id,
  session: SESSION,
  sequence,
  acknowledgement,
  payload: encodePayload(message),
});
export const raw = (type: number, payload: Uint8Array, sequence = 0, acknowledgement = 0): Frame => ({
  flags: 0,
  type,
  session: SESSION,
  sequence,
  acknowledgement,
  payload,
});
export const stored = (eventNo: number): Message<"stored"> => ({ type: "stored", eventNo });
export const keyStuck = (eventNo: number): Message<"keyStuck"> => ({ type: "keyStuck", eventNo, key: 1 });
export const ACK = { type: "ack" } as const;
export const ping = (token: number): Message<"ping"> => ({ type: "ping", token });

/** What the effects put on the wire, as `name sequence/acknowledgement`. */
export const sent = (effects: readonly LinkEffect[]): string[] =>
  effects
    .filter((effect) => effect.is === "transmit")
    .flatMap((effect) => framesIn(effect.bytes))
    .map(({ type, sequence, acknowledgement }) => {
      const name = Object.entries(MESSAGES).find(([, { id }]) => id === type)?.[0];
      return `${name} ${sequence}/${acknowledgement}`;
    });
export const delivered = (effects: readonly LinkEffect[]): number[] =>
  effects.flatMap((effect) => (effect.is === "deliver" && "eventNo" in effect.message ? [effect.message.eventNo] : []));
export const kinds = (effects: readonly LinkEffect[]): string[] => effects.map((effect) => effect.is);
