import { Readable } from "node:stream";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import { requireViewer } from "../access/session-hook.ts";
import { may, type Scope } from "../access/viewer.ts";
import type { ChannelKeys } from "../channels/keys.ts";
import type { CentralDatabase } from "../database/tables.ts";
import { inTransaction } from "../database/transaction.ts";
import { takeEntryFile } from "../entry-files/take-file.ts";
import { parseRequest } from "../http/errors.ts";
import { fileBodies, fileOf } from "../http/file-body.ts";
import { RateLimit } from "../http/rate-limit.ts";
import { importFile } from "../imports/import-file.ts";
import { TABLE_LIMITS } from "../imports/xlsx-guard.ts";
import type { RuleBook } from "../policy/rule-book.ts";
import type { RatingPolicies } from "../ratings/site.ts";
import { retireWindowPc } from "../registry/retired-pcs.ts";
import { readCalendarYear } from "./calendar.ts";
import { listCases } from "./cases/list.ts";
import { readStory } from "./cases/story.ts";
import { CONSOLE_PREFIX, CONSOLE_ROUTES, type RouteAnswer, type RouteName, type RouteRequest, type RouteShape } from "./contract/routes.ts";
import { readHall, readHalls, seesOf } from "./live/halls.ts";
import { Pulse } from "./live/pulse.ts";
import { LiveStreams } from "./live/stream.ts";
import { TodayBook } from "./live/today.ts";
import { listWindowPcs } from "./live/window-pcs.ts";
import { PlaceBook } from "./places.ts";
import { explainRule, readPacks, readRules } from "./policy.ts";
import { chainOwner, verifyChain } from "./ratings/chain.ts";
import { readChart } from "./ratings/chart.ts";
import { countRatings, listRatings } from "./ratings/list.ts";
import { readRating } from "./ratings/one-rating.ts";
import { listClerkDays } from "./registry/clerk-days.ts";
import { listRegistry, readHistory, readPlaces } from "./registry/registry-list.ts";
import { decideOne, listSetAside, retakeAll, retakeOne } from "./set-aside.ts";
import { beginStep, dateStep, endStep, listSteps, recomputeOwn, type StepDoer } from "./steps.ts";
import { listIncidents, listRefused, retake } from "./troubles.ts";
import { listImports, listJobRuns, listMessages, listReplies, readJobs } from "./work.ts";

export interface ConsoleParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly book: RuleBook;
  readonly policies: RatingPolicies;
  readonly keys: ChannelKeys | undefined;
}

