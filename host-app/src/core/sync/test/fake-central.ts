import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { batchRequestSchema, type Entry, type EntryAnswer, entrySchema } from "@window-rating/protocol/sync";
import type { Timers } from "../sender.ts";

/** What the fake central does with one request. */
export type Manner =
  | "good"
  /** Takes the entries, never answers. */
  | "silent-after-storing"
  /** Never answers and takes nothing. */
  | "silent"
  /** One byte of its answer a second. */
  | "trickle"
  | "cut-before-storing"
  | "cut-after-storing"
  | "cut-mid-answer"
  | "answers-twice"
  | "answers-backwards"
  /** Good answers, and some about entries that were never sent here. */
  | "answers-of-others"
  /** Right numbers, wrong ids. */
  | "wrong-ids"
  /** Leaves out every second answer. */
  | "half-the-answers"
  | "no-answers"
  /** Says of each entry both stored and refused. */
  | "contradicts-itself"
  | "html"
  | "half-json"
  | "other-json"
  | "endless"
  | "redirect"
  | "unknown-pc"
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly code?: string };

interface Taken {
  readonly entry: Entry;
  times: number;
}

let addresses = 0;

/**
 * An address of its own for each fake central, so that nobody else takes its port while it is down. Linux has all of 127/8;
 * elsewhere there is one address, and the tests take their chance.
 */
const ownAddress = (): string => {
  if (process.platform !== "linux") return "127.0.0.1";
  addresses = (addresses % 250) + 1;
  return `127.${64 + ((process.pid >> 8) & 63)}.${process.pid & 255}.${addresses}`;
};

/** A central on node:http that can misbehave on command, and counts what it took. */
export class FakeCentral {
  readonly taken = new Map<string, Taken>();
  /** Entries of each request that came in whole, by number. */
  readonly requests: number[][] = [];
  /** Same id, other hash: must never happen. */
  conflicts = 0;
  token = "t".repeat(43);
  /** Manner of each coming request in turn; then `manner`. */
  readonly script: Manner[] = [];
  manner: Manner = "good";
  /** Numbers that are refused, with the code. */
  readonly refuses = new Map<number, string>();
  /** It fails at every batch that has one of these. */
  readonly stumblesOver = new Set<number>();
  /** What it does then. */
  stumble: Manner = { status: 503, code: "WR7015", headers: { "retry-after": "5" } };
  /** A proxy before it lets no longer request through. */
  mostBytes = Number.POSITIVE_INFINITY;
  /** Its clock minus that of the test. */
  clockMs: () => number;
  /** Called when it keeps a request without intending to end its answer: from now on only time changes anything. */
  onHang: () => void = () => {};

  readonly #timers: Timers;
  #server: Server | null = null;
  readonly #address = ownAddress();
  #port = 0;
  readonly #numbers = new Set<number>();
  #gapless = 0;

  constructor(timers: Timers, clockMs: () => number) {
    this.#timers = timers;
    this.clockMs = clockMs;
  }

  get url(): string {
    return `http://${this.#address}:${this.#port}`;
  }

