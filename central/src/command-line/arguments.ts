import { parseArgs } from "node:util";
import { shortText } from "@window-rating/protocol/rating";
import { z } from "zod";
import { DEFAULT_HOST, DEFAULT_PORT, type Storage } from "../central.ts";
import { codeRequestSchema, DEFAULT_VALID_MINUTES, MAX_VALID_MINUTES } from "../enrolment.ts";
import { faultOf, misread, misunderstood } from "./flag-fault.ts";

export const HELP = `window-central: takes the ratings of window PCs, keeps them, shows them

  window-central [serve] --data <folder> [--port ${DEFAULT_PORT}] [--host ${DEFAULT_HOST}]
  window-central enrol --window <number> [--valid-minutes ${DEFAULT_VALID_MINUTES}]
  window-central status
  window-central retire --pc <id> --by <name> --reason <why>
  window-central entries take <missing-entries.json> --by <name>
  window-central incidents [--limit 50]
  window-central set-aside [--limit 50]

retire says that a window PC is gone: nobody waits for it any more, and the record says who said so. Its entries stay. One that was replaced
at its window needs none: a PC that enrolled later for the same window takes its place. What it brings, should it come back, is taken.

entries take takes in the file that a window PC exported, since its database in use lacks what is in it. What central has is counted as known,
what closes a hole of the PC's chain counts. What has the number of another entry is set aside: a supervisor decides in the console whether it counts.

Accounts of the console, keys that seal what citizens write: window-central account --help
QR codes of windows and halls: window-central qr --help
Reminders, default ratings, SMS: window-central jobs --help
Files, business systems, the site's own choices: window-central site --help
Site file that window PCs fetch when they enrol: window-central site-file --help
Rules and deadlines of the regions, without a database: window-central policy --help

Storage, for every command:
  --data <folder>       embedded database in this folder; a central may be running on it
  DATABASE_URL          PostgreSQL, if --data is not given

Options:
  --port <number>       0 lets the system choose
  --host <address>      0.0.0.0 takes batches from other machines; the list stays on this one
  --contact-keys <file> keys for QR codes and what citizens write; of a data folder its own contact-keys.json, if not given
  --sms-gateway <file>  how reminders are sent by SMS and replies come in; without one they wait (docs/central-jobs.md)
  --oidc <file>         sign-in with the organisation's own accounts, beside passwords (docs/central-access.md)
  --proxies <addresses> reverse proxies in front: citizens are told apart by what these say (X-Forwarded-For)
  --log-level <level>   trace, debug, info (default), warn, error, silent; the log goes to standard error
  --json                print data as JSON, one document or line
  --help                this text

Examples:
  window-central --data ./central-data
  window-central serve --data ./central-data --host 0.0.0.0 --port 7300
  DATABASE_URL=postgresql://rating@db.example/rating window-central
  window-central enrol --window 3 --data ./central-data
  window-central status --data ./central-data --json
  window-central retire --pc 0c1f0d9e-0000-4000-8000-000000000001 --by "张三样例" --reason "电脑损坏，已报废" --data ./central-data
  window-central entries take missing-entries.json --by "张三样例" --data ./central-data

Exit codes: 0 done, 1 failed, 2 command not understood
`;

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;

export type Command =
  | { readonly name: "help" }
  | {
      readonly name: "serve";
      readonly storage: Storage;
      readonly port: number;
      readonly host: string;
      readonly contactKeys: string | undefined;
      readonly smsGateway: string | undefined;
      readonly oidc: string | undefined;
      readonly proxies: string | undefined;
      readonly logLevel: (typeof LOG_LEVELS)[number];
      readonly json: boolean;
    }
  | {
      readonly name: "enrol";
      readonly storage: Storage;
      readonly windowNo: string;
      readonly validMinutes: number;
      readonly json: boolean;
    }
  | { readonly name: "status"; readonly storage: Storage; readonly json: boolean }
  | {
      readonly name: "retire";
      readonly storage: Storage;
      readonly windowPcId: string;
      readonly by: string;
      readonly reason: string;
      readonly json: boolean;
    }
  | { readonly name: "entries"; readonly storage: Storage; readonly file: string; readonly by: string; readonly json: boolean }
  | { readonly name: "incidents" | "set-aside"; readonly storage: Storage; readonly limit: number; readonly json: boolean };

const wholeNumber = (least: number, most: number) => z.coerce.number().int().min(least).max(most);

const common = { data: z.string().min(1).optional(), json: z.boolean().default(false) };

const retirementShape = { pc: z.uuid(), by: shortText(64), reason: shortText(200) };

