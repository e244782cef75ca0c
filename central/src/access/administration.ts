import { z } from "zod";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import {
  accountNoOf,
  addAccount,
  changeAccess,
  type Doer,
  disableAccount,
  enableAccount,
  makePassword,
  readAccount,
  readAccounts,
  resetAccount,
  unlockAccount,
} from "./accounts.ts";
import type { KeyRing } from "./keys/key-ring.ts";
import { resealFields } from "./keys/reseal.ts";
import { readKeyViews, retireKey, rotateKey } from "./keys/rotation.ts";
import { type Account, accountNameSchema, newAccountSchema, PASSWORD_LENGTH, roleSchema, scopeSchema } from "./session-schema.ts";
import { endSessions } from "./sessions.ts";

/** What the acts of the command line work with. */
export interface AccessParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  /** @throws WindowRatingError WR7044 without a key file */
  readonly keys: () => KeyRing;
  /** Whether this process goes on running with these keys. */
  readonly holds: boolean;
}

const by = z.string().trim().min(1).max(64);
const named = { name: accountNameSchema, by };
const act = <R extends z.ZodType, A>(request: R, run: (parts: AccessParts, request: z.output<R>) => Promise<A>) => ({ request, run });

/** Does one thing to the account of this name, and gives the account as it is then. */
const onAccount = (change: (tx: Parameters<typeof accountNoOf>[0], accountNo: number, doer: Doer, nowMs: number) => Promise<unknown>) =>
  act(z.strictObject(named), ({ db, now }, request): Promise<Account> => {
    const nowMs = now();
    return inTransaction(db, async (tx) => {
      const accountNo = await accountNoOf(tx, request.name);
      await change(tx, accountNo, { by: request.by }, nowMs);
      return readAccount(tx, accountNo, nowMs);
    });
  });

const firstPasswordSchema = z.discriminatedUnion("is", [
  z.strictObject({ is: z.literal("start") }),
  z.strictObject({ is: z.literal("given"), password: z.string().min(1).max(PASSWORD_LENGTH.most) }),
  z.strictObject({ is: z.literal("none") }),
]);

/** What IT does from the command line, whether a central is running (then it is asked) or not. */
export const ACCESS_ACTS = {
  accounts: act(z.strictObject({}), ({ db, now }) => inTransaction(db, (tx) => readAccounts(tx, now()))),
  addAccount: act(z.strictObject({ account: newAccountSchema, first: firstPasswordSchema, by }), async ({ db, now }, request) => {
    const nowMs = now();
    const made = await makePassword(request.first, request.account, nowMs);
    const account = await inTransaction(db, async (tx) => {
      const accountNo = await addAccount(tx, request.account, made, { by: request.by }, nowMs);
      return readAccount(tx, accountNo, nowMs);
    });
    return { account, startPassword: made.startPassword };
  }),
  resetAccount: act(z.strictObject(named), async ({ db, now }, request) => {
    const nowMs = now();
    const made = await makePassword({ is: "start" }, { name: request.name, displayName: "" }, nowMs);
    const account = await inTransaction(db, async (tx) => {
      const accountNo = await accountNoOf(tx, request.name);
      await resetAccount(tx, accountNo, made, { by: request.by }, nowMs);
      return readAccount(tx, accountNo, nowMs);
    });
    return { account, startPassword: made.startPassword };
  }),
  /** Role and scope are given together or not at all: a role alone might fall on the wrong hall. */
  changeAccess: act(
    z.strictObject({
      ...named,
      displayName: z.string().trim().min(1).max(64).optional(),
      access: z.strictObject({ role: roleSchema, scope: scopeSchema }).optional(),
    }),
    ({ db, now }, request) => {
      const nowMs = now();
      return inTransaction(db, async (tx) => {
        const accountNo = await accountNoOf(tx, request.name);
        const before = await readAccount(tx, accountNo, nowMs);
        const { displayName = before.displayName, access = before } = request;
        await changeAccess(tx, accountNo, { displayName, role: access.role, scope: access.scope }, { by: request.by }, nowMs);
        return readAccount(tx, accountNo, nowMs);
      });
    },
  ),
  disableAccount: onAccount(disableAccount),
  enableAccount: onAccount(enableAccount),
  unlockAccount: onAccount(unlockAccount),
  endSessions: onAccount((tx, accountNo, doer, nowMs) => endSessions(tx, { accountNo }, `ended by ${doer.by}`, nowMs)),

  keys: act(z.strictObject({}), async ({ db, now, keys, holds }) => {
    const ring = keys();
    await ring.refresh(db, now(), { holds });
    return inTransaction(db, (tx) => readKeyViews(tx, ring));
  }),
  rotateKey: act(z.strictObject({}), async ({ db, now, keys, holds }) => {
    const ring = keys();
    await rotateKey(db, ring, now(), { holds });
    return inTransaction(db, (tx) => readKeyViews(tx, ring));
  }),
  resealFields: act(z.strictObject({ by }), async ({ db, now, keys, holds }, request) => {
    const ring = keys();
    await ring.refresh(db, now(), { holds });
    return resealFields(db, ring, request.by, now());
  }),
  retireKey: act(
    z.strictObject({ keyNo: z.number().int().min(1).max(2_147_483_647), evenSo: z.boolean(), by }),
    async ({ db, now, keys, holds }, request) => {
      const ring = keys();
      await ring.refresh(db, now(), { holds });
      await retireKey(db, ring, request, now());
      await ring.refresh(db, now(), { holds });
      return inTransaction(db, (tx) => readKeyViews(tx, ring));
    },
  ),
} as const;

export type ActName = keyof typeof ACCESS_ACTS;
export type ActRequest<N extends ActName> = z.input<(typeof ACCESS_ACTS)[N]["request"]>;
export type ActAnswer<N extends ActName> = Awaited<ReturnType<(typeof ACCESS_ACTS)[N]["run"]>>;

export const isActName = (name: string): name is ActName => Object.hasOwn(ACCESS_ACTS, name);

/** Does one act with what it asks for, checked. @param request anything; parsed by `parse` against the act's own schema */
export const doAct = async <N extends ActName>(
  name: N,
  request: unknown,
  parts: AccessParts,
  parse: <S extends z.ZodType>(schema: S, value: unknown) => z.output<S>,
): Promise<ActAnswer<N>> => {
  // The table ties each request to its act; the compiler cannot follow that through the name.
  const { request: schema, run } = ACCESS_ACTS[name] as {
    request: z.ZodType;
    run: (parts: AccessParts, request: unknown) => Promise<unknown>;
  };
  return (await run(parts, parse(schema, request))) as ActAnswer<N>;
};
