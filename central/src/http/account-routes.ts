import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import {
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
} from "../access/accounts.ts";
import { KeyRing } from "../access/keys/key-ring.ts";
import { readKeyViews } from "../access/keys/rotation.ts";
import { requireViewer } from "../access/session-hook.ts";
import { accountAccessSchema, newAccountSchema } from "../access/session-schema.ts";
import { endSessions } from "../access/sessions.ts";
import { inTransaction } from "../database/transaction.ts";
import type { Tx } from "../ratings/rating-rows.ts";
import type { AccessParts } from "./access-parts.ts";
import { parseRequest } from "./errors.ts";

const accountNoSchema = z.strictObject({ accountNo: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
const doerOf = (request: FastifyRequest): Doer => ({ by: request.viewer.name, address: request.ip });

/** What IT does with the accounts of others, and sees of the keys. */
export const accountRoutes = (app: FastifyInstance, { db, now, contactKeys }: AccessParts): void => {
  const onRequest = requireViewer("do:accounts");
  // A central without a key file has none to show.
  app.get("/console/v1/keys", { onRequest: requireViewer("do:keys") }, async () => ({
    keys: contactKeys instanceof KeyRing ? await inTransaction(db, (tx) => readKeyViews(tx, contactKeys)) : [],
  }));
  app.get("/console/v1/accounts", { onRequest }, async () => ({ accounts: await inTransaction(db, (tx) => readAccounts(tx, now())) }));

  app.post("/console/v1/accounts", { onRequest }, async (request, reply) => {
    const account = parseRequest(newAccountSchema, request.body);
    const nowMs = now();
    const made = await makePassword({ is: "start" }, account, nowMs);
    const added = await inTransaction(db, async (tx) => {
      const accountNo = await addAccount(tx, account, made, doerOf(request), nowMs);
      return readAccount(tx, accountNo, nowMs);
    });
    return reply.code(201).send({ account: added, startPassword: made.startPassword });
  });

  app.post("/console/v1/accounts/:accountNo/reset", { onRequest }, async (request) => {
    const { accountNo } = parseRequest(accountNoSchema, request.params);
    const nowMs = now();
    const made = await makePassword({ is: "start" }, { name: "", displayName: "" }, nowMs);
    const account = await inTransaction(db, async (tx) => {
      await resetAccount(tx, accountNo, made, doerOf(request), nowMs);
      return readAccount(tx, accountNo, nowMs);
    });
    return { account, startPassword: made.startPassword };
  });

  /** A route that does one thing to one account and answers with the account as it is then. */
  const change = (path: string, work: (tx: Tx, accountNo: number, request: FastifyRequest, nowMs: number) => Promise<unknown>): void => {
    app.post(`/console/v1/accounts/:accountNo/${path}`, { onRequest }, async (request) => {
      const { accountNo } = parseRequest(accountNoSchema, request.params);
      const nowMs = now();
      return inTransaction(db, async (tx) => {
        await work(tx, accountNo, request, nowMs);
        return { account: await readAccount(tx, accountNo, nowMs) };
      });
    });
  };
  change("access", (tx, accountNo, request, nowMs) => {
    const access = parseRequest(accountAccessSchema, request.body);
    return changeAccess(tx, accountNo, access, doerOf(request), nowMs);
  });
  change("disable", async (tx, accountNo, request, nowMs) => {
    if (accountNo === request.viewer.accountNo) throw new WindowRatingError("WR7058", "Nobody disables the account that they use");
    await disableAccount(tx, accountNo, doerOf(request), nowMs);
  });
  change("enable", (tx, accountNo, request, nowMs) => enableAccount(tx, accountNo, doerOf(request), nowMs));
  change("unlock", (tx, accountNo, request, nowMs) => unlockAccount(tx, accountNo, doerOf(request), nowMs));
  change("end-sessions", (tx, accountNo, request, nowMs) => endSessions(tx, { accountNo }, `ended by ${request.viewer.name}`, nowMs));
};
