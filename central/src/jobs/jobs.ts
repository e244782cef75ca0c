import { LEVELS, type Level } from "@window-rating/protocol/rating";
import { type Position, settleBatch } from "../channels/static-match.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import { RatingPolicies } from "../ratings/site.ts";
import type { ContactKeys } from "../sms/contact-keys.ts";
import type { SmsGateway } from "../sms/gateway.ts";
import { invitationOf } from "../sms/invitation.ts";
import type { TextParts } from "../sms/message-text.ts";
import { sendMessages } from "../sms/sending.ts";
import { defaultBatch } from "./default-ratings.ts";
import { type CaseKey, remindBatch, remindLate } from "./reminders.ts";
import { type RulesInForce, readRulesInForce } from "./rules-in-force.ts";
import { type JobName, workOff } from "./turn.ts";

/** Cases a transaction: long enough to be fast, short enough that a rating never waits to be noticed. */
const BATCH = 5000;
/** A first look at contacts that came late goes back so far. */
const LATE_CONTACTS_MS = 30 * 86_400_000;
const OVERLAP_MS = 300_000;

export interface JobParts {
  readonly db: CentralDatabase;
  readonly book: RuleBook;
  readonly now: () => number;
  /** Without them messages wait in the outbox, for another instance or for better times. */
  readonly sms?: { readonly gateway: SmsGateway; readonly keys: ContactKeys } | undefined;
  /** Cases a transaction. */
  readonly batch?: number;
}

/** How much each job did; undefined: another instance was at it, or there was nothing for it to do. */
export type JobReport = { readonly [J in JobName]?: number | undefined };

export interface Jobs {
  /** Does everything that has come due, in order; once however many instances do it. Two calls at a time are one. */
  run(): Promise<JobReport>;
  /** Ends what is under way at the next whole batch. */
  stop(): Promise<void>;
}

export const createJobs = ({ db, book, now, sms, batch = BATCH }: JobParts): Jobs => {
  let running: Promise<JobReport> | undefined;
  let isStopping = false;
  const policies = new RatingPolicies(book);
  let contactsSeenMs: number | undefined;

  const runOnce = async (): Promise<JobReport> => {
    const startedMs = now();
    const rules = await inTransaction(db, (tx) => readRulesInForce(tx, book, startedMs));
    const report: { [J in JobName]?: number | undefined } = {};
    const note = async (job: JobName, work: () => Promise<number | undefined>): Promise<void> => {
      if (isStopping) return;
      const beganMs = now();
      const done = await work();
      report[job] = done;
      if (done === undefined || done === 0) return;
      await db.insertInto("job_runs").values({ job, done, started_at_ms: beganMs, finished_at_ms: now() }).execute();
    };
    const { reminder, defaultRating, settings } = rules;
    // The reminder of a case comes before its default rating, also when both are late.
    if (reminder.is === "runs") {
      const limits = { batch, withinDays: settings.remindWithinDays, limits: rules.reminderLimits, nowMs: startedMs };
      await note("reminder", () => workOff<CaseKey>(db, "reminder", (tx, from) => remindBatch(tx, reminder, { from, ...limits })));
      const sinceMs = contactsSeenMs ?? startedMs - LATE_CONTACTS_MS;
      await note("late-contacts", () => workOff(db, "late-contacts", (tx) => remindLate(tx, reminder, { sinceMs, ...limits })));
      contactsSeenMs = startedMs - OVERLAP_MS;
    }
    if (defaultRating.is === "runs" && rules.default !== null) {
      const what = { batch, ...rules.default, nowMs: startedMs };
      await note("default-rating", () =>
        workOff<CaseKey>(db, "default-rating", (tx, from) => defaultBatch(tx, defaultRating, { from, ...what })),
      );
    }
    await note("static-match", () =>
      workOff<Position>(db, "static-match", async (tx, from) => settleBatch(tx, await policies.inForce(tx), from, startedMs)),
    );
    if (sms !== undefined) {
      const text = textParts(rules);
      const invitation = invitationOf(sms.keys, rules.site);
      await note("send", () =>
        sendMessages({ db, ...sms, settings, text, limits: rules.reminderLimits, invitation, now, isStopping: () => isStopping }),
      );
    }
    return report;
  };

  return {
    run() {
      running ??= runOnce().finally(() => {
        running = undefined;
      });
      return running;
    },
    async stop() {
      isStopping = true;
      await running?.catch(() => {});
    },
  };
};

/** What messages of this site say in common. */
export const textParts = ({ settings, labels }: Pick<RulesInForce, "settings" | "labels">): TextParts => ({
  signature: settings.signature,
  labels: labels ?? (Object.fromEntries(LEVELS.map(({ level, zh }) => [level, zh])) as Record<Level, string>),
});
