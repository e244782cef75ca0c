import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import websocket, { type WebSocket } from "@fastify/websocket";
import { WindowRatingError } from "@window-rating/protocol/error";
import fastify, { type FastifyInstance, type FastifyRequest } from "fastify";
import { type TouchView, touchViewOf } from "../citizen-page/touch-view.ts";
import type { PadControls, PadFace } from "../face.ts";
import type { Assets } from "../touchscreen/assets.ts";
import { type PanelView, viewOf } from "./view.ts";
import { LONGEST_WISH, readWish, Visitor } from "./wishes.ts";

export interface WebPanel {
  /** Address of the page. */
  readonly url: string;
  close(): Promise<void>;
}

const HTML = "text/html; charset=utf-8";
const STYLE = "text/css; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";
/** Paths of the page for five buttons, and of the one for a touchscreen. */
const SHARED_FILES = { "/icon.svg": { name: "icon.svg", type: "image/svg+xml" } } as const;
const BUTTON_FILES = {
  ...SHARED_FILES,
  "/": { name: "index.html", type: HTML },
  "/panel.css": { name: "panel.css", type: STYLE },
  "/keys.css": { name: "keys.css", type: STYLE },
  "/panel.js": { name: "panel.js", type: SCRIPT },
  "/drawing.js": { name: "drawing.js", type: SCRIPT },
  "/fingers.js": { name: "fingers.js", type: SCRIPT },
} as const;
const SCREEN_FILES = {
  ...SHARED_FILES,
  "/": { name: "../../citizen-page/web/simulator.html", type: HTML },
  "/screen.css": { name: "../../citizen-page/web/screen.css", type: STYLE },
  "/scenes.css": { name: "../../citizen-page/web/scenes.css", type: STYLE },
  "/answer.css": { name: "../../citizen-page/web/answer.css", type: STYLE },
  "/small.css": { name: "../../citizen-page/web/small.css", type: STYLE },
  "/simulator.js": { name: "../../citizen-page/web/simulator.js", type: SCRIPT },
  "/screen.js": { name: "../../citizen-page/web/screen.js", type: SCRIPT },
  "/steady-hand.js": { name: "../../citizen-page/web/steady-hand.js", type: SCRIPT },
  "/elements.js": { name: "../../citizen-page/web/elements.js", type: SCRIPT },
  "/options.js": { name: "../../citizen-page/web/options.js", type: SCRIPT },
  "/details.js": { name: "../../citizen-page/web/details.js", type: SCRIPT },
  "/writing.js": { name: "../../citizen-page/web/writing.js", type: SCRIPT },
  "/rest.js": { name: "../../citizen-page/web/rest.js", type: SCRIPT },
  "/pairing.js": { name: "../../citizen-page/web/pairing.js", type: SCRIPT },
  "/time.js": { name: "../../citizen-page/web/time.js", type: SCRIPT },
  "/voice.js": { name: "../../citizen-page/web/voice.js", type: SCRIPT },
} as const;
const ASSET_TYPES = { png: "image/png", jpeg: "image/jpeg", wav: "audio/wav" } as const;

const HEADERS = {
  // The demo shows the panel in a frame; its page comes from this machine, from another port.
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors http://127.0.0.1:* http://localhost:*",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/;

/**
 * True for a request that a page of this panel made on this machine. A name that an attacker points to 127.0.0.1 arrives in Host as that
 * name, and a stranger's page arrives with its own Origin.
 */
const isOwn = ({ headers: { host = "", origin } }: FastifyRequest, mustHaveOrigin: boolean): boolean =>
  LOOPBACK_HOST.test(host) && (origin === undefined ? !mustHaveOrigin : origin === `http://${host}`);

/** A page that takes no more is let go, bytes: each view is about one kilobyte. */
const MOST_UNSENT = 1_000_000;

/**
 * Shows a pad as a page and takes its keys from there.
 * @param port 0 = any free one
 * @throws WindowRatingError WR8004 if the port cannot be had
 */
export const startWebPanel = async (
  controls: PadControls,
  { port, host = "127.0.0.1" }: { readonly port: number; readonly host?: "127.0.0.1" | "::1" },
): Promise<WebPanel> => {
  const server = fastify({ forceCloseConnections: true });
  const { screenAssets } = controls;
  await server.register(websocket, { options: { maxPayload: screenAssets === null ? LONGEST_WISH.buttons : LONGEST_WISH.screen } });
  server.addHook("onRequest", async (request, reply) => {
    reply.headers(HEADERS);
    if (!isOwn(request, request.ws)) await reply.code(403).type("text/plain").send("This page is for the browser of this machine only.\n");
  });
  for (const [path, { name, type }] of Object.entries(screenAssets === null ? BUTTON_FILES : SCREEN_FILES)) {
    const body = readFileSync(join(import.meta.dirname, "web", name));
    server.get(path, (_, reply) => reply.type(type).send(body));
  }
  if (screenAssets !== null) serveAssets(server, screenAssets);
  server.get("/pad", { websocket: true }, (socket) => serve(socket, controls));
  try {
    await server.listen({ port, host });
  } catch (error) {
    throw new WindowRatingError("WR8004", `the web panel wants port ${port}: ${(error as Error).message}`, error);
  }
  const { port: taken } = server.server.address() as AddressInfo;
  return { url: `http://${host === "::1" ? "[::1]" : host}:${taken}/`, close: () => server.close() };
};

const ASSET_PATH = "/assets/";
const assetPath = (asset: string): string => ASSET_PATH + asset.split("/").map(encodeURIComponent).join("/");

/** Pictures and recordings that the pad holds, by their names. */
const serveAssets = (server: FastifyInstance, assets: Assets): void => {
  server.get<{ Params: { "*": string } }>(`${ASSET_PATH}*`, async ({ params }, reply) => {
    const asset = assets.find(params["*"]);
    if (asset === undefined || asset.kind === "json") return reply.callNotFound();
    return reply.type(ASSET_TYPES[asset.kind]).send(Buffer.from(asset.bytes));
  });
};

/** What the page draws. */
const pageViewOf = (face: PadFace): PanelView | TouchView =>
  face.screen === null ? viewOf(face) : touchViewOf(face, face.screen, assetPath);

/** One page: gets the view at once and after every change, and sends wishes. */
const serve = (socket: WebSocket, controls: PadControls): void => {
  const visitor = new Visitor(controls);
  const send = (): void => {
    if (socket.bufferedAmount > MOST_UNSENT) socket.terminate();
    else socket.send(JSON.stringify(pageViewOf(controls.face)));
  };
  const stopListening = controls.onChange(send);
  socket.on("message", (data, isBinary) => {
    const wish = isBinary ? undefined : readWish(String(data));
    if (wish === undefined) socket.close(1008, "not understood");
    else visitor.fulfil(wish);
  });
  socket.on("close", () => {
    stopListening();
    visitor.leave();
  });
  // Too long a message ends in an error and then in a close: nothing more is to be done here.
  socket.on("error", () => {});
  send();
};
