import { WindowRatingError } from "@window-rating/protocol/error";
import { SILENT_AFTER_MS } from "@window-rating/protocol/sync";
import type { Scope } from "../../access/viewer.ts";
import type { CentralDatabase } from "../../database/tables.ts";
import type { HallAnswer, HallsAnswer, WindowLive, WindowPcAnswer } from "../contract/live.ts";
import type { PlaceBook, Places, Registered } from "../places.ts";
import { addSums, noSums, type Today, type TodayBook } from "./today.ts";
import { readWindowPcs } from "./window-pcs.ts";

export interface LiveParts {
  readonly db: CentralDatabase;
  readonly now: () => number;
  readonly places: PlaceBook;
  readonly today: TodayBook;
}

type HallRow = HallsAnswer["halls"][number];
type Window = Registered["windows"][number];

/** Everything that a scope sees at this moment. */
interface Scene {
  readonly atMs: number;
  readonly seen: Registered;
  readonly today: Today;
  readonly pcs: readonly WindowPcAnswer[];
  /** Those of the registry, and for accounts of the whole also those that only window PCs know. */
  readonly windows: readonly Window[];
}

const look = async ({ db, now, places, today }: LiveParts, scope: Scope): Promise<Scene> => {
  const [seen, own, sums] = await Promise.all([places.visible(scope), places.places(scope), today.read()]);
  const halls = new Map(seen.windows.map(({ windowNo, hallNo }) => [windowNo, hallNo]));
  const sees = seesOf(own);
  const pcs = await readWindowPcs(db, own, { hallOf: (windowNo) => halls.get(windowNo) ?? null, sees, nowMs: now() });
  const told =
    scope.is === "all" ? pcs.flatMap(({ windowNo, status }) => [windowNo, ...(status?.windows.map((one) => one.windowNo) ?? [])]) : [];
  const unregistered = [...new Set(told)].filter((windowNo) => !halls.has(windowNo));
  const windows = [...seen.windows, ...unregistered.map((windowNo) => ({ windowNo, name: null, hallNo: null, agencyCode: null }))];
  return { atMs: now(), seen, today: sums, pcs, windows };
};

export const seesOf = (places: Places): ((windowNo: string) => boolean) => {
  if (places.is === "all") return () => true;
  const windows = new Set(places.windows);
  return (windowNo) => windows.has(windowNo);
};

/** The window PCs of a window: enrolled for it, or serving it beside others. */
const pcsOf = (pcs: readonly WindowPcAnswer[], windowNo: string): WindowPcAnswer[] =>
  pcs.filter((pc) => pc.windowNo === windowNo || pc.status?.windows.some((one) => one.windowNo === windowNo) === true);

/** What is told of a window; of two PCs that do, what was told last. */
const toldOf = (pcs: readonly WindowPcAnswer[], windowNo: string) =>
  pcs
    .flatMap(
      ({ status }) => status?.windows.flatMap((one) => (one.windowNo === windowNo ? [{ ...one, toldAtMs: status.toldAtMs }] : [])) ?? [],
    )
    .toSorted((one, other) => other.toldAtMs - one.toldAtMs)[0];

const hallRow = ({ atMs, seen, today, pcs, windows }: Scene, hallNo: string | null): HallRow => {
  const hall = seen.halls.find((one) => one.hallNo === hallNo);
  const own = windows.filter((window) => window.hallNo === hallNo);
  const numbers = new Set(own.map(({ windowNo }) => windowNo));
  const there = pcs.filter(({ windowNo }) => numbers.has(windowNo));
  const sum = (of: (pc: WindowPcAnswer) => number): number => there.reduce((total, pc) => total + of(pc), 0);
  return {
    hallNo,
    name: hall?.name ?? null,
    agencyCode: hall?.agencyCode ?? null,
    agencyName: seen.agencies.find(({ agencyCode }) => agencyCode === hall?.agencyCode)?.name ?? null,
    windows: own.length,
    windowPcs: there.length,
    silent: there.filter(({ lastSeenAtMs }) => atMs - (lastSeenAtMs ?? 0) > SILENT_AFTER_MS).length,
    padsAway: own.filter(({ windowNo }) => {
      const told = toldOf(pcs, windowNo);
      return told !== undefined && told.pad.connection !== "ready";
    }).length,
    waiting: sum(({ status }) => status?.waiting ?? 0),
    setAside: sum(({ setAside }) => setAside),
    incidents: sum(({ incidents }) => incidents),
    today: own.map(({ windowNo }) => today.windows.get(windowNo) ?? noSums()).reduce(addSums, noSums()),
  };
};

