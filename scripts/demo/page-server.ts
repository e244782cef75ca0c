import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { CLERKS, HALL, ITEMS } from "./seed.ts";
import type { Stage } from "./stage.ts";

const FILES: Readonly<Record<string, { file: string; type: string }>> = {
  "/": { file: "index.html", type: "text/html; charset=utf-8" },
  "/page.css": { file: "page.css", type: "text/css; charset=utf-8" },
  "/page.mjs": { file: "page.mjs", type: "text/javascript; charset=utf-8" },
};

/** The page of the demo: it plays the business system of the window and shows the pad and central beside it. */
export interface DemoPage {
  readonly origin: string;
  show(stage: Stage, panelUrl: string): void;
  close(): Promise<void>;
}

/** Serves the page on loopback; on another free port if the one wished for is taken. */
export const servePage = async (port: number): Promise<DemoPage> => {
  let shown: { stage: Stage; panelUrl: string } | undefined;
  let busy: Promise<void> = Promise.resolve();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { "content-type": "text/plain; charset=utf-8" }).end(String(error));
    });
  });
  const listen = (wanted: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(wanted, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  await listen(port).catch(() => listen(0));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // The page holds a token of the desk API: only this machine's own browser, under this very name, may have it.
    if (`http://${request.headers.host}` !== origin) return void response.writeHead(403).end("wrong host\n");
    const { pathname } = new URL(request.url ?? "/", origin);
    if (request.method === "GET") return get(pathname, response);
    if (request.method !== "POST" || request.headers.origin !== origin) return void response.writeHead(403).end("wrong origin\n");
    const act = shown && actions(shown.stage)[pathname];
    if (act === undefined) return void response.writeHead(404).end();
    busy = busy.then(act);
    await busy;
    response.writeHead(204).end();
  };

  const get = async (pathname: string, response: ServerResponse): Promise<void> => {
    if (pathname === "/stage.json") {
      if (shown === undefined) return void response.writeHead(503, { "retry-after": "1" }).end();
      const { stage, panelUrl } = shown;
      const { deskPort, token, centralUrl } = stage;
      const consoleUrl = `${centralUrl}/console/live/hall?hall=${HALL.hall.hallNo}&wall=1`;
      // Browsers keep cookies by address, not by port: with this one the console beside the pad is signed in.
      // While central is down there is none, and the console asks for a password.
      const cookie = await stage.consoleDoor.signIn().catch(() => undefined);
      const headers = { "content-type": "application/json", "cache-control": "no-store" };
      response.writeHead(200, cookie === undefined ? headers : { ...headers, "set-cookie": cookie });
      return void response.end(
        JSON.stringify({ desk: `http://127.0.0.1:${deskPort}/desk/v1`, token, panelUrl, consoleUrl, clerks: CLERKS, items: ITEMS }),
      );
    }
    const found = FILES[pathname];
    if (found === undefined) return void response.writeHead(404).end();
    response.writeHead(200, {
      "content-type": found.type,
      "cache-control": "no-store",
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; frame-src http://127.0.0.1:*; connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*; frame-ancestors 'none'; base-uri 'none'",
    });
    response.end(readFileSync(join(import.meta.dirname, "web", found.file)));
  };

  return {
    origin,
    show(stage, panelUrl) {
      shown = { stage, panelUrl };
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

/** What the technician can break with a button. */
const actions = (stage: Stage): Readonly<Record<string, () => Promise<void>>> => ({
  "/crash-host": () => stage.crashHost(),
  "/crash-central": () => stage.crashCentral(),
  "/start-central": () => stage.startCentral(),
});
