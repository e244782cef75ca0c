import { parseArgs } from "node:util";
import { z } from "zod";
import type { Storage } from "../../central.ts";
import { type JobChanges, jobChangesSchema, type QuietHours } from "../../jobs/settings.ts";
import { storageOf } from "../arguments.ts";
import { faultOf, misread, misunderstood } from "../flag-fault.ts";

const DEFAULT_PHONE_PORT = 7390;

export const JOBS_HELP = `window-central jobs, sms, phone, contact-keys: reminders, default ratings, and the SMS that carry them

  window-central jobs
  window-central jobs set [--quiet 21:00-08:00 | none] [--hall-quiet <hall>=21:00-08:00 | <hall>=none | <hall>=site]...
                          [--reminder-after-days <days> | none] [--rules-from <yyyy-mm-dd> | region] [--staff-default yes|no|rules]
                          [--remind-within-days <days>] [--signature <text>] [--thank yes|no] --by <who>
  window-central sms [--limit 50]
  window-central phone [--port ${DEFAULT_PHONE_PORT}] [--central http://127.0.0.1:7300] [--save <gateway file>]
  window-central contact-keys <file>

jobs shows what each rule of the region does, since when, and how many cases are due. jobs set decides what no document decides; who
decided it is kept. sms lists messages, newest first, without phones. phone is a gateway with phones on a page, for tests and demos: read
the message there, answer "5". contact-keys makes the keys without which no phone on file can be read, or shows the public one; keep a copy
of the file, and keep it away from the database's backups.

Storage:
  --data <folder>       embedded database in this folder; a central may be running on it
  DATABASE_URL          PostgreSQL, if --data is not given

Options:
  --by <who>            who decided, for the record
  --save <file>         write the gateway file for window-central serve --sms-gateway
  SMS_REPLY_TOKEN       secret that phone and central share, in the environment of both
  --json                print data as JSON, one document or line
  --help                this text

Examples:
  window-central jobs --data ./central-data
  window-central jobs set --reminder-after-days 1 --by "张三样例" --data ./central-data
  window-central jobs set --quiet 20:00-09:00 --hall-quiet H-2=none --by "张三样例"
  SMS_REPLY_TOKEN=demo window-central phone --save gateway.json
  SMS_REPLY_TOKEN=demo window-central serve --data ./central-data --sms-gateway gateway.json

Exit codes: 0 done, 1 failed, 2 command not understood
`;

export type JobCommand =
  | { readonly name: "help" }
  | { readonly name: "jobs"; readonly storage: Storage; readonly json: boolean }
  | { readonly name: "jobs set"; readonly storage: Storage; readonly changes: JobSetting; readonly by: string; readonly json: boolean }
  | { readonly name: "sms"; readonly storage: Storage; readonly limit: number; readonly json: boolean }
  | { readonly name: "phone"; readonly port: number; readonly central: string; readonly save: string | undefined; readonly json: boolean }
  | { readonly name: "contact-keys"; readonly file: string; readonly json: boolean };

/** What is to change; `halls` is laid over what the halls have, undefined takes a hall's own hours away. */
export interface JobSetting {
  readonly changes: JobChanges;
  readonly halls: ReadonlyMap<string, QuietHours | null | undefined>;
}

const common = { data: z.string().min(1).optional(), json: z.boolean().default(false) };
const yesNo = z.enum(["yes", "no"]).transform((word) => word === "yes");
const wordOr = <T extends z.ZodType, V>(word: string, value: V, other: T) => z.union([z.literal(word).transform(() => value), other]);
const quiet = z
  .string()
  .regex(/^\d\d:\d\d-\d\d:\d\d$/, "two times of day, as 21:00-08:00")
  .transform((text): QuietHours => ({ from: text.slice(0, 5), until: text.slice(6) }));
const hallQuiet = z
  .string()
  .regex(/^[^=]+=(none|site|\d\d:\d\d-\d\d:\d\d)$/, "a hall and its times, as H-2=21:00-08:00, H-2=none or H-2=site")
  .transform((text): readonly [string, QuietHours | null | undefined] => {
    const [hall, hours] = text.split("=") as [string, string];
    return [hall, hours === "none" ? null : hours === "site" ? undefined : quiet.parse(hours)];
  });

