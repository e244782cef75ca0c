import { z } from "zod";
import { shortText } from "../rating.ts";

/**
 * `POST /desk/v1/pairings`: a business system asks to be paired. Its page is known by the Origin that the browser names; a program that is
 * no page has none, and its token then works for no page.
 */
export const askPairingSchema = z.strictObject({
  name: shortText(64).describe("Name of the business system; it stands on the record of every case it ends"),
});
export type AskPairing = z.infer<typeof askPairingSchema>;

export const askedPairingSchema = z.object({
  requestId: z.string(),
  secret: z.string().describe("Who shows it collects the token; keep it to yourself"),
  code: z.string().describe("Show it: whoever confirms on the window PC compares it with the one there"),
  expiresInMs: z.number().int().min(0),
});
export type AskedPairing = z.infer<typeof askedPairingSchema>;

/** `POST /desk/v1/pairings/collect`: what became of it, and the token if it was confirmed. Asked again it gives the same answer. */
export const collectPairingSchema = z.strictObject({ requestId: z.string().max(64), secret: z.string().max(128) });
export type CollectPairing = z.infer<typeof collectPairingSchema>;

export const collectedPairingSchema = z.object({
  state: z.enum(["waiting", "confirmed", "refused"]),
  token: z.string().optional().describe("If confirmed; it is kept nowhere on the window PC"),
  expiresInMs: z.number().int().min(0),
});
export type CollectedPairing = z.infer<typeof collectedPairingSchema>;

/** A business system that waits for a person to confirm it. */
export const waitingPairingSchema = z.object({
  name: z.string(),
  origin: z.string().nullable().describe("Of the page that asked, as the browser names it; null: a program that is no page"),
  code: z.string().describe("Must be the same as on the screen of the business system"),
  expiresInMs: z.number().int().min(0),
});
export type WaitingPairing = z.infer<typeof waitingPairingSchema>;

/** What is paired with this PC, and who waits for it; never a token or its hash. */
export const pairingListSchema = z.object({
  waiting: z.array(waitingPairingSchema).max(1),
  pairings: z.array(
    z.object({
      name: z.string(),
      origins: z.array(z.string()),
      createdAt: z.string(),
      lastUsedAt: z.iso
        .date()
        .nullable()
        .optional()
        .describe("Day of its last use, by the calendar of the PC; null: not used since it was paired, or since the PC keeps this"),
    }),
  ),
});
export type PairingList = z.infer<typeof pairingListSchema>;

/** `POST /desk/v1/pairings/confirm` and `/refuse`: by the code that both sides show. */
export const pairingCodeSchema = z.strictObject({ code: z.string().trim().min(1).max(16) });

/** `POST /desk/v1/pairings/revoke`. */
export const revokePairingSchema = z.strictObject({ name: shortText(64) });
