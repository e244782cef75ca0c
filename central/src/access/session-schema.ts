import { shortText } from "@window-rating/protocol/rating";
import { z } from "zod";
import { PERMISSIONS, ROLES, type Role, type Scope } from "./viewer.ts";

/*
 * What the console and central say to each other about signing in, sessions, accounts and looks at personal data. Pure and safe for
 * a browser: the page uses the same schemas. All paths are under /console/v1/.
 */

/** Every request that changes something carries this header: no form and no page of another origin can send it. */
export const CONSOLE_HEADER = { name: "x-window-rating", value: "console" } as const;

export const PASSWORD_LENGTH = { least: 12, most: 128 } as const;

/** Small letters, digits and . _ @ - so that no two accounts look alike; a staff number and an address of mail are names too. */
export const accountNameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9][a-z0-9._@-]{2,63}$/, "3 to 64 small letters, digits, dots, -, _ or @, beginning with a letter or digit");
const passwordSchema = z.string().min(1).max(PASSWORD_LENGTH.most);
const timeSchema = z.number().int().describe("Unix milliseconds of central's clock");
const accountNoSchema = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const roleSchema = z.enum(ROLES);
export const scopeSchema = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("all") }),
  z.strictObject({ is: z.literal("agency"), agencyCode: shortText(64) }),
  z.strictObject({ is: z.literal("hall"), hallNo: shortText(32) }),
]);

const viewerSchema = z.object({
  accountNo: accountNoSchema,
  name: accountNameSchema,
  displayName: shortText(64),
  role: roleSchema,
  scope: scopeSchema,
});

/** `POST session`: signs in. Wrong name and wrong password are answered alike. */
export const loginSchema = z.strictObject({ name: z.string().min(1).max(64), password: passwordSchema });

/** Answer to `POST session`, `GET session` and `POST password`. */
export const sessionSchema = z.object({
  viewer: viewerSchema,
  permissions: z.array(z.enum(PERMISSIONS as readonly [(typeof PERMISSIONS)[number], ...(typeof PERMISSIONS)[number][]])),
  mustChangePassword: z.boolean().describe("The password is a start password: nothing but a new one is taken before it is changed"),
  way: z.enum(["password", "oidc"]).describe("How this session began"),
  idleEndsAtMs: timeSchema.describe("When the session ends if nothing is asked until then"),
  endsAtMs: timeSchema.describe("When the session ends in any case"),
});
export type SessionAnswer = z.infer<typeof sessionSchema>;

/** `GET sign-in`, which anybody may ask: what the sign-in page offers. */
export const signInSchema = z.object({
  oidc: z
    .object({ label: shortText(64), path: z.string() })
    .nullable()
    .describe("Sign-in with the organisation's own accounts: the button's words, and where it leads"),
  passwordLeast: z.number().int(),
});

/** `POST password`: the owner's own. It ends every other session of the account. */
export const passwordChangeSchema = z.strictObject({ old: passwordSchema, new: passwordSchema });

/** `GET sessions`: one's own, newest first. `DELETE sessions/:sessionNo` ends one, `DELETE sessions` all but this one. */
export const sessionListSchema = z.object({
  sessions: z.array(
    z.object({
      sessionNo: z.number().int(),
      isThis: z.boolean(),
      way: z.enum(["password", "oidc"]),
      address: z.string().describe("Where it was begun from"),
      device: z.string().describe("What the browser called itself"),
      startedAtMs: timeSchema,
      lastSeenAtMs: timeSchema,
    }),
  ),
});

export const accountSchema = viewerSchema.extend({
  createdAtMs: timeSchema,
  createdBy: z.string(),
  disabledAtMs: timeSchema.nullable(),
  mustChangePassword: z.boolean(),
  lockedUntilMs: timeSchema.nullable().describe("Too many wrong passwords: nobody can sign in with this name until then"),
  sessions: z.number().int().describe("How many sessions it has now"),
  lastSignInAtMs: timeSchema.nullable(),
});
export type Account = z.infer<typeof accountSchema>;

/** `GET accounts`. */
export const accountListSchema = z.object({ accounts: z.array(accountSchema) });

/** A hall's account is of one hall, an agency's of one agency; of the others each may be of all or less. */
const fit = ({ role, scope }: { readonly role: Role; readonly scope: Scope }, context: z.RefinementCtx): void => {
  if ((role === "hall" || role === "agency") && scope.is !== role)
    context.addIssue({ code: "custom", path: ["scope"], message: `the role ${role} needs its ${role}` });
};
const accessShape = { displayName: shortText(64), role: roleSchema, scope: scopeSchema };

