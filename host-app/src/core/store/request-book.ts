import type { RequestState } from "@window-rating/protocol/desk";
import type { Binding, Moment, NotRatedReason, RequestId, Trigger } from "@window-rating/protocol/rating";
import type { Again, KeypadOrigin, PadOrigin, PressTime, TouchAnswer } from "@window-rating/protocol/sync";
import type { Clock } from "../clock.ts";
import { momentOf } from "../clock.ts";
import { circumstanceOf, INVITED_AGAIN_AFTER, isAlive, type RequestTimes } from "../ratings/request-life.ts";
import type { EntryBook } from "./entry-book.ts";
import type { Store, Waiting } from "./store.ts";

/** One rating request as it lies in the database. */
export interface RatingRequest {
  readonly binding: Binding;
  readonly openedAt: Moment;
  /** The second invitation; null: there was none. */
  readonly again: Again | null;
  /** When the pad showed it, of its last invitation. */
  readonly shownAt: Moment | null;
  readonly timeoutMs: number;
  readonly waitMs: number;
  readonly state: RequestState;
  /** The window that serves it: that of its binding, unless the window was given another number since. */
  readonly windowNo: string;
}

interface Row {
  binding: string;
  opened_wall_ms: number;
  opened_monotonic_ms: number;
  opened_boot_id: string;
  shown_wall_ms: number | null;
  shown_monotonic_ms: number | null;
  shown_boot_id: string | null;
  again_wall_ms: number | null;
  again_monotonic_ms: number | null;
  again_boot_id: string | null;
  again_trigger: Trigger | null;
  again_by: string | null;
  timeout_ms: number;
  wait_ms: number;
  state: RequestState;
  window_no: string;
}

const momentIn = (wallMs: number | null, monotonicMs: number | null, bootId: string | null): Moment | null =>
  wallMs === null || monotonicMs === null || bootId === null ? null : { wallMs, monotonicMs, bootId };

const againOf = (row: Row): Again | null => {
  const at = momentIn(row.again_wall_ms, row.again_monotonic_ms, row.again_boot_id);
  return at === null || row.again_trigger === null || row.again_by === null ? null : { at, trigger: row.again_trigger, by: row.again_by };
};

const requestOf = (row: Row): RatingRequest => ({
  // Our own text, written by JSON.stringify of a checked binding and guarded against change by a trigger.
  binding: JSON.parse(row.binding) as Binding,
  openedAt: { wallMs: row.opened_wall_ms, monotonicMs: row.opened_monotonic_ms, bootId: row.opened_boot_id },
  again: againOf(row),
  shownAt: momentIn(row.shown_wall_ms, row.shown_monotonic_ms, row.shown_boot_id),
  timeoutMs: row.timeout_ms,
  waitMs: row.wait_ms,
  state: row.state,
  windowNo: row.window_no,
});

/** A rating as the pad sent it; of another maker's pad as it was bound. */
export interface Press {
  readonly requestId: RequestId;
  readonly level: number;
  readonly time: PressTime;
  readonly origin: PadOrigin | KeypadOrigin;
  /** From a touchscreen pad. What in it is sealed is passed on as it came (I9). */
  readonly answer?: TouchAnswer;
}

/** An event of a pad other than a rating. */
export interface PadEventRecord {
  readonly origin: PadOrigin;
  readonly kind: string;
  readonly requestId: RequestId | null;
  /** JSON. */
  readonly content: string;
  /** What people should know of it; undefined if it is ordinary. */
  readonly said: string | undefined;
}

/** What became of a press. In every case it is on disk and the pad may forget it. */
export type PressOutcome =
  | { readonly is: "rated"; readonly windowNo: string }
  /** This very event had been taken before. */
  | { readonly is: "repeat" }
  /** Another event had rated this request; the first counts (I4). */
  | { readonly is: "second" }
  /** Nobody knows the request; kept and shown. */
  | { readonly is: "unbound" };

