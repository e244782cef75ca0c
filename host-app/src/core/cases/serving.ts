import type { CancelCase, EndBatch, EndCase, EndCaseAnswer, EndTheme, InviteAgain, StartCase } from "@window-rating/protocol/desk";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type Binding, type Group, newRequestId, type Trigger } from "@window-rating/protocol/rating";
import type { Duty } from "../clerks/duty.ts";
import { whoServed, whoServes } from "../clerks/who-served.ts";
import { type Clock, momentOf } from "../clock.ts";
import { INVITED_AGAIN_AFTER } from "../ratings/request-life.ts";
import type { CaseBook, CaseRow, Visit } from "../store/case-book.ts";
import type { PaperBook } from "../store/paper-book.ts";
import type { RatingRequest, RequestBook } from "../store/request-book.ts";
import type { Store } from "../store/store.ts";
import { refuseNoBatch, refuseNoTheme } from "./group-rules.ts";
import type { Invitations } from "./invitations.ts";
import type { Caller } from "./window-desk.ts";
import type { WindowSettings } from "./window-settings.ts";

export interface ServingOptions {
  readonly store: Store;
  readonly cases: CaseBook;
  readonly requests: RequestBook;
  readonly papers: PaperBook;
  readonly clock: Clock;
  readonly random: (length: number) => Uint8Array;
  readonly settings: WindowSettings;
  readonly duty: Duty;
  readonly invitations: Invitations;
  readonly changed: () => void;
}

/** How one or several visits end. */
interface Ending {
  readonly completed: boolean;
  readonly trigger: Trigger;
  readonly staffNo: string | undefined;
}

/** The cases of a window: what is served, what ended, and what is asked about it. */
export class Serving {
  readonly #options: ServingOptions;

  constructor(options: ServingOptions) {
    this.#options = options;
  }

  /** @throws WR5004, WR5006, WR5007, WR5018 */
  start(visit: StartCase, caller: Caller): void {
    const { store, cases, clock, duty } = this.#options;
    const clerk = whoServes(duty.clerks, visit.staffNo);
    if (this.#known(visit) !== undefined) return;
    const open = cases.open();
    if (open !== undefined)
      throw new WindowRatingError("WR5007", `${nameOf(open)} is open at this window`, undefined, { caseNo: open.caseNo });
    store.write(() => cases.start(visit, clerk, caller.name, clock.wallMs()));
    this.#options.changed();
  }

  /** @throws WR5004, WR5005, WR5006, WR5008, WR5018 */
  end(caseNo: string, how: EndCase, caller: Caller): EndCaseAnswer {
    this.#refuseManual(how.trigger);
    const visit = this.#here(caseNo, how.visitNo);
    const name = nameOf({ caseNo, visitNo: how.visitNo });
    if (visit === undefined) {
      if (this.#options.duty.clerks.length === 0) throw new WindowRatingError("WR5004", "nobody is signed in at this window");
      throw new WindowRatingError("WR5005", `${name} was never started at this window`);
    }
    if (visit.state === "cancelled") throw new WindowRatingError("WR5005", `${name} was cancelled`);
    if (visit.state === "ended") throw this.#alreadyEnded(visit);
    return this.#ask([visit], ending(how), undefined, visit, caller);
  }

  /** @throws WR5004, WR5006, WR5007, WR5008, WR5018, WR5025 */
  endBatch(batch: EndBatch, caller: Caller): EndCaseAnswer {
    const visits = refuseNoBatch(batch.cases);
    const others = visits.slice(1).map(({ caseNo, visitNo }) => ({ caseNo, visitNo }));
    return this.#endTogether(visits, ending(batch), (made) => ({ kind: "batch", no: batch.batchNo ?? made, others }), caller);
  }

  /** @throws WR5004, WR5006, WR5007, WR5008, WR5018, WR5025 */
  endTheme(theme: EndTheme, caller: Caller): EndCaseAnswer {
    const visits = refuseNoTheme(theme.cases);
    const group: Group = { kind: "theme", no: theme.themeNo, name: theme.themeName, others: visits.slice(1) };
    return this.#endTogether(visits, ending(theme), () => group, caller);
  }

  /** @throws WR5009 */
  cancel(caseNo: string, { visitNo }: CancelCase): void {
    const { store, cases, requests, invitations, changed } = this.#options;
    const visit = this.#here(caseNo, visitNo);
    const name = nameOf({ caseNo, visitNo });
    if (visit === undefined) throw new WindowRatingError("WR5009", `${name} was never started at this window`);
    if (visit.state === "cancelled") return;
    if (visit.state === "open") {
      store.write(() => cases.cancel(caseNo, visitNo));
      changed();
      return;
    }
    const request = requests.ofCase(caseNo, visitNo);
    if (request?.state === "cancelled") return;
    if (request === undefined || !requests.end(request.binding.requestId, "cancelled")) {
      throw new WindowRatingError("WR5009", `the request of ${name} is ${request?.state ?? "missing"}`);
    }
    invitations.cancelled(request.binding.requestId);
  }

  /** @throws WR5005, WR5008, WR5026 */
  inviteAgain(caseNo: string, { visitNo, trigger }: InviteAgain, caller: Caller): EndCaseAnswer {
    const { store, requests, clock, invitations } = this.#options;
    this.#refuseManual(trigger);
    const name = nameOf({ caseNo, visitNo });
    const request = this.#here(caseNo, visitNo) && requests.ofCase(caseNo, visitNo);
    if (request === undefined) throw new WindowRatingError("WR5005", `${name} has not ended at this window`);
    const { requestId } = request.binding;
    const why = this.whyNotAgain(request);
    if (why !== undefined) throw new WindowRatingError("WR5026", `${name}: ${why}`);
    store.write(() => {
      // A press that came in this very turn is on disk before this.
      if (!requests.openAgain(requestId, { at: momentOf(clock), trigger, by: caller.name }))
        throw new WindowRatingError("WR5026", `${name} has just been rated`);
    });
    invitations.opened(requestId, undefined);
    return this.#answer(request);
  }

  /** Why the citizen of a request is not asked once more, in words; undefined: they may be. Never tells more than that a rating came. */
  whyNotAgain(request: RatingRequest): string | undefined {
    const { requests, papers, cases, settings } = this.#options;
    if (request.again !== null) return "it was invited again already";
    if (!INVITED_AGAIN_AFTER.includes(request.state)) return `its request is ${request.state}`;
    if (papers.has(request.binding)) return "a paper form of it was typed in";
    if (requests.newest(settings.windowNo)?.binding.requestId !== request.binding.requestId) return "another case has ended since";
    const open = cases.open();
    return open === undefined ? undefined : `${nameOf(open)} has begun since, with another citizen at the pad`;
  }

  /** @param groupOf what the visits are together; given a number that nobody else has */
  #endTogether(visits: readonly Visit[], how: Ending, groupOf: (made: string) => Group, caller: Caller): EndCaseAnswer {
    this.#refuseManual(how.trigger);
    for (const visit of visits) this.#known(visit);
    const open = this.#options.cases.open();
    if (open !== undefined && !visits.some(({ caseNo, visitNo }) => caseNo === open.caseNo && visitNo === open.visitNo))
      throw new WindowRatingError("WR5007", `${nameOf(open)} is open at this window and none of these`, undefined, { caseNo: open.caseNo });
    return this.#ask(visits, how, groupOf, open, caller);
  }

  /** Ends visits and opens the one request that asks about them. */
  #ask(
    visits: readonly Visit[],
    { completed, trigger, staffNo }: Ending,
    groupOf: ((made: string) => Group) | undefined,
    open: CaseRow | undefined,
    caller: Caller,
  ): EndCaseAnswer {
    const { store, cases, requests, clock, settings, random, duty, invitations } = this.#options;
    const clerk = whoServed({ onDuty: duty.clerks, since: open?.servedBy ?? null, said: staffNo });
    const openedAt = momentOf(clock);
    const requestId = newRequestId(openedAt.wallMs, random(10));
    const [{ caseNo, visitNo, itemCode, itemName }] = visits as readonly [Visit];
    const binding: Binding = {
      requestId,
      caseNo,
      visitNo,
      caseCompleted: completed,
      itemCode,
      itemName,
      staffNo: clerk.staffNo,
      clerkName: clerk.name,
      windowNo: settings.windowNo,
      trigger,
      triggeredBy: caller.name,
      ...(groupOf === undefined ? {} : { group: groupOf(requestId) }),
    };
    const before = invitations.alive;
    store.write(() => {
      requests.open(binding, openedAt, settings.timeoutMs, settings.waitMs);
      for (const visit of visits) cases.end(visit, clerk, requestId, caller.name, openedAt.wallMs);
    });
    invitations.opened(requestId, before);
    return this.#answer({ binding, timeoutMs: settings.timeoutMs, waitMs: settings.waitMs });
  }

