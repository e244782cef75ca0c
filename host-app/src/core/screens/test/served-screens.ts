import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { WebSocket } from "ws";
import { WindowDesks } from "../../cases/window-desks.ts";
import type { Clock } from "../../clock.ts";
import type { ConsoleParts } from "../../console/console-parts.ts";
import { FakeWindowDesk } from "../../desk/fake-window-desk.ts";
import type { ArrivalLimits } from "../../desk/slow-requests.ts";
import { Screens } from "../screens.ts";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const FILES: Readonly<Record<string, string>> = {
  "open.html": "<!doctype html><title>open</title><script src=./assets/open-1.js></script>",
  "strip.html": '<!doctype html><title>strip</title><meta name="csp-nonce" content="__CSP_NONCE__" />',
  "receipt.html": "<!doctype html><title>receipt</title>",
  "secret.html": "a page that nobody has declared",
  ".made-of.json": "{}",
  "assets/open-1.js": "export {};",
  "assets/.hidden": "hidden",
};

/** The screens of a PC over real sockets and files, with desks in memory and a clock that stands still until it is moved. */
export const serveScreens = async (windows: readonly string[] = ["3"], arrival?: ArrivalLimits) => {
  const folder = mkdtempSync(join(tmpdir(), "screens-"));
  const built = join(folder, "ui");
  mkdirSync(join(built, "assets"), { recursive: true });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(built, name), text);
  writeFileSync(join(folder, "outside.txt"), "a file beside the built screens");
  const dataDir = join(folder, "data");
  mkdirSync(dataDir);
  const time = { wallMs: 1_760_000_000_000, monotonicMs: 1_000_000 };
  const clock: Clock = { wallMs: () => time.wallMs, monotonicMs: () => time.monotonicMs, bootId: "boot" };
  const log: string[] = [];
  const desks = windows.map((windowNo) => new FakeWindowDesk(windowNo));
  const options = {
    dataDir,
    port: 0,
    desks: new WindowDesks(desks),
    lists: { paper: () => ({ labels: [], reasons: null }), findItems: () => [] },
    // No PC stands behind these screens: a console gets no further than being connected.
    consoleParts: () => ({ pads: { onTrial: () => () => undefined } }) as unknown as ConsoleParts,
    clock,
    logger: pino({ level: "debug" }, { write: (line: string) => log.push(line) }),
    built,
    arrival,
  };
  let screens = new Screens(options);
  let port = 0;

  const call = (method: string, path: string, { headers = {}, body }: Sent = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = request(
        { host: "127.0.0.1", port, method, path, agent: false, headers: { host: `127.0.0.1:${port}`, ...headers } },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () =>
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: Buffer.concat(chunks).toString() }),
          );
        },
      );
      outgoing.on("error", reject);
      outgoing.end(body);
    });

  const origin = (): string => `http://127.0.0.1:${port}`;
  const redeem = (ticket: string, headers: Readonly<Record<string, string>> = { origin: origin() }): Promise<Answer> =>
    call("POST", "/session", { headers: { "content-type": "application/json", ...headers }, body: JSON.stringify({ ticket }) });

  return {
    desks,
    dataDir,
    time,
    log,
    call,
    redeem,
    origin,
    get screens() {
      return screens;
    },
    get port() {
      return port;
    },
    /** What `window-host screen strip` gets. */
    ticket: async (windowNo?: string): Promise<string> => {
      const { url } = await screens.open("strip", windowNo);
      const { hash, port: own } = new URL(url);
      port = Number(own);
      return hash.slice(1);
    },
    /** The cookie that a browser would send. */
    admit: async (ticket: string): Promise<string> => {
      const { headers } = await redeem(ticket);
      return headers["set-cookie"]?.[0]?.split(";")[0] ?? "";
    },
    socket: (headers: Readonly<Record<string, string>>, path = "/socket?screen=strip&window=3") =>
      new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers: { ...headers } }),
    /** Ends window-host and starts it again on the same data folder. */
    restart: async (): Promise<void> => {
      await screens.close();
      screens = new Screens(options);
      await screens.resume();
    },
    close: async (): Promise<void> => {
      await screens.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type ServedScreens = Awaited<ReturnType<typeof serveScreens>>;

/** What a connection that is refused or closed ends with: an HTTP status, or a close code. */
export const endOf = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => {
    socket.on("unexpected-response", (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on("close", (code) => resolve(code));
    socket.on("error", () => undefined);
  });
