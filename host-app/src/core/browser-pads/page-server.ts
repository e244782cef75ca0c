import type { AddressInfo } from "node:net";
import type { Server as TlsServer } from "node:tls";
import websocket from "@fastify/websocket";
import { ADMISSION_PATH, admissionSchema, LINE_PATH } from "@window-rating/protocol/browser-pad";
import { WindowRatingError } from "@window-rating/protocol/error";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import { answerableError, httpStatusOf } from "../desk/http-status.ts";
import { parsed } from "../desk/request-body.ts";
import { type ArrivalLimits, arrivingWithin, PROMPT_ARRIVAL } from "../desk/slow-requests.ts";
import type { AdmissionBook } from "./admission-book.ts";
import type { Certificate } from "./certificate.ts";
import { GUEST_LIMITS, type GuestLimits, Guests } from "./guests.ts";
import { LineDoor } from "./line-door.ts";
import { type PageFile, type PageFiles, pageHeaders } from "./page-files.ts";
import type { Seat } from "./seat.ts";
import { originOf } from "./served-at.ts";

export interface PageServerOptions {
  readonly bind: string;
  /** 0 takes any. */
  readonly port: number;
  /** As the settings have it; null: from the certificate. */
  readonly origin: string | null;
  readonly certificate: Certificate | undefined;
  readonly files: PageFiles;
  readonly book: AdmissionBook;
  readonly seats: ReadonlyMap<string, Seat>;
  /** Whether the tablet that says so is to be paired by itself. */
  readonly pairs: (windowNo: string, said: { readonly serialNumber: string; readonly isPaired: boolean }) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: GuestLimits;
  /** Default: `PROMPT_ARRIVAL`. */
  readonly arrival?: ArrivalLimits | undefined;
}

export interface PageServer {
  readonly port: number;
  readonly origin: string;
  /** Connections from now on are secured by this one. */
  renew(certificate: Certificate): void;
  close(): Promise<void>;
}

/** An admission is 300 bytes long. */
const BODY_BYTES = 2048;
/** A frame of the pad protocol has at most 4,200 bytes on the wire. */
const MESSAGE_BYTES = 8192;
const HANDSHAKE_MS = 5000;

/**
 * Serves the citizen's page and the lines of browser pads, under one origin and no other. Nothing here knows a rating.
 * @throws WR8004 if the port is taken, WR1043 if the page's address cannot be told
 */
export const startPageServer = async (options: PageServerOptions): Promise<PageServer> => {
  const { certificate, book, seats, clock, logger, limits = GUEST_LIMITS } = options;
  const served = { origin: "", host: "" };
  const guests = new Guests(limits, () => clock.monotonicMs());
  const app = createApp(certificate, logger, options.arrival ?? PROMPT_ARRIVAL);
  app.server.maxConnections = limits.connections;
  app.server.on("connection", (socket) => guests.arrived(socket));
  const door = new LineDoor({ book, seats, pairs: options.pairs, logger, origin: () => served.origin });
  app.addHook("preClose", (done) => {
    door.close();
    done();
  });
  // Before the hook that asks for `request.ws`, which this sets.
  await app.register(websocket, { options: { maxPayload: MESSAGE_BYTES }, preClose: (done) => done() });
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(pageHeaders(served.origin)).header("cache-control", "no-store");
    checkCaller(request, served);
    done();
  });
  addPage(app, options);
  addAdmission(app, options, guests);
  addLine(app, options, guests, door);
  try {
    await app.listen({ host: options.bind, port: options.port, exclusive: true });
    const { port } = app.server.address() as AddressInfo;
    served.origin = originOf({ ...options, port });
    served.host = new URL(served.origin).host;
    logger.info({ origin: served.origin, bind: options.bind, port }, "browser pads are served");
    return {
      port,
      origin: served.origin,
      renew: ({ cert, key }) => (app.server as unknown as TlsServer).setSecureContext({ cert, key, minVersion: "TLSv1.2" }),
      close: () => app.close(),
    };
  } catch (cause) {
    await app.close();
    if (cause instanceof WindowRatingError) throw cause;
    throw new WindowRatingError("WR8004", `port ${options.port} on ${options.bind} for browser pads: ${(cause as Error).message}`, cause);
  }
};

const noCompiler = () => (): never => {
  throw new Error("a route of the browser pads has a schema of fastify's own");
};

