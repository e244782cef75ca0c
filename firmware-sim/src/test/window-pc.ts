import { randomBytes } from "node:crypto";
import { type Command, type HelloAnswer, HostSession, type Message, type Report } from "@window-rating/protocol/pad";
import { newRequestId, type RequestId, requestIdFromBytes, requestIdToBytes } from "@window-rating/protocol/rating";
import { vi } from "vitest";

/** Sends bytes to a pad. */
export type Wire = (bytes: Uint8Array) => void;

/** A window PC in real time: a host session on any wire, which stores each event that it gets. For tests only. */
export class WindowPc {
  readonly reports: Report[] = [];
  storesEvents = true;
  /** What the pad of the session says of itself. */
  hello: HelloAnswer | undefined;
  readonly #session: HostSession;
  #wire: Wire = () => {};
  #timer: NodeJS.Timeout | undefined;

  /** @param key the pairing key that it has for the pad; none by default */
  constructor(key?: Uint8Array) {
    this.#session = new HostSession({
      random: (length) => randomBytes(length),
      keysOf: () => (key === undefined ? [] : [key]),
      ...(key === undefined ? {} : { maxFrame: 4096 }),
    });
  }

  get isReady(): boolean {
    return this.#session.isReady;
  }

  /** Ratings by request; a rating that came more than once is one. @throws if it came with two levels */
  get ratings(): ReadonlyMap<RequestId, number> {
    const ratings = new Map<RequestId, number>();
    for (const report of this.reports) {
      if (report.type !== "rated") continue;
      const requestId = requestIdFromBytes(report.requestId);
      const level = ratings.get(requestId);
      if (level !== undefined && level !== report.level) throw new Error(`${requestId} was rated ${level} and ${report.level}`);
      ratings.set(requestId, report.level);
    }
    return ratings;
  }

  get phases(): readonly string[] {
    return this.reports.flatMap((report) => (report.type === "status" ? [report.phase] : []));
  }

  /** The port is open: calls the pad. */
  connect(wire: Wire): void {
    this.#wire = wire;
    this.#carryOut(this.#session.step({ is: "opened" }, performance.now()));
  }

  take(bytes: Uint8Array): void {
    this.#carryOut(this.#session.step({ is: "bytes", bytes }, performance.now()));
    this.#carryOut(this.#session.step({ is: "settle" }, performance.now()));
  }

  send(message: Command): void {
    this.#carryOut(this.#session.step({ is: "send", message }, performance.now()));
  }

  open(settings: Partial<Message<"openRating">> = {}): RequestId {
    const requestId = newRequestId(Date.now(), randomBytes(10));
    this.send({ type: "openRating", requestId: requestIdToBytes(requestId), timeoutMs: 60_000, voice: 2, labels: [], ...settings });
    return requestId;
  }

  untilReady(): Promise<void> {
    return vi.waitUntil(() => this.isReady, { timeout: 20_000, interval: 5 }).then(() => {});
  }

  /** The port is gone; nothing is said to the pad. */
  disconnect(): void {
    clearTimeout(this.#timer);
    this.#wire = () => {};
  }

  #carryOut(effects: ReturnType<HostSession["step"]>): void {
    for (const effect of effects) {
      if (effect.is === "write") this.#wire(effect.bytes);
      else if (effect.is === "report") this.#report(effect.message);
      else if (effect.is === "ready") this.hello = effect.pad;
    }
    clearTimeout(this.#timer);
    const deadline = this.#session.deadline();
    if (deadline === undefined) return;
    const wait = Math.max(0, Math.ceil(deadline - performance.now()));
    this.#timer = setTimeout(() => this.#carryOut(this.#session.step({ is: "time" }, performance.now())), wait);
  }

  #report(message: Report): void {
    this.reports.push(message);
    if (this.storesEvents && "eventNo" in message) this.send({ type: "stored", eventNo: message.eventNo });
  }
}
