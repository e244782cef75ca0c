import type { AddressInfo } from "node:net";
import fastifyStatic from "@fastify/static";
import websocket from "@fastify/websocket";
import { WindowRatingError } from "@window-rating/protocol/error";
import { windowNoSchema } from "@window-rating/protocol/rating";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import { z } from "zod";
import type { ScreenLine } from "../../messages/carrier.ts";
import { MESSAGE_LIMIT } from "../../messages/envelope.ts";
import type { Clock } from "../clock.ts";
import { answerableError, httpStatusOf } from "../desk/http-status.ts";
import { parsed } from "../desk/request-body.ts";
import { type ArrivalLimits, arrivingWithin, PROMPT_ARRIVAL } from "../desk/slow-requests.ts";
import { TokenBucket } from "../desk/token-bucket.ts";
import { checkCaller, cookieIn, cookieName, screenHost, sessionCookie } from "./screen-guards.ts";
import type { ScreenAbout, ScreenHub } from "./screen-hub.ts";
import type { ScreenPages } from "./screen-pages.ts";
import { type ScreenSession, type ScreenSessions, SESSION_SCREENS, type SessionScreen } from "./screen-sessions.ts";

export interface ScreenServerOptions {
  readonly hub: ScreenHub;
  readonly sessions: ScreenSessions;
  readonly pages: ScreenPages;
  /** 0 takes the one of last time if it is free, else any. */
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: `PROMPT_ARRIVAL`. */
  readonly arrival?: ArrivalLimits | undefined;
}

export interface ScreenServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Close codes of RFC 6455, and one of our own: the session has ended, trying again does not help. */
const CLOSE = { goingAway: 1001, policy: 1008, ended: 4401 } as const;
const CONNECTIONS = 64;
const SOCKETS = 16;
const BODY_BYTES = 1024;
/** Three bytes is the most that a UTF-16 unit takes in UTF-8. */
const FRAME_BYTES = MESSAGE_LIMIT * 3;
/** A ticket of 256 bits cannot be guessed; this keeps whoever tries from filling the log. */
const TRIES = { perSecond: 1, burst: 10 };

const ticketSchema = z.strictObject({ ticket: z.string().min(1).max(128) });
const querySchema = z.object({ screen: z.enum(SESSION_SCREENS), window: windowNoSchema.optional() });

/** The page of a screen, in the address bar. */
const pageOf = ({ screen, windowNo }: ScreenAbout): string =>
  `/${screen}.html${windowNo === null ? "" : `?window=${encodeURIComponent(windowNo)}`}`;

/**
 * Serves the built screens, and the messages of those that were admitted, on 127.0.0.1 and nowhere else.
 * @throws WR8004 if the port is taken
 */
export const startScreenServer = async (options: ScreenServerOptions): Promise<ScreenServer> => {
  const { sessions, logger } = options;
  const app = createApp(logger, options.arrival ?? PROMPT_ARRIVAL);
  const sockets = new Map<WebSocket, string>();
  sessions.onEnd((id) => {
    for (const [socket, ofSession] of sockets) if (ofSession === id) socket.close(CLOSE.ended, "WR5101");
  });
  app.addHook("preClose", (done) => {
    for (const socket of sockets.keys()) {
      socket.close(CLOSE.goingAway, "window-host stops");
      setTimeout(() => socket.terminate(), 300).unref();
    }
    done();
  });
  const server: Listening = { port: 0 };
  // Before our own hook: a connection that the hook refuses it must know, or it stays open for ever.
  await app.register(websocket, { options: { maxPayload: FRAME_BYTES }, preClose: (done) => done() });
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(PLAIN_HEADERS);
    const needsOrigin = request.raw.headers.upgrade !== undefined || request.method !== "GET";
    checkCaller(request.raw.headers, request.raw.headersDistinct.host, { port: server.port, needsOrigin });
    done();
  });
  await app.register(fastifyStatic, {
    root: `${options.pages.folder}/assets`,
    prefix: "/assets/",
    index: false,
    dotfiles: "deny",
    immutable: true,
    maxAge: "365d",
    decorateReply: false,
  });
  addPages(app, options, server);
  addSession(app, options, server);
  addSocket(app, options, server, sockets);
  await listen(app, options.port, sessions.lastPort);
  server.port = (app.server.address() as AddressInfo).port;
  sessions.remember(server.port);
  logger.info({ port: server.port }, "screens are served");
  return { port: server.port, close: () => app.close() };
};

interface Listening {
  port: number;
}

const PLAIN_HEADERS = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
};

const noCompiler = () => (): never => {
  throw new Error("a route of the screens has a schema of fastify's own");
};

const createApp = (logger: Logger, arrival: ArrivalLimits): FastifyInstance => {
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    forceCloseConnections: true,
    requestTimeout: arrival.requestMs,
    keepAliveTimeout: 30_000,
    exposeHeadRoutes: false,
    // What arrives is checked with zod: without this fastify loads two more schema compilers.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    http: arrivingWithin(arrival),
  });
  app.server.maxConnections = CONNECTIONS;
  app.setErrorHandler((error, request, reply) => {
    const answer = answerableError(error);
    const status = statusOf(answer);
    if (status >= 500) logger.error({ path: request.routeOptions.url, err: error }, "request of a screen failed");
    else logger.debug({ path: request.routeOptions.url, code: answer.code, detail: answer.detail }, "request of a screen refused");
    return reply.code(status).send({ error: answer });
  });
  app.setNotFoundHandler(() => {
    throw new WindowRatingError("WR5107", "there is no such page");
  });
  app.removeAllContentTypeParsers();
  const parseJson = app.getDefaultJsonParser("error", "error");
  app.addContentTypeParser(
    "application/json",
    { parseAs: "string" },
    (request, body, done) => void parseJson(request, body as string, done),
  );
  return app;
};