const shapes = {
  jobs: z.strictObject(common),
  sms: z.strictObject({ ...common, limit: z.coerce.number().int().min(1).max(200).default(50) }),
  set: z.strictObject({
    ...common,
    by: z.string().trim().min(1).max(64).optional(),
    quiet: wordOr("none", null, quiet).optional(),
    "hall-quiet": z.array(hallQuiet).default([]),
    "reminder-after-days": wordOr("none", null, z.coerce.number()).optional(),
    "rules-from": wordOr("region", null, z.string()).optional(),
    "staff-default": wordOr("rules", null, yesNo).optional(),
    "remind-within-days": z.coerce.number().optional(),
    signature: z.string().optional(),
    thank: yesNo.optional(),
  }),
  phone: z.strictObject({
    json: common.json,
    port: z.coerce.number().int().min(0).max(65_535).default(DEFAULT_PHONE_PORT),
    central: z.url({ protocol: /^https?$/ }).default("http://127.0.0.1:7300"),
    save: z.string().min(1).optional(),
  }),
  keys: z.strictObject({ json: common.json }),
};

/**
 * @param given the command line from `jobs`, `sms`, `phone` or `contact-keys` on
 * @throws WindowRatingError WR8002
 */
export const readJobCommand = (given: readonly string[], databaseUrl: string | undefined): JobCommand => {
  const { values, positionals } = split(given);
  const { help, ...options } = values;
  if (help === true) return { name: "help" };
  const [name, ...words] = positionals;
  const read = <S extends z.ZodType>(shape: S, wordCount: number): z.output<S> => {
    if (words.length !== wordCount) throw misunderstood(`"${words.at(wordCount) ?? name}": ${name} --help shows what follows it`);
    const parsed = shape.safeParse(options);
    if (parsed.success) return parsed.data;
    throw misunderstood(faultOf(parsed.error, "this command"));
  };
  switch (name) {
    case "jobs": {
      if (words[0] === "set") return readSet(read(shapes.set, 1), databaseUrl);
      const { data, json } = read(shapes.jobs, 0);
      return { name, storage: storageOf(data, databaseUrl), json };
    }
    case "sms": {
      const { data, json, limit } = read(shapes.sms, 0);
      return { name, storage: storageOf(data, databaseUrl), limit, json };
    }
    case "phone": {
      const { save, ...rest } = read(shapes.phone, 0);
      return { name, save, ...rest };
    }
    case "contact-keys":
      return { name, ...read(shapes.keys, 1), file: words[0] as string };
    default:
      throw misunderstood(`There is no command "${name}"`);
  }
};

const readSet = (parsed: z.output<typeof shapes.set>, databaseUrl: string | undefined): JobCommand => {
  const given = {
    quietHours: parsed.quiet,
    reminderAfterDays: parsed["reminder-after-days"],
    rulesFrom: parsed["rules-from"],
    staffDefault: parsed["staff-default"],
    remindWithinDays: parsed["remind-within-days"],
    signature: parsed.signature,
    thank: parsed.thank,
  };
  const changes = jobChangesSchema.safeParse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  if (!changes.success) throw misunderstood(`${changes.error.issues[0]?.path.join(".") ?? ""}: ${changes.error.issues[0]?.message ?? ""}`);
  const halls = new Map(parsed["hall-quiet"]);
  if (Object.keys(changes.data).length === 0 && halls.size === 0) throw misunderstood("jobs set: nothing is to change");
  if (parsed.by === undefined) throw misunderstood("--by: who decided it goes on the record");
  const storage = storageOf(parsed.data, databaseUrl);
  return { name: "jobs set", storage, changes: { changes: changes.data, halls }, by: parsed.by, json: parsed.json };
};

const split = (given: readonly string[]) => {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        ...{ data: text, by: text, limit: text, quiet: text, "hall-quiet": { ...text, multiple: true }, "reminder-after-days": text },
        ...{ "rules-from": text, "staff-default": text, "remind-within-days": text, signature: text, thank: text },
        ...{ port: text, central: text, save: text, json: flag, help: { ...flag, short: "h" } },
      },
    });
  } catch (error) {
    throw misread(error);
  }
};