/** Requests, events of pads and ratings: every function that writes is one transaction, with its entry and outbox row (I6). */
export class RequestBook {
  readonly #store: Store;
  readonly #entries: EntryBook;
  readonly #clock: Clock;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(store: Store, entries: EntryBook, clock: Clock) {
    this.#store = store;
    this.#entries = entries;
    this.#clock = clock;
    this.#statements = prepare(store);
  }

  find(requestId: RequestId): RatingRequest | undefined {
    const row = this.#statements.find.get(requestId);
    return row && requestOf(row);
  }

  /** The request that asks about a visit, by itself or with others of a batch or theme. */
  ofCase(caseNo: string, visitNo: number): RatingRequest | undefined {
    const row = this.#statements.ofCase.get(caseNo, visitNo);
    return row && requestOf(row);
  }

  /** The newest of a window. */
  newest(windowNo: string): RatingRequest | undefined {
    const row = this.#statements.newest.get(windowNo);
    return row && requestOf(row);
  }

  /** The request of a window that is waiting or shown; there is at most one, because the next one supersedes it. */
  alive(windowNo: string): RatingRequest | undefined {
    const row = this.#statements.alive.get(windowNo);
    return row && requestOf(row);
  }

  countByState(): Partial<Record<RequestState, number>> {
    return Object.fromEntries(this.#statements.countByState.all().map(({ state, n }) => [state, n]));
  }

  /** Opens a request; whatever was alive at its window is superseded. To be called inside `Store.write`. */
  open(binding: Binding, openedAt: Moment, timeoutMs: number, waitMs: number): void {
    const { requestId, caseNo, visitNo, windowNo } = binding;
    const before = this.alive(windowNo);
    if (before !== undefined) this.endInside(before, "superseded");
    const { wallMs, monotonicMs, bootId } = openedAt;
    const row = [requestId, windowNo, caseNo, visitNo, JSON.stringify(binding), wallMs, monotonicMs, bootId, timeoutMs, waitMs];
    this.#statements.insert.run(row);
  }

  /**
   * Asks about the same request once more; to be called inside `Store.write`.
   * @returns false, and nothing is changed, if it was asked again before, or did not end without an answer
   */
  openAgain(requestId: RequestId, { at, trigger, by }: Again): boolean {
    return this.#statements.openAgain.run(at.wallMs, at.monotonicMs, at.bootId, trigger, by, requestId).changes > 0;
  }

  /** The pad shows it. */
  markShown(requestId: RequestId, waiting: Waiting<boolean>): void {
    const { wallMs, monotonicMs, bootId } = momentOf(this.#clock);
    this.#store.join(() => this.#statements.markShown.run(wallMs, monotonicMs, bootId, requestId).changes > 0, waiting);
  }

  /** Ends a request without a rating; changes nothing if it is not alive. */
  end(requestId: RequestId, reason: NotRatedReason): boolean {
    return this.#store.write(() => {
      const request = this.find(requestId);
      return request !== undefined && this.endInside(request, reason);
    });
  }

  /** As `end`, inside a transaction of the caller. */
  endInside(request: RatingRequest, reason: NotRatedReason): boolean {
    if (!isAlive(request.state)) return false;
    const { binding, openedAt } = request;
    const endedAt = momentOf(this.#clock);
    const body = { kind: "not-rated", binding, reason, openedAt, endedAt, ...againPart(request) };
    this.#statements.setState.run(reason, binding.requestId);
    this.#entries.append("not-rated", binding.requestId, JSON.stringify(body), endedAt.wallMs);
    return true;
  }

  /** Takes an event other than a rating, once; false for a repeat. `apply` runs in the same transaction if the event is new. */
  takeEvent(event: Omit<PadEventRecord, "said">, apply: () => void, waiting: Waiting<boolean>): void {
    const take = (): boolean => {
      const { origin, kind, requestId, content } = event;
      const isNew = this.#recordEvent(origin, kind, requestId, content);
      if (isNew) apply();
      return isNew;
    };
    this.#store.join(take, waiting);
  }

  /** Commits a press: event, rating, state of the request, entry and outbox row in one transaction (I1, I3, I4, I6). */
  takePress(press: Press, waiting: Waiting<PressOutcome>): void {
    this.#store.join(() => this.#pressInside(press), waiting);
  }

  #pressInside(press: Press): PressOutcome {
    const { requestId, level, time, origin } = press;
    const answer = press.answer === undefined ? {} : { answer: press.answer };
    if (!this.#isNewPress(press)) return { is: "repeat" };
    const row = this.#statements.find.get(requestId);
    const committedAt = momentOf(this.#clock);
    if (row === undefined) {
      const body = { kind: "unbound", requestId, level, pressTime: time, committedAt, origin, ...answer };
      this.#entries.append("unbound", requestId, JSON.stringify(body), committedAt.wallMs);
      return { is: "unbound" };
    }
    const circumstance = circumstanceOf(row.state);
    if (circumstance === undefined) return { is: "second" };
    const request = requestOf(row);
    const { binding, openedAt } = request;
    const said = { ...answer, ...againPart(request) };
    const body = { kind: "rating", binding, level, openedAt, pressTime: time, committedAt, circumstance, origin, ...said };
    const number = this.#entries.append("rating", requestId, JSON.stringify(body), committedAt.wallMs);
    this.#statements.rate.run(requestId, level, circumstance, number);
    this.#statements.setState.run("rated", requestId);
    return { is: "rated", windowNo: row.window_no };
  }

  /** Takes note of a press. Other makers' pads number nothing: there a request has one press, and whatever comes after it repeats it. */
  #isNewPress({ requestId, level, time, origin }: Press): boolean {
    if (!("boundBy" in origin)) return this.#recordEvent(origin, "rated", requestId, JSON.stringify({ level, ...time }));
    const { model, profileHash, serialNumber } = origin;
    const row = [requestId, model, profileHash, serialNumber, level, time.sinceOpenMs, this.#clock.wallMs()];
    return this.#statements.recordKeypad.run(row).changes > 0;
  }

  #recordEvent(origin: PadOrigin, kind: string, requestId: RequestId | null, content: string): boolean {
    const pad = `${origin.model} ${origin.serialNumber}`;
    return this.#statements.record.run(pad, origin.storeId, origin.eventNo, kind, requestId, content, this.#clock.wallMs()).changes > 0;
  }
}

