import {
  cancelCaseSchema,
  endCaseAnswerSchema,
  endCaseSchema,
  noticeSchema,
  pauseSchema,
  startCaseSchema,
} from "@window-rating/protocol/desk";
import { caseNoSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import type { RequestDeclaration, Sender } from "./declaration.ts";
import { preferencesSchema } from "./preferences.ts";

/** It has its effect on disk; there is nothing else to say. */
const done = z.strictObject({});
const nothing = z.strictObject({});

/**
 * Every question that a screen may ask, by name. Types, checks on both sides, the check of the sender and the error answers are made from
 * this table; a name that does not stand here does not compile, and the carrier refuses it.
 * A strip speaks for its own window and for no other: the window is no part of a message.
 */
export const REQUESTS = {
  "clerk.signOut": {
    summary: "Sign the clerk out",
    from: ["strip"],
    body: nothing,
    answer: done,
    errors: [],
  },
  "case.start": {
    summary: "Start a case, or one more visit of it",
    from: ["strip"],
    body: startCaseSchema,
    answer: done,
    errors: ["WR5004", "WR5006", "WR5007"],
  },
  "case.end": {
    summary: "End the case by the clerk's own key, which is recorded as a manual trigger (I12)",
    from: ["strip"],
    body: endCaseSchema.omit({ trigger: true }).extend({ caseNo: caseNoSchema }),
    answer: endCaseAnswerSchema,
    errors: ["WR5004", "WR5005", "WR5006", "WR5008"],
  },
  "case.cancel": {
    summary: "Close the case without a rating, or take the invitation on the pad back",
    from: ["strip"],
    body: cancelCaseSchema.extend({ caseNo: caseNoSchema }),
    answer: done,
    errors: ["WR5009"],
  },
  "window.pause": {
    summary: "The window pauses (暂停服务)",
    from: ["strip"],
    body: pauseSchema,
    answer: done,
    errors: [],
  },
  "window.resume": {
    summary: "The window goes on",
    from: ["strip"],
    body: nothing,
    answer: done,
    errors: [],
  },
  "pad.notice": {
    summary: "A line of text on the idle screen of the pad",
    from: ["strip"],
    body: noticeSchema,
    answer: done,
    errors: [],
  },
  "preferences.read": {
    summary: "How the clerk on duty likes the strip; of the window itself while nobody is signed in",
    from: ["strip"],
    body: nothing,
    answer: preferencesSchema,
    errors: [],
  },
  "preferences.save": {
    summary: "Keep how the clerk on duty likes the strip",
    from: ["strip"],
    body: preferencesSchema,
    answer: done,
    errors: [],
  },
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
