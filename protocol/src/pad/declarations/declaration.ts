import type { Field } from "../fields.ts";

/** `control` frames carry no sequence number; `sequenced` ones are delivered once and in order. */
export type Delivery = "control" | "sequenced";
export type Direction = "host-to-pad" | "pad-to-host" | "both";

/** What a pad may have beyond the least; bits of `capabilities` in helloAnswer. */
export const CAPABILITIES = {
  lamps: 0x001,
  voice: 0x002,
  screen: 0x004,
  touch: 0x008,
  reasons: 0x010,
  assets: 0x020,
  firmwareUpdate: 0x040,
  pairing: 0x080,
  wordsAndContact: 0x100,
  qrCodes: 0x200,
  log: 0x400,
  selfTest: 0x800,
} as const;
export type Capability = keyof typeof CAPABILITIES;

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
  /** The capability that a pad needs for it, or those of which one is enough; every pad knows a message without any. */
  readonly needs?: Capability | readonly Capability[];
  readonly doc: string;
  // biome-ignore lint/suspicious/noExplicitAny: a declaration holds fields of many types; each keeps its own
  readonly fields: Readonly<Record<string, Field<any>>>;
}

export const declare = <const Declared extends MessageDeclaration>(declaration: Declared): Declared => declaration;
