import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { OidcSignIn } from "../access/oidc/oidc-sign-in.ts";
import { requireCookieWay, requireOwnPage } from "../access/session-cookie.ts";
import { type OwnSessionDoor, openSessionDoor, SESSION_COOKIE } from "../access/session-door.ts";
import { loginSchema, PASSWORD_LENGTH, passwordChangeSchema, type SessionAnswer } from "../access/session-schema.ts";
import { type Caller, endOwnSession, endSessions, LONGEST_MS, readSession, readSessions, type Session } from "../access/sessions.ts";
import { addressGroup, PasswordSignIn } from "../access/sign-in.ts";
import { permissionsOf } from "../access/viewer.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import type { AccessParts } from "./access-parts.ts";
import { accountRoutes } from "./account-routes.ts";
import { parseRequest } from "./errors.ts";
import { OIDC_START, oidcRoutes } from "./oidc-routes.ts";
import { personalRoutes } from "./personal-routes.ts";
import { RateLimit } from "./rate-limit.ts";

const MOST_DEVICE = 200;

/** Where a request comes from, as it goes on the record. */
const callerOf = (request: FastifyRequest): Caller => ({
  address: request.ip,
  device: (request.headers["user-agent"] ?? "").replace(/\p{Cc}/gu, "?").slice(0, MOST_DEVICE),
});

const answerOf = ({ viewer, mustChangePassword, way, idleEndsAtMs, endsAtMs }: Session): SessionAnswer => ({
  viewer: { ...viewer, scope: { ...viewer.scope } },
  permissions: permissionsOf(viewer),
  mustChangePassword,
  way,
  idleEndsAtMs,
  endsAtMs,
});

/** Gives the browser its session and answers with it. */
const welcome = async (db: CentralDatabase, nowMs: number, token: string): Promise<SessionAnswer> => {
  const session = await readSession(db, token, nowMs);
  if (session === undefined) throw new WindowRatingError("WR7050", "The session was ended at once");
  return answerOf(session);
};

const lockedOut = (waitMs: number, reply: FastifyReply): WindowRatingError => {
  const seconds = Math.ceil(waitMs / 1000);
  reply.header("retry-after", String(seconds));
  return new WindowRatingError("WR7053", `Nobody can sign in from here, or with this name, for another ${seconds} s`);
};

const sessionNoSchema = z.strictObject({ sessionNo: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });

/** Everything about who may work with the console: signing in and out, accounts, looks at personal data and the record of them. */
export const accessRoutes = (app: FastifyInstance, parts: AccessParts): void => {
  const door = openSessionDoor(app, parts);
  void app.register((scope, _options, done) => {
    scope.addHook("onRequest", async (_request, reply) => {
      reply.header("cache-control", "no-store");
    });
    sessionRoutes(scope, door, parts);
    accountRoutes(scope, parts);
    personalRoutes(scope, parts);
    done();
  });
};

const sessionRoutes = (app: FastifyInstance, door: OwnSessionDoor, { db, now, oidc }: AccessParts): void => {
  const passwords = new PasswordSignIn(db, now);
  // Beside the count of wrong passwords in the database: whoever sends many requests is slowed down before they cost a query.
  const visitors = new RateLimit({ burst: 20, everyMs: 3000 });

  if (oidc !== undefined) oidcRoutes(app, { oidc: new OidcSignIn(oidc, db, now), now, visitors, callerOf });

  app.get("/console/v1/sign-in", async () => ({
    oidc: oidc === undefined ? null : { label: oidc.label, path: OIDC_START },
    passwordLeast: PASSWORD_LENGTH.least,
  }));

  app.post("/console/v1/session", async (request, reply) => {
    requireOwnPage(request);
    requireCookieWay(request);
    const given = parseRequest(loginSchema, request.body);
    visitors.require(addressGroup(request.ip), now(), reply);
    const signedIn = await passwords.signIn(given, callerOf(request));
    if (signedIn.is === "locked") throw lockedOut(signedIn.waitMs, reply);
    SESSION_COOKIE.set(request, reply, signedIn.token, LONGEST_MS);
    return welcome(db, now(), signedIn.token);
  });

  app.get("/console/v1/session", async (request) => answerOf(await door.session(request)));

  app.delete("/console/v1/session", async (request, reply) => {
    const { viewer, sessionNo } = await door.session(request);
    await inTransaction(db, (tx) => endSessions(tx, { accountNo: viewer.accountNo, sessionNo }, "signed out", now()));
    SESSION_COOKIE.clear(request, reply);
    return { ended: 1 };
  });

  app.post("/console/v1/password", async (request, reply) => {
    const session = await door.session(request);
    visitors.require(addressGroup(request.ip), now(), reply);
    const changed = await passwords.changePassword(session, parseRequest(passwordChangeSchema, request.body), callerOf(request));
    if (changed.is === "locked") throw lockedOut(changed.waitMs, reply);
    return answerOf({ ...session, mustChangePassword: false });
  });

  app.get("/console/v1/sessions", async (request) => {
    const { viewer, sessionNo } = await door.session(request);
    const sessions = await readSessions(db, viewer.accountNo, now());
    return { sessions: sessions.map((one) => ({ ...one, isThis: one.sessionNo === sessionNo })) };
  });

  app.delete("/console/v1/sessions", async (request) => {
    const { viewer, sessionNo } = await door.session(request);
    const which = { accountNo: viewer.accountNo, butNot: sessionNo };
    return { ended: await inTransaction(db, (tx) => endSessions(tx, which, `ended by ${viewer.name}`, now())) };
  });

  app.delete("/console/v1/sessions/:sessionNo", async (request) => {
    const { viewer } = await door.session(request);
    const { sessionNo } = parseRequest(sessionNoSchema, request.params);
    await inTransaction(db, (tx) => endOwnSession(tx, viewer, sessionNo, now()));
    return { ended: 1 };
  });
};
