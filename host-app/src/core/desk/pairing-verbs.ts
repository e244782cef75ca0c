import {
  askedPairingSchema,
  askPairingSchema,
  collectedPairingSchema,
  collectPairingSchema,
  pairingCodeSchema,
  pairingListSchema,
  revokePairingSchema,
} from "@window-rating/protocol/desk";
import type { z } from "zod";
import type { PairingDesk } from "./pairing-desk.ts";
import { pcVerb, type Verb } from "./verb.ts";

/** What a business system asks before it has a token. */
const askingVerb = <Body, Answer>(
  declared: Pick<Verb, "path" | "summary" | "errors"> & {
    readonly body: z.ZodType<Body>;
    readonly answer: z.ZodType<Answer>;
    handle(desk: PairingDesk, body: Body, origin: string | undefined): Answer;
  },
): Verb => ({
  ...declared,
  method: "POST",
  access: "asking",
  isOfWindow: false,
  handle: ({ pairingDesk, body, origin }) => declared.handle(pairingDesk, body as Body, origin),
});

/** What a person on this PC decides; answers with the list as it is then. */
const decidingVerb = <Body>(
  declared: Pick<Verb, "path" | "summary" | "errors"> & { readonly body: z.ZodType<Body>; handle(desk: PairingDesk, body: Body): void },
): Verb => ({
  ...declared,
  method: "POST",
  access: "control",
  isOfWindow: false,
  answer: pairingListSchema,
  handle: ({ pairingDesk, body }) => {
    declared.handle(pairingDesk, body as Body);
    return pairingDesk.list();
  },
});

/** How a business system comes to its token. */
export const PAIRING_VERBS: readonly Verb[] = [
  askingVerb({
    path: "/desk/v1/pairings",
    summary: "Ask to be paired; a person on the window PC compares the code and confirms",
    body: askPairingSchema,
    answer: askedPairingSchema,
    errors: ["WR5033", "WR8006"],
    handle: (desk, { name }, origin) => desk.ask(name, origin),
  }),
  askingVerb({
    path: "/desk/v1/pairings/collect",
    summary: "What became of it, and the token if it was confirmed; only for the page that asked",
    body: collectPairingSchema,
    answer: collectedPairingSchema,
    errors: ["WR5034", "WR8006"],
    handle: (desk, body, origin) => desk.collect(body, origin),
  }),
  pcVerb({
    method: "GET",
    path: "/desk/v1/pairings/list",
    access: "control",
    summary: "What is paired, with the day of its last use, and which business system waits to be confirmed",
    answer: pairingListSchema,
    errors: [],
    handle: ({ pairingDesk }) => pairingDesk.list(),
  }),
  decidingVerb({
    path: "/desk/v1/pairings/confirm",
    summary: "Confirm the business system that shows this code",
    body: pairingCodeSchema,
    errors: ["WR5034", "WR8005"],
    handle: (desk, { code }) => desk.confirm(code),
  }),
  decidingVerb({
    path: "/desk/v1/pairings/refuse",
    summary: "Refuse it; it may not ask again for ten minutes",
    body: pairingCodeSchema,
    errors: ["WR5034"],
    handle: (desk, { code }) => desk.refuse(code),
  }),
  decidingVerb({
    path: "/desk/v1/pairings/revoke",
    summary: "End a pairing; its token is worth nothing from then on",
    body: revokePairingSchema,
    errors: ["WR8005"],
    handle: (desk, { name }) => desk.revoke(name),
  }),
];
