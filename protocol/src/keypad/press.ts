import type { Level, RequestId } from "../rating.ts";
import type { FrameValues } from "./framing.ts";
import type { KeypadReading } from "./reader.ts";

/** One press with what is needed to answer it. */
export interface Press {
  readonly key: string;
  /** Whether the pad may be told what became of it. */
  readonly isAnswered: boolean;
  readonly values: FrameValues;
  /** When its frame came, monotonic milliseconds. */
  readonly at: number;
}

export const pressOf = ({ key, values }: Extract<KeypadReading, { is: "key" }>, at: number): Press => ({
  key: key.key,
  isAnswered: key.acknowledge !== false,
  values,
  at,
});

/** The request that is open, and the press that it got. `held`: until it is known whether the case changes. */
export interface OpenRequest {
  readonly requestId: RequestId;
  readonly timeoutMs: number;
  readonly openedAt: number;
  state: "open" | "held" | "pressed" | "stored";
  press: (Press & { readonly level: Level }) | undefined;
}
