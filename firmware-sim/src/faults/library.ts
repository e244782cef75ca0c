import { WindowRatingError } from "@window-rating/protocol/error";
import type { z } from "zod";
import { type FaultPlan, faultPlanSchema } from "./fault-plan.ts";

type PlanPart = z.input<typeof faultPlanSchema>;

/** One fault that can be asked for by its name. */
interface FaultEntry {
  /** What its value means, with the unit. */
  readonly value: string;
  readonly standard: number;
  /** What goes wrong. */
  readonly does: string;
  /** What the citizen and the window PC notice. */
  readonly seen: string;
  readonly plan: (value: number) => PlanPart;
}

const bothWays = (line: PlanPart["toHost"]): PlanPart => ({ toHost: line, toPad: line });
const inSeconds = (seconds: number): number => Math.round(seconds * 1000);

const LOST_BYTES =
  "The link sends again: a little later than usual. On a hopeless line the session ends; the pad keeps the rating until there is one";

/** Every fault that a simulated pad can suffer. The tables of docs/simulator.md and the command line are made of it. */
export const FAULTS = {
  drop: {
    value: "probability for each byte",
    standard: 0.05,
    does: "Bytes are lost, in both directions",
    seen: LOST_BYTES,
    plan: (drop) => bothWays({ drop }),
  },
  flip: {
    value: "probability for each byte",
    standard: 0.001,
    does: "One bit of a byte is turned, in both directions",
    seen: "Nothing: damaged frames are counted by the window PC (doctor shows them), asked for, and sent again",
    plan: (flip) => bothWays({ flip }),
  },
  corrupt: {
    value: "probability for each byte",
    standard: 0.01,
    does: "A byte becomes another, in both directions",
    seen: "As flip",
    plan: (corrupt) => bothWays({ corrupt }),
  },
  duplicate: {
    value: "probability for each byte",
    standard: 0.001,
    does: "A byte comes twice, in both directions",
    seen: "As flip",
    plan: (duplicate) => bothWays({ duplicate }),
  },
  cutFrame: {
    value: "probability for each write",
    standard: 0.01,
    does: "The rest of a frame is lost from some byte on, in both directions",
    seen: "As flip",
    plan: (cutFrame) => bothWays({ cutFrame }),
  },
  delay: {
    value: "probability for each write",
    standard: 0.02,
    does: "What is sent, and all behind it, comes 20 to 300 ms late, in both directions",
    seen: "Lamps light a moment later; a late answer is no fault",
    plan: (delay) => bothWays({ delay }),
  },
  latency: {
    value: "milliseconds",
    standard: 16,
    does: "A USB adapter hands over the pad's bytes when its latency timer runs out, or 62 are there",
    seen: "A rating is stored 16 ms later; nothing is sent twice for it",
    plan: (latencyMs) => ({ toHost: { latencyMs } }),
  },
  unplug: {
    value: "mean seconds between two",
    standard: 20,
    does: "The cable is pulled, for 0.5 to 3 s",
    seen: "The citizen may press all the same; the window PC says that the pad is away, and gets the rating when it is back",
    plan: (seconds) => ({ unplug: { everyMs: inSeconds(seconds), forMs: [500, 3000] } }),
  },
  powerCut: {
    value: "mean seconds between two",
    standard: 60,
    does: "The power goes, for 0.2 to 2 s",
    seen: "The pad is dark; the window PC lights it again for the request that is open. Ratings that were given are kept",
    plan: (seconds) => ({ powerCut: { everyMs: inSeconds(seconds), forMs: [200, 2000] } }),
  },
  brownOut: {
    value: "times that the power fails in a row, about once a minute",
    standard: 5,
    does: "A weak supply: the pad starts and loses its power again and again within a second or two",
    seen: "The lamps flicker; the window PC sees the pad start often and says so. Ratings that were given are kept",
    plan: (times) => ({ brownOut: { everyMs: 60_000, times } }),
  },
  silent: {
    value: "mean seconds between two",
    standard: 60,
    does: "The pad neither hears nor speaks, for 1 to 5 s, with the cable in: a hung firmware",
    seen: "As unplug, only that the port stays open",
    plan: (seconds) => ({ silent: { everyMs: inSeconds(seconds), forMs: [1000, 5000] } }),
  },
  hangConnection: {
    value: "mean seconds between two",
    standard: 60,
    does: "A serial server forgets the connection without a word (half-open TCP); with --tcp only",
    seen: "The window PC notices the silence within 3 s and connects anew; a press in between is delivered then",
    plan: (seconds) => ({ hangConnection: { everyMs: inSeconds(seconds) } }),
  },
  stuckKey: {
    value: "key, 1 to 5",
    standard: 3,
    does: "The contact of a key stays closed",
    seen: "If it counted before it was known to be stuck, the citizen's own key does not. After 10 s the pad reports the key and refuses invitations",
    plan: (key) => ({ stuckKey: key as NonNullable<PlanPart["stuckKey"]> }),
  },
  bouncingKeys: {
    value: "milliseconds that a contact chatters",
    standard: 15,
    does: "Contacts open and close many times whenever a finger comes or goes",
    seen: "One rating for one press, later by the chatter",
    plan: (bouncingKeys) => ({ bouncingKeys }),
  },
  deadLamp: {
    value: "key, 1 to 5",
    standard: 3,
    does: "The lamp of a key stays dark",
    seen: "The citizen sees four lamps; the key works. The window PC cannot know",
    plan: (key) => ({ deadLamp: key as NonNullable<PlanPart["deadLamp"]> }),
  },
  fullStore: {
    value: "events that find room",
    standard: 0,
    does: "The event store is full, or nearly",
    seen: "The pad refuses invitations (storeFull) and stays dark; the window PC shows the refusal. Ratings in it are kept",
    plan: (fullStore) => ({ fullStore }),
  },
  clockDrift: {
    value: "share by which the pad's clock is fast; below 0: slow",
    standard: 0.01,
    does: "The pad's clock goes wrong",
    seen: "Time-outs come early or late; the rating carries the pad's time beside the window PC's own",
    plan: (clockDrift) => ({ clockDrift }),
  },
} as const satisfies Readonly<Record<string, FaultEntry>>;