const statusOf = ({ code }: WindowRatingError): number => (code === "WR5101" ? 401 : code === "WR5107" ? 404 : httpStatusOf(code));

const addPages = (app: FastifyInstance, { pages, sessions }: ScreenServerOptions, server: Listening): void => {
  const send = (reply: FastifyReply, name: string): FastifyReply => {
    const page = pages.page(name, `'self' ws://${screenHost(server.port)}`);
    if (page === undefined) throw new WindowRatingError("WR5107", `${name} is not among the built screens`);
    return reply.headers(page.headers).type("text/html; charset=utf-8").send(page.html);
  };
  app.get("/open.html", (_request, reply) => send(reply, "open.html"));
  for (const screen of SESSION_SCREENS) {
    app.get(`/${screen}.html`, (request, reply) => {
      const window = (request.query as { window?: unknown }).window;
      const session = sessionIn(request, sessions, server.port, { screen, window });
      // A person typed the address, or their session has ended: the page without a ticket says what to do.
      return session === undefined ? send(reply.code(401), "open.html") : send(reply, `${screen}.html`);
    });
  }
  // Holds nothing of its own: what is printed the strip that frames it says.
  app.get("/receipt.html", (_request, reply) => send(reply, "receipt.html"));
};

const addSession = (app: FastifyInstance, { sessions, clock }: ScreenServerOptions, server: Listening): void => {
  const tries = new TokenBucket(TRIES, clock.monotonicMs());
  app.post("/session", (request, reply) => {
    if (!tries.take(clock.monotonicMs())) {
      reply.header("Retry-After", "1");
      throw new WindowRatingError("WR5011", "too many tickets were tried");
    }
    const { ticket } = parsed(ticketSchema, request.body, "body");
    const { session, token } = sessions.redeem(ticket);
    return reply.header("Set-Cookie", sessionCookie(cookieName(server.port, session), token)).send({ page: pageOf(session) });
  });
  // Asked before each WebSocket, whose refusal a browser does not tell its page.
  app.get("/session", (request, reply) => {
    const { screen, window } = parsed(querySchema, request.query, "query");
    if (sessionIn(request, sessions, server.port, { screen, window }) === undefined)
      throw new WindowRatingError("WR5101", "this browser has no session for this screen");
    return reply.code(204).send();
  });
};

const addSocket = (
  app: FastifyInstance,
  { sessions, hub, pages, logger }: ScreenServerOptions,
  server: Listening,
  sockets: Map<WebSocket, string>,
): void => {
  const admitted = (request: FastifyRequest): ScreenSession => {
    const { screen, window } = parsed(querySchema, request.query, "query");
    const session = sessionIn(request, sessions, server.port, { screen, window });
    if (session === undefined) throw new WindowRatingError("WR5101", "this browser has no session for this screen");
    return session;
  };
  app.route({
    method: "GET",
    url: "/socket",
    onRequest: (request, _reply, done) => {
      if (!request.ws) throw new WindowRatingError("WR5107", "this address is a WebSocket");
      if (sockets.size >= SOCKETS) throw new WindowRatingError("WR5011", `${SOCKETS} screens are open already`);
      admitted(request);
      done();
    },
    handler: () => undefined,
    wsHandler: (socket, request) => {
      const session = admitted(request);
      sockets.set(socket, session.id);
      socket.on("close", () => sockets.delete(socket));
      // A screen that breaks the protocol or its connection is gone; the close event follows.
      socket.on("error", (error) => logger.debug({ screen: session.screen, cause: error.message }, "connection of a screen broke"));
      try {
        hub.connect(lineOfSocket(socket), { ...session, build: pages.build });
      } catch (error) {
        logger.warn({ screen: session.screen, err: error }, "screen not connected");
        socket.close(CLOSE.ended, "WR5017");
      }
    },
  });
};

/** Texts alone: what else arrives is of no screen of ours. */
const lineOfSocket = (socket: WebSocket): ScreenLine => ({
  send: (text) => socket.send(text),
  behindBytes: () => socket.bufferedAmount,
  close: () => socket.terminate(),
  listen: ({ text, closed }) => {
    socket.on("message", (data, isBinary) => {
      if (isBinary) socket.close(CLOSE.policy, "texts only");
      else text(data.toString());
    });
    socket.on("close", closed);
  },
});

/** @throws WR5003 if the window's number is none */
const sessionIn = (
  request: FastifyRequest,
  sessions: ScreenSessions,
  port: number,
  { screen, window }: { screen: SessionScreen; window: unknown },
): ScreenSession | undefined => {
  const about = { screen, windowNo: parsed(windowNoSchema.optional(), window, "window") ?? null };
  return sessions.find(cookieIn(request.raw.headers, cookieName(port, about)), about);
};

/** @param last tried first where any port will do, so that open screens find their window-host again after its restart */
const listen = async (app: FastifyInstance, port: number, last: number | null): Promise<void> => {
  const wanted = port === 0 && last !== null ? [last, 0] : [port];
  let failure: unknown;
  for (const candidate of wanted) {
    try {
      await app.listen({ host: "127.0.0.1", port: candidate, exclusive: true });
      return;
    } catch (error) {
      failure = error;
    }
  }
  await app.close();
  throw new WindowRatingError("WR8004", `port ${port} on 127.0.0.1 for the screens: ${(failure as Error).message}`, failure);
};