  #answer({ binding, timeoutMs, waitMs }: Pick<RatingRequest, "binding" | "timeoutMs" | "waitMs">): EndCaseAnswer {
    return { requestId: binding.requestId, state: "waiting", expiresInMs: timeoutMs + waitMs };
  }

  /** A visit that may begin or end here, if it has begun. @throws WR5006 if it is over, WR5007 if it is elsewhere or another item */
  #known(visit: Visit): CaseRow | undefined {
    const { cases, settings } = this.#options;
    const known = cases.find(visit.caseNo, visit.visitNo);
    if (known === undefined) return undefined;
    const name = nameOf(visit);
    const { caseNo } = visit;
    if (known.windowNo !== settings.windowNo) {
      const { windowNo } = known;
      throw new WindowRatingError("WR5007", `${name} is at window ${windowNo}`, undefined, { caseNo, windowNo });
    }
    if (known.state !== "open") throw new WindowRatingError("WR5006", `${name} is ${known.state}; a further visit has the next visitNo`);
    if (known.itemCode !== visit.itemCode || known.itemName !== visit.itemName) {
      const { itemCode, itemName } = known;
      throw new WindowRatingError("WR5007", `${name} is open with item ${itemCode} ${itemName}`, undefined, { caseNo, itemName });
    }
    return known;
  }

  #alreadyEnded({ caseNo, visitNo }: Visit): WindowRatingError {
    const request = this.#options.requests.ofCase(caseNo, visitNo);
    const which = `its request ${request?.binding.requestId ?? ""} is ${request?.state ?? ""}`;
    return new WindowRatingError("WR5006", `${nameOf({ caseNo, visitNo })} has ended; ${which}`);
  }

  /** A visit of a case of this window. */
  #here(caseNo: string, visitNo: number): CaseRow | undefined {
    const { cases, settings } = this.#options;
    const visit = cases.find(caseNo, visitNo);
    return visit?.windowNo === settings.windowNo ? visit : undefined;
  }

  #refuseManual(trigger: Trigger): void {
    if (trigger === "manual" && !this.#options.settings.manualTrigger)
      throw new WindowRatingError("WR5008", "this site lets only the business system end a case");
  }
}

const ending = ({ completed, trigger, staffNo }: EndCase | EndBatch | EndTheme): Ending => ({ completed, trigger, staffNo });

const nameOf = ({ caseNo, visitNo }: { caseNo: string; visitNo: number }): string => `case ${caseNo} visit ${visitNo}`;