/** What each command takes; it refuses the options of the others. */
const shapes = {
  serve: z.strictObject({
    ...common,
    port: wholeNumber(0, 65_535).default(DEFAULT_PORT),
    host: z.string().min(1).default(DEFAULT_HOST),
    "contact-keys": z.string().min(1).optional(),
    "sms-gateway": z.string().min(1).optional(),
    oidc: z.string().min(1).optional(),
    proxies: z
      .string()
      .regex(/^[0-9A-Fa-f:./, ]+$/, "addresses with commas between, as 127.0.0.1,10.0.0.0/8")
      .optional(),
    "log-level": z.enum(LOG_LEVELS).default("info"),
  }),
  enrol: z.strictObject({
    ...common,
    window: codeRequestSchema.shape.windowNo,
    "valid-minutes": wholeNumber(1, MAX_VALID_MINUTES).default(DEFAULT_VALID_MINUTES),
  }),
  status: z.strictObject(common),
  retire: z.strictObject({ ...common, ...retirementShape }),
  entries: z.strictObject({ ...common, by: shortText(64) }),
  list: z.strictObject({ ...common, limit: wholeNumber(1, 200).default(50) }),
};

/**
 * Reads a command line.
 * @param databaseUrl the environment's DATABASE_URL, used if there is no --data
 * @throws WindowRatingError WR8002
 */
export const readCommand = (given: readonly string[], databaseUrl: string | undefined): Command => {
  const { values, positionals } = split(given);
  const { help, ...options } = values;
  if (help === true) return { name: "help" };
  const [name = "serve", verb, file, ...more] = positionals;
  if (name === "entries" && (verb !== "take" || file === undefined || more.length > 0))
    throw misunderstood("entries take <file> takes in the entries that a window PC exported");
  if (name !== "entries" && verb !== undefined) throw misunderstood(`"${verb}" follows the command`);
  const read = <S extends z.ZodType<{ data?: string | undefined }>>(shape: S) => {
    const parsed = shape.safeParse(options);
    if (!parsed.success) throw misunderstood(faultOf(parsed.error, name));
    return { parsed: parsed.data, storage: storageOf(parsed.data.data, databaseUrl) };
  };
  switch (name) {
    case "serve": {
      const { parsed, storage } = read(shapes.serve);
      return {
        name,
        storage,
        port: parsed.port,
        host: parsed.host,
        contactKeys: parsed["contact-keys"],
        smsGateway: parsed["sms-gateway"],
        oidc: parsed.oidc,
        proxies: parsed.proxies,
        logLevel: parsed["log-level"],
        json: parsed.json,
      };
    }
    case "enrol": {
      const { parsed, storage } = read(shapes.enrol);
      return { name, storage, windowNo: parsed.window, validMinutes: parsed["valid-minutes"], json: parsed.json };
    }
    case "status": {
      const { parsed, storage } = read(shapes.status);
      return { name, storage, json: parsed.json };
    }
    case "retire": {
      const { parsed, storage } = read(shapes.retire);
      return { name, storage, windowPcId: parsed.pc, by: parsed.by, reason: parsed.reason, json: parsed.json };
    }
    case "entries": {
      const { parsed, storage } = read(shapes.entries);
      return { name, storage, file: file ?? "", by: parsed.by, json: parsed.json };
    }
    case "incidents":
    case "set-aside": {
      const { parsed, storage } = read(shapes.list);
      return { name, storage, limit: parsed.limit, json: parsed.json };
    }
    default:
      throw misunderstood(`There is no command "${name}"`);
  }
};

const split = (given: readonly string[]) => {
  try {
    const text = { type: "string" } as const;
    const flag = { type: "boolean" } as const;
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        data: text,
        port: text,
        host: text,
        "contact-keys": text,
        "sms-gateway": text,
        oidc: text,
        proxies: text,
        "log-level": text,
        window: text,
        pc: text,
        by: text,
        reason: text,
        "valid-minutes": text,
        limit: text,
        json: flag,
        help: { ...flag, short: "h" },
      },
    });
  } catch (error) {
    throw misread(error);
  }
};

/** Where the ratings are kept, by the command line or the environment. @throws WindowRatingError WR8002 */
export const storageOf = (data: string | undefined, databaseUrl: string | undefined): Storage => {
  if (data !== undefined) return { data };
  if (databaseUrl !== undefined && databaseUrl !== "") return { databaseUrl };
  throw misunderstood("Neither --data nor DATABASE_URL says where the ratings are kept");
};
