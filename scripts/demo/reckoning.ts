import { join } from "node:path";
import { auditStore } from "@window-rating/firmware-sim";
import Database from "better-sqlite3";

/** What was asked of one request, by whoever drove the demo. */
export interface Asked {
  readonly requestId: string;
  readonly caseNo: string;
  readonly staffNo: string;
}

/** A rating as one of the three databases holds it. */
export interface Held {
  readonly requestId: string;
  readonly level: number;
  readonly caseNo: string | null;
  readonly staffNo: string | null;
}

export interface Reckoning {
  readonly asked: number;
  readonly pressed: number;
  readonly stored: number;
  readonly central: number;
  readonly lost: number;
  readonly duplicated: number;
  readonly misbound: number;
}

/** Ratings in a window PC's database; opened for reading only. */
export const heldByHost = (dataDir: string): Held[] => {
  const database = new Database(join(dataDir, "window.db"), { readonly: true });
  try {
    return database
      .prepare<[], Held>(
        `SELECT e.request_id AS requestId, e.body ->> '$.level' AS level, e.body ->> '$.binding.caseNo' AS caseNo, e.body ->> '$.binding.staffNo' AS staffNo
         FROM entries e WHERE e.kind IN ('rating', 'unbound') ORDER BY e.number`,
      )
      .all();
  } finally {
    database.close();
  }
};

/** Ratings in central's database, page by page through its own API. */
export const heldByCentral = async (url: string): Promise<Held[]> => {
  const held: Held[] = [];
  for (let after: string | null = null; ; ) {
    const address = new URL("/api/v1/ratings", url);
    address.searchParams.set("limit", "200");
    if (after !== null) address.searchParams.set("after", after);
    const page = (await (await fetch(address)).json()) as CentralPage;
    for (const { kind, requestId, level, caseNo, staffNo } of page.ratings) {
      if (kind !== "not-rated" && level !== null) held.push({ requestId, level, caseNo: caseNo ?? null, staffNo: staffNo ?? null });
    }
    if (page.next === null) return held;
    after = page.next;
  }
};

interface CentralPage {
  readonly ratings: readonly { kind: string; requestId: string; level: number | null; caseNo?: string | null; staffNo?: string | null }[];
  readonly next: string | null;
}

/** Compares what the pad's store, the window PC and central hold. `lost`: pressed and missing somewhere. */
export const reckon = (asked: readonly Asked[], padStore: string, host: readonly Held[], central: readonly Held[]): Reckoning => {
  const pressed = auditStore(padStore).rated;
  const isIn = (held: readonly Held[], press: { requestId: string; level: number }): boolean =>
    held.some(({ requestId, level }) => requestId === press.requestId && level === press.level);
  const repeats = (held: readonly Held[]): number => held.length - new Set(held.map(({ requestId }) => requestId)).size;
  const byId = new Map(asked.map((request) => [request.requestId, request]));
  const isMisbound = ({ requestId, caseNo, staffNo }: Held): boolean => {
    const request = byId.get(requestId);
    return request === undefined || request.caseNo !== caseNo || request.staffNo !== staffNo;
  };
  return {
    asked: asked.length,
    pressed: pressed.length,
    stored: host.length,
    central: central.length,
    lost: pressed.filter((press) => !isIn(host, press) || !isIn(central, press)).length,
    duplicated: repeats(host) + repeats(central),
    misbound: host.filter(isMisbound).length + central.filter(isMisbound).length,
  };
};