const againPart = ({ again }: RatingRequest): { again?: Again } => (again === null ? {} : { again });

const prepare = ({ database }: Store) => ({
  find: database.prepare<[string], Row>("SELECT * FROM requests WHERE request_id = ?"),
  ofCase: database.prepare<[string, number], Row>(
    "SELECT requests.* FROM cases JOIN requests USING (request_id) WHERE cases.case_no = ? AND cases.visit_no = ?",
  ),
  // By order of writing, not by the wall clock, which may be wrong.
  newest: database.prepare<[string], Row>("SELECT * FROM requests WHERE window_no = ? ORDER BY rowid DESC LIMIT 1"),
  alive: database.prepare<[string], Row>(
    "SELECT * FROM requests WHERE window_no = ? AND state IN ('waiting', 'shown') ORDER BY rowid DESC LIMIT 1",
  ),
  countByState: database.prepare<[], { state: RequestState; n: number }>("SELECT state, count(*) AS n FROM requests GROUP BY state"),
  insert: database.prepare(
    `INSERT INTO requests (request_id, window_no, case_no, visit_no, binding, opened_wall_ms, opened_monotonic_ms, opened_boot_id, timeout_ms, wait_ms, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
  ),
  markShown: database.prepare(
    "UPDATE requests SET state = 'shown', shown_wall_ms = ?, shown_monotonic_ms = ?, shown_boot_id = ? WHERE request_id = ? AND state = 'waiting'",
  ),
  openAgain: database.prepare(
    `UPDATE requests SET state = 'waiting', shown_wall_ms = NULL, shown_monotonic_ms = NULL, shown_boot_id = NULL,
       again_wall_ms = ?, again_monotonic_ms = ?, again_boot_id = ?, again_trigger = ?, again_by = ?
     WHERE request_id = ? AND again_wall_ms IS NULL AND state IN (${INVITED_AGAIN_AFTER.map((state) => `'${state}'`).join(", ")})`,
  ),
  setState: database.prepare<[RequestState, string]>("UPDATE requests SET state = ? WHERE request_id = ?"),
  rate: database.prepare("INSERT INTO ratings (request_id, level, circumstance, entry_number) VALUES (?, ?, ?, ?)"),
  record: database.prepare(
    `INSERT INTO pad_events (pad, store_id, event_no, kind, request_id, content, taken_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  ),
  recordKeypad: database.prepare(
    `INSERT INTO keypad_presses (request_id, model, profile_hash, adapter, level, since_open_ms, taken_ms) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  ),
});

/** Ages of a request on the clock at hand: the monotonic clock within one boot, else the wall clock unless it went back. */
export const timesOf = (request: RatingRequest, now: Moment): Omit<RequestTimes, "graceMs"> => {
  const since = (then: Moment | null): number | undefined => {
    if (then === null) return undefined;
    if (then.bootId === now.bootId) return now.monotonicMs - then.monotonicMs;
    return now.wallMs >= then.wallMs ? now.wallMs - then.wallMs : undefined;
  };
  const { state, timeoutMs, waitMs } = request;
  return { state, timeoutMs, waitMs, openFor: since(request.again?.at ?? request.openedAt), shownFor: since(request.shownAt) };
};
