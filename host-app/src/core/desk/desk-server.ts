import type { AddressInfo, Server as TcpServer } from "node:net";
import websocket from "@fastify/websocket";
import { windowChoiceSchema } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import { caseNoSchema } from "@window-rating/protocol/rating";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { BrowserPads } from "../browser-pads/browser-pads.ts";
import type { WindowDesk } from "../cases/window-desk.ts";
import type { WindowDesks } from "../cases/window-desks.ts";
import type { ClerkDesk } from "../clerks/clerk-desk.ts";
import type { Clock } from "../clock.ts";
import type { HostStatus } from "../commands/status-shape.ts";
import type { PadDesk } from "../pads/pad-desk.ts";
import type { LinkDesk } from "../push/link-desk.ts";
import type { Screens } from "../screens/screens.ts";
import type { TrafficDesk } from "../traffic/traffic-desk.ts";
import { DEFAULT_DESK_LIMITS, type DeskLimits } from "./desk-limits.ts";
import { BEARER_SUBPROTOCOL, EVENTS_PATH, EventStream, SUBPROTOCOL } from "./event-stream.ts";
import { Gate } from "./gate.ts";
import { answerableError, httpStatusOf } from "./http-status.ts";
import { openIpv6Door } from "./loopback-door.ts";
import { PairingDesk } from "./pairing-desk.ts";
import type { Pairings } from "./pairings.ts";
import { REPEAT_HEADER, Repeats } from "./repeats.ts";
import { parsed } from "./request-body.ts";
import { arrivingWithin } from "./slow-requests.ts";
import { addTraffic, TRAFFIC_PATH } from "./traffic-stream.ts";
import { type Access, VERBS, type Verb } from "./verbs.ts";

export interface DeskServerOptions {
  readonly desks: WindowDesks;
  readonly pairings: Pairings;
  /** 0 takes any port that is free on both loopbacks. */
  readonly port: number;
  /** Secret of `control.json`: opens /desk/v1/status and nothing else. */
  readonly controlToken: string;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly status?: () => HostStatus;
  readonly pads?: PadDesk;
  readonly clerks?: ClerkDesk;
  readonly screens?: Screens;
  readonly traffic?: TrafficDesk;
  readonly browserPads?: BrowserPads | undefined;
  /** The one that the screens of this PC use as well. */
  readonly pairingDesk?: PairingDesk;
  readonly links?: LinkDesk;
  /** What every verb is answered with but those that work in this state (`inRescue`). */
  readonly outOfOrder?: WindowRatingError;
  readonly limits?: Partial<DeskLimits>;
}

export interface DeskServer {
  readonly port: number;
  /** Everything that is answered; what has no access does nothing but say what there is. */
  readonly routes: readonly DeskRoute[];
  /** Stops listening, closes every stream, and resolves when the ports are free. */
  close(): Promise<void>;
}

export interface DeskRoute {
  readonly method: string;
  /** As OpenAPI writes it. */
  readonly path: string;
  readonly access: Access | undefined;
}

declare module "fastify" {
  interface FastifyContextConfig {
    /** undefined on routes that are no verb, which need no token because they do nothing. */
    access?: Access;
    /** Declared path, for the log: a case number is nothing for a log. */
    declaredPath?: string;
    inRescue?: boolean;
    /** A preflight that any page may send, for it asks to be paired. */
    isForAsking?: boolean;
  }
}

/** How long a stream may take to answer the close at shutdown, milliseconds. */
const CLOSE_GRACE_MS = 300;

/**
 * Serves the desk API on 127.0.0.1 and ::1, and nowhere else.
 * @throws WR8004 if the port is taken on either
 */
