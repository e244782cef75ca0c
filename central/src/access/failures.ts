import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Tx } from "../ratings/rating-rows.ts";

/** After so many wrong passwords in a row a name is locked; an address stands for a whole office, so it has more. */
const FREE_TRIES = { name: 5, address: 30 } as const;
const MINUTE_MS = 60_000;
/** The first lock; each further wrong password doubles it. */
const FIRST_LOCK_MS = MINUTE_MS;
const LONGEST_LOCK_MS = { name: 4 * 60 * MINUTE_MS, address: 60 * MINUTE_MS } as const;
/** Wrong passwords are forgotten after a day without another. */
const FORGOTTEN_AFTER_MS = 24 * 60 * MINUTE_MS;

type Kind = keyof typeof FREE_TRIES;

/** People type passwords for names, so neither names nor addresses are kept in clear. */
const keyOf = (kind: Kind, text: string): string => createHash("sha256").update(`sign-in ${kind}\n${text}`).digest("hex");

/** How long a kind is locked after so many wrong passwords; 0: not yet. */
export const lockMs = (kind: Kind, failures: number): number =>
  failures < FREE_TRIES[kind] ? 0 : Math.min(FIRST_LOCK_MS * 2 ** Math.min(failures - FREE_TRIES[kind], 20), LONGEST_LOCK_MS[kind]);

/** A try that was counted, and whether it locked name or address; or how long nobody may try. */
export type Try = { readonly is: "counted"; readonly locks: Kind | undefined } | { readonly is: "locked"; readonly waitMs: number };

/**
 * Counts a try as wrong before the password is looked at, so that many at once on many instances never get more than their number. A
 * right one takes its count back with `forgetFailures`. While name or address is locked nothing is counted. What it says is the same for a
 * name that nobody has.
 */
export const countTry = async (tx: Tx, name: string, address: string, nowMs: number): Promise<Try> => {
  // Always the address first, so that two tries never wait for each other in a circle.
  const counters = [await lockCounter(tx, "address", address, nowMs), await lockCounter(tx, "name", name, nowMs)] as const;
  const waitMs = Math.max(...counters.map(({ lockedUntilMs }) => lockedUntilMs - nowMs));
  if (waitMs > 0) return { is: "locked", waitMs };
  let locks: Kind | undefined;
  for (const { kind, key, failures } of counters) {
    const forMs = lockMs(kind, failures + 1);
    if (forMs > 0) locks = kind;
    await tx
      .updateTable("sign_in_failures")
      .set({ failures: failures + 1, last_at_ms: nowMs, locked_until_ms: forMs === 0 ? null : nowMs + forMs })
      .where("kind", "=", kind)
      .where("key", "=", key)
      .execute();
  }
  return { is: "counted", locks };
};

interface Counter {
  readonly kind: Kind;
  readonly key: string;
  readonly failures: number;
  readonly lockedUntilMs: number;
}

/** Makes the row if it is not there, and holds its lock: who tries the same at this moment waits. */
const lockCounter = async (tx: Tx, kind: Kind, text: string, nowMs: number): Promise<Counter> => {
  const key = keyOf(kind, text);
  const { rows } = await sql<{ failures: number; locked_until_ms: number | null }>`
    insert into sign_in_failures (kind, key, failures, last_at_ms) values (${kind}, ${key}, 0, ${nowMs}::bigint)
    on conflict (kind, key) do update set
      failures = case when sign_in_failures.last_at_ms < ${nowMs - FORGOTTEN_AFTER_MS}::bigint then 0 else sign_in_failures.failures end
    returning failures, locked_until_ms`.execute(tx);
  return { kind, key, failures: rows[0]?.failures ?? 0, lockedUntilMs: rows[0]?.locked_until_ms ?? 0 };
};

/** A right password: the name begins anew, and the address gets this try back. */
export const forgetFailures = async (tx: Tx, name: string, address: string): Promise<void> => {
  await sql`
    update sign_in_failures set failures = greatest(failures - 1, 0), locked_until_ms = case when failures <= ${FREE_TRIES.address} then null
      else locked_until_ms end
    where kind = 'address' and key = ${keyOf("address", address)}`.execute(tx);
  await unlockName(tx, name);
};

/** @returns whether it was counted at all */
export const unlockName = async (tx: Tx, name: string): Promise<boolean> => {
  const gone = await tx
    .deleteFrom("sign_in_failures")
    .where("kind", "=", "name")
    .where("key", "=", keyOf("name", name))
    .returning("failures")
    .execute();
  return gone.length > 0;
};

/** Until when each of these names is locked. */
export const lockedUntil = async (tx: Tx, names: readonly string[], nowMs: number): Promise<ReadonlyMap<string, number>> => {
  if (names.length === 0) return new Map();
  const byKey = new Map(names.map((name) => [keyOf("name", name), name]));
  const rows = await tx
    .selectFrom("sign_in_failures")
    .select(["key", "locked_until_ms"])
    .where("kind", "=", "name")
    .where("key", "in", [...byKey.keys()])
    .where("locked_until_ms", ">", nowMs)
    .execute();
  return new Map(rows.map(({ key, locked_until_ms }) => [byKey.get(key) ?? "", locked_until_ms ?? 0]));
};

/** Forgets counts of long ago, so that a flood of names leaves nothing behind. */
export const dropOldFailures = async (tx: Tx, nowMs: number): Promise<void> => {
  await tx
    .deleteFrom("sign_in_failures")
    .where("last_at_ms", "<", nowMs - FORGOTTEN_AFTER_MS)
    .execute();
};
