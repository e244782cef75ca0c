import { type Command, HostSession, isEvent, type PadEvent, type Report, type SessionCounters } from "@window-rating/protocol/pad";
import { newRequestId, type RequestId, requestIdFromBytes, requestIdToBytes } from "@window-rating/protocol/rating";
import type { Clock, Timer } from "../clock/clock.ts";
import type { MemoryEnd } from "../ports/memory-port.ts";

/** What became of a rating request. */
export type RequestEnd = "rated" | "timed-out" | "superseded" | "refused";

/** One request for a rating, as the window PC keeps it. */
export interface HallRequest {
  readonly requestId: RequestId;
  readonly caseNo: string;
  readonly endsAt: number;
  end: RequestEnd | undefined;
  /** The level that holds; undefined while there is none. */
  level: number | undefined;
}

export interface HallWindowOptions {
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  readonly line: MemoryEnd;
  /** Unix milliseconds of the clock's zero. */
  readonly wallStartMs: number;
  readonly timeoutMs: number;
}

/** How long a request waits for a pad that is away, beyond the citizen's own time, milliseconds. */
const WAIT_MS = 60_000;

/**
 * A window PC of a simulated hall, in memory: the real host session of the pad protocol, and the rules of a window in short: one
 * request at a time, a rating bound by its request alone (I3), once (I4), told to the pad when it is kept (I1).
 */
export class HallWindow {
  readonly requests = new Map<RequestId, HallRequest>();
  /** Ratings beyond the first of their request. */
  seconds = 0;
  /** Ratings of requests that this window never opened. */
  unbound = 0;
  /** Events of the pad that came again after they were stored. */
  repeats = 0;
  stuckReports = 0;
  boots = 0;
  readonly #options: HallWindowOptions;
  readonly #session: HostSession;
  readonly #taken = new Set<string>();
  #newest: HallRequest | undefined;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #storeId = 0;

  constructor(options: HallWindowOptions) {
    this.#options = options;
    this.#session = new HostSession({ random: options.random });
    options.line.listen({
      bytes: (bytes) => {
        this.#step({ is: "bytes", bytes });
        this.#step({ is: "settle" });
      },
    });
  }

  get counters(): SessionCounters {
    return this.#session.counters;
  }

  get isReady(): boolean {
    return this.#session.isReady;
  }

  start(): void {
    this.#step({ is: "opened" });
  }

  /** A case has ended: its rating is asked for. */
  ask(caseNo: string): HallRequest {
    const { clock, random, wallStartMs, timeoutMs } = this.#options;
    const before = this.#alive();
    if (before !== undefined) before.end = "superseded";
    const requestId = newRequestId(Math.floor(wallStartMs + clock.now()), random(10));
    const request: HallRequest = { requestId, caseNo, endsAt: clock.now() + timeoutMs + WAIT_MS, end: undefined, level: undefined };
    this.requests.set(requestId, request);
    this.#newest = request;
    this.#show(request);
    return request;
  }

  #alive(): HallRequest | undefined {
    const newest = this.#newest;
    return newest !== undefined && newest.end === undefined && this.#options.clock.now() < newest.endsAt ? newest : undefined;
  }

  #show(request: HallRequest): void {
    const { timeoutMs } = this.#options;
    this.#send({ type: "openRating", requestId: requestIdToBytes(request.requestId), timeoutMs, voice: 2, labels: [] });
  }

  #send(message: Command): void {
    this.#step({ is: "send", message });
  }

  #step(input: Parameters<HostSession["step"]>[0]): void {
    const { clock, line, wallStartMs } = this.#options;
    const effects = this.#session.step(input, clock.now());
    for (const effect of effects) if (effect.is === "write") line.write(effect.bytes);
    for (const effect of effects) {
      if (effect.is === "report") this.#report(effect.message);
      if (effect.is !== "ready") continue;
      this.#storeId = effect.pad.storeId;
      this.#send({ type: "configure", debounceMs: 30, volume: 80, brightness: 100, thanksMs: 2000, language: "zh-CN" });
      this.#send({ type: "setTime", unixMs: Math.floor(wallStartMs + clock.now()) });
      const request = this.#alive();
      if (request === undefined) this.#send({ type: "idle" });
      else this.#show(request);
    }
    this.#arm();
  }

  #report(report: Report): void {
    if (isEvent(report)) this.#event(report);
    else if (report.type === "refused") this.#end(report.requestId, "refused");
  }

  #event(event: PadEvent): void {
    const key = `${this.#storeId}.${event.eventNo}`;
    if (this.#taken.has(key)) this.repeats++;
    else {
      this.#taken.add(key);
      if (event.type === "rated") this.#rated(requestIdFromBytes(event.requestId), event.level);
      else if (event.type === "timedOut") this.#end(event.requestId, "timed-out");
      else if (event.type === "keyStuck") this.stuckReports++;
      else if (event.type === "booted") this.boots++;
    }
    this.#send({ type: "stored", eventNo: event.eventNo });
  }

  #rated(requestId: RequestId, level: number): void {
    const request = this.requests.get(requestId);
    if (request === undefined) this.unbound++;
    else if (request.level !== undefined) this.seconds++;
    else {
      request.level = level;
      // A press that came late still is a rating of its own case.
      request.end = "rated";
    }
  }

  #end(requestId: Uint8Array, end: RequestEnd): void {
    const request = this.requests.get(requestIdFromBytes(requestId));
    if (request !== undefined) request.end ??= end;
  }

  #arm(): void {
    const { clock } = this.#options;
    const deadline = this.#session.deadline();
    if (deadline === undefined || this.#timerAt <= deadline) return;
    this.#timer?.cancel();
    this.#timerAt = deadline;
    this.#timer = clock.after(deadline - clock.now(), () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#step({ is: "time" });
    });
  }
}