/** Who asks, and with what. */
interface Asking<N extends RouteName> extends RouteRequest<N> {
  readonly scope: Scope;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** An answer, or undefined for one that was sent in pieces. */
type Handler<N extends RouteName> = (asking: Asking<N>) => Promise<RouteAnswer<N> | FastifyReply | undefined>;
type Handlers = { readonly [N in RouteName]: Handler<N> };

const doerOf = ({ scope, request }: Pick<Asking<RouteName>, "scope" | "request">): StepDoer => ({
  scope,
  by: request.viewer.name,
  address: request.ip,
});

/** Chains that are verified at a time: each keeps a processor busy. */
const VERIFICATIONS = 2;

/** Every route of the console, as its table says: permission, schemas, and rows of the viewer's scope alone. */
export const consoleRoutes = (app: FastifyInstance, parts: ConsoleParts): void => {
  const handlers = handlersOf(app, parts);
  // A page asks a dozen things at once, and a few a second while somebody clicks.
  const callers = new RateLimit({ burst: 300, everyMs: 50 });
  const register = <N extends RouteName>(scope: FastifyInstance, name: N): void => {
    const { method, path, permission, params, query, json, body, bodyBytes }: RouteShape = CONSOLE_ROUTES[name];
    const read = (schema: z.ZodType | undefined, value: unknown): unknown =>
      schema === undefined ? undefined : parseRequest(schema, value);
    scope.route({
      method,
      url: `${CONSOLE_PREFIX}${path}`,
      ...(body === "file" ? { bodyLimit: bodyBytes ?? TABLE_LIMITS.fileBytes } : {}),
      onRequest: requireViewer(permission),
      handler: async (request, reply) => {
        const { viewer } = request;
        callers.require(String(viewer.accountNo), parts.now(), reply);
        // The schemas of this very route have read them.
        const asked = {
          params: read(params, request.params),
          query: read(query, request.query),
          json: read(json, request.body),
        } as RouteRequest<N>;
        return handlers[name]({ ...asked, scope: viewer.scope, request, reply });
      },
    });
  };
  const names = Object.keys(CONSOLE_ROUTES) as RouteName[];
  for (const name of names) if (!("body" in CONSOLE_ROUTES[name])) register(app, name);
  app.register((scope, _options, done) => {
    fileBodies(scope);
    for (const name of names) if ("body" in CONSOLE_ROUTES[name]) register(scope, name);
    done();
  });
};

const handlersOf = (app: FastifyInstance, { db, now, book, policies, keys }: ConsoleParts): Handlers => {
  const places = new PlaceBook(db);
  const live = { db, now, places, today: new TodayBook(db, now) };
  const pulse = new Pulse(db, (error) => app.log.warn({ err: error }, "the live pages could not be told of changes"));
  const streams = new LiveStreams(app, { now, places, pulse });
  let verifying = 0;
  return {
    halls: ({ scope }) => readHalls(live, scope),
    hall: ({ scope, query }) => readHall(live, scope, query.hall ?? null),
    liveStream: async ({ request, reply, query }) => {
      streams.open(request, reply, query.hall);
      return undefined;
    },
    windowPcs: async ({ scope, query }) => {
      const seen = await places.visible(scope);
      const halls = new Map(seen.windows.map(({ windowNo, hallNo }) => [windowNo, hallNo]));
      const sees = seesOf(await places.places(scope));
      return listWindowPcs(db, query, await places.places(scope, query), {
        hallOf: (windowNo) => halls.get(windowNo) ?? null,
        sees,
        nowMs: now(),
      });
    },
    retireWindowPc: async ({ params: { windowPcId }, json: { reason }, request }) => {
      const by = { by: request.viewer.name, address: request.ip };
      return { windowPcId, windowNo: await retireWindowPc(db, { windowPcId, reason, ...by }, now()) };
    },
    takeEntryFile: ({ request }) =>
      takeEntryFile(db, fileOf(request), { by: request.viewer.name, address: request.ip, nowMs: now(), policies }),
    verifyChain: async ({ scope, params, reply }) => {
      if (verifying >= VERIFICATIONS) {
        reply.header("retry-after", "30");
        throw new WindowRatingError("WR7029", "Other chains are being verified now");
      }
      const owner = await chainOwner(db, await places.places(scope), params.windowPcId);
      verifying += 1;
      const lines = Readable.from(chainLines(verifyChain(db, owner)));
      lines.once("close", () => {
        verifying -= 1;
      });
      return reply.type("application/x-ndjson; charset=utf-8").send(lines);
    },
    cases: async ({ scope, query }) =>
      listCases(db, { query, places: await places.places(scope, query), seen: await places.places(scope) }),
    caseStory: async ({ scope, params }) => readStory(db, scope, params.caseNo, await places.places(scope)),
    ratings: async ({ scope, query }) => listRatings(db, query, await places.places(scope, query)),
    ratingCount: async ({ scope, query }) => countRatings(db, query, await places.places(scope, query)),
    ratingChart: async ({ scope, query }) => readChart(db, query, await places.places(scope, query), now()),
    rating: ({ scope, params }) => readRating(db, scope, params.ratingNo, now()),
    places: ({ scope }) => readPlaces(places, scope),
    registry: ({ scope, query }) => listRegistry(db, scope, places, query),
    registryHistory: ({ scope, query }) => readHistory(db, scope, places, query),
    clerkDays: async ({ scope, query }) => listClerkDays(db, query, await places.places(scope, query)),
    packs: () => readPacks(db, book, now()),
    rules: async ({ query }) => readRules(book, query.region),
    explain: async ({ query }) => explainRule(book, query, now()),
    calendar: async ({ query }) => readCalendarYear(book, query.region ?? null, query.year, now()),
    steps: ({ scope, query }) => listSteps(db, scope, query),
    beginStep: async (asking) => ({ step: await beginStep(db, book, doerOf(asking), asking.json, now()) }),
    dateStep: async (asking) => ({ step: await dateStep(db, doerOf(asking), asking.params.stepId, asking.json, now()) }),
    endStep: async (asking) => ({ step: await endStep(db, doerOf(asking), asking.params.stepId, now()) }),
    recomputeSteps: () => recomputeOwn(db, book, now()),
    jobs: () => readJobs(db, book, now()),
    jobRuns: ({ query }) => listJobRuns(db, query),
    smsMessages: ({ query }) => listMessages(db, query),
    smsReplies: ({ query }) => listReplies(db, query),
    imports: ({ query }) => listImports(db, query),
    takeImport: async ({ request, query }) => {
      const report = await importFile(db, { ...query, by: request.viewer.name, bytes: fileOf(request) }, now(), {
        policyOf: (tx) => policies.inForce(tx),
        keys,
      });
      return { ...report, bad: [...report.bad], ignoredColumns: [...report.ignoredColumns] };
    },
    setAside: async ({ scope, query, request }) =>
      listSetAside(db, query, await places.places(scope, query), may(request.viewer, "do:decide")),
    retakeEntry: ({ params, request }) => retakeOne(db, params.setAsideNo, { by: request.viewer.name, nowMs: now(), policies }),
    retakeEntries: async ({ scope, query, request }) =>
      retakeAll(db, query, await places.places(scope, query), { by: request.viewer.name, nowMs: now(), policies }),
    decideEntry: ({ params, json, request }) =>
      decideOne(db, params.setAsideNo, { ...json, by: request.viewer.name, address: request.ip, nowMs: now(), policies }),
    incidents: async ({ scope, query }) => listIncidents(db, query, await places.places(scope, query)),
    refusedReports: ({ scope, query }) => listRefused(db, scope, query),
    retakeReport: async ({ params }) => {
      const policy = await inTransaction(db, (tx) => policies.inForce(tx));
      return retake({ db, keys, policy, nowMs: now() }, params.refusedNo);
    },
  };
};

/** A JSON text on each line. Should the database fail halfway, the last line says so: the answer has begun and has no other way. */
async function* chainLines(lines: ReturnType<typeof verifyChain>): AsyncGenerator<string> {
  try {
    for await (const line of lines) yield `${JSON.stringify(line)}\n`;
  } catch {
    const text = { zh: "核对中断，请重试。", en: "The verification was cut off; try again." };
    yield `${JSON.stringify({ is: "failed", text } satisfies RouteAnswer<"verifyChain">)}\n`;
  }
}
