import { WindowRatingError } from "@window-rating/protocol/error";
import { type AnswerPush, type HandedPush, handedPushesSchema, type PushOutcome, TAKE_SECONDS } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { Identity } from "../identity/identity.ts";
import { errorIn, jsonOf } from "../sync/answer-text.ts";
import { backOffMs } from "../sync/back-off.ts";
import { centralEndpoint, type Exchange, type Transport } from "../sync/exchange.ts";
import type { OrderDesk } from "./order-desk.ts";

export interface PushLineOptions {
  readonly centralUrl: string;
  readonly identity: Pick<Identity, "windowPcId" | "enrolment">;
  readonly windowNos: readonly string[];
  readonly orders: OrderDesk;
  /** Its own from now on: `stop` closes it. */
  readonly transport: Transport;
  readonly clock: Clock;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly logger: Pick<Logger, "debug" | "info" | "warn">;
}

const BACK_OFF = { baseMs: 500, maxMs: 30_000 };
/** A central of before this knows no pushes, and a PC may be enrolled later. */
const UNKNOWN_PAUSE_MS = 60_000;
const REMEMBERED = 256;

/**
 * Holds a question open at central: what business systems push to the windows of this PC comes as its answer, is carried out at once, and is
 * answered before the next question. A push that comes again, because an answer was lost, gets the answer that it got.
 */
export class PushLine {
  readonly #options: PushLineOptions;
  readonly #answers = new Map<string, PushOutcome>();
  readonly #abort = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #failures = 0;

  constructor(options: PushLineOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
    this.#options.transport.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      const pauseMs = await this.#turn();
      if (pauseMs > 0) await paused(pauseMs, signal);
    }
  }

  /** @returns how long to wait before the next question, milliseconds */
  async #turn(): Promise<number> {
    const { identity, windowNos } = this.#options;
    const token = identity.enrolment()?.token;
    if (token === undefined) return UNKNOWN_PAUSE_MS;
    // The first question after a trouble is answered at once: it shows that central is well.
    const waitSeconds = this.#failures === 0 ? TAKE_SECONDS : 0;
    const asked = { windowPcId: identity.windowPcId, windowNos, waitSeconds };
    const exchange = await this.#post("/sync/v1/pushes/take", asked, token, (waitSeconds + 15) * 1000);
    const pushes =
      exchange.is === "answer" && exchange.status === 200 ? handedPushesSchema.safeParse(jsonOf(exchange.text)).data?.pushes : undefined;
    if (pushes === undefined) return this.#failed(exchange);
    for (const push of pushes) {
      const answer: AnswerPush = { windowPcId: identity.windowPcId, pushId: push.pushId, outcome: this.#outcomeOf(push) };
      const answered = await this.#post("/sync/v1/pushes/answer", answer, token, 15_000);
      if (answered.is !== "answer" || answered.status >= 500) return this.#failed(answered);
    }
    this.#failures = 0;
    return 0;
  }

  #outcomeOf(push: HandedPush): PushOutcome {
    const known = this.#answers.get(push.pushId);
    if (known !== undefined) return known;
    const outcome = this.#carryOut(push);
    this.#answers.set(push.pushId, outcome);
    const [oldest = ""] = this.#answers.keys();
    if (this.#answers.size > REMEMBERED) this.#answers.delete(oldest);
    return outcome;
  }

  #carryOut({ by, expiresInMs, isAgain, order }: HandedPush): PushOutcome {
    const { orders, logger } = this.#options;
    const caller = { name: by };
    // This PC may have stopped between doing it and saying so.
    const before = isAgain ? orders.doneBefore(order, "push", caller) : undefined;
    if (before !== undefined) return { is: "taken", requestId: before };
    try {
      if (expiresInMs <= 0) throw new WindowRatingError("WR5037", "its time was over when this window PC heard of it");
      return { is: "taken", requestId: orders.carryOut(order, "push", caller) };
    } catch (error) {
      const known = error instanceof WindowRatingError ? error : new WindowRatingError("WR5016", "the push was not carried out", error);
      if (known.code === "WR5016") logger.warn({ err: error }, "a push failed");
      return { is: "refused", code: known.code, detail: known.detail.slice(0, 500) };
    }
  }

  #post(path: `/sync/v1/${string}`, body: object, token: string, withinMs: number): Promise<Exchange> {
    const { centralUrl, transport } = this.#options;
    const signal = AbortSignal.any([this.#abort.signal, AbortSignal.timeout(withinMs)]);
    return transport.post({ url: centralEndpoint(centralUrl, path), token, text: JSON.stringify(body), signal });
  }

  #failed(exchange: Exchange): number {
    const { random, logger } = this.#options;
    if (this.#abort.signal.aborted) return 0;
    this.#failures += 1;
    const why = exchange.is === "answer" ? (errorIn(exchange.text)?.code ?? `HTTP ${exchange.status}`) : exchange.is;
    if (this.#failures === 1) logger.info({ why }, "no pushes from central for now");
    const isUnknown = exchange.is === "answer" && [401, 403, 404].includes(exchange.status);
    return isUnknown ? UNKNOWN_PAUSE_MS : backOffMs(this.#failures, BACK_OFF, random());
  }
}

const paused = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
