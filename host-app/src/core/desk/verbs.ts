import {
  cancelCaseSchema,
  deskStateSchema,
  endCaseAnswerSchema,
  endCaseSchema,
  noticeSchema,
  pauseSchema,
  resumeSchema,
  signInSchema,
  signOutSchema,
  startCaseSchema,
  windowChoiceSchema,
} from "@window-rating/protocol/desk";
import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import type { Caller, WindowDesk } from "../cases/window-desk.ts";
import type { WindowDesks } from "../cases/window-desks.ts";
import { padListSchema } from "../commands/pad-shape.ts";
import { type HostStatus, hostStatusSchema } from "../commands/status-shape.ts";
import type { PadDesk } from "../pads/pad-desk.ts";
import { SESSION_SCREENS } from "../screens/screen-sessions.ts";
import { openedScreenSchema, type Screens, screenListSchema } from "../screens/screens.ts";
import { openApiDocument } from "./openapi.ts";

/** Who may call: any program on this PC that is no web page, a paired one, or the commands of window-host itself. */
export type Access = "anyone" | "paired" | "control";

export interface Call<Body> {
  readonly desks: WindowDesks;
  readonly status: (() => HostStatus) | undefined;
  readonly pads: PadDesk | undefined;
  readonly screens: Screens | undefined;
  readonly caller: Caller;
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
  /** Only what it declares leaves this PC. */
  readonly answer: z.ZodType;
  /** Codes of its own, besides those that any request may meet. */
  readonly errors: readonly ErrorCode[];
  handle(call: Call<unknown>): unknown;
}

type Declared = Omit<Verb, "body" | "answer" | "handle" | "isOfWindow">;

/** A verb about this PC, for reading. */
const pcVerb = <Answer>(declared: Declared & { readonly answer: z.ZodType<Answer>; handle(call: Call<unknown>): Answer }): Verb => ({
  ...declared,
  body: null,
  isOfWindow: false,
});

/** A verb about the pads of this PC, for IT staff alone. */
const padVerb = <Body>(
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

/** A verb about the screens of this PC, for IT staff alone. */
const screenVerb = <Body, Answer>(
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
  handle: ({ screens, body }) => {
    if (screens === undefined) throw new WindowRatingError("WR5010", "this window PC has no screens");
    return declared.handle(screens, body as Body);
  },
});

const padsOf = (pads: PadDesk | undefined): PadDesk => {
  if (pads === undefined) throw new WindowRatingError("WR5010", "this window PC tells nothing of its pads");
  return pads;
};