export const startDeskServer = async (options: DeskServerOptions): Promise<DeskServer> => {
  const limits: DeskLimits = { ...DEFAULT_DESK_LIMITS, ...options.limits };
  const { desks, logger } = options;
  const app = createApp(limits, logger);
  const routes: DeskRoute[] = [];
  app.addHook("onRoute", ({ method, url, config }) => {
    for (const one of [method].flat()) routes.push({ method: one, path: config?.declaredPath ?? url, access: config?.access });
  });
  const stream = new EventStream({ logger, bufferBytes: limits.streamBufferBytes });
  const gate = new Gate({ ...options, limits });

  app.addHook("preClose", (done) => {
    stream.close();
    endTraffic();
    setTimeout(() => stream.terminate(), CLOSE_GRACE_MS).unref();
    done();
  });
  await app.register(websocket, {
    options: { maxPayload: 1024, handleProtocols: chooseSubprotocol },
    // Streams are closed above, with a reason.
    preClose: (done) => done(),
  });
  app.addHook("onRequest", (request, reply, done) => {
    const { access, declaredPath, inRescue } = request.routeOptions.config;
    gate.pass(request, reply, access);
    // After the guards: what is wrong with this PC is told to nobody who may not call.
    if (options.outOfOrder !== undefined && access !== undefined && inRescue !== true) throw options.outOfOrder;
    if (request.ws && access !== undefined && declaredPath !== EVENTS_PATH)
      throw new WindowRatingError("WR5003", "only the event stream is a WebSocket");
    done();
  });

  const served = { ...options, pairingDesk: options.pairingDesk ?? new PairingDesk(options), repeats: new Repeats() };
  for (const verb of VERBS) addVerb(app, verb, served, gate);
  addEvents(app, stream, gate, limits, desks);
  const endTraffic = addTraffic(app, { traffic: options.traffic, bufferBytes: limits.streamBufferBytes });
  const paths = new Map<string, string[]>([
    [EVENTS_PATH, ["GET"]],
    [TRAFFIC_PATH, ["GET"]],
  ]);
  for (const { path, method } of VERBS) paths.set(path, [...(paths.get(path) ?? []), method]);
  for (const [path, methods] of paths) addOtherMethods(app, path, methods);

  const door = await listen(app, options.port, limits.connections);
  const { port } = app.server.address() as AddressInfo;
  gate.port = port;
  logger.info({ port, ipv6: door !== null }, "desk API listens");
  return {
    port,
    routes,
    close: async () => {
      const doorClosed = door === null ? undefined : new Promise((resolve) => door.close(resolve));
      await app.close();
      await doorClosed;
    },
  };
};

const noCompiler = () => (): never => {
  throw new Error("a route of the desk API has a schema of fastify's own; declare it as a verb");
};

const createApp = (limits: DeskLimits, logger: Logger): FastifyInstance => {
  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    forceCloseConnections: true,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: 30_000,
    routerOptions: { maxParamLength: 1024 },
    exposeHeadRoutes: false,
    // The verbs are checked with zod: without this fastify loads two more schema compilers, 6 MB, for nothing.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    http: arrivingWithin(limits),
    frameworkErrors: (error, _request, reply) => sendError(reply as FastifyReply, error, logger),
    clientErrorHandler: (error, socket) => {
      // Bytes that are no HTTP, or too slow: there is no request to answer through.
      const isSlow = (error as NodeJS.ErrnoException).code === "ERR_HTTP_REQUEST_TIMEOUT";
      const refusal = isSlow
        ? new WindowRatingError("WR5015", "the request was not complete in time")
        : new WindowRatingError("WR5003", "this is not HTTP as it should be");
      if (socket.writable) socket.write(rawAnswer(refusal));
      // Not only our side of it: who goes on sending would keep the connection for as long as it likes.
      socket.destroy();
    },
  });
  app.server.maxConnections = limits.connections;
  app.setErrorHandler((error, _request, reply) => sendError(reply, error, logger));
  app.setNotFoundHandler(() => {
    throw new WindowRatingError("WR5010", "no verb has this address");
  });
  // JSON is the only content; no body at all stands for the empty object.
  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser("application/json", { parseAs: "string" }, (request, body, done) => {
    if (body === "") done(null, {});
    else void parseJson(request, body as string, done);
  });
  return app;
};

interface Served extends DeskServerOptions {
  readonly pairingDesk: PairingDesk;
  readonly repeats: Repeats;
}

const addVerb = (app: FastifyInstance, verb: Verb, options: Served, gate: Gate): void => {
  app.route({
    method: verb.method,
    url: routePath(verb.path),
    config: { access: verb.access, declaredPath: verb.path, inRescue: verb.inRescue ?? false },
    handler: async (request) => {
      const { caseNo } = request.params as { caseNo?: string };
      const call = {
        desks: options.desks,
        status: options.status,
        pads: options.pads,
        clerks: options.clerks,
        screens: options.screens,
        browserPads: options.browserPads,
        pairingDesk: options.pairingDesk,
        links: options.links,
        caller: gate.callerOf(request),
        origin: request.headers.origin,
        caseNo: caseNo === undefined ? "" : parsed(caseNoSchema, caseNo, "caseNo"),
        windowNo: windowIn(request),
        body: verb.body === null ? undefined : parsed(verb.body, request.body ?? {}, "body"),
      };
      const run = async (): Promise<unknown> => verb.answer.parse(await verb.handle(call));
      const key = request.headers[REPEAT_HEADER.toLowerCase()];
      const pairing = gate.pairingKeyOf(request);
      if (typeof key !== "string" || pairing === undefined || verb.body === null) return run();
      return options.repeats.once(pairing, key, [verb.path, call.caseNo, call.body], options.clock.monotonicMs(), run);
    },
  });
};

