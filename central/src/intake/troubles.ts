import { type Kysely, sql } from "kysely";
import type { CentralTables } from "../database/tables.ts";
import type { Incident, Judgement } from "./judgement.ts";
import { type Arrival, fingerprintOf, insertSetAside, type SetAsideRow } from "./rows.ts";

type Writing = Kysely<CentralTables>;

/** A clock that is further off than this is an incident (I11). */
const CLOCK_OFFSET_LIMIT_MS = 120_000;

/** Sets refused entries aside and records incidents, each once however often the entry comes. */
export const writeTroubles = async (db: Writing, judgements: readonly Judgement[], arrival: Arrival, offsetBefore: number | null) => {
  const refused = judgements.flatMap(({ checked, refusal, incidents }) => {
    if (refusal === undefined) return [];
    const { entryId, number } = checked.authentic ? checked.entry : checked;
    const raw = checked.authentic ? JSON.stringify(checked.entry) : checked.raw;
    return [{ entryId, number, refusal, raw, fingerprint: fingerprintOf(refusal, raw), incidents }];
  });
  const known = new Set(await readFingerprints(db, arrival.windowPcId, refused));
  const fresh = refused.filter(({ fingerprint }) => !known.has(fingerprint) && known.add(fingerprint));
  if (fresh.length > 0) await insertSetAside(fresh, arrival).execute(db);

  const ofStored = judgements.flatMap(({ refusal, incidents }) => (refusal === undefined ? incidents : []));
  const wrongClock = clockIncident(arrival.clockOffsetMs, offsetBefore);
  const incidents = [...ofStored, ...fresh.flatMap((one) => one.incidents), ...wrongClock];
  if (incidents.length > 0) {
    await db
      .insertInto("incidents")
      .values(
        incidents.map(({ entryId, ...incident }) => ({
          ...incident,
          entry_id: entryId,
          window_pc_id: arrival.windowPcId,
          noticed_at_ms: arrival.receivedAtMs,
        })),
      )
      .execute();
  }
  return { setAside: fresh.length, incidents: incidents.length };
};

const readFingerprints = async (db: Writing, windowPcId: string, refused: readonly SetAsideRow[]): Promise<string[]> => {
  if (refused.length === 0) return [];
  const found = await db
    .selectFrom("set_aside")
    .select("fingerprint")
    .where("window_pc_id", "=", windowPcId)
    .where("fingerprint", "=", sql<string>`any(${refused.map(({ fingerprint }) => fingerprint)}::text[])`)
    .execute();
  return found.map((row) => row.fingerprint);
};

/** Noted when a clock goes wrong, not with every batch that it stays wrong. */
const clockIncident = (offsetMs: number, beforeMs: number | null): (Omit<Incident, "code"> & { code: null })[] => {
  const isWrong = (offset: number) => Math.abs(offset) > CLOCK_OFFSET_LIMIT_MS;
  const isNoted = beforeMs !== null && isWrong(beforeMs) && !isWrong(offsetMs - beforeMs);
  if (!isWrong(offsetMs) || isNoted) return [];
  const detail = `The clock of the window PC is ${Math.round(Math.abs(offsetMs) / 1000)} s ${offsetMs > 0 ? "slow" : "fast"}`;
  return [{ kind: "wrong-clock", code: null, entryId: "", number: 0, detail }];
};
