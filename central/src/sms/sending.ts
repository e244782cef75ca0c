import { randomUUID } from "node:crypto";
import type { CentralDatabase } from "../database/tables.ts";
import { NO_LIMITS, type ReminderLimits } from "../jobs/reminder-limits.ts";
import type { JobSettings } from "../jobs/settings.ts";
import type { ContactKeys } from "./contact-keys.ts";
import type { SendResult, SmsGateway } from "./gateway.ts";
import type { Invitation } from "./invitation.ts";
import type { TextParts } from "./message-text.ts";
import { claimMessages, recoverMessages, type Settlement, settleMessage } from "./outbox.ts";

const AT_ONCE = 8;
const CLAIM = 40;
/** Further tries after 1, 2, 4 … minutes, 6 hours at most: a day and a half in all. */
const TRIES = 12;
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 21_600_000;
/** Beyond the time of all sends of a claim, so that no other instance sends what is still under way. */
const CLAIM_MARGIN_MS = 60_000;

export interface Sending {
  readonly db: CentralDatabase;
  readonly gateway: SmsGateway;
  readonly keys: ContactKeys;
  readonly settings: JobSettings;
  readonly text: TextParts;
  /** Whom the region's clause leaves out; absent: nobody but who has rated the item. */
  readonly limits?: ReminderLimits;
  /** Absent: reminders ask for a reply alone. */
  readonly invitation?: Invitation | undefined;
  readonly now: () => number;
  /** Asked between messages: ends early if true. */
  readonly isStopping: () => boolean;
}

/** Sends what is due, in order, until nothing is. @returns how many the gateway accepted */
export const sendMessages = async (sending: Sending): Promise<number> => {
  const { db, gateway, now, isStopping, limits = NO_LIMITS } = sending;
  await recoverMessages(db, gateway.isIdempotent, now());
  let accepted = 0;
  while (!isStopping()) {
    const nowMs = now();
    const claim = randomUUID();
    const untilMs = nowMs + Math.ceil(CLAIM / AT_ONCE) * gateway.timeoutMs + CLAIM_MARGIN_MS;
    const { claimed, looked } = await claimMessages(db, { ...sending, limits, nowMs, claim, untilMs, limit: CLAIM });
    if (looked === 0) return accepted;
    const left = claimed[Symbol.iterator]();
    const worker = async (): Promise<void> => {
      for (const message of left) {
        const result = await gateway.send(message);
        const settle = (attempts: number): Settlement => settlementOf(result, attempts, gateway.isIdempotent, now());
        const settled = await settleMessage(db, { messageNo: message.messageNo, claim }, settle, now());
        if (settled?.state === "accepted") accepted += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  return accepted;
};

const waitMs = (attempts: number): number => Math.min(FIRST_WAIT_MS * 2 ** (attempts - 1), LONGEST_WAIT_MS);

/** What follows from what the gateway said. */
export const settlementOf = (result: SendResult, attempts: number, isIdempotent: boolean, nowMs: number): Settlement => {
  if (result.is === "accepted") return { state: "accepted", gatewayId: result.gatewayId };
  if (result.is === "unknown" && !isIdempotent) return { state: "unsure", fault: result.detail };
  if (result.is === "refused" && !result.again) return { state: "refused", fault: result.detail };
  if (attempts >= TRIES) return { state: "given-up", fault: result.detail };
  const asked = result.is === "refused" ? (result.waitMs ?? 0) : 0;
  return { state: "waiting", fault: result.detail, notBeforeMs: nowMs + Math.max(waitMs(attempts), asked) };
};