/** A verb of one window. Its body has a field more than declared: the window. */
const windowVerb = <Shape extends z.ZodRawShape, Answer>(
  declared: Declared & {
    readonly body: z.ZodObject<Shape, z.core.$strict> | null;
    readonly answer: z.ZodType<Answer>;
    handle(desk: WindowDesk, call: Omit<Call<z.output<z.ZodObject<Shape, z.core.$strict>>>, "desks">): Answer;
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
const done = z.strictObject({});

export const VERBS: readonly Verb[] = [
  windowVerb({
    method: "POST",
    path: "/desk/v1/clerk/sign-in",
    access: "paired",
    summary: "Sign a clerk in; whoever was signed in before is signed out",
    body: signInSchema,
    answer: done,
    errors: ["WR4003"],
    handle: (desk, { body, caller }) => {
      desk.signIn(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/clerk/sign-out",
    access: "paired",
    summary: "Sign the clerk out",
    body: signOutSchema,
    answer: done,
    errors: ["WR4003"],
    handle: (desk, { caller }) => {
      desk.signOut(caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/cases",
    access: "paired",
    summary: "Start a case, or one more visit of it; repeating it with the same content changes nothing",
    body: startCaseSchema,
    answer: done,
    errors: ["WR5004", "WR5006", "WR5007", "WR4003"],
    handle: (desk, { body, caller }) => {
      desk.startCase(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/cases/{caseNo}/end",
    access: "paired",
    summary: "End the case: this, and nothing else, asks the citizen for a rating; answers when that is on disk and waits for no pad",
    body: endCaseSchema,
    answer: endCaseAnswerSchema,
    errors: ["WR5004", "WR5005", "WR5006", "WR5008", "WR4003"],
    handle: (desk, { caseNo, body, caller }) => desk.endCase(caseNo, body, caller),
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/cases/{caseNo}/cancel",
    access: "paired",
    summary: "Close the case without a rating, or take the invitation on the pad back",
    body: cancelCaseSchema,
    answer: done,
    errors: ["WR5009", "WR4003"],
    handle: (desk, { caseNo, body, caller }) => {
      desk.cancelCase(caseNo, body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/pause",
    access: "paired",
    summary: "The window pauses (暂停服务): a pad with a screen shows it while nothing is rated; cases go on as before",
    body: pauseSchema,
    answer: done,
    errors: ["WR4003"],
    handle: (desk, { body, caller }) => {
      desk.pause(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/resume",
    access: "paired",
    summary: "The window goes on; if it does not pause nothing changes",
    body: resumeSchema,
    answer: done,
    errors: ["WR4003"],
    handle: (desk, { caller }) => {
      desk.resume(caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/notice",
    access: "paired",
    summary: "A line of text on the idle screen of the pad, never over a rating; not kept through a restart of the window PC",
    body: noticeSchema,
    answer: done,
    errors: [],
    handle: (desk, { body, caller }) => {
      desk.showNotice(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "GET",
    path: "/desk/v1/state",
    access: "paired",
    summary: "What this window is doing now; never what level a citizen gave",
    body: null,
    answer: deskStateSchema,
    errors: [],
    handle: (desk) => desk.state(),
  }),
  pcVerb({
    method: "GET",
    path: "/desk/v1/windows",
    access: "paired",
    summary: "The windows of this PC, each as GET /desk/v1/state tells it",
    answer: z.object({ windows: z.array(deskStateSchema) }),
    errors: [],
    handle: ({ desks }) => ({ windows: desks.all.map((desk) => desk.state()) }),
  }),
  pcVerb({
    method: "GET",
    path: "/desk/v1/status",
    access: "control",
    summary: "Health of the window PC, for window-host status and doctor",
    answer: hostStatusSchema,
    errors: ["WR5010"],
    handle: ({ status }) => {
      if (status === undefined) throw new WindowRatingError("WR5010", "this window PC tells no status");
      return status();
    },
  }),
  pcVerb({
    method: "GET",
    path: "/desk/v1/pads",
    access: "control",
    summary: "The pads of this PC, how far they are known, and where a pairing stands; for window-host pad",
    answer: padListSchema,
    errors: ["WR5010"],
    handle: ({ pads }) => padsOf(pads).list(),
  }),
  padVerb({
    path: "/desk/v1/pads/pair",
    summary: "Pair the pad of a window: somebody stands at it and holds its key",
    body: z.strictObject({ windowNo: windowChoiceSchema }),
    errors: ["WR5010", "WR5017", "WR1017"],
    handle: (pads, { windowNo }) => pads.pair(windowNo),
  }),
  padVerb({
    path: "/desk/v1/pads/pair/code",
    summary: "The code that was read from the pad",
    body: z.strictObject({ windowNo: windowChoiceSchema, code: z.string().min(1).max(64) }),
    errors: ["WR5010", "WR5017", "WR1017"],
    handle: (pads, { windowNo, code }) => pads.type(windowNo, code),
  }),
  padVerb({
    path: "/desk/v1/pads/pair/cancel",
    summary: "Give a pairing up",
    body: z.strictObject({ windowNo: windowChoiceSchema }),
    errors: ["WR5010", "WR5017", "WR1017"],
    handle: (pads, { windowNo }) => pads.cancel(windowNo),
  }),
  padVerb({
    path: "/desk/v1/pads/unpair",
    summary: "Have a pad erase its pairing key; or forget the key of one that is not here",
    body: z.strictObject({
      windowNo: windowChoiceSchema,
      forget: z.strictObject({ model: z.string(), serialNumber: z.string() }).optional(),
    }),
    errors: ["WR5010", "WR5017", "WR1016", "WR1017"],
    handle: (pads, { windowNo, forget }) => (forget === undefined ? pads.unpair(windowNo) : pads.forget(forget)),
  }),
  padVerb({
    path: "/desk/v1/pads/assets/refresh",
    summary: "Look at the folder of assets anew, and bring the pads what has changed",
    body: z.strictObject({}),
    errors: ["WR5010"],
    handle: (pads) => pads.refreshAssets(),
  }),
  padVerb({
    path: "/desk/v1/pads/update",
    summary: "Begin to update the firmware of a pad from an image on this PC; GET /desk/v1/pads tells how it goes",
    body: z.strictObject({ windowNo: windowChoiceSchema, image: z.string().min(1).max(1024).describe("Path of the image on this PC") }),
    errors: ["WR5010", "WR5017", "WR1017", "WR1030", "WR1032", "WR1034"],
    handle: (pads, { windowNo, image }) => pads.update(windowNo, image),
  }),
  screenVerb({
    path: "/desk/v1/screens/list",
    summary: "The screens that may be open in browsers of this PC; for window-host screen",
    body: z.strictObject({}),
    answer: screenListSchema,
    errors: ["WR5010"],
    handle: (screens) => screens.list(),
  }),
  screenVerb({
    path: "/desk/v1/screens/open",
    summary: "An address that opens a screen in a browser of this PC, once and for two minutes",
    body: z.strictObject({ screen: z.enum(SESSION_SCREENS), windowNo: windowChoiceSchema }),
    answer: openedScreenSchema,
    errors: ["WR5010", "WR5017", "WR5106", "WR8004"],
    handle: (screens, { screen, windowNo }) => screens.open(screen, windowNo),
  }),
  screenVerb({
    path: "/desk/v1/screens/end",
    summary: "End the session of a screen, or of all; whoever has it open is cut off at once",
    body: z.strictObject({ id: z.string().min(1).max(16).optional() }),
    answer: z.object({ ended: z.number().int() }),
    errors: ["WR5010", "WR8006"],
    handle: (screens, { id }) => ({ ended: screens.end(id) }),
  }),
  pcVerb({
    method: "GET",
    path: "/desk/v1/openapi.json",
    access: "anyone",
    summary: "This description",
    answer: z.record(z.string(), z.unknown()),
    errors: [],
    handle: () => openApiDocument(VERBS),
  }),
];
