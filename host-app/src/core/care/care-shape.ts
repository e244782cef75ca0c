import { z } from "zod";

const count = z.number().int().min(0);
const wallMs = z.number().int();

/** What a whole reading of a database found. */
export const databaseCheckSchema = z.object({
  ok: z.boolean(),
  faults: z.array(z.string()).describe("What SQLite itself found, the first of it; empty: nothing"),
  foreignKeys: count.describe("Rows that name another one which is not there"),
  chain: z
    .object({ entries: count, brokenAt: count.nullable().describe("Number of the first entry that does not fit"), detail: z.string() })
    .describe("Numbers, hashes and signatures of the entries (I8)"),
  counts: z.object({ entries: count, waiting: count, setAside: count, ratings: count, requests: count }),
  tookMs: count,
});
export type DatabaseCheck = z.infer<typeof databaseCheckSchema>;

/** A file in quarantine beside the one in use. */
export const comparisonSchema = z.object({
  check: databaseCheckSchema,
  inBoth: count,
  onlyLive: count.describe("Entries written since, or lost to the other file"),
  missing: z
    .object({
      fitting: count.describe("Entries that the file in use lacks and can take back as they are"),
      notFitting: count.describe("Entries that it lacks but whose number or place another one has: they can only be exported"),
      numbers: z.array(count).describe("The first of them all"),
    })
    .describe("Genuine entries that the file in use lacks"),
  altered: count.describe("Entries whose content is not what was signed; nobody can take them"),
});
export type Comparison = z.infer<typeof comparisonSchema>;

export const backupSchema = z.object({
  name: z.string(),
  atMs: z.number().int(),
  sizeBytes: z.number().int(),
  verified: z.object({ atMs: z.number().int(), ok: z.boolean() }).nullable().describe("null: nobody has looked yet"),
});
export type Backup = z.infer<typeof backupSchema>;

/** What IT staff sees of the care of the database. */
export const careStateSchema = z.object({
  underWay: z.object({ what: z.enum(["check", "back-up", "compare", "take-back", "export"]), sinceMs: wallMs }).nullable(),
  trouble: z
    .object({ code: z.string(), title: z.string(), detail: z.string(), advice: z.string() })
    .nullable()
    .describe("Why the newest work was not done"),
  lastCheck: z.object({ atMs: wallMs, found: databaseCheckSchema }).nullable(),
  comparison: z
    .object({ name: z.string(), atMs: wallMs, found: comparisonSchema, path: z.string().describe("The copy in quarantine") })
    .nullable(),
  takenBack: z.object({ name: z.string(), numbers: z.number().int() }).nullable(),
  exported: z.object({ path: z.string(), entries: z.number().int() }).nullable(),
  backups: z.array(backupSchema).describe("Newest first"),
  everyMinutes: z.number(),
  rescued: z
    .object({ entries: count, damaged: z.string().describe("Where the damaged file is kept") })
    .nullable()
    .describe("The rescue that this database, or one before it, was begun with; null: none"),
});
export type CareState = z.infer<typeof careStateSchema>;

/** What a rescue found; lies beside the rescued file. */
export const rescueReportSchema = z.object({
  path: z.string().describe("The rescued file"),
  original: z.object({ database: z.string(), log: z.string() }).describe("Change when the damaged file does"),
  entries: count,
  highest: count.describe("Highest number among them; 0: none"),
  gaps: z.array(z.object({ first: count, last: count })).describe("Numbers that were found nowhere, the first hundred stretches"),
  highestSeen: count.describe("Highest number that anything in the files names, whether its entry was found or not"),
  altered: count.describe("Entries that were read but are not what was signed; they are in doubtful.json"),
  from: z.object({ reading: count, bytes: count, backups: count }).describe("Where each entry was found first"),
  otherRows: z.record(z.string(), count).describe("Rows of the other tables"),
  check: databaseCheckSchema,
});
export type RescueReport = z.infer<typeof rescueReportSchema>;

/** Why the file of a rescue must not be used (WR4010). */
const rescueHindranceSchema = z.discriminatedUnion("why", [
  z.object({ why: z.literal("changed").describe("The damaged file is another one now") }),
  z.object({ why: z.literal("unsound"), fault: z.string() }),
  z.object({ why: z.literal("newer-lost").describe("Made, and not found"), first: count, last: count }),
  z.object({ why: z.literal("central-has-newer").describe("At central, and not found"), first: count, last: count }),
]);
export type RescueHindrance = z.infer<typeof rescueHindranceSchema>;

/** What IT staff sees while nothing but the rescue of a damaged database is served. */
export const rescueStateSchema = z.object({
  path: z.string().describe("The damaged file"),
  found: z.string().describe("What SQLite says of it"),
  sizeBytes: count,
  backups: z.array(backupSchema).describe("Newest first"),
  asksCentral: z.boolean().describe("This PC is enrolled: its rescued file is used only when it is known how far central is"),
  underWay: z.object({ sinceMs: wallMs }).nullable(),
  trouble: careStateSchema.shape.trouble.describe("Why the newest rescue was not made"),
  rescue: z
    .object({ report: rescueReportSchema, hindrance: rescueHindranceSchema.nullable() })
    .nullable()
    .describe("The newest that there is, whoever made it"),
});
export type RescueState = z.infer<typeof rescueStateSchema>;

/** How far central has the entries of this PC. */
export const centralHighestSchema = z.discriminatedUnion("is", [
  z.object({ is: z.literal("not-enrolled") }),
  z.object({ is: z.literal("told"), highest: count.describe("Beyond holes too") }),
  z.object({ is: z.literal("unknown"), why: careStateSchema.shape.trouble.unwrap().describe("Why central could not be asked") }),
]);
