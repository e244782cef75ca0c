import type { z } from "zod";
import type { Carrier, CarrierLink, ClosedCause } from "./carrier.ts";
import type { Sender } from "./declaration.ts";
import { type Refusal, reportSchema, type ScreenReport } from "./envelope.ts";
import { EVENTS, type EventName, type EventOf } from "./events.ts";
import { type AnswerOf, type BodyOf, REQUESTS, type RequestName, type RequestOf } from "./requests.ts";

/** A request was carried out, or refused with a code; a refusal is ordinary and therefore not thrown. */
export type Reply<Name extends RequestName> =
  | { readonly is: "answer"; readonly body: AnswerOf<Name> }
  | { readonly is: "refused"; readonly error: Refusal };

/** How the screen stands to the core. `refused`: it must be opened anew; nothing it does by itself helps. */
export type Standing = "connecting" | "connected" | "refused";

interface Timers {
  setTimeout(act: () => void, ms: number): unknown;
  clearTimeout(timer: unknown): void;
}

export interface ClientOptions {
  readonly carrier: Carrier;
  readonly timers: Timers;
  /** 0..1, spreads the tries of many screens. */
  readonly random: () => number;
  /** After so long without a word the core is asked whether it is there, milliseconds; without it a core that hangs goes unnoticed. */
  readonly quietMs?: number;
}

/** Pauses between tries, milliseconds; the last one again and again, for ever. */
const PAUSES_MS = [100, 250, 500, 1000, 2000];

/** After this a request counts as lost: the core answers within milliseconds, and a PIN within a second. */
export const PATIENCE_MS = 10_000;

const LOST: Refusal = {
  code: "WR5105",
  title: "No connection to window-host",
  detail: "the answer did not come",
  advice: "Look whether it was done before doing it again; the screen connects again by itself",
};

/** A screen's end: asks, is told, and connects again by itself when the core has gone away. */
export class ScreenClient<Screen extends Sender> {
  readonly #options: ClientOptions;
  readonly #pending = new Map<number, { name: RequestName; resolve: (reply: Reply<RequestName>) => void; timer: unknown }>();
  readonly #listeners = new Map<EventName, Set<(body: never) => void>>();
  readonly #watchers = new Set<(standing: Standing) => void>();
  #standing: Standing = "connecting";
  #link: CarrierLink | undefined;
  #tries = 0;
  #lastId = 0;
  #timer: unknown;
  #quiet: unknown;
  #isOver = false;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  get standing(): Standing {
    return this.#standing;
  }

  start(): void {
    this.#connect();
  }

  close(): void {
    this.#isOver = true;
    this.#options.timers.clearTimeout(this.#timer);
    this.#options.timers.clearTimeout(this.#quiet);
    this.#link?.close();
    this.#loseAll();
  }

  /** Never rejects. Without a connection it is refused at once: what a clerk did not see happen must not happen later. */
  ask<Name extends RequestOf<Screen>>(name: Name, body: BodyOf<Name>): Promise<Reply<Name>> {
    const link = this.#link;
    if (link === undefined || this.#standing !== "connected")
      return Promise.resolve({ is: "refused", error: { ...LOST, detail: "it was not sent" } });
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      const timer = this.#options.timers.setTimeout(() => this.#settle(id, { is: "refused", error: LOST }), PATIENCE_MS);
      this.#pending.set(id, { name, resolve: resolve as (reply: Reply<RequestName>) => void, timer });
      link.send(JSON.stringify({ ask: name, id, body }));
    });
  }

  /** @returns the function that ends it */
  on<Name extends EventName>(name: Name, listener: (body: EventOf<Name>) => void): () => void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener as (body: never) => void);
    return () => listeners.delete(listener as (body: never) => void);
  }

  /** @returns the function that ends it */
  watch(watcher: (standing: Standing) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #connect(): void {
    this.#link = this.#options.carrier.connect({
      opened: () => {
        this.#tries = 0;
        this.#heard();
      },
      text: (text) => {
        this.#heard();
        this.#receive(text);
      },
      closed: (cause) => this.#closed(cause),
    });
  }

  /** Whoever hangs keeps its connections: it is there only as long as it speaks when it is spoken to. */
  #heard(): void {
    const { timers, quietMs } = this.#options;
    if (this.#isOver) return;
    this.#stand("connected");
    if (quietMs === undefined) return;
    timers.clearTimeout(this.#quiet);
    this.#quiet = timers.setTimeout(() => {
      // Any word will do; this one costs the core nothing and changes nothing.
      this.#link?.send(JSON.stringify({ ask: "preferences.read", id: ++this.#lastId, body: {} }));
      this.#quiet = timers.setTimeout(() => this.#stand("connecting"), PATIENCE_MS);
    }, quietMs);
  }

  #closed(cause: ClosedCause): void {
    this.#link = undefined;
    this.#options.timers.clearTimeout(this.#quiet);
    this.#loseAll();
    if (this.#isOver) return;
    this.#stand(cause === "refused" ? "refused" : "connecting");
    if (cause === "refused") return;
    const pause = PAUSES_MS[Math.min(this.#tries++, PAUSES_MS.length - 1)] as number;
    this.#timer = this.#options.timers.setTimeout(() => this.#connect(), pause * (0.75 + this.#options.random() / 2));
  }

  /** What does not fit its schema is passed over: nothing is shown that was not checked (I7). */
  #receive(text: string): void {
    const report = reportOf(text);
    if (report === undefined) return;
    if (report.is === "event") return this.#tell(report.name, report.body);
    if (report.id === null) return;
    if (report.is === "refused") return this.#settle(report.id, { is: "refused", error: report.error });
    const asked = this.#pending.get(report.id);
    if (asked === undefined) return;
    const body = (REQUESTS[asked.name].answer as z.ZodType).safeParse(report.body);
    this.#settle(
      report.id,
      body.success
        ? { is: "answer", body: body.data as AnswerOf<RequestName> }
        : {
            is: "refused",
            error: { ...LOST, code: "WR5103", title: "Message not understood", detail: `the answer to ${asked.name} does not fit` },
          },
    );
  }

  #tell(name: string, content: unknown): void {
    if (!Object.hasOwn(EVENTS, name)) return;
    const body = (EVENTS[name as EventName].body as z.ZodType).safeParse(content);
    if (!body.success) return;
    for (const listener of this.#listeners.get(name as EventName) ?? []) listener(body.data as never);
  }

  #settle(id: number, reply: Reply<RequestName>): void {
    const asked = this.#pending.get(id);
    if (asked === undefined) return;
    this.#pending.delete(id);
    this.#options.timers.clearTimeout(asked.timer);
    asked.resolve(reply);
  }

  #loseAll(): void {
    for (const id of [...this.#pending.keys()]) this.#settle(id, { is: "refused", error: LOST });
  }

  #stand(standing: Standing): void {
    if (standing === this.#standing) return;
    this.#standing = standing;
    for (const watcher of this.#watchers) watcher(standing);
  }
}

const reportOf = (text: string): ScreenReport | undefined => {
  try {
    const report = reportSchema.safeParse(JSON.parse(text));
    return report.success ? report.data : undefined;
  } catch {
    return undefined;
  }
};
