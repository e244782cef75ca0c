import { sitePolicySchema } from "@window-rating/protocol/sync";
import { z } from "zod";
import { careStateSchema } from "../core/care/care-shape.ts";
import { hostStatusSchema } from "../core/commands/status-shape.ts";
import type { RequestDeclaration } from "./declaration.ts";

const count = z.number().int().min(0);
const wallMs = z.number().int();
const nothing = z.strictObject({});
const begun = z.object({}).describe("It was begun; database.read tells how it goes");

/** What the console may ask of the health of this PC: its database, its queue, what central has told it. */
export const CONSOLE_HEALTH_REQUESTS = {
  "status.read": {
    summary: "Health of the window PC, as `window-host status` tells it",
    from: ["console"],
    body: nothing,
    answer: hostStatusSchema.extend({ version: z.string(), centralUrl: z.string().nullable(), newestBackupMs: wallMs.nullable() }),
    errors: [],
  },
  "central.read": {
    summary: "Enrolment, the way to central, and what central refused; never a level",
    from: ["console"],
    body: nothing,
    answer: z.object({
      centralUrl: z.string().nullable().describe("null: no central is set"),
      windowPcId: z.string(),
      enrolledAt: z.string().nullable(),
      enrolledWith: z.string().nullable().describe("Address of the central that it was enrolled at"),
      sender: z
        .object({
          lastSyncMs: wallMs.nullable(),
          nextTryMs: wallMs.nullable(),
          cause: z.string().nullable(),
          offsetMs: z.number().nullable(),
          sent: count,
          refused: count,
          highestGapless: count.nullable(),
        })
        .nullable(),
      waiting: count,
      oldestMs: wallMs.nullable(),
      setAside: count,
      newest: z
        .array(
          z.object({ number: count, kind: z.string(), caseNo: z.string().nullable(), code: z.string(), detail: z.string(), atMs: wallMs }),
        )
        .describe("The newest hundred, newest first"),
      roster: hostStatusSchema.shape.roster,
      policy: sitePolicySchema.pick({ regionName: true, packVersion: true, calendar: true }).nullable(),
    }),
    errors: [],
  },
  "central.try": {
    summary: "Try central now, whatever is waited for",
    from: ["console"],
    body: nothing,
    answer: z.object({}),
    errors: ["WR8001"],
  },
  "central.enrol": {
    summary: "Enrol this PC at the central of its settings with a one-time code, as --enrol does",
    from: ["console"],
    body: z.strictObject({ code: z.string().trim().min(1).max(64) }),
    answer: z.object({ windowPcId: z.string() }),
    errors: ["WR6001", "WR6002", "WR6005", "WR6006", "WR7003", "WR8001"],
  },
  "database.read": {
    summary: "Backups, and how the newest check, backup or comparison went",
    from: ["console"],
    body: nothing,
    answer: careStateSchema,
    errors: [],
  },
  "database.check": { summary: "Read the whole database", from: ["console"], body: nothing, answer: begun, errors: ["WR4011"] },
  "database.backUp": { summary: "Back up now, and read the copy", from: ["console"], body: nothing, answer: begun, errors: ["WR4011"] },
  "database.compare": {
    summary: "Copy a backup into quarantine and hold it against the database in use; nothing is put back",
    from: ["console"],
    body: z.strictObject({ name: z.string().max(64) }),
    answer: begun,
    errors: ["WR4009", "WR4011"],
  },
  "database.takeBack": {
    summary: "Take back what the database in use lacks of the backup compared last, and queue it for central",
    from: ["console"],
    body: nothing,
    answer: begun,
    errors: ["WR4009", "WR4011"],
  },
  "database.export": {
    summary: "Write what the database in use lacks of the backup compared last into a signed file",
    from: ["console"],
    body: nothing,
    answer: begun,
    errors: ["WR4009", "WR4011"],
  },
  "database.readExport": {
    summary: "A piece of the file that was exported last, to be saved by the browser",
    from: ["console"],
    body: z.strictObject({ from: z.number().int().min(0) }),
    answer: z.object({ data: z.string().describe("Base64; empty: there is no more") }),
    errors: ["WR4009", "WR8006"],
  },
} as const satisfies Readonly<Record<string, RequestDeclaration>>;
