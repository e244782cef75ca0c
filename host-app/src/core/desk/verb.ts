import { clerkListSchema, windowChoiceSchema } from "@window-rating/protocol/desk";
import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import type { BrowserPads } from "../browser-pads/browser-pads.ts";
import type { Caller, WindowDesk } from "../cases/window-desk.ts";
import type { WindowDesks } from "../cases/window-desks.ts";
import type { ClerkDesk } from "../clerks/clerk-desk.ts";
import { padListSchema } from "../commands/pad-shape.ts";
import type { HostStatus } from "../commands/status-shape.ts";
import type { PadDesk } from "../pads/pad-desk.ts";
import type { LinkDesk } from "../push/link-desk.ts";
import type { Screens } from "../screens/screens.ts";
import type { PairingDesk } from "./pairing-desk.ts";

/**
 * Who may call: any program on this PC, and pages of paired systems (`anyone`); any page as well, which has no token yet (`asking`); a
 * paired one; or the commands of window-host itself.
 */
export type Access = "anyone" | "asking" | "paired" | "control";

export interface Call<Body> {
  readonly desks: WindowDesks;
  readonly status: (() => HostStatus) | undefined;
  readonly pads: PadDesk | undefined;
  readonly clerks: ClerkDesk | undefined;
  readonly screens: Screens | undefined;
  readonly browserPads: BrowserPads | undefined;
  readonly pairingDesk: PairingDesk;
  readonly links: LinkDesk | undefined;
  readonly caller: Caller;
  /** Of the page that calls, if it is one. */
  readonly origin: string | undefined;
  /** Empty if the path has none. */
  readonly caseNo: string;
  /** From the query of a GET. */
  readonly windowNo: string | undefined;
  readonly body: Body;
}

/** One verb of the desk API, declared once: the server, the OpenAPI document and docs/desk-api.md are made from these. */
export interface Verb {
  readonly method: "GET" | "POST";
  /** As OpenAPI writes it; `{caseNo}` is the only parameter there is. */
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  /** null: a GET, which has none and changes nothing. */
  readonly body: z.ZodType | null;
  /** Whether it is about one window, which `windowNo` names where there are several. */
  readonly isOfWindow: boolean;
  /** It needs no database: IT staff's way to the console while the database is damaged. */
  readonly inRescue?: true;
  /** Only what it declares leaves this PC. */
  readonly answer: z.ZodType;
  /** Codes of its own, besides those that any request may meet. */
  readonly errors: readonly ErrorCode[];
  handle(call: Call<unknown>): unknown;
}

type Declared = Omit<Verb, "body" | "answer" | "handle" | "isOfWindow">;

/** A verb about this PC, for reading. */
export const pcVerb = <Answer>(declared: Declared & { readonly answer: z.ZodType<Answer>; handle(call: Call<unknown>): Answer }): Verb => ({
  ...declared,
  body: null,
  isOfWindow: false,
});

/** A verb about the pads of this PC, for IT staff alone. */
export const padVerb = <Body>(
  declared: Pick<Declared, "path" | "summary" | "errors"> & { readonly body: z.ZodType<Body>; handle(pads: PadDesk, body: Body): void },
): Verb => ({
  ...declared,
  method: "POST",
  access: "control",
  isOfWindow: false,
  answer: padListSchema,
  handle: ({ pads, body }) => {
    const desk = padsOf(pads);
    declared.handle(desk, body as Body);
    return desk.list();
  },
});

/** A verb that reads something of a pad itself, for IT staff alone. */
export const padReadingVerb = <Body, Answer>(
  declared: Pick<Declared, "path" | "summary" | "errors"> & {
    readonly body: z.ZodType<Body>;
    readonly answer: z.ZodType<Answer>;
    handle(pads: PadDesk, body: Body): Promise<Answer>;
  },
): Verb => ({
  ...declared,
  method: "POST",
  access: "control",
  isOfWindow: false,
  handle: ({ pads, body }) => declared.handle(padsOf(pads), body as Body),
});

/** A verb about the screens of this PC, for IT staff alone. */
export const screenVerb = <Body, Answer>(
  declared: Pick<Declared, "path" | "summary" | "errors"> & {
    readonly body: z.ZodType<Body>;
    readonly answer: z.ZodType<Answer>;
    handle(screens: Screens, body: Body): Answer | Promise<Answer>;
  },
): Verb => ({
  ...declared,
  method: "POST",
  access: "control",
  isOfWindow: false,
  inRescue: true,
  handle: ({ screens, body }) => {
    if (screens === undefined) throw new WindowRatingError("WR5010", "this window PC has no screens");
    return declared.handle(screens, body as Body);
  },
});

/** A verb about the clerks of this PC, for IT staff alone; it answers with them as they are then. */
export const clerkVerb = <Body>(
  declared: Pick<Declared, "path" | "summary" | "errors"> & {
    readonly body: z.ZodType<Body>;
    handle(clerks: ClerkDesk, body: Body): void | Promise<void>;
  },
): Verb => ({
  ...declared,
  method: "POST",
  access: "control",
  isOfWindow: false,
  errors: [...declared.errors, "WR4003", "WR5010"],
  answer: clerkListSchema,
  handle: async ({ clerks, body }) => {
    const desk = clerksOf(clerks);
    await declared.handle(desk, body as Body);
    return desk.list();
  },
});

export const clerksOf = (clerks: ClerkDesk | undefined): ClerkDesk => {
  if (clerks === undefined) throw new WindowRatingError("WR5010", "this window PC tells nothing of its clerks");
  return clerks;
};

export const padsOf = (pads: PadDesk | undefined): PadDesk => {
  if (pads === undefined) throw new WindowRatingError("WR5010", "this window PC tells nothing of its pads");
  return pads;
};

/** A verb of one window. Its body has a field more than declared: the window. */
export const windowVerb = <Shape extends z.ZodRawShape, Answer>(
  declared: Declared & {
    readonly body: z.ZodObject<Shape, z.core.$strict> | null;
    readonly answer: z.ZodType<Answer>;
    handle(desk: WindowDesk, call: Omit<Call<z.output<z.ZodObject<Shape, z.core.$strict>>>, "desks">): Answer | Promise<Answer>;
  },
): Verb => ({
  ...declared,
  body: declared.body === null ? null : declared.body.extend({ windowNo: windowChoiceSchema }),
  isOfWindow: true,
  errors: [...declared.errors, "WR5017"],
  handle: ({ desks, ...call }) => {
    const { windowNo = call.windowNo, ...body } = (call.body ?? {}) as { windowNo?: string };
    return declared.handle(desks.of(windowNo), { ...call, body: body as z.output<z.ZodObject<Shape, z.core.$strict>> });
  },
});

/** The verb has its effect on disk; there is nothing else to say. */
export const done = z.strictObject({});
