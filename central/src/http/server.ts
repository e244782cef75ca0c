import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { sql } from "kysely";
import type { Logger } from "pino";
import { KeyRing } from "../access/keys/key-ring.ts";
import type { OidcSettings } from "../access/oidc/oidc-file.ts";
import { ChannelKeys } from "../channels/keys.ts";
import { consoleRoutes } from "../console/routes.ts";
import { SCHEMA_VERSION } from "../database/migrate.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { type Intake, inlineIntake } from "../intake/intake.ts";
import type { LiveFeed } from "../live-feed.ts";
import { liveRuleBook } from "../policy/live-book.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { type Bell, LocalBell } from "../push/bell.ts";
import { RatingPolicies, readSite } from "../ratings/site.ts";
import type { ContactKeys } from "../sms/contact-keys.ts";
import type { ReplyDoor } from "../sms/open-sms.ts";
import { administrationRoutes } from "./administration-routes.ts";
import { businessRoutes } from "./business-routes.ts";
import { channelRoutes } from "./channel-routes.ts";
import { citizenRoutes } from "./citizen-routes.ts";
import { consolePageRoutes } from "./console-page-routes.ts";
import { downRoutes } from "./down-routes.ts";
import { answerErrors, answerFrameworkError } from "./errors.ts";
import { jobRoutes } from "./job-routes.ts";
import { jsonBodies } from "./json-body.ts";
import { policyRoutes } from "./policy-routes.ts";
import { policyStepRoutes } from "./policy-step-routes.ts";
import { endPromptly } from "./prompt-end.ts";
import { pushRoutes } from "./push-routes.ts";
import { readingRoutes } from "./reading-routes.ts";
import { receiptRoutes } from "./receipt-routes.ts";
import { accessRoutes } from "./session-routes.ts";
import { smsRoutes } from "./sms-routes.ts";
import { syncRoutes } from "./sync-routes.ts";

export interface ServerParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly log: Logger;
  readonly feed: LiveFeed;
  /** Where batches are worked on; without one in this thread, on this database. Closed by whoever made it. */
  readonly intake?: Intake | undefined;
  /** Rings for what is pushed to windows; without one only within this process. Closed by the server. */
  readonly bell?: Bell | undefined;
  /** Without one there is no administration over HTTP: the commands use the database itself. */
  readonly administrationToken: string | undefined;
  /** Without them no code can be made or read, and citizens' pages say so. */
  readonly contactKeys?: ContactKeys | undefined;
  /** Sign-in with the organisation's own accounts; without it there are passwords alone. */
  readonly oidc?: OidcSettings | undefined;
  /** Without one no replies to SMS are taken. */
  readonly replies?: ReplyDoor | undefined;
  /** Addresses of proxies in front of it, with commas between. */
  readonly proxies?: string | undefined;
  /** How long a request may take to arrive whole, milliseconds; default 30 s. A slower one is cut off. */
  readonly wholeWithinMs?: number;
}

const WHOLE_WITHIN_MS = 30_000;

/** Bodies other than batches are small. */
const BODY_LIMIT_BYTES = 16_384;

/** The HTTP side of central. It holds no state: several may serve one database. */
export const createServer = (parts: ServerParts): FastifyInstance => {
  const { db, now, log, feed, administrationToken, contactKeys, proxies, replies, wholeWithinMs = WHOLE_WITHIN_MS } = parts;
  const loggerInstance: FastifyBaseLogger = log;
  const app = Fastify({
    loggerInstance,
    // Fastify's own request lines hold the query, and so staff numbers.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    // Without a proxy named, nobody is believed who says to ask for another.
    trustProxy: proxies ?? false,
    requestTimeout: wholeWithinMs,
    // Given to Node as it makes the server: set later, it cuts off slow headers but no slow body. And it looks every half minute only.
    http: { requestTimeout: wholeWithinMs, connectionsCheckingInterval: wholeWithinMs / 6 },
    forceCloseConnections: "idle",
    frameworkErrors: (error, _request, reply) => answerFrameworkError(error, reply),
  });
  app.removeContentTypeParser("text/plain");
  jsonBodies(app);
  answerErrors(app);
  endPromptly(app);
  app.addHook("onSend", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff");
  });
  app.addHook("onResponse", async (request, reply) => {
    const { method, routeOptions } = request;
    const ms = Math.round(reply.elapsedTime);
    request.log.info({ method, route: routeOptions.url ?? "unknown", status: reply.statusCode, ms }, "answered");
  });

  app.get("/healthz", async () => {
    await sql`select 1`.execute(db);
    return { status: "ok", schemaVersion: SCHEMA_VERSION };
  });
  // Each group in a scope of its own, for its hooks.
  const scoped = (routes: (scope: FastifyInstance) => void) =>
    app.register((scope, _options, done) => {
      routes(scope);
      done();
    });
  const book = liveRuleBook(openRuleBook());
  // Whoever asks for the rules gets them as the site reads them at this moment, on every instance.
  const withRules = (scope: FastifyInstance): FastifyInstance =>
    scope.addHook("onRequest", async () => book.follow(await inTransaction(db, readSite)));
  const policies = new RatingPolicies(book);
  const intake = parts.intake ?? inlineIntake(db, policies);
  const keys = contactKeys === undefined ? undefined : new ChannelKeys(contactKeys);
  const keyRing = contactKeys instanceof KeyRing ? contactKeys : undefined;
  accessRoutes(app, { db, now, contactKeys, oidc: parts.oidc });
  scoped((scope) => syncRoutes(scope, { db, now, intake, onTaken: () => feed.poke() }));
  scoped((scope) => downRoutes(scope, { db, book, contactKeys, channelKeys: keys }));
  scoped((scope) => pushRoutes(scope, { db, now, bell: parts.bell ?? new LocalBell() }));
  scoped((scope) => businessRoutes(scope, { db, now, policies, keys }));
  scoped((scope) => channelRoutes(scope, { db, now, policies, keys }));
  scoped((scope) => citizenRoutes(scope, { db, now, book, policies, keys }));
  scoped((scope) => receiptRoutes(scope, { db, now, policies, keys }));
  if (replies !== undefined) scoped((scope) => smsRoutes(scope, { db, now, book, policies, ...replies }));
  scoped((scope) => jobRoutes(scope, { db, book, now }));
  scoped((scope) => readingRoutes(scope, { db, feed }));
  scoped((scope) => consolePageRoutes(scope));
  scoped((scope) => consoleRoutes(withRules(scope), { db, now, book, policies, keys }));
  scoped((scope) => policyRoutes(withRules(scope), { book, now }));
  scoped((scope) => policyStepRoutes(withRules(scope), { db, book, now }));
  if (administrationToken !== undefined)
    scoped((scope) => administrationRoutes(scope, { db, now, book, policies, keys, keyRing, token: administrationToken }));
  return app;
};
