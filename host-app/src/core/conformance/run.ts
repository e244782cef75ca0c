import { WindowRatingError } from "@window-rating/protocol/error";
import type { Bench, Item, Outcome, Result } from "./item.ts";
import { LINK_ITEMS } from "./link-items.ts";
import { LOG_ITEMS } from "./log-items.ts";
import { ForeignEvents, Requests } from "./ours.ts";
import { PAIRING_ITEMS } from "./pairing-items.ts";
import { Departure, NotToBeTried } from "./probe.ts";
import { RATING_ITEMS } from "./rating-items.ts";
import { SCREEN_ITEMS } from "./screen-items.ts";
import { SELF_TEST_ITEMS } from "./self-test-items.ts";
import { KNOCKS_AT_POWER_ON, SESSION_ITEMS } from "./session-items.ts";
import { Standstill } from "./standstill.ts";
import { STORE_ITEMS } from "./store-items.ts";
import { titleOf } from "./titles.ts";
import { TOUCH_ITEMS } from "./touch-items.ts";
import { TRANSFER_ITEMS } from "./transfer-items.ts";
import { WINDOW_ITEMS } from "./window-items.ts";

const number = ({ id }: Item): number => Number.parseInt(id.slice(1), 10);

/** Every item of the checklist in SPEC.md, in its order; a letter behind the number marks a part that needs somebody at the pad. */
export const ITEMS: readonly Item[] = [
  ...SESSION_ITEMS,
  KNOCKS_AT_POWER_ON,
  ...LINK_ITEMS,
  ...RATING_ITEMS,
  ...STORE_ITEMS,
  ...PAIRING_ITEMS,
  ...TRANSFER_ITEMS,
  ...SCREEN_ITEMS,
  ...TOUCH_ITEMS,
  ...WINDOW_ITEMS,
  ...SELF_TEST_ITEMS,
  ...LOG_ITEMS,
].sort((one, other) => number(one) - number(other) || one.id.localeCompare(other.id));

/**
 * Makes sure that the pad belongs to nobody: what it keeps is a test's own, or nothing.
 * @throws WR1012 if it is paired with a window PC, WR1020 if it keeps ratings or time-outs of one; nothing of them was stored;
 * WR1021 if it does not get as far as an open session
 */
export const makeSureItIsFree = async ({ probe }: Bench): Promise<void> => {
  try {
    const { model, serialNumber, paired } = await probe.ready();
    if (paired)
      throw new WindowRatingError("WR1012", `pad ${model} ${serialNumber} is paired; unpair it there first (window-host pad unpair)`);
    await new Requests(probe).drain();
  } catch (error) {
    if (error instanceof ForeignEvents) throw new WindowRatingError("WR1020", `pad ${probe.pad?.model} ${probe.pad?.serialNumber}`);
    if (error instanceof Departure) throw new WindowRatingError("WR1021", error.message, error);
    throw error;
  }
};

/** What whoever is at the pad cannot do. */
const missing = ({ needs }: Item, { person }: Bench): string | undefined => {
  const skills = needs.filter((skill) => !person.can.has(skill));
  if (skills.includes("brush")) return "no hand touches a key for 8 ms: only the simulated pad is tried";
  return skills.length === 0 ? undefined : `needs somebody at the pad (${skills.join(", ")})`;
};

/** No limit of an item is that narrow, save where it says so. */
const STANDSTILL_MS = 250;
const MOST_TRIES = 3;

/**
 * Tries one item. A line or a pad that fails altogether fails the item; nothing is thrown for it. An item that failed while the tester's own
 * process stood still is begun anew, at most twice: the limits are real time, and what was measured says nothing of the pad.
 */
export const tryItem = async (item: Item, bench: Bench): Promise<Outcome> => {
  const named = { id: item.id, title: titleOf(item.id) };
  const why = item.unless?.(bench) ?? missing(item, bench);
  if (why !== undefined) return { ...named, is: "left-out", why };
  for (let times = 1; ; times++) {
    using standstill = new Standstill(() => bench.probe.now);
    const result = await tryOnce(item, bench);
    if (result.is !== "failed") return { ...named, ...result };
    const stoodStill = Math.round(standstill.longest);
    if (stoodStill < STANDSTILL_MS) return { ...named, ...result };
    if (times === MOST_TRIES)
      return {
        ...named,
        is: "failed",
        why: `${result.why}; but this computer stood still for ${stoodStill} ms: try again when it is idle`,
      };
    bench.tell(
      `${item.id} 重新测试：本机停顿了 ${stoodStill} 毫秒，测得的时间不能说明评价器。 ${item.id} is begun anew: this computer stood still for ${stoodStill} ms, so that its times say nothing of the pad.`,
    );
  }
};

const tryOnce = async (item: Item, bench: Bench): Promise<Result> => {
  const { probe } = bench;
  probe.acknowledges = probe.keepsAlive = true;
  try {
    await item.run(bench);
    return { is: "passed" };
  } catch (error) {
    if (error instanceof NotToBeTried) return { is: "left-out", why: error.message };
    if (error instanceof ForeignEvents) return { is: "failed", why: "it offers an event of a request that nobody opened" };
    if (!(error instanceof Departure || error instanceof WindowRatingError)) throw error;
    const gaveUp = probe.gaveUp === undefined ? "" : `, and it gave up a session that was kept alive (knock: ${probe.gaveUp})`;
    return { is: "failed", why: `${error.message}${gaveUp}` };
  }
};
