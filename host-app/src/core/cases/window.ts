import type {
  CancelCase,
  DeskEvent,
  DeskState,
  EndCase,
  EndCaseAnswer,
  PadState,
  RecoveryEvent,
  RequestState,
  SignIn,
  StartCase,
} from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type Command, isEvent, type Message, type PadEvent, type Report } from "@window-rating/protocol/pad";
import { type Binding, newRequestId, type RequestId, requestIdFromBytes, requestIdToBytes } from "@window-rating/protocol/rating";
import type { PadOrigin } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import { type Clock, momentOf } from "../clock.ts";
import type { PadListener, PadOnLine } from "../pads/pad-line.ts";
import { remainingOf } from "../ratings/request-life.ts";
import type { CaseBook, CaseRow } from "../store/case-book.ts";
import { type RatingRequest, type RequestBook, timesOf } from "../store/request-book.ts";
import type { Store } from "../store/store.ts";
import type { Caller, WindowDesk } from "./window-desk.ts";

export interface WindowSettings {
  readonly windowNo: string;
  readonly timeoutMs: number;
  readonly waitMs: number;
  readonly manualTrigger: boolean;
  readonly pad: { readonly debounceMs: number; readonly volume: number; readonly brightness: number; readonly thanksMs: number };
}

export interface WindowOptions {
  readonly store: Store;
  readonly cases: CaseBook;
  readonly requests: RequestBook;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  readonly settings: WindowSettings;
  readonly logger: Logger;
  /** Gives a command to the pad; false if it is away. */
  readonly send: (command: Command) => boolean;
  readonly padState: () => PadState;
  /** Tells the window that serves a request that it changed at this window's pad; false if no such window is served. */
  readonly tellWindow: (windowNo: string, requestId: RequestId) => boolean;
  readonly queue: () => DeskState["queue"];
}

/** Voice prompt of the invitation; the pad's profile lists them. */
const INVITE_PROMPT = 2;

