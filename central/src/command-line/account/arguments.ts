import { parseArgs } from "node:util";
import { z } from "zod";
import { accountNameSchema, newAccountSchema } from "../../access/session-schema.ts";
import { ROLES, type Role, type Scope } from "../../access/viewer.ts";
import type { Storage } from "../../central.ts";
import { storageOf } from "../arguments.ts";
import { faultOf, misread, misunderstood } from "../flag-fault.ts";

export const ACCOUNT_HELP = `window-central account, keys: who may work with the console, and the keys that seal what citizens write

  window-central account list
  window-central account add --name <name> --role <role> [--agency <code> | --hall <number>] [--display <name>] [--prompt | --password-stdin | --no-password]
  window-central account access --name <name> [--role <role> [--agency <code> | --hall <number>]] [--display <name>]
  window-central account reset --name <name>          a new start password; sessions end, the account is unlocked
  window-central account unlock --name <name>         after too many wrong passwords
  window-central account disable --name <name>        sessions end at once; its records stay
  window-central account enable --name <name>
  window-central account end-sessions --name <name>

  window-central keys list
  window-central keys rotate                          a new key; it seals when every running central holds it
  window-central keys reseal                          seals with the newest key what is sealed with older ones; may be cut short and run again
  window-central keys retire <number> [--even-so]     takes an old key out of the key file when nothing is sealed with it

Roles: ${ROLES.join(", ")}. hall needs --hall, agency needs --agency; the others may have one, and see all of central without. What each
role may is in docs/central-access.md.

add prints a start password once; it must be changed at the first sign-in, within a week. --prompt asks for a password on the terminal,
--password-stdin reads it from standard input; --no-password makes an account for the organisation's own sign-in (OIDC) alone.

Storage:
  --data <folder>       embedded database in this folder; a central may be running on it
  DATABASE_URL          PostgreSQL, if --data is not given
  --contact-keys <file> for keys, with PostgreSQL; the same file as of window-central serve

Options:
  --by <name>           who does it, for the record; "command line" if not given
  --even-so             retire although window PCs may still bring something sealed with the key; nobody will read that
  --json                print data as JSON
  --help                this text

Examples:
  window-central account add --name li.hua --display 李华样例 --role it --data ./central-data
  window-central account add --name hall-2 --role hall --hall H-2 --data ./central-data
  window-central account unlock --name li.hua --data ./central-data
  window-central keys rotate --data ./central-data && window-central keys reseal --data ./central-data

Exit codes: 0 done, 1 failed, 2 command not understood
`;

interface Common {
  readonly storage: Storage;
  readonly contactKeys: string | undefined;
  readonly by: string;
  readonly json: boolean;
}

/** Where a first password comes from. */
export type PasswordSource = "start" | "prompt" | "stdin" | "none";

export type NamedAct = "reset" | "unlock" | "disable" | "enable" | "end-sessions";
const NAMED_ACTS: ReadonlySet<string> = new Set(["reset", "unlock", "disable", "enable", "end-sessions"] satisfies NamedAct[]);

export type AccountCommand =
  | { readonly name: "help" }
  | (Common & { readonly name: "list" })
  | (Common & { readonly name: "add"; readonly account: z.output<typeof newAccountSchema>; readonly password: PasswordSource })
  | (Common & {
      readonly name: "access";
      readonly account: string;
      readonly displayName: string | undefined;
      readonly access: { readonly role: Role; readonly scope: Scope } | undefined;
    })
  | (Common & { readonly name: NamedAct; readonly account: string })
  | (Common & { readonly name: "keys list" | "keys rotate" | "keys reseal" })
  | (Common & { readonly name: "keys retire"; readonly keyNo: number; readonly evenSo: boolean });

const text = z.string().trim().min(1);
const common = {
  data: text.optional(),
  "contact-keys": text.optional(),
  by: text.max(64).default("command line"),
  json: z.boolean().default(false),
};
const place = { display: text.max(64).optional(), agency: text.optional(), hall: text.optional() };
const flag = z.boolean().default(false);
const shapes = {
  list: z.strictObject(common),
  add: z.strictObject({
    ...common,
    ...place,
    name: accountNameSchema,
    role: z.enum(ROLES),
    prompt: flag,
    "password-stdin": flag,
    "no-password": flag,
  }),
  access: z.strictObject({ ...common, ...place, name: accountNameSchema, role: z.enum(ROLES).optional() }),
  named: z.strictObject({ ...common, name: accountNameSchema }),
  keys: z.strictObject(common),
  retire: z.strictObject({ ...common, "even-so": flag }),
};

