import {
  addClerkSchema,
  type ClerkChoice,
  changePinSchema,
  clerkChoiceSchema,
  clerkListSchema,
  ownTotalsRequestSchema,
  ownTotalsSchema,
  pinCodeSchema,
  setCardSchema,
  setPinSchema,
  setPinWithCodeSchema,
  signInSchema,
  signInWithCardSchema,
  signInWithPinSchema,
  signOutSchema,
  unlockSchema,
} from "@window-rating/protocol/desk";
import { z } from "zod";
import { clerksOf, clerkVerb, done, pcVerb, type Verb, windowVerb } from "./verb.ts";

const nothing = z.strictObject({});

/** What a clerk does at a window: who sits there, and what proves it. */
export const CLERK_VERBS: readonly Verb[] = [
  windowVerb({
    method: "POST",
    path: "/desk/v1/clerk/sign-in",
    access: "paired",
    summary: "Sign a clerk in by the word of the business system: a change of shift in one step, or beside whoever is there",
    body: signInSchema,
    answer: done,
    errors: ["WR5024", "WR4003"],
    handle: (desk, { body, caller }) => {
      desk.signIn(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/clerk/sign-in/pin",
    access: "paired",
    summary: "Sign a clerk in by staff number and PIN",
    body: signInWithPinSchema,
    answer: done,
    errors: ["WR5019", "WR5020", "WR5022", "WR5023", "WR5024", "WR4003"],
    handle: async (desk, { body, caller }) => {
      await desk.signInWithPin(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/clerk/sign-in/card",
    access: "paired",
    summary: "Sign a clerk in by the digits that a card reader types",
    body: signInWithCardSchema,
    answer: done,
    errors: ["WR5019", "WR5020", "WR5022", "WR5023", "WR5024", "WR5032", "WR4003"],
    handle: async (desk, { body, caller }) => {
      await desk.signInWithCard(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/clerk/sign-out",
    access: "paired",
    summary: "Sign one clerk out, or all; a case in progress stays",
    body: signOutSchema,
    answer: done,
    errors: ["WR4003"],
    handle: (desk, { body, caller }) => {
      desk.signOut(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/clerk/stay",
    access: "paired",
    summary: "A clerk is there: the time after which clerks are signed out begins anew",
    body: nothing,
    answer: done,
    errors: [],
    handle: (desk, { caller }) => {
      desk.stay(caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/clerk/pin/change",
    access: "paired",
    summary: "Change a PIN; whoever does knows the present one",
    body: changePinSchema,
    answer: done,
    errors: ["WR5019", "WR5020", "WR5021", "WR4003"],
    handle: async (desk, { body, caller }) => {
      await desk.changePin(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/clerk/pin/set",
    access: "paired",
    summary: "Choose the first PIN, or a new one for a forgotten one, with a one-time code of IT staff",
    body: setPinWithCodeSchema,
    answer: done,
    errors: ["WR5019", "WR5020", "WR5021", "WR4003"],
    handle: async (desk, { body, caller }) => {
      await desk.setPinWithCode(body, caller);
      return {};
    },
  }),
  windowVerb({
    method: "POST",
    path: "/desk/v1/clerk/totals",
    access: "paired",
    summary: "The own ratings of a clerk who is signed in, late and pooled, where the site shows them; changes nothing",
    body: ownTotalsRequestSchema,
    answer: ownTotalsSchema,
    errors: ["WR5018", "WR5030"],
    handle: (desk, { body }) => desk.ownTotals(body),
  }),
];

/** What IT staff do for the clerks of this PC. */
export const CLERK_ADMIN_VERBS: readonly Verb[] = [
  pcVerb({
    method: "GET",
    path: "/desk/v1/clerks",
    access: "control",
    summary: "The clerks of this PC: names, whether they have PIN and card, and what is locked",
    answer: clerkListSchema,
    errors: ["WR5010"],
    handle: ({ clerks }) => clerksOf(clerks).list(),
  }),
  clerkVerb({
    path: "/desk/v1/clerks/add",
    summary: "Add a clerk whom central's roster does not name, or name one anew",
    body: addClerkSchema,
    errors: [],
    handle: (clerks, body) => clerks.add(body),
  }),
  clerkVerb({
    path: "/desk/v1/clerks/remove",
    summary: "Forget PIN, card and name of a clerk; what was rated stays as it is",
    body: clerkChoiceSchema,
    errors: ["WR5023"],
    handle: (clerks, body) => clerks.remove(body),
  }),
  clerkVerb({
    path: "/desk/v1/clerks/pin",
    summary: "Set a PIN for a clerk, who must change it at first use; ends a lock",
    body: setPinSchema,
    errors: ["WR5021", "WR5023"],
    handle: (clerks, body) => clerks.setPin(body),
  }),
  clerkVerb({
    path: "/desk/v1/clerks/card",
    summary: "Give a clerk a card, or take it away; a card belongs to one clerk",
    body: setCardSchema,
    errors: ["WR5023"],
    handle: (clerks, body) => clerks.setCard(body),
  }),
  clerkVerb({
    path: "/desk/v1/clerks/unlock",
    summary: "Unlock a clerk or a window after wrong PINs",
    body: unlockSchema,
    errors: [],
    handle: (clerks, body) => clerks.unlock(body),
  }),
  {
    method: "POST",
    path: "/desk/v1/clerks/code",
    access: "control",
    summary: "Make a one-time code with which a clerk chooses a PIN; ends a lock. The code is shown this once",
    body: clerkChoiceSchema,
    isOfWindow: false,
    answer: pinCodeSchema,
    errors: ["WR5023", "WR4003", "WR5010"],
    handle: ({ clerks, body }) => clerksOf(clerks).makeCode(body as ClerkChoice),
  },
];