const addEvents = (app: FastifyInstance, stream: EventStream, gate: Gate, limits: DeskLimits, desks: WindowDesks): void => {
  app.route({
    method: "GET",
    url: EVENTS_PATH,
    config: { access: "paired", declaredPath: EVENTS_PATH },
    onRequest: (request, reply, done) => {
      if (request.ws && stream.size >= limits.streams) {
        reply.header("Retry-After", "10");
        throw new WindowRatingError("WR5011", `${limits.streams} event streams are open already`);
      }
      windowsFor(request, desks);
      done();
    },
    handler: () => {
      throw new WindowRatingError("WR5003", "this address is a WebSocket");
    },
    wsHandler: (socket, request) => stream.add({ socket, desks: windowsFor(request, desks), ...gate.readerOf(request) }),
  });
};

/** The window that the query names. @throws WR5003 */
const windowIn = (request: FastifyRequest): string | undefined =>
  parsed(windowChoiceSchema, (request.query as { windowNo?: unknown }).windowNo, "windowNo");

/** The windows of a stream: the one that the query names, or all. @throws WR5003, WR5017 */
const windowsFor = (request: FastifyRequest, desks: WindowDesks): readonly WindowDesk[] => {
  const windowNo = windowIn(request);
  return windowNo === undefined ? desks.all : [desks.of(windowNo)];
};

/** OPTIONS asks what a page may do; everything else that is not declared is refused by name. */
const addOtherMethods = (app: FastifyInstance, path: string, methods: readonly string[]): void => {
  const allowed = [...methods, "OPTIONS"].join(", ");
  app.route({
    method: "OPTIONS",
    url: routePath(path),
    config: { declaredPath: path, isForAsking: VERBS.some((verb) => verb.path === path && verb.access === "asking") },
    handler: (request, reply) => {
      reply.header("Allow", allowed);
      if (request.headers.origin !== undefined) {
        reply.header("Access-Control-Allow-Methods", methods.join(", "));
        reply.header("Access-Control-Allow-Headers", `Authorization, Content-Type, ${REPEAT_HEADER}`);
        reply.header("Access-Control-Max-Age", "600");
        if (request.headers["access-control-request-private-network"] === "true")
          reply.header("Access-Control-Allow-Private-Network", "true");
      }
      return reply.code(204).send();
    },
  });
  app.route({
    method: app.supportedMethods.filter((method) => method !== "OPTIONS" && !methods.includes(method)),
    url: routePath(path),
    config: { declaredPath: path },
    // Before any body is read.
    onRequest: (request, reply) => {
      reply.header("Allow", allowed);
      throw new WindowRatingError("WR5012", `${request.method} is not declared for ${path}`);
    },
    handler: () => undefined,
  });
};

const routePath = (path: string): string => path.replace("{caseNo}", ":caseNo");

const chooseSubprotocol = (offered: Set<string>): string | false => {
  if (offered.has(SUBPROTOCOL)) return SUBPROTOCOL;
  // A browser gives the connection up if none of what it offered is chosen.
  return [...offered].find((protocol) => protocol.startsWith(BEARER_SUBPROTOCOL)) ?? false;
};

const sendError = (reply: FastifyReply, error: unknown, logger: Logger): FastifyReply => {
  const answer = answerableError(error);
  const status = httpStatusOf(answer.code);
  const { declaredPath } = reply.request.routeOptions.config ?? {};
  if (status >= 500) logger.error({ path: declaredPath, err: error }, "desk request failed");
  else logger.debug({ path: declaredPath, method: reply.request.method, code: answer.code, detail: answer.detail }, "desk request refused");
  if (answer.code === "WR5001") reply.header("WWW-Authenticate", "Bearer");
  return reply.code(status).send({ error: answer });
};

const rawAnswer = (error: WindowRatingError): string => {
  const body = JSON.stringify({ error });
  const status = httpStatusOf(error.code);
  return `HTTP/1.1 ${status} ${status === 408 ? "Request Timeout" : "Bad Request"}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
};

const LISTEN_ATTEMPTS = 20;

/** @returns the door on ::1, null if there is no IPv6 */
const listen = async (app: FastifyInstance, port: number, maxConnections: number): Promise<TcpServer | null> => {
  let failure: unknown;
  for (let attempt = 0; attempt < (port === 0 ? LISTEN_ATTEMPTS : 1); attempt++) {
    let door: TcpServer | null = null;
    try {
      door = await openIpv6Door(app.server, port, maxConnections);
      await app.listen({ host: "127.0.0.1", port: door === null ? port : (door.address() as AddressInfo).port, exclusive: true });
      return door;
    } catch (error) {
      // With port 0 the other loopback may have given the number away already: another one is tried.
      failure = error;
      door?.close();
    }
  }
  await app.close();
  throw new WindowRatingError("WR8004", `port ${port} on 127.0.0.1 and ::1: ${(failure as Error).message}`, failure);
};
