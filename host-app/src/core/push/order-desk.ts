import { WindowRatingError } from "@window-rating/protocol/error";
import type { Binding, RequestId, Trigger } from "@window-rating/protocol/rating";
import type { DeskOrder } from "@window-rating/protocol/sync";
import type { Caller } from "../cases/window-desk.ts";
import type { WindowDesks } from "../cases/window-desks.ts";

interface OrderDeskOptions {
  readonly desks: WindowDesks;
  /** The rating request of a visit, if it has one. */
  readonly requestOf: (caseNo: string, visitNo: number) => { readonly binding: Binding } | undefined;
}

/** By which way an order came; it stands in the record of what it did (I12). */
export type OrderWay = Extract<Trigger, "push" | "link">;

/** Does what came by another way than the desk API, exactly as the verb of that API does it. */
export class OrderDesk {
  readonly #options: OrderDeskOptions;

  constructor(options: OrderDeskOptions) {
    this.#options = options;
  }

  /**
   * @returns the rating request, if one was opened
   * @throws WR5004, WR5005, WR5006, WR5007, WR5009, WR5017, WR5018, WR4003
   */
  carryOut(order: DeskOrder, way: OrderWay, caller: Caller): RequestId | null {
    const desk = this.#options.desks.of(order.windowNo);
    const { caseNo, visitNo } = order;
    if (order.do === "start-case") {
      const { itemCode, itemName, staffNo } = order;
      desk.startCase({ caseNo, visitNo, itemCode, itemName, ...(staffNo === undefined ? {} : { staffNo }) }, caller);
      return null;
    }
    if (order.do === "cancel-case") {
      desk.cancelCase(caseNo, { visitNo }, caller);
      return null;
    }
    const { completed, staffNo, item } = order;
    const end = (): RequestId => desk.endCase(caseNo, { visitNo, completed, trigger: way, staffNo }, caller).requestId as RequestId;
    if (item === undefined) return end();
    try {
      return end();
    } catch (error) {
      // Nobody has started it: then it begins and ends now.
      if (!(error instanceof WindowRatingError && error.code === "WR5005") || this.#options.requestOf(caseNo, visitNo) !== undefined)
        throw error;
      desk.startCase({ caseNo, visitNo, ...item, ...(staffNo === undefined ? {} : { staffNo }) }, caller);
      return end();
    }
  }

  /**
   * For an order whose answer was lost: what it was, if it was carried out.
   * @returns the request that this very way and caller opened, or null for a case that has begun; undefined if it was not carried out, or
   * cannot be told
   */
  doneBefore(order: DeskOrder, way: OrderWay, caller: Caller): RequestId | null | undefined {
    const { desks, requestOf } = this.#options;
    const { caseNo, visitNo, windowNo } = order;
    const binding = requestOf(caseNo, visitNo)?.binding;
    if (order.do === "end-case") {
      const isIts = binding?.trigger === way && binding.triggeredBy === caller.name && binding.windowNo === windowNo;
      return isIts ? binding.requestId : undefined;
    }
    if (order.do === "cancel-case") return undefined;
    const { openCase } = desks.of(windowNo).state();
    const isOpen = openCase?.caseNo === caseNo && openCase.visitNo === visitNo;
    return isOpen || binding?.windowNo === windowNo ? null : undefined;
  }
}
