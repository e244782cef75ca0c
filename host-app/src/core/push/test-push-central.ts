import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerPushSchema, type HandedPush, type PushOutcome, takePushesSchema } from "@window-rating/protocol/sync";
import type { Timers } from "../sync/sender.ts";

/** What it does with one request, in place of what a good central does. */
type Manner = "cut" | "cut-mid-answer" | "silent" | { readonly status: number; readonly text?: string; readonly retryAfter?: string };

let addresses = 0;
/** Of its own, so that nobody else takes its port while it is down. Linux has all of 127/8; elsewhere there is one. */
const ownAddress = (): string => (process.platform === "linux" ? `127.99.${process.pid & 255}.${(addresses++ % 250) + 1}` : "127.0.0.1");

/** A central on node:http as far as pushes go: hands over what has no answer, again if it was handed before. It misbehaves on command. */
export class TestPushCentral {
  /** Of questions and answers to come, in turn. */
  readonly takes: (Manner | "good")[] = [];
  readonly answers: (Manner | "good")[] = [];
  /** The `waitSeconds` of each question. */
  readonly waits: number[] = [];
  /** Every answer that arrived whole, also one that was then refused. */
  readonly heard: { readonly pushId: string; readonly outcome: PushOutcome }[] = [];
  /** What stands in its book: the first answer to each push. */
  readonly outcomes = new Map<string, PushOutcome>();
  #pushes: { readonly push: unknown; readonly pushId: string; isHanded: boolean }[] = [];
  #held: ServerResponse | undefined;
  #server: Server | undefined;
  readonly #address = ownAddress();
  #port = 0;

  get url(): string {
    return `http://${this.#address}:${this.#port}`;
  }

  /** Starts, or starts again at the same address. */
  async up(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    server.listen(this.#port, this.#address);
    await once(server, "listening");
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Gone from the network; its book stays. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#held = undefined;
    if (server === undefined) return;
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    await closed;
  }

  /** Keeps pushes; a question that is held open is answered with all of them. */
  push(...pushes: (Omit<HandedPush, "isAgain"> | { pushId: string })[]): void {
    for (const push of pushes) this.#pushes.push({ push, pushId: push.pushId, isHanded: false });
    this.#hand();
  }

  get isAsked(): boolean {
    return this.#held !== undefined;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const piece of request.setEncoding("utf8")) text += piece;
    if (request.url === "/sync/v1/pushes/take") return this.#take(JSON.parse(text), request, response);
    const { pushId, outcome } = answerPushSchema.parse(JSON.parse(text));
    this.heard.push({ pushId, outcome });
    const manner = this.answers.shift() ?? "good";
    // Its book is right also when its answer gets lost.
    if (typeof manner !== "object" && !this.outcomes.has(pushId) && manner !== "cut") this.outcomes.set(pushId, outcome);
    if (manner === "good") json(response, {});
    else act(manner, request, response, "{}");
  }

  #take(body: unknown, request: IncomingMessage, response: ServerResponse): void {
    const { waitSeconds } = takePushesSchema.parse(body);
    this.waits.push(waitSeconds);
    const manner = this.takes.shift() ?? "good";
    if (manner !== "good") {
      act(manner, request, response, manner === "cut-mid-answer" ? this.#handed() : "");
      return;
    }
    this.#held = response;
    response.once("close", () => {
      if (this.#held === response) this.#held = undefined;
    });
    if (waitSeconds === 0) {
      this.#held = undefined;
      response.writeHead(200, { "content-type": "application/json" }).end(this.#handed());
    } else this.#hand();
  }

  #hand(): void {
    const response = this.#held;
    if (response === undefined || this.#open().length === 0) return;
    this.#held = undefined;
    response.writeHead(200, { "content-type": "application/json" }).end(this.#handed());
  }

  #open(): { push: unknown; isHanded: boolean }[] {
    return this.#pushes.filter(({ pushId }) => !this.outcomes.has(pushId));
  }

  #handed(): string {
    const pushes = this.#open().map((one) => {
      const handed = { ...(one.push as object), isAgain: one.isHanded };
      one.isHanded = true;
      return handed;
    });
    return JSON.stringify({ pushes });
  }
}

const json = (response: ServerResponse, body: object): void => {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
};

const act = (manner: Manner, request: IncomingMessage, response: ServerResponse, text: string): void => {
  if (manner === "silent") return;
  if (manner === "cut") {
    request.socket.destroy();
    return;
  }
  if (manner === "cut-mid-answer") {
    response.writeHead(200, { "content-type": "application/json", "content-length": text.length + 10 });
    response.write(text, () => request.socket.destroy());
    return;
  }
  const { status, text: said = "", retryAfter } = manner;
  response.writeHead(status, { "content-type": "application/json", ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }) });
  response.end(said);
};

/** Time that passes when the test says so. */
export class HandTimers implements Timers {
  readonly #waiting = new Map<number, { readonly ms: number; readonly run: () => void }>();
  #last = 0;

  setTimeout(run: () => void, ms: number): number {
    this.#waiting.set(++this.#last, { ms, run });
    return this.#last;
  }

  clearTimeout(timer: unknown): void {
    this.#waiting.delete(timer as number);
  }

  /** How long what waits has to wait, milliseconds. */
  get waiting(): number[] {
    return [...this.#waiting.values()].map(({ ms }) => ms);
  }

  /** Lets the time of whatever waits so long be over. */
  over(ms: number): void {
    const found = [...this.#waiting].find(([, timer]) => timer.ms === ms);
    if (found === undefined) throw new Error(`nothing waits ${ms} ms, but ${this.waiting.join(", ")}`);
    this.#waiting.delete(found[0]);
    found[1].run();
  }
}