const createApp = (certificate: Certificate | undefined, logger: Logger, arrival: ArrivalLimits): FastifyInstance => {
  const { cert, key } = certificate ?? {};
  const secured =
    certificate === undefined
      ? { http: arrivingWithin(arrival) }
      : {
          https: {
            ...{ cert, key, minVersion: "TLSv1.2", handshakeTimeout: HANDSHAKE_MS },
            ...arrivingWithin(arrival),
          } as const,
        };
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    forceCloseConnections: true,
    requestTimeout: arrival.requestMs,
    keepAliveTimeout: 30_000,
    routerOptions: { maxParamLength: 256 },
    exposeHeadRoutes: false,
    // What arrives is checked with zod: without this fastify loads two more schema compilers.
    schemaController: { compilersFactory: { buildValidator: noCompiler, buildSerializer: noCompiler } },
    frameworkErrors: (error: unknown, _request: unknown, reply: unknown) => void sendError(reply as FastifyReply, error, logger),
    ...secured,
  } as Parameters<typeof fastify>[0]) as unknown as FastifyInstance;
  app.setErrorHandler((error, _request, reply) => sendError(reply, error, logger));
  app.setNotFoundHandler(() => {
    throw new WindowRatingError("WR5010", "there is no such page");
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

const sendError = (reply: FastifyReply, error: unknown, logger: Logger): FastifyReply => {
  const answer = answerableError(error);
  const status = httpStatusOf(answer.code);
  if (status >= 500) logger.error({ err: error }, "request of a browser pad failed");
  else logger.debug({ code: answer.code, detail: answer.detail }, "request of a browser pad refused");
  return reply.code(status).send({ error: answer });
};

/**
 * Against names that somebody points here, and against pages of strangers: the page is asked for by its own name, and what changes something
 * comes from the page itself.
 * @throws WR5002
 */
const checkCaller = (request: FastifyRequest, served: { readonly origin: string; readonly host: string }): void => {
  const hosts = request.raw.headersDistinct.host;
  if (hosts?.length !== 1 || hosts[0] !== served.host) throw new WindowRatingError("WR5002", `the Host header is not ${served.host}`);
  const { origin } = request.headers;
  const mustHaveOrigin = request.ws || request.method !== "GET";
  if (origin === undefined ? mustHaveOrigin : origin !== served.origin)
    throw new WindowRatingError("WR5002", "another page than this one sent this");
};

const addPage = (app: FastifyInstance, { files, seats }: PageServerOptions): void => {
  const send = (reply: FastifyReply, { body, type, isImmutable }: PageFile): FastifyReply =>
    reply
      .type(type)
      .header("cache-control", isImmutable ? "public, max-age=31536000, immutable" : "no-cache")
      .send(body);
  for (const [path, file] of files.files) app.get(path, (_request, reply) => send(reply, file));
  const windowPage =
    (file: PageFile) =>
    (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      seatIn(request, seats);
      return send(reply, file);
    };
  app.get("/window/:windowNo/", windowPage(files.page));
  app.get("/window/:windowNo/manifest.webmanifest", windowPage(files.manifest));
};

/** @throws WR5010 if the window has no browser pad */
const seatIn = (request: FastifyRequest, seats: ReadonlyMap<string, Seat>): Seat => {
  const seat = seats.get((request.params as { windowNo: string }).windowNo);
  if (seat === undefined) throw new WindowRatingError("WR5010", "no browser pad belongs to a window of this number here");
  return seat;
};

const addAdmission = (app: FastifyInstance, { book, seats, logger }: PageServerOptions, guests: Guests): void => {
  app.post(`/window/:windowNo/${ADMISSION_PATH}`, (request, reply) => {
    const seat = seatIn(request, seats);
    checkTries(request, reply, guests);
    const admission = parsed(admissionSchema, request.body, "body");
    const { device } = book.admit(seat.windowNo, admission);
    logger.info({ windowNo: seat.windowNo, device }, "tablet admitted");
    // Whoever was the window's tablet until now.
    seat.dismiss("replaced");
    return reply.send({ device });
  });
};

const addLine = (app: FastifyInstance, { seats }: PageServerOptions, guests: Guests, door: LineDoor): void => {
  app.route({
    method: "GET",
    url: `/window/:windowNo/${LINE_PATH}`,
    onRequest: (request, reply, done) => {
      seatIn(request, seats);
      if (!request.ws) throw new WindowRatingError("WR5003", "this address is a WebSocket");
      checkTries(request, reply, guests);
      door.checkRoom();
      done();
    },
    handler: () => undefined,
    wsHandler: (socket, request) => door.enter(socket, seatIn(request, seats)),
  });
};

/** @throws WR5011 */
const checkTries = (request: FastifyRequest, reply: FastifyReply, guests: Guests): void => {
  if (guests.mayTry(request.ip)) return;
  reply.header("Retry-After", "1");
  throw new WindowRatingError("WR5011", "this address has tried too often");
};
