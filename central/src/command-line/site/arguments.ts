import { parseArgs } from "node:util";
import { z } from "zod";
import type { Storage } from "../../central.ts";
import { IMPORT_KINDS, type ImportKind } from "../../imports/kinds.ts";
import { type Site, siteSchema } from "../../ratings/site.ts";
import { newSystemSchema, SCOPES } from "../../registry/systems.ts";
import { storageOf } from "../arguments.ts";
import { faultOf, misread, misunderstood } from "../flag-fault.ts";

export const SITE_HELP = `window-central import, system, site: what this site knows and decided

  window-central import <kind> <file> --dry-run | --apply     kinds: ${IMPORT_KINDS.join(", ")}
  window-central system add --name <name> --scope <scope> [--scope <scope>]   scopes: ${SCOPES.join(", ")}
  window-central system list
  window-central system revoke <number>
  window-central site [--region <id>] [--reasons <version>] [--correct-within-days <days> | none]
                      [--second-rating private-correction|refused|pack] [--bad-needs-reason yes|no] [--manual-trigger yes|no|own]
                      [--idle-minutes <minutes> | own] [--own-totals yes|no|own] [--totals-delay-hours <hours> | own]
                      [--public-url <address>] --by <who>

import reads CSV (UTF-8, GBK or GB18030, UTF-16 with a mark) and XLSX; the first row names the columns, docs/central.md lists them.
--dry-run changes nothing and lists every bad row; --apply takes all rows, or none if one is bad. The same file again changes nothing.
system add prints the token of a business system once. site without options shows what is in force; with options it puts a new version
in force from now on, here and at the window PCs. --idle-minutes signs idle clerks out (0: never), --own-totals shows clerks their pooled ratings, late by
--totals-delay-hours; own leaves a choice to each window PC.

--second-rating says what a second rating of the same is: kept as a private correction, refused, or as the region's pack has it.

Storage:
  --data <folder>       embedded database in this folder; a central may be running on it
  DATABASE_URL          PostgreSQL, if --data is not given
  --contact-keys <file> keys, with PostgreSQL, for ratings with words; the same file as of window-central serve

Options:
  --by <who>            who decided or imports, for the record; of an import the user name of the system if not given
  --json                print data as JSON
  --help                this text

Examples:
  window-central import clerks clerks.xlsx --dry-run --data ./central-data
  window-central import ratings 2020年评价.csv --apply
  window-central system add --name "不动产登记系统" --scope cases
  window-central site --region linxia --by "张三样例" --data ./central-data

Exit codes: 0 done, 1 failed or bad rows, 2 command not understood
`;

export type SiteCommand =
  | { readonly name: "help" }
  | {
      readonly name: "import";
      readonly storage: Storage;
      readonly kind: ImportKind;
      readonly file: string;
      readonly mode: "dry-run" | "apply";
      readonly by: string | undefined;
      /** Undefined: that of the data folder. */
      readonly contactKeys: string | undefined;
      readonly json: boolean;
    }
  | { readonly name: "system add"; readonly storage: Storage; readonly system: z.output<typeof newSystemSchema>; readonly json: boolean }
  | { readonly name: "system list" | "site"; readonly storage: Storage; readonly json: boolean }
  | { readonly name: "system revoke"; readonly storage: Storage; readonly systemNo: number; readonly json: boolean }
  | { readonly name: "site set"; readonly storage: Storage; readonly changes: Partial<Site>; readonly by: string; readonly json: boolean };

const common = { data: z.string().min(1).optional(), json: z.boolean().default(false) };
const by = z.string().trim().min(1).max(64);
/** Left to each window PC. */
const own = z.literal("own").transform(() => null);
const yesNo = z.enum(["yes", "no"]).transform((word) => word === "yes");

const importShape = z.strictObject({
  ...common,
  by: by.optional(),
  "contact-keys": z.string().min(1).optional(),
  "dry-run": z.boolean().default(false),
  apply: z.boolean().default(false),
});
const addShape = z.strictObject({ ...common, name: newSystemSchema.shape.name, scope: newSystemSchema.shape.scopes });
const siteShape = z.strictObject({
  ...common,
  by: by.optional(),
  region: siteSchema.shape.region.unwrap().unwrap().optional(),
  reasons: siteSchema.shape.reasonsVersion.unwrap().optional(),
  "correct-within-days": z.union([z.literal("none").transform(() => null), z.coerce.number().int().min(0).max(365)]).optional(),
  "second-rating": z.union([z.literal("pack").transform(() => null), siteSchema.shape.secondRating.unwrap().unwrap()]).optional(),
  "bad-needs-reason": yesNo.optional(),
  "public-url": siteSchema.shape.publicUrl.unwrap().unwrap().optional(),
  "manual-trigger": z.union([own, yesNo]).optional(),
  "idle-minutes": z.union([own, z.coerce.number().int().min(0).max(480)]).optional(),
  "own-totals": z.union([own, yesNo]).optional(),
  "totals-delay-hours": z.union([own, z.coerce.number().int().min(1).max(720)]).optional(),
});