/**
 * @param given the command line from `account` or `keys` on
 * @throws WindowRatingError WR8002
 */
export const readAccountCommand = (given: readonly string[], databaseUrl: string | undefined): AccountCommand => {
  const { values, positionals } = split(given);
  const { help, ...options } = values;
  if (help === true) return { name: "help" };
  const [group, word, ...rest] = positionals;
  const read = <S extends z.ZodType<z.output<typeof shapes.list>>>(shape: S, words = 0) => {
    if (rest.length !== words)
      throw misunderstood(words === 0 ? `"${rest[0]}" follows the command` : `${word} needs the number that keys list shows`);
    const parsed = shape.safeParse(options);
    if (!parsed.success) throw misunderstood(faultOf(parsed.error, "this command"));
    const { data, "contact-keys": contactKeys, by, json } = parsed.data;
    return { parsed: parsed.data as z.output<S>, asked: { storage: storageOf(data, databaseUrl), contactKeys, by, json } };
  };
  if (group === "keys") {
    if (word === "list" || word === "rotate" || word === "reseal") return { name: `keys ${word}`, ...read(shapes.keys).asked };
    if (word !== "retire") throw misunderstood(`keys knows list, rotate, reseal and retire, not "${word ?? ""}"`);
    const { parsed, asked } = read(shapes.retire, 1);
    const keyNo = z.coerce.number().int().min(1).max(2_147_483_647).safeParse(rest[0]);
    if (!keyNo.success) throw misunderstood("retire needs the number that keys list shows");
    return { name: "keys retire", keyNo: keyNo.data, evenSo: parsed["even-so"], ...asked };
  }
  if (word === "list") return { name: word, ...read(shapes.list).asked };
  if (word === "add") {
    const { parsed, asked } = read(shapes.add);
    const { name, role, display = name } = parsed;
    const account = newAccountSchema.safeParse({ name, displayName: display, role, scope: scopeOf(parsed) });
    if (!account.success) throw misunderstood(account.error.issues[0]?.message ?? "not valid");
    return { name: word, account: account.data, password: sourceOf(parsed), ...asked };
  }
  if (word === "access") {
    const { parsed, asked } = read(shapes.access);
    const { role, display } = parsed;
    if (role === undefined && (parsed.agency ?? parsed.hall) !== undefined) throw misunderstood("--agency and --hall go with a --role");
    if (role === undefined && display === undefined) throw misunderstood("access: nothing is to change");
    const access = role === undefined ? undefined : { role, scope: scopeOf(parsed) };
    return { name: word, account: parsed.name, displayName: display, access, ...asked };
  }
  if (word !== undefined && NAMED_ACTS.has(word)) {
    const { parsed, asked } = read(shapes.named);
    return { name: word as NamedAct, account: parsed.name, ...asked };
  }
  throw misunderstood(`account knows list, add, access, ${[...NAMED_ACTS].join(", ")}, not "${word ?? ""}"`);
};

const scopeOf = ({ agency, hall }: { readonly agency?: string | undefined; readonly hall?: string | undefined }): Scope => {
  if (agency !== undefined && hall !== undefined) throw misunderstood("either --agency or --hall");
  if (agency !== undefined) return { is: "agency", agencyCode: agency };
  return hall === undefined ? { is: "all" } : { is: "hall", hallNo: hall };
};

const sourceOf = (parsed: z.output<typeof shapes.add>): PasswordSource => {
  const chosen = [
    ...(parsed.prompt ? (["prompt"] as const) : []),
    ...(parsed["password-stdin"] ? (["stdin"] as const) : []),
    ...(parsed["no-password"] ? (["none"] as const) : []),
  ];
  if (chosen.length > 1) throw misunderstood("one of --prompt, --password-stdin and --no-password");
  return chosen[0] ?? "start";
};

const split = (given: readonly string[]) => {
  try {
    const string = { type: "string" } as const;
    const boolean = { type: "boolean" } as const;
    return parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        ...{ data: string, "contact-keys": string, by: string, name: string, role: string, agency: string, hall: string, display: string },
        ...{ prompt: boolean, "password-stdin": boolean, "no-password": boolean, "even-so": boolean, json: boolean },
        help: { ...boolean, short: "h" },
      },
    });
  } catch (error) {
    throw misread(error);
  }
};