export type FaultName = keyof typeof FAULTS;
export const FAULT_NAMES = Object.keys(FAULTS) as readonly FaultName[];

const isFaultName = (name: string): name is FaultName => Object.hasOwn(FAULTS, name);

/** The plan of one fault. @throws WR9004 if the value does not fit it */
export const planOf = (name: FaultName, value?: number): PlanPart => {
  const entry: FaultEntry = FAULTS[name];
  const part = entry.plan(value ?? entry.standard);
  const checked = faultPlanSchema.safeParse(part);
  if (checked.success) return part;
  throw new WindowRatingError("WR9004", `${name}=${value} (${entry.value}): ${checked.error.issues[0]?.message}`, checked.error);
};

/** Reads `name` or `name=value`. @throws WR9004 */
export const readFault = (text: string): PlanPart => {
  const [name = "", ...rest] = text.split("=");
  if (!isFaultName(name)) throw new WindowRatingError("WR9004", `there is no fault "${name}"; there are ${FAULT_NAMES.join(", ")}`);
  if (rest.length === 0) return planOf(name);
  const value = Number(rest.join("="));
  if (rest.join("=").trim() === "" || Number.isNaN(value)) {
    throw new WindowRatingError("WR9004", `${text}: give a number (${FAULTS[name].value})`);
  }
  return planOf(name, value);
};

/** One plan out of several; of what two of them name, the later holds. */
export const joinPlans = (parts: readonly PlanPart[]): FaultPlan =>
  faultPlanSchema.parse({
    ...Object.assign({}, ...parts),
    toHost: Object.assign({}, ...parts.map(({ toHost }) => toHost)),
    toPad: Object.assign({}, ...parts.map(({ toPad }) => toPad)),
  });