/** `POST accounts`; the answer holds the one start password that central ever tells. */
export const newAccountSchema = z.strictObject({ name: accountNameSchema, ...accessShape }).superRefine(fit);
export type NewAccount = z.infer<typeof newAccountSchema>;
/** Answer to `POST accounts` and `POST accounts/:accountNo/reset`. */
export const startPasswordSchema = z.object({ account: accountSchema, startPassword: z.string() });
export type StartPassword = z.infer<typeof startPasswordSchema>;

/**
 * `POST accounts/:accountNo/access`: another display name, role or scope. Also without a body `POST accounts/:accountNo/disable`, `enable`,
 * `unlock`, `reset` (a new start password), `end-sessions`. All but the first of a kind end the account's sessions where access shrinks.
 */
export const accountAccessSchema = z.strictObject(accessShape).superRefine(fit);

/** What personal data may be looked at for. */
export const PURPOSES = ["return-visit", "verification", "complaint", "correction", "legal-request"] as const;
export const REASON_LENGTH = { least: 10, most: 200 } as const;

/** `POST personal/ratings/:rating` and `POST personal/cases/:caseNo`: opens what is sealed there, and records the look first. */
export const lookSchema = z.strictObject({
  purpose: z.enum(PURPOSES),
  reason: z.string().trim().min(REASON_LENGTH.least).max(REASON_LENGTH.most).describe("Why, in words"),
});

export const lookAnswerSchema = z.object({
  lookNo: z.number().int().describe("Number of this look in the record"),
  readable: z.boolean().describe("false: it was sealed with a key that central does not hold any more, or damaged"),
  words: z.string().nullable(),
  name: z.string().nullable(),
  phone: z.string().nullable(),
});

const pageQuery = {
  before: z.coerce.number().int().min(1).optional().describe("Number of the last row of the page before"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

/** `GET audit/looks?before&limit&accountNo`: looks at personal data, newest first; `GET audit/events` takes the same. */
export const lookQuerySchema = z.strictObject({ ...pageQuery, accountNo: z.coerce.number().int().min(1).optional() });
export const lookListSchema = z.object({
  looks: z.array(
    z.object({
      lookNo: z.number().int(),
      atMs: timeSchema,
      accountNo: accountNoSchema,
      name: z.string(),
      displayName: z.string(),
      role: roleSchema,
      subject: z.enum(["rating", "case"]),
      subjectNo: z.string().describe("Number of the rating, or of the case"),
      purpose: z.enum(PURPOSES),
      reason: z.string(),
      address: z.string(),
    }),
  ),
});

/** `GET audit/events?before&limit&accountNo`: sign-ins, lock-outs and what was done with accounts and keys, newest first. */
export const ACCESS_EVENTS = [
  ...(["signed-in", "wrong-password", "locked-out", "unlocked", "signed-out", "session-ended", "refused-sign-in"] as const),
  ...(["account-added", "account-changed", "account-disabled", "account-enabled", "password-changed", "password-reset"] as const),
  ...(["key-made", "key-seals", "fields-resealed", "key-retired", "window-pc-retired"] as const),
  ...(["entry-file-taken", "entry-counted", "entry-left"] as const),
  ...(["step-begun", "step-dated", "step-closed"] as const),
] as const;
export type AccessEventKind = (typeof ACCESS_EVENTS)[number];
export const accessEventListSchema = z.object({
  events: z.array(
    z.object({
      eventNo: z.number().int(),
      atMs: timeSchema,
      kind: z.enum(ACCESS_EVENTS),
      accountNo: accountNoSchema.nullable(),
      name: z.string().nullable().describe("Name that was used; of nobody's account it is not kept"),
      by: z.string().nullable().describe("Who did it, if not the account itself"),
      address: z.string().nullable(),
      detail: z.string().nullable(),
    }),
  ),
});

/** `GET keys`: the keys that seal what citizens write, oldest first; central's command line makes, uses and retires them. */
export const keyListSchema = z.object({
  keys: z.array(
    z.object({
      keyNo: z.number().int(),
      keyId: z.string(),
      publicKey: z.string(),
      madeAtMs: timeSchema,
      sealingSinceMs: timeSchema.nullable(),
      retiredAtMs: timeSchema.nullable(),
      seals: z.boolean().describe("Seals now"),
      held: z.boolean().describe("Is in the key file of the instance that answers"),
      waitingFor: z.number().int().describe("How many running instances do not hold it yet; it does not seal before they do"),
      sealed: z
        .record(z.enum(["ratings", "cases", "messages", "replies", "refused", "imports"]), z.number().int())
        .describe("How much is sealed with it"),
    }),
  ),
});
export type KeyView = z.output<typeof keyListSchema>["keys"][number];
