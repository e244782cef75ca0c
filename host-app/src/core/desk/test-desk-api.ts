import { mkdtempSync, rmSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { connect, type Socket } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import type { WindowDesk } from "../cases/window-desk.ts";
import { WindowDesks } from "../cases/window-desks.ts";
import type { Clock } from "../clock.ts";
import { type DeskServerOptions, startDeskServer } from "./desk-server.ts";
import { FakeWindowDesk } from "./fake-window-desk.ts";
import { Pairings } from "./pairings.ts";

export const CONTROL_TOKEN = "control-token-of-the-test";
export const ORIGIN = "https://business.example";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON, or null if it is none. */
  readonly body: unknown;
  /** Of an error answer. */
  readonly code: string | undefined;
  readonly detail: string;
}

interface Sent {
  readonly host?: string;
  readonly headers?: Record<string, string>;
  /** An object is sent as JSON; a text as it is. */
  readonly body?: unknown;
  readonly token?: string | null;
  readonly address?: string;
}

/** A desk API over real sockets and files, with a clock that stands still until it is moved. */
export const openTestDesk = async (options: Partial<Omit<DeskServerOptions, "desks">> = {}, moreDesks: readonly WindowDesk[] = []) => {
  const dataDir = mkdtempSync(join(tmpdir(), "desk-"));
  const log: string[] = [];
  const desk = new FakeWindowDesk();
  const time = { ms: 1_000_000 };
  const clock: Clock = { wallMs: () => 1_760_000_000_000, monotonicMs: () => time.ms, bootId: "boot" };
  const pairings = new Pairings(dataDir);
  const { token } = pairings.add("business system", [ORIGIN], clock.wallMs());
  const logger = pino({ level: "debug" }, { write: (line: string) => log.push(line) });
  const api = await startDeskServer({
    desks: new WindowDesks([desk, ...moreDesks]),
    pairings,
    port: 0,
    controlToken: CONTROL_TOKEN,
    logger,
    clock,
    ...options,
  });

  const call = (method: string, path: string, sent: Sent = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const bearer = sent.token === undefined ? token : sent.token;
      const hasBody = !["GET", "HEAD", "OPTIONS", "TRACE"].includes(method);
      const text = !hasBody ? "" : typeof sent.body === "string" ? sent.body : sent.body === undefined ? "" : JSON.stringify(sent.body);
      const outgoing = request(
        {
          host: sent.address ?? "127.0.0.1",
          port: api.port,
          method,
          path,
          agent: false,
          headers: {
            host: sent.host ?? `127.0.0.1:${api.port}`,
            ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
            ...(hasBody ? { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)) } : {}),
            ...sent.headers,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () => resolve(answerOf(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(chunks).toString())));
        },
      );
      outgoing.on("error", reject);
      outgoing.end(text);
    });

  return {
    api,
    desk,
    pairings,
    token,
    dataDir,
    log,
    time,
    call,
    close: async () => {
      await api.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};

/** The loopback addresses that this machine has. */
export const loopbacks = (): string[] =>
  Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ internal }) => internal).map(({ address }) => address),
  );

/** Sends bytes as they are and gives back all that came until the server closed the connection. */
export const sendRaw = async (port: number, text: string, address = "127.0.0.1"): Promise<string> => {
  const socket = connect({ host: address, port });
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString();
  });
  socket.write(text);
  await closed(socket);
  return answer;
};

/** Resolves when the connection is closed, in whatever way. */
export const closed = (socket: Socket): Promise<void> => {
  // A reset is one way of closing.
  socket.on("error", () => undefined);
  return new Promise((resolve) => socket.once("close", () => resolve()));
};

export type TestDesk = Awaited<ReturnType<typeof openTestDesk>>;

const answerOf = (status: number, headers: IncomingHttpHeaders, text: string): Answer => {
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // No JSON: the test looks at the text.
  }
  const error = (body as { error?: { code: string; detail: string } } | null)?.error;
  return { status, headers, text, body, code: error?.code, detail: error?.detail ?? "" };
};
