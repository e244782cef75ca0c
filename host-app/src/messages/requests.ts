import type { z } from "zod";
import { CONSOLE_HEALTH_REQUESTS } from "./console-health.ts";
import { CONSOLE_PAD_REQUESTS } from "./console-pads.ts";
import { CONSOLE_RESCUE_REQUESTS } from "./console-rescue.ts";
import { CONSOLE_SITE_REQUESTS } from "./console-site.ts";
import { CONSOLE_TRAFFIC_REQUESTS } from "./console-traffic.ts";
import type { RequestDeclaration, Sender } from "./declaration.ts";
import { SHARED_REQUESTS } from "./shared-requests.ts";
import { STRIP_REQUESTS } from "./strip-requests.ts";

/**
 * Every question that a screen may ask, by name. Types, checks on both sides, the check of the sender and the error answers are made from
 * this table; a name that does not stand here does not compile, and the carrier refuses it.
 */
export const REQUESTS = {
  ...STRIP_REQUESTS,
  ...SHARED_REQUESTS,
  ...CONSOLE_HEALTH_REQUESTS,
  ...CONSOLE_PAD_REQUESTS,
  ...CONSOLE_RESCUE_REQUESTS,
  ...CONSOLE_SITE_REQUESTS,
  ...CONSOLE_TRAFFIC_REQUESTS,
} as const satisfies Readonly<Record<string, RequestDeclaration>>;

export type Requests = typeof REQUESTS;
export type RequestName = keyof Requests;
/** As a screen writes it: what has a default may be left out. */
export type BodyOf<Name extends RequestName> = z.input<Requests[Name]["body"]>;
/** As the core reads it. */
export type ParsedBodyOf<Name extends RequestName> = z.output<Requests[Name]["body"]>;
export type AnswerOf<Name extends RequestName> = z.output<Requests[Name]["answer"]>;

/** The requests that a kind of screen may send. */
export type RequestOf<Screen extends Sender> = {
  [Name in RequestName]: Screen extends Requests[Name]["from"][number] ? Name : never;
}[RequestName];
