import { WindowRatingError } from "@window-rating/protocol/error";
import { type AnswerPush, type HandedPush, handedPushesSchema, type PushOutcome, TAKE_SECONDS } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import type { Identity } from "../identity/identity.ts";
import { errorIn, jsonOf } from "../sync/answer-text.ts";
import { backOffMs } from "../sync/back-off.ts";
import { centralEndpoint, type Exchange, type Transport } from "../sync/exchange.ts";
import { retryAfterMs } from "../sync/retry-after.ts";
import type { Timers } from "../sync/sender.ts";
import type { OrderDesk } from "./order-desk.ts";

export interface PushLineOptions {
  readonly centralUrl: string;
  readonly identity: Pick<Identity, "windowPcId" | "enrolment">;
  readonly windowNos: readonly string[];
  readonly orders: OrderDesk;
  /** Its own from now on: `stop` closes it. */
  readonly transport: Transport;
  readonly clock: Pick<Clock, "wallMs">;
  readonly timers: Timers;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly logger: Pick<Logger, "debug" | "info" | "warn">;
}

const BACK_OFF = { baseMs: 500, maxMs: 30_000 };
/** A central of before this knows no pushes, and a PC may be enrolled later. */
const UNKNOWN_PAUSE_MS = 60_000;
/** Whether it is enrolled by now a PC asks itself alone. */
const ENROLMENT_LOOK_MS = 2000;
/** Central will not have an answer, and hands the push again: others may come with it, so they are not kept waiting for longer. */
const ANSWER_REFUSED_PAUSE_MS = 1000;
/** Over the time that a question is held open: for the way there and back, and a busy central. */
const ANSWER_WITHIN_MS = 15_000;
const REMEMBERED = 256;

const handedSchema = handedPushesSchema.shape.pushes.element;
/** What a central of after this may hand over: nothing is known of it but what to answer it under. */
const strangeSchema = z.object({ pushId: z.uuid() });
const answerSchema = z.object({ pushes: z.array(z.union([handedSchema, strangeSchema])).max(32) });

/**
 * Holds a question open at central: what business systems push to the windows of this PC comes as its answer, is carried out at once, and is
 * answered before the next question. A push that comes again, because an answer was lost, gets the answer that it got. Central hands over
 * again what it has no answer to, so nothing is lost by giving up.
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
      if (pauseMs > 0) await this.#paused(pauseMs);
    }
  }

  /** @returns how long to wait before the next question, milliseconds */
  async #turn(): Promise<number> {
    const { identity, windowNos, logger } = this.#options;
    const token = identity.enrolment()?.token;
    if (token === undefined) return ENROLMENT_LOOK_MS;
    // The first question after a trouble is answered at once: it shows that central is well.
    const waitSeconds = this.#failures === 0 ? TAKE_SECONDS : 0;
    const asked = { windowPcId: identity.windowPcId, windowNos, waitSeconds };
    const exchange = await this.#post("/sync/v1/pushes/take", asked, token, waitSeconds * 1000 + ANSWER_WITHIN_MS);
    const pushes = answerSchema.safeParse(jsonOf(goodAnswer(exchange) ?? "")).data?.pushes;
    if (pushes === undefined) return this.#failed(exchange);
    // All of them first: a citizen does not wait for the answer to another one's push.
    const answers = pushes.map((push) => ({ pushId: push.pushId, outcome: this.#outcomeOf(push) }));
    let pauseMs = 0;
    for (const { pushId, outcome } of answers) {
      const answer: AnswerPush = { windowPcId: identity.windowPcId, pushId, outcome };
      const answered = await this.#post("/sync/v1/pushes/answer", answer, token, ANSWER_WITHIN_MS);
      if (goodAnswer(answered) !== undefined) continue;
      const refusal = refusalIn(answered);
      if (refusal === undefined) return this.#failed(answered);
      logger.warn({ code: refusal.code, detail: refusal.detail }, "central refused the answer to a push");
      pauseMs = ANSWER_REFUSED_PAUSE_MS;
    }
    this.#failures = 0;
    return pauseMs;
  }

  #outcomeOf(push: HandedPush | z.infer<typeof strangeSchema>): PushOutcome {
    const known = this.#answers.get(push.pushId);
    if (known !== undefined) return known;
    const outcome: PushOutcome =
      "order" in push
        ? this.#carryOut(push)
        : { is: "refused", code: "WR5003", detail: "this window PC knows no such order; its window-host is older than central" };
    this.#answers.set(push.pushId, outcome);
    const [oldest = ""] = this.#answers.keys();
    if (this.#answers.size > REMEMBERED) this.#answers.delete(oldest);
    return outcome;
  }

  #carryOut({ by, expiresInMs, isAgain, order }: HandedPush): PushOutcome {
    const { orders, logger } = this.#options;
    const caller = { name: by };
    try {
      // This PC may have stopped between doing it and saying so.
      const before = isAgain ? orders.doneBefore(order, "push", caller) : undefined;
      if (before !== undefined) return { is: "taken", requestId: before };
      if (expiresInMs <= 0) throw new WindowRatingError("WR5037", "its time was over when this window PC heard of it");
      return { is: "taken", requestId: orders.carryOut(order, "push", caller) };
    } catch (error) {
      const known = error instanceof WindowRatingError ? error : new WindowRatingError("WR5016", "the push was not carried out", error);
      if (known.code === "WR5016") logger.warn({ err: error }, "a push failed");
      return { is: "refused", code: known.code, detail: known.detail.slice(0, 500) };
    }
  }

  async #post(path: `/sync/v1/${string}`, body: object, token: string, withinMs: number): Promise<Exchange> {
    const { centralUrl, transport, timers } = this.#options;
    const late = new AbortController();
    const timer = timers.setTimeout(() => late.abort(), withinMs);
    const signal = AbortSignal.any([this.#abort.signal, late.signal]);
    const exchange = await transport.post({ url: centralEndpoint(centralUrl, path), token, text: JSON.stringify(body), signal });
    timers.clearTimeout(timer);
    return exchange;
  }

  #failed(exchange: Exchange): number {
    const { random, clock, logger } = this.#options;
    if (this.#abort.signal.aborted) return 0;
    this.#failures += 1;
    const why = exchange.is === "answer" ? (errorIn(exchange.text)?.code ?? `HTTP ${exchange.status}`) : exchange.is;
    if (this.#failures === 1) logger.info({ why }, "no pushes from central for now");
    const isUnknown = exchange.is === "answer" && [401, 403, 404].includes(exchange.status);
    if (isUnknown) return UNKNOWN_PAUSE_MS;
    const wished = exchange.is === "answer" ? retryAfterMs(exchange.retryAfter, exchange.date, clock.wallMs()) : null;
    return Math.max(backOffMs(this.#failures, BACK_OFF, random()), Math.min(wished ?? 0, UNKNOWN_PAUSE_MS));
  }

  #paused(ms: number): Promise<void> {
    const { timers } = this.#options;
    const { signal } = this.#abort;
    return new Promise((resolve) => {
      const done = (): void => {
        timers.clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = timers.setTimeout(done, ms);
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    });
  }
}

const goodAnswer = (exchange: Exchange): string | undefined =>
  exchange.is === "answer" && exchange.status === 200 ? exchange.text : undefined;

/** What central itself says of a question that it will not have, however often it is asked. */
const refusalIn = (exchange: Exchange): ReturnType<typeof errorIn> =>
  exchange.is === "answer" && [400, 404, 409, 413].includes(exchange.status) ? errorIn(exchange.text) : undefined;