/** Every hall that the scope sees, and what is in none. */
export const readHalls = async (parts: LiveParts, scope: Scope): Promise<HallsAnswer> => {
  const scene = await look(parts, scope);
  const isOutside = scene.windows.some(({ hallNo }) => hallNo === null);
  const numbers = [...scene.seen.halls.map(({ hallNo }) => hallNo), ...(isOutside ? [null] : [])];
  return { atMs: scene.atMs, day: scene.today.day, halls: numbers.map((hallNo) => hallRow(scene, hallNo)) };
};

/**
 * One hall with its windows; null: the windows that are in none.
 * @throws WindowRatingError WR7012 if the scope sees no such hall
 */
export const readHall = async (parts: LiveParts, scope: Scope, hallNo: string | null): Promise<HallAnswer> => {
  const scene = await look(parts, scope);
  if (hallNo !== null && !scene.seen.halls.some((one) => one.hallNo === hallNo)) {
    throw new WindowRatingError("WR7012", `There is no hall ${hallNo} for this account`);
  }
  const own = scene.windows.filter((window) => window.hallNo === hallNo);
  const clerks = await readClerks(parts.db, own, scene.today.day);
  const windows = own
    .map((window) => windowLive(scene, window, clerks.get(window.windowNo) ?? []))
    .toSorted((one, other) => byNumber.compare(one.windowNo, other.windowNo));
  return { atMs: scene.atMs, day: scene.today.day, hall: hallRow(scene, hallNo), windows };
};

/** Window 10 comes after window 9. */
const byNumber = new Intl.Collator("zh", { numeric: true });

const windowLive = ({ seen, today, pcs }: Scene, window: Window, clerks: WindowLive["clerks"]): WindowLive => {
  const { windowNo, name, agencyCode } = window;
  const told = toldOf(pcs, windowNo);
  return {
    windowNo,
    name,
    agencyCode,
    agencyName: seen.agencies.find((one) => one.agencyCode === agencyCode)?.name ?? null,
    clerks,
    clerksNow: told?.clerks ?? [],
    pad: told?.pad ?? null,
    today: today.windows.get(windowNo) ?? noSums(),
    lastRatingAtMs: today.lastRatingAtMs.get(windowNo) ?? null,
    windowPcs: pcsOf(pcs, windowNo),
  };
};

/** Who served at the windows today, the latest first. */
const readClerks = async (db: CentralDatabase, windows: readonly Window[], day: string): Promise<Map<string, WindowLive["clerks"]>> => {
  if (windows.length === 0) return new Map();
  const rows = await db
    .selectFrom("clerk_days")
    .select(["window_no as windowNo", "staff_no as staffNo"])
    .select(({ fn }) => [
      fn.max("clerk_name").as("clerkName"),
      fn.min<number>("first_at_ms").as("firstAtMs"),
      fn.max<number>("last_at_ms").as("lastAtMs"),
    ])
    .where("day", "=", day)
    .where(
      "window_no",
      "in",
      windows.map(({ windowNo }) => windowNo),
    )
    .groupBy(["window_no", "staff_no"])
    .orderBy("lastAtMs", "desc")
    .execute();
  const clerks = new Map<string, WindowLive["clerks"]>();
  for (const { windowNo, ...clerk } of rows) clerks.set(windowNo, [...(clerks.get(windowNo) ?? []), clerk]);
  return clerks;
};