  /** Starts, or starts again at the same address. */
  async up(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject).listen(this.#port, this.#address, resolve);
    await promise;
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Gone from the network: connections are refused. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    server.closeAllConnections();
    await promise;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request) pieces.push(piece as Buffer);
    } catch {
      return;
    }
    const text = Buffer.concat(pieces).toString();
    if (Buffer.byteLength(text) > this.mostBytes) return this.#refuse(response, 413);
    const batch = batchRequestSchema.parse(JSON.parse(text));
    const entries = batch.entries.map((entry) => entrySchema.parse(entry));
    this.requests.push(entries.map(({ number }) => number));
    let manner = this.script.shift() ?? this.manner;
    if (entries.some(({ number }) => this.stumblesOver.has(number))) manner = this.stumble;
    if (manner === "good" && request.headers.authorization !== `Bearer ${this.token}`) manner = "unknown-pc";
    this.#act(manner, entries, request, response);
  }

  #act(manner: Manner, entries: readonly Entry[], request: IncomingMessage, response: ServerResponse): void {
    if (typeof manner === "object") return this.#refuse(response, manner.status, manner.code, manner.headers);
    switch (manner) {
      case "silent":
        return this.onHang();
      case "silent-after-storing":
        this.#take(entries);
        return this.onHang();
      case "trickle":
        return this.#trickle(response, this.#answerText(this.#take(entries)));
      case "cut-before-storing":
        request.socket.destroy();
        return;
      case "cut-after-storing":
        this.#take(entries);
        request.socket.destroy();
        return;
      case "cut-mid-answer": {
        const text = this.#answerText(this.#take(entries));
        response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
        response.write(text.slice(0, text.length / 2), () => request.socket.destroy());
        return;
      }
      case "good":
        return this.#json(response, this.#answerText(this.#take(entries), entries.length === 0));
      case "answers-twice": {
        const answers = this.#take(entries);
        return this.#json(response, this.#answerText([...answers, ...answers]));
      }
      case "answers-backwards":
        return this.#json(response, this.#answerText(this.#take(entries).reverse()));
      case "answers-of-others": {
        const others = entries.map(
          (entry): EntryAnswer => ({ entryId: crypto.randomUUID(), number: entry.number + 100_000, answer: "stored" }),
        );
        return this.#json(response, this.#answerText([...others, ...this.#take(entries)]));
      }
      case "wrong-ids":
        return this.#json(
          response,
          this.#answerText(entries.map(({ number }) => ({ entryId: crypto.randomUUID(), number, answer: "refused" }))),
        );
      case "half-the-answers":
        return this.#json(response, this.#answerText(this.#take(entries).filter((_, index) => index % 2 === 1)));
      case "no-answers":
        this.#take(entries);
        return this.#json(response, this.#answerText([]));
      case "contradicts-itself": {
        const answers = this.#take(entries);
        return this.#json(
          response,
          this.#answerText([...answers, ...answers.map((answer): EntryAnswer => ({ ...answer, answer: "refused", code: "WR7008" }))]),
        );
      }
      case "html":
        response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>请先登录网络</title>\u001b[2J");
        return;
      case "half-json":
        return this.#json(response, this.#answerText(this.#take(entries)).slice(0, -20));
      case "other-json":
        return this.#json(response, '{"answers":{"0":"stored"},"highestGapless":"7"}');
      case "endless": {
        response.writeHead(200, { "content-type": "application/json" });
        const more = () => {
          while (!response.destroyed && response.write(" ".repeat(65_536)));
        };
        response.on("drain", more);
        return more();
      }
      case "redirect":
        response.writeHead(307, { location: `${this.url}/elsewhere` }).end();
        return;
      case "unknown-pc":
        return this.#refuse(response, 401, "WR7002");
    }
  }

  #take(entries: readonly Entry[]): EntryAnswer[] {
    return entries.map((entry): EntryAnswer => {
      const { entryId, number } = entry;
      const code = this.refuses.get(number);
      if (code !== undefined) return { entryId, number, answer: "refused", code, detail: "as the test wants it" };
      const before = this.taken.get(entryId);
      if (before !== undefined) {
        before.times++;
        if (before.entry.hash !== entry.hash) this.conflicts++;
        return { entryId, number, answer: "duplicate" };
      }
      this.taken.set(entryId, { entry, times: 1 });
      this.#numbers.add(number);
      while (this.#numbers.has(this.#gapless + 1)) this.#gapless++;
      return { entryId, number, answer: "stored" };
    });
  }

  #answerText(answers: readonly EntryAnswer[], isQuestion = false): string {
    const highest = isQuestion ? { highest: Math.max(0, ...this.#numbers) } : {};
    return JSON.stringify({ answers, highestGapless: this.#gapless, ...highest, centralTimeMs: this.clockMs() });
  }

  #json(response: ServerResponse, text: string): void {
    response.writeHead(200, { "content-type": "application/json" }).end(text);
  }

  #refuse(response: ServerResponse, status: number, code?: string, headers: Readonly<Record<string, string>> = {}): void {
    const body = code === undefined ? "" : JSON.stringify({ error: { code, title: "t", detail: "as the test wants it", advice: "a" } });
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body);
  }

  #trickle(response: ServerResponse, text: string): void {
    response.writeHead(200, { "content-type": "application/json" });
    let at = 0;
    let timer: unknown;
    const drip = () => {
      response.write(text.slice(at, ++at));
      timer = this.#timers.setTimeout(drip, 1000);
    };
    response.once("close", () => this.#timers.clearTimeout(timer));
    drip();
    this.onHang();
  }
}
