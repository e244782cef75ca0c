import { isEvent, type Message, type PadEvent } from "@window-rating/protocol/pad";
import { newRequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { Departure, must, type Probe } from "./probe.ts";

/** The pad holds something that belongs to its own window PC: nothing of it may be stored, and so nothing can be tried. */
export class ForeignEvents extends Error {}

/** An offer may cross the answer to the one before it. */
const MOST_OFFERS = 3;

const isSame = (one: Uint8Array, other: Uint8Array): boolean => one.every((byte, index) => byte === other[index]);

/** Ids of all requests of a run: what an item that failed has left on the pad is no other host's. */
const OF_RUN = new WeakMap<Probe, Uint8Array[]>();

/** The requests of this run, and what the pad says of them. */
export class Requests {
  readonly #probe: Probe;
  readonly #own: Uint8Array[];

  constructor(probe: Probe) {
    this.#probe = probe;
    this.#own = OF_RUN.get(probe) ?? [];
    OF_RUN.set(probe, this.#own);
  }

  isOwn(event: PadEvent): boolean {
    return !("requestId" in event) || this.#own.some((own) => isSame(own, event.requestId));
  }

  newId(): Uint8Array {
    const id = requestIdToBytes(newRequestId(Date.now(), this.#probe.random(10)));
    this.#own.push(id);
    return id;
  }

  /** Opens a rating and waits until the pad says that it is shown. */
  async open(requestId = this.newId(), timeoutMs = 60_000): Promise<Uint8Array> {
    const since = this.#probe.heard.length;
    await this.#probe.command({ type: "openRating", requestId, timeoutMs, voice: 0, labels: [] });
    await this.#probe.report("status", {
      within: 2000,
      since,
      where: (status) => status.phase === "inviting" && isSame(status.requestId, requestId),
    });
    return requestId;
  }

  /** The next event of one kind for that request, without storing it; what the pad offers before it is stored. */
  async event<Name extends "rated" | "touchRated" | "timedOut">(
    type: Name,
    requestId: Uint8Array,
    within: number,
    since: number,
  ): Promise<Message<Name>> {
    const until = this.#probe.now + within;
    let from = since;
    while (this.#probe.now < until) {
      const next = await this.#next(from, until - this.#probe.now);
      if (next === undefined) break;
      if (next.event.type === type && "requestId" in next.event && isSame(next.event.requestId, requestId))
        return next.event as Message<Name>;
      must(
        (next.event.type !== "rated" && next.event.type !== "touchRated") || this.isOwn(next.event),
        "it offers a rating of a request that nobody opened",
      );
      from = next.index + 1;
      await this.store(next.event);
    }
    throw new Departure(`no ${type} came within ${within} ms`);
  }

  async #next(since: number, within: number): Promise<{ event: PadEvent; index: number } | undefined> {
    const { heard } = this.#probe;
    const find = () => heard.findIndex(({ message }, index) => index >= since && message !== undefined && isEvent(message));
    await this.#probe.until(() => find() >= 0, within);
    const index = find();
    return index < 0 ? undefined : { event: heard[index]?.message as PadEvent, index };
  }

  store({ eventNo }: PadEvent): Promise<void> {
    return this.#probe.command({ type: "stored", eventNo });
  }

  /**
   * Stores everything that the pad offers until it has nothing more.
   * @throws ForeignEvents before anything of another host's is stored
   */
  async drain(): Promise<void> {
    let from = this.#probe.heard.length;
    const offers = new Map<number, number>();
    while ((await this.#probe.status()).pendingEvents > 0) {
      const next = await this.#next(from, 3000);
      must(next !== undefined, "its status counts events that it does not offer");
      if (!this.isOwn(next.event)) throw new ForeignEvents();
      from = next.index + 1;
      const { eventNo } = next.event;
      const times = (offers.get(eventNo) ?? 0) + 1;
      offers.set(eventNo, times);
      must(times <= MOST_OFFERS, `it offers event ${eventNo} again and again, though it was stored`);
      await this.store(next.event);
    }
  }
}
