import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { type RequestOptions, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BROWSER_PAD_SUBPROTOCOL, type FromPage, proofText, readToPage, type ToPage } from "@window-rating/protocol/browser-pad";
import pino from "pino";
import { WebSocket } from "ws";
import { BrowserPads, type BrowserPadsOptions } from "../../src/core/browser-pads/browser-pads.ts";
import type { Clock } from "../../src/core/clock.ts";
import { PadKeyBook } from "../../src/core/pads/pad-key-book.ts";
import { makeCertificate, type TestCertificate } from "./certificate.ts";

/** A clock that goes with the machine's, and can be set forward. */
class MovableClock implements Clock {
  readonly bootId = "boot";
  #ahead = 0;
  wallMs(): number {
    return Date.now() + this.#ahead;
  }
  monotonicMs(): number {
    return performance.now() + this.#ahead;
  }
  advance(ms: number): void {
    this.#ahead += ms;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly code: string | undefined;
}

/** Browser pads as a window PC serves them, and strangers who speak HTTP to them by hand. For tests only. */
export class PageRig implements AsyncDisposable {
  readonly folder: string;
  readonly certificate: TestCertificate;
  readonly clock = new MovableClock();
  readonly log: string[] = [];
  readonly pads: BrowserPads;

  private constructor(folder: string, certificate: TestCertificate, options: Partial<BrowserPadsOptions>) {
    this.folder = folder;
    this.certificate = certificate;
    this.pads = new BrowserPads({
      settings: { port: 0, bind: "127.0.0.1", certificate: certificate.certificate, certificateKey: certificate.key, origin: null },
      dataDir: folder,
      windowNos: ["12", "13", "窗口 3"],
      padKeys: new PadKeyBook(folder),
      clock: this.clock,
      logger: pino({ level: "debug" }, { write: (line) => void this.log.push(line) }),
      ...options,
    });
  }

  static async open(options: Partial<BrowserPadsOptions> = {}): Promise<PageRig> {
    const folder = mkdtempSync(join(tmpdir(), "window-rating-page-"));
    const rig = new PageRig(folder, makeCertificate(folder, { names: "DNS:localhost,IP:127.0.0.1" }), options);
    await rig.pads.start();
    return rig;
  }

  get origin(): string {
    return this.pads.list().origin ?? "";
  }

  get port(): number {
    return Number(new URL(this.origin).port);
  }

  secret(windowNo = "12", replaces = false): string {
    return new URL(this.pads.offer(windowNo, replaces).url).hash.slice(1);
  }

  /** A request by hand; an object is sent as JSON. `origin: null` sends none. */
  call(
    method: string,
    path: string,
    { body, host, origin, ...more }: RequestOptions & { body?: unknown; host?: string; origin?: string | null } = {},
  ): Promise<Answer> {
    const text = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const own = method === "GET" ? null : this.origin;
    const from = origin === undefined ? own : origin;
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          ...{ host: "127.0.0.1", port: this.port, servername: "localhost", rejectUnauthorized: false, agent: false, method, path },
          headers: {
            host: host ?? `localhost:${this.port}`,
            ...(from === null ? {} : { origin: from }),
            ...(text === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) }),
            ...more.headers,
          },
        },
        (incoming) => {
          let said = "";
          incoming.setEncoding("utf8");
          incoming.on("data", (chunk: string) => {
            said += chunk;
          });
          incoming.on("error", reject);
          incoming.on("end", () =>
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text: said, code: /"code":"(WR\d+)"/.exec(said)?.[1] }),
          );
        },
      );
      outgoing.on("error", reject);
      outgoing.end(text);
    });
  }

  async admit(device = new TestDevice(), windowNo = "12", replaces = false): Promise<TestDevice> {
    const answer = await this.call("POST", `/window/${encodeURIComponent(windowNo)}/admission`, {
      body: { secret: this.secret(windowNo, replaces), publicKey: device.publicKey },
    });
    if (answer.status !== 200) throw new Error(answer.text);
    device.name = (JSON.parse(answer.text) as { device: string }).device;
    return device;
  }

  /** Opens a line as a page would, as far as the nonce. @throws Error with the status if it is refused */
  async line(windowNo = "12", headers: Record<string, string> = { origin: this.origin }): Promise<TestLine> {
    const socket = new WebSocket(`wss://127.0.0.1:${this.port}/window/${encodeURIComponent(windowNo)}/line`, BROWSER_PAD_SUBPROTOCOL, {
      rejectUnauthorized: false,
      headers: { host: `localhost:${this.port}`, ...headers },
    });
    const line = new TestLine(socket, this.origin, windowNo);
    await once(socket, "open");
    await line.next();
    return line;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.pads.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The key of a tablet's browser. */
export class TestDevice {
  readonly #privateKey: KeyObject;
  readonly publicKey: string;
  name = "";

  constructor(namedCurve = "P-256") {
    const pair = generateKeyPairSync("ec", { namedCurve });
    this.#privateKey = pair.privateKey;
    this.publicKey = pair.publicKey.export({ type: "spki", format: "der" }).toString("base64url");
  }

  proof(text: string, more: Partial<Extract<FromPage, { is: "proof" }>> = {}): Extract<FromPage, { is: "proof" }> {
    const signature = sign("sha256", Buffer.from(text), { key: this.#privateKey, dsaEncoding: "ieee-p1363" }).toString("base64url");
    return { is: "proof", device: this.name, signature, serialNumber: "WEB-1", isPaired: false, isPersistent: true, ...more };
  }
}

/** One WebSocket to the window PC. */
export class TestLine {
  readonly socket: WebSocket;
  readonly #origin: string;
  readonly #windowNo: string;
  readonly #said: ToPage[] = [];
  readonly bytes: Buffer[] = [];
  nonce = "";
  closed: { readonly code: number; readonly reason: string } | undefined;
  #wake: () => void = () => undefined;

  constructor(socket: WebSocket, origin: string, windowNo: string) {
    this.socket = socket;
    this.#origin = origin;
    this.#windowNo = windowNo;
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) this.bytes.push(data);
      else this.#take(readToPage(data.toString()));
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
  }

  #take(message: ToPage | undefined): void {
    if (message?.is === "prove") this.nonce = message.nonce;
    if (message !== undefined) this.#said.push(message);
    this.#wake();
  }

  /** What the window PC says next; undefined: it closed the line. */
  async next(): Promise<ToPage | undefined> {
    while (this.#said.length === 0 && this.closed === undefined)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#said.shift();
  }

  async untilClosed(): Promise<{ readonly code: number; readonly reason: string }> {
    while (this.closed === undefined) await this.next();
    return this.closed;
  }

  say(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  /** Proves to be that tablet. */
  prove(device: TestDevice, over: { origin?: string; windowNo?: string; nonce?: string } = {}): void {
    const { origin = this.#origin, windowNo = this.#windowNo, nonce = this.nonce } = over;
    this.say(device.proof(proofText(origin, windowNo, nonce)));
  }
}