/**
 * @param given the command line from `import`, `system` or `site` on
 * @throws WindowRatingError WR8002
 */
export const readSiteCommand = (given: readonly string[], databaseUrl: string | undefined): SiteCommand => {
  const { values, positionals } = split(given);
  const { help, ...options } = values;
  if (help === true) return { name: "help" };
  const [name = "", ...words] = positionals;
  const read = <S extends z.ZodType<{ data?: string | undefined; json: boolean }>>(shape: S, command: string, wordCount: number) => {
    if (words.length !== wordCount)
      throw misunderstood(`${command} needs ${wordCount === 1 ? "one word" : `${wordCount} words`} after it; --help shows examples`);
    const parsed = shape.safeParse(options);
    if (!parsed.success) throw misunderstood(faultOf(parsed.error, command));
    return { parsed: parsed.data, storage: storageOf(parsed.data.data, databaseUrl), json: parsed.data.json };
  };
  if (name === "import") {
    const { parsed, ...rest } = read(importShape, "import", 2);
    const kind = z.enum(IMPORT_KINDS).safeParse(words[0]);
    if (!kind.success) throw misunderstood(`import knows ${IMPORT_KINDS.join(", ")}, not "${words[0]}"`);
    if (parsed["dry-run"] === parsed.apply) throw misunderstood("import needs either --dry-run or --apply");
    return {
      name,
      kind: kind.data,
      file: words[1] as string,
      mode: parsed.apply ? "apply" : "dry-run",
      by: parsed.by,
      contactKeys: parsed["contact-keys"],
      ...rest,
    };
  }
  if (name === "system") return readSystemCommand(words, read);
  const { parsed, ...rest } = read(siteShape, "site", 0);
  const changes = definedOnly({
    region: parsed.region,
    reasonsVersion: parsed.reasons,
    correctWithinDays: parsed["correct-within-days"],
    secondRating: parsed["second-rating"],
    badNeedsReason: parsed["bad-needs-reason"],
    manualTrigger: parsed["manual-trigger"],
    idleMinutes: parsed["idle-minutes"],
    ownTotals: parsed["own-totals"],
    totalsDelayHours: parsed["totals-delay-hours"],
    publicUrl: parsed["public-url"],
  });
  if (Object.keys(changes).length === 0) return { name: "site", ...rest };
  if (parsed.by === undefined) throw misunderstood("--by: who decided it goes on the record");
  return { name: "site set", changes, by: parsed.by, ...rest };
};

type Read = <S extends z.ZodType<{ data?: string | undefined; json: boolean }>>(
  shape: S,
  command: string,
  wordCount: number,
) => { readonly parsed: z.output<S>; readonly storage: Storage; readonly json: boolean };

const readSystemCommand = (words: readonly string[], read: Read): SiteCommand => {
  if (words[0] === "add") {
    const { parsed, ...rest } = read(addShape, "system add", 1);
    return { name: "system add", system: { name: parsed.name, scopes: parsed.scope }, ...rest };
  }
  if (words[0] === "list") {
    const { storage, json } = read(z.strictObject(common), "system list", 1);
    return { name: "system list", storage, json };
  }
  if (words[0] === "revoke") {
    const { storage, json } = read(z.strictObject(common), "system revoke", 2);
    const systemNo = z.coerce.number().int().min(1).safeParse(words[1]);
    if (!systemNo.success) throw misunderstood("system revoke needs the number that system list shows");
    return { name: "system revoke", systemNo: systemNo.data, storage, json };
  }
  throw misunderstood(`system knows add, list and revoke, not "${words[0] ?? ""}"`);
};

const definedOnly = <T extends object>(all: { [K in keyof T]: T[K] | undefined }): Partial<T> =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Partial<T>;

const split = (given: readonly string[]) => {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        data: text,
        "contact-keys": text,
        json: flag,
        by: text,
        "dry-run": flag,
        apply: flag,
        name: text,
        scope: { ...text, multiple: true },
        region: text,
        reasons: text,
        "correct-within-days": text,
        "second-rating": text,
        "bad-needs-reason": text,
        "manual-trigger": text,
        "idle-minutes": text,
        "own-totals": text,
        "totals-delay-hours": text,
        "public-url": text,
        help: { ...flag, short: "h" },
      },
    });
  } catch (error) {
    throw misread(error);
  }
};
