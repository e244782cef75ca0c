import type { ErrorCode } from "@window-rating/protocol/error";
import type { z } from "zod";

/** The kinds of screens of a window PC. Who a screen is was decided when it was opened, never by what it sends. */
export const SENDERS = ["strip", "console", "citizen"] as const;
export type Sender = (typeof SENDERS)[number];

/** A question of a screen and the answer of the core, declared once. */
export interface RequestDeclaration {
  readonly summary: string;
  /** The screens that may send it; any other is refused (WR5104). */
  readonly from: readonly Sender[];
  readonly body: z.ZodType;
  /** Only what it declares reaches the screen. */
  readonly answer: z.ZodType;
  /** Codes of its own, besides those that any request may meet (`COMMON_ERRORS`). */
  readonly errors: readonly ErrorCode[];
}

/** What the core tells screens unasked. */
export interface EventDeclaration {
  readonly summary: string;
  readonly to: readonly Sender[];
  readonly body: z.ZodType;
}

/** Codes that any request may be answered with. */
export const COMMON_ERRORS = [
  "WR4001",
  "WR4003",
  "WR5011",
  "WR5016",
  "WR5102",
  "WR5103",
  "WR5104",
  "WR5105",
] as const satisfies readonly ErrorCode[];
