import { CENTRAL_ERRORS } from "./central.ts";
import { CONFIG_ERRORS } from "./config.ts";
import { DESK_ERRORS } from "./desk.ts";
import type { ErrorEntry } from "./error-entry.ts";
import { PAD_ERRORS } from "./pad.ts";
import { POLICY_ERRORS } from "./policy.ts";
import { PORT_ERRORS } from "./port.ts";
import { PROFILE_ERRORS } from "./profile.ts";
import { SCREEN_ERRORS } from "./screens.ts";
import { SIMULATOR_ERRORS } from "./simulator.ts";
import { STORE_ERRORS } from "./store.ts";
import { SYNC_ERRORS } from "./sync.ts";

export type { ErrorEntry };

/**
 * Every error of the system by its stable code. A code is never renumbered or reused; the table in docs/errors.md is made from this one.
 * Ranges: 1 pad protocol, 2 profiles, 3 ports, 4 store, 5 desk API and screens (51), 6 sync, 7 central, 8 configuration and commands, 9 simulator.
 */
export const ERRORS = {
  ...PAD_ERRORS,
  ...PROFILE_ERRORS,
  ...PORT_ERRORS,
  ...STORE_ERRORS,
  ...DESK_ERRORS,
  ...SCREEN_ERRORS,
  ...SYNC_ERRORS,
  ...CENTRAL_ERRORS,
  ...POLICY_ERRORS,
  ...CONFIG_ERRORS,
  ...SIMULATOR_ERRORS,
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;

/** What a screen needs to say the detail in its own language. */
export interface ErrorFacts {
  /** The field that does not fit, as its schema names it. */
  readonly field?: string;
  /** Which of several, counted from 1. */
  readonly line?: number;
  /** When it may be tried again, seconds from now. */
  readonly seconds?: number;
  /** The case that stands in the way. */
  readonly caseNo?: string;
  /** The window where that is. */
  readonly windowNo?: string;
  /** The item with which it was started. */
  readonly itemName?: string;
}

/** The one error class of the system: a stable code, what happened (`detail`), and what to do (`advice`, from the table). */
export class WindowRatingError extends Error {
  override readonly name = "WindowRatingError";
  readonly code: ErrorCode;
  readonly detail: string;
  /** Beside the detail, never instead of it. */
  readonly facts: ErrorFacts | undefined;

  constructor(code: ErrorCode, detail: string, cause?: unknown, facts?: ErrorFacts) {
    super(`${code} ${ERRORS[code].title}: ${detail}. ${ERRORS[code].advice}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.detail = detail;
    this.facts = facts;
  }

  get advice(): string {
    return ERRORS[this.code].advice;
  }

  /** The shape in which an error crosses a wire: HTTP answers, `--json` output. */
  toJSON(): { code: ErrorCode; title: string; detail: string; advice: string } {
    return { code: this.code, title: ERRORS[this.code].title, detail: this.detail, advice: this.advice };
  }
}