/** One window: its clerk, its case, its rating request, and the pad that shows it. */
export class Window implements WindowDesk, PadListener {
  readonly #options: WindowOptions;
  readonly #listeners = new Set<(event: DeskEvent) => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WindowOptions) {
    this.#options = options;
  }

  get windowNo(): string {
    return this.#options.settings.windowNo;
  }

  /** Takes up what an earlier run left: a request that is still alive, or that ended meanwhile. */
  start(): void {
    this.#watch();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  signIn(clerk: SignIn, caller: Caller): void {
    const { store, cases, clock } = this.#options;
    const onDuty = cases.clerkOnDuty();
    if (onDuty?.staffNo === clerk.staffNo && onDuty.name === clerk.name) return;
    store.write(() => cases.signIn(clerk, caller.name, clock.wallMs()));
    this.stateChanged();
  }

  signOut(_caller: Caller): void {
    const { store, cases, clock } = this.#options;
    if (store.write(() => cases.signOut(clock.wallMs()))) this.stateChanged();
  }

  startCase(visit: StartCase, caller: Caller): void {
    const { store, cases, clock } = this.#options;
    this.#clerk();
    const known = cases.find(visit.caseNo, visit.visitNo);
    const name = nameOf(visit);
    if (known !== undefined) {
      if (known.windowNo !== this.windowNo) throw new WindowRatingError("WR5007", `${name} is at window ${known.windowNo}`);
      if (known.state !== "open") throw new WindowRatingError("WR5006", `${name} is ${known.state}; a further visit has the next visitNo`);
      if (known.itemCode !== visit.itemCode || known.itemName !== visit.itemName) {
        throw new WindowRatingError("WR5007", `${name} is open with item ${known.itemCode} ${known.itemName}`);
      }
      return;
    }
    const open = cases.open();
    if (open !== undefined) throw new WindowRatingError("WR5007", `${nameOf(open)} is open at this window`);
    store.write(() => cases.start(visit, caller.name, clock.wallMs()));
    this.stateChanged();
  }

  endCase(caseNo: string, how: EndCase, caller: Caller): EndCaseAnswer {
    const { store, cases, requests, clock, settings, random } = this.#options;
    const clerk = this.#clerk();
    if (how.trigger === "manual" && !settings.manualTrigger)
      throw new WindowRatingError("WR5008", "this site lets only the business system end a case");
    const visit = this.#visit(caseNo, how.visitNo);
    const name = nameOf({ caseNo, visitNo: how.visitNo });
    if (visit === undefined) throw new WindowRatingError("WR5005", `${name} was never started at this window`);
    if (visit.state === "cancelled") throw new WindowRatingError("WR5005", `${name} was cancelled`);
    if (visit.state === "ended") {
      const request = requests.ofCase(caseNo, how.visitNo);
      throw new WindowRatingError(
        "WR5006",
        `${name} has ended; its request ${request?.binding.requestId ?? ""} is ${request?.state ?? ""}`,
      );
    }
    const openedAt = momentOf(clock);
    const binding: Binding = {
      requestId: newRequestId(openedAt.wallMs, random(10)),
      caseNo,
      visitNo: how.visitNo,
      caseCompleted: how.completed,
      itemCode: visit.itemCode,
      itemName: visit.itemName,
      staffNo: clerk.staffNo,
      clerkName: clerk.name,
      windowNo: this.windowNo,
      trigger: how.trigger,
      triggeredBy: caller.name,
    };
    const before = requests.alive(this.windowNo);
    store.write(() => {
      cases.setState(caseNo, how.visitNo, "ended");
      requests.open(binding, openedAt, settings.timeoutMs, settings.waitMs);
    });
    // The pad replaces what it shows: the request before needs no cancelling there.
    this.#show();
    if (before !== undefined) this.#tell(before, "superseded");
    this.#watch();
    this.#tellNow(binding.requestId);
    return { requestId: binding.requestId, state: "waiting", expiresInMs: settings.timeoutMs + settings.waitMs };
  }

  cancelCase(caseNo: string, { visitNo }: CancelCase, _caller: Caller): void {
    const { store, cases, requests } = this.#options;
    const visit = this.#visit(caseNo, visitNo);
    const name = nameOf({ caseNo, visitNo });
    if (visit === undefined) throw new WindowRatingError("WR5009", `${name} was never started at this window`);
    if (visit.state === "cancelled") return;
    if (visit.state === "open") {
      store.write(() => cases.setState(caseNo, visitNo, "cancelled"));
      this.stateChanged();
      return;
    }
    const request = requests.ofCase(caseNo, visitNo);
    if (request?.state === "cancelled") return;
    if (request === undefined || !requests.end(request.binding.requestId, "cancelled")) {
      throw new WindowRatingError("WR5009", `the request of ${name} is ${request?.state ?? "missing"}`);
    }
    this.#options.send({ type: "cancelRating", requestId: requestIdToBytes(request.binding.requestId) });
    this.#watch();
    this.#tellNow(request.binding.requestId);
  }

  state(): DeskState {
    const { cases, requests, padState, queue } = this.#options;
    const open = cases.open();
    const newest = requests.newest(this.windowNo);
    return {
      windowNo: this.windowNo,
      clerk: cases.clerkOnDuty(),
      openCase:
        open === undefined ? null : { caseNo: open.caseNo, visitNo: open.visitNo, itemCode: open.itemCode, itemName: open.itemName },
      request: newest === undefined ? null : requestView(newest),
      pad: padState(),
      queue: queue(),
    };
  }

  subscribe(listener: (event: DeskEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stateChanged(): void {
    if (this.#listeners.size > 0) this.#publish({ event: "state", state: this.state() });
  }

  ready(): void {
    const { send, clock, settings } = this.#options;
    send({ type: "configure", ...settings.pad, language: "zh-CN" });
    send({ type: "setTime", unixMs: clock.wallMs() });
    if (!this.#show()) send({ type: "idle" });
  }

  lost(): void {
    this.stateChanged();
  }

  recovered(event: RecoveryEvent): void {
    this.#publish({ event: "recovery", windowNo: this.windowNo, ...event });
  }

  /** A request of this window has changed, at whichever pad. */
  requestChanged(requestId: RequestId): void {
    this.#watch();
    this.#tellNow(requestId);
  }

  report(pad: PadOnLine, message: Report): void {
    try {
      if (isEvent(message)) this.#event(pad, message);
      else if (message.type === "status") this.#status(message);
      else if (message.type === "refused") this.#refused(message);
    } catch (error) {
      // The pad was not told that the event is stored: it keeps it and offers it again.
      if (!(error instanceof WindowRatingError)) throw error;
      this.#notice(error);
    }
  }

  #event(pad: PadOnLine, event: PadEvent): void {
    const origin: PadOrigin = {
      ...pad,
      eventNo: event.eventNo,
      bootCount: event.type === "rated" || event.type === "timedOut" ? event.bootCount : pad.bootCount,
    };
    if (event.type === "rated") return this.#rated(origin, event);
    this.#takeOther(origin, event);
    this.#options.send({ type: "stored", eventNo: event.eventNo });
  }

  #rated(origin: PadOrigin, event: Message<"rated">): void {
    const requestId = requestIdFromBytes(event.requestId);
    const outcome = this.#options.requests.takePress({
      requestId,
      level: event.level,
      time: { sinceOpenMs: event.sinceOpenMs, padWallMs: event.unixMs === 0 ? null : event.unixMs },
      origin,
    });
    // Committed (I1): only now may the pad forget it. Everything else can wait until the bytes are out.
    this.#options.send({ type: "stored", eventNo: event.eventNo });
    switch (outcome.is) {
      case "rated":
        return this.#changed(outcome.windowNo, requestId);
      case "unbound":
        this.#notice(new WindowRatingError("WR4006", `request ${requestId} from pad ${origin.serialNumber}`));
        return;
      case "second":
        this.#notice(new WindowRatingError("WR4007", `request ${requestId} from pad ${origin.serialNumber}`));
        return;
      case "repeat":
    }
  }

  #takeOther(origin: PadOrigin, event: Exclude<PadEvent, Message<"rated">>): void {
    const { requests, logger } = this.#options;
    const { type, eventNo: _, ...content } = event;
    if (type === "timedOut") {
      const requestId = requestIdFromBytes((event as Message<"timedOut">).requestId);
      const request = requests.find(requestId);
      const text = JSON.stringify({ ...content, requestId });
      let ended = false;
      requests.takeEvent({ origin, kind: type, requestId, content: text }, () => {
        ended = request !== undefined && requests.endInside(request, "timed-out");
      });
      if (ended) this.#changed(request?.windowNo, requestId);
      return;
    }
    const isNew = requests.takeEvent({ origin, kind: type, requestId: null, content: JSON.stringify(content) }, () => {});
    if (!isNew || type === "booted") return;
    logger.warn({ pad: origin.serialNumber, ...content }, `pad reports ${type}`);
    const said =
      event.type === "keyStuck" ? `key ${event.key} is held down` : event.type === "fault" ? `${event.code} ${event.detail}` : type;
    this.#notice(new WindowRatingError("WR1008", `pad ${origin.serialNumber}: ${said}`));
  }

  #status(status: Message<"status">): void {
    if (status.phase !== "inviting") return;
    const requestId = requestIdFromBytes(status.requestId);
    if (this.#options.requests.markShown(requestId)) this.#changed(this.#options.requests.find(requestId)?.windowNo, requestId);
  }

  #refused(refusal: Message<"refused">): void {
    const { requests } = this.#options;
    const requestId = requestIdFromBytes(refusal.requestId);
    const request = requests.find(requestId);
    if (request !== undefined && requests.end(requestId, "refused-by-pad")) this.#changed(request.windowNo, requestId);
    this.#notice(new WindowRatingError("WR1007", `command ${refusal.command}: ${refusal.reason}`));
  }

  /** Lights the pad for the request that is alive. A pad that shows it already, or holds its rating, changes nothing (I4). */
  #show(): boolean {
    const { requests, send, settings } = this.#options;
    const request = requests.alive(this.windowNo);
    if (request === undefined) return false;
    const remaining = this.#remaining(request);
    if (remaining.is === "over") return false;
    return send({
      type: "openRating",
      requestId: requestIdToBytes(request.binding.requestId),
      timeoutMs: Math.max(1000, Math.min(settings.timeoutMs, remaining.ms)),
      voice: INVITE_PROMPT,
      labels: [],
    });
  }

  #remaining(request: RatingRequest): ReturnType<typeof remainingOf> {
    return remainingOf(timesOf(request, momentOf(this.#options.clock)));
  }

  /** Ends the request that is alive when its time is over, now or later. */
  #watch(): void {
    clearTimeout(this.#timer);
    const request = this.#options.requests.alive(this.windowNo);
    if (request === undefined) return;
    const remaining = this.#remaining(request);
    if (remaining.is === "alive") {
      this.#timer = setTimeout(() => this.#watch(), remaining.ms);
      return;
    }
    const { requestId } = request.binding;
    try {
      if (this.#options.requests.end(requestId, remaining.reason)) {
        this.#options.send({ type: "cancelRating", requestId: requestIdToBytes(requestId) });
        this.#tellNow(requestId);
      }
    } catch (error) {
      if (!(error instanceof WindowRatingError)) throw error;
      this.#notice(error);
      this.#timer = setTimeout(() => this.#watch(), 1000);
    }
  }

  /** A pad that stood at another window still tells of the requests of that one. */
  #changed(windowNo: string | undefined, requestId: RequestId): void {
    if (windowNo === undefined || windowNo === this.windowNo || !this.#options.tellWindow(windowNo, requestId)) {
      this.requestChanged(requestId);
    }
  }

  /** A visit of a case of this window. */
  #visit(caseNo: string, visitNo: number): CaseRow | undefined {
    const visit = this.#options.cases.find(caseNo, visitNo);
    return visit?.windowNo === this.windowNo ? visit : undefined;
  }

  #clerk(): SignIn {
    const clerk = this.#options.cases.clerkOnDuty();
    if (clerk === null) throw new WindowRatingError("WR5004", "nobody is signed in at this window");
    return clerk;
  }

  #tellNow(requestId: RequestId): void {
    const request = this.#options.requests.find(requestId);
    if (request !== undefined && this.#listeners.size > 0) this.#tell(request, request.state);
    this.stateChanged();
  }

  #tell(request: RatingRequest, state: RequestState): void {
    const { requestId, caseNo, visitNo } = request.binding;
    this.#publish({ event: "request", windowNo: this.windowNo, requestId, caseNo, visitNo, state });
  }

  #notice(error: WindowRatingError): void {
    this.#options.logger.warn({ code: error.code }, error.message);
    this.#publish({ event: "notice", windowNo: this.windowNo, code: error.code, text: error.message });
  }

  #publish(event: DeskEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

const nameOf = ({ caseNo, visitNo }: { caseNo: string; visitNo: number }): string => `case ${caseNo} visit ${visitNo}`;

const requestView = ({ binding, state }: RatingRequest): NonNullable<DeskState["request"]> => {
  const { requestId, caseNo, visitNo, staffNo } = binding;
  return { requestId, caseNo, visitNo, staffNo, state };
};
