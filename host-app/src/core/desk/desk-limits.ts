import { type ArrivalLimits, PROMPT_ARRIVAL } from "./slow-requests.ts";
import type { Rate } from "./token-bucket.ts";

/** What one caller may take from the window PC. Defaults are far over what fifty cases an hour need. */
export interface DeskLimits extends ArrivalLimits {
  /** Of each pairing; of each origin in a pairing, for what its pages ask before they call; and of each verb that needs no token. */
  readonly calls: Rate;
  /** Of each page that is in no pairing and asks to be: it asks once, and then looks every second what became of it. */
  readonly asking: Rate;
  /** Refused calls of all callers together: wrong tokens, hosts and origins. Over it they get 429, and are no longer logged. */
  readonly refusals: Rate;
  readonly bodyBytes: number;
  readonly connections: number;
  /** Event streams open at a time. */
  readonly streams: number;
  /** A stream whose reader is this far behind is cut off. */
  readonly streamBufferBytes: number;
}

export const DEFAULT_DESK_LIMITS: DeskLimits = {
  calls: { perSecond: 50, burst: 100 },
  asking: { perSecond: 5, burst: 20 },
  refusals: { perSecond: 2, burst: 20 },
  bodyBytes: 16 * 1024,
  ...PROMPT_ARRIVAL,
  connections: 128,
  streams: 16,
  streamBufferBytes: 256 * 1024,
};
