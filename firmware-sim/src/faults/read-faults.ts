import { WindowRatingError } from "@window-rating/protocol/error";
import { type FaultPlan, readFaultPlan } from "./fault-plan.ts";
import { joinPlans, readFault } from "./library.ts";

/**
 * The faults of a command line.
 * @param file a plan; undefined = none
 * @param named `name` or `name=value`, which hold over the plan's
 * @param hasConnections false behind a port that has none to hang
 * @throws WR9004 naming the fault that is not valid, or cannot happen here
 */
export const readFaults = (file: string | undefined, named: readonly string[], hasConnections: boolean): FaultPlan => {
  const plan = joinPlans([...(file === undefined ? [] : [readFaultPlan(file)]), ...named.map(readFault)]);
  if (plan.hangConnection !== undefined && !hasConnections) {
    throw new WindowRatingError("WR9004", "hangConnection: a tty has no connection; use --tcp");
  }
  return plan;
};
