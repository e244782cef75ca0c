import { hash } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { CHAIN_START, type Entry, entryHashInput } from "@window-rating/protocol/sync";
import { sql } from "kysely";
import type { CentralDatabase } from "../../database/tables.ts";
import { isSigned, signingKey } from "../../intake/signatures.ts";
import type { ChainLine } from "../contract/ratings.ts";
import type { Places } from "../places.ts";

/** Entries that are read at a time: a few megabytes, whatever the length of the chain. */
const PAGE = 1000;
/** Faults that are told one by one; further ones are counted. */
const TOLD_FAULTS = 200;

type Fault = Extract<ChainLine, { is: "fault" }>;

/** A window PC whose chain may be verified by this account. @throws WindowRatingError WR7012 */
export const chainOwner = async (db: CentralDatabase, places: Places, windowPcId: string) => {
  const { rows } = await sql<{ window_no: string; public_key: string; entries: number }>`
    select pc.window_no, pc.public_key,
      (select coalesce(sum(last - first + 1), 0)::bigint from received_ranges held where held.window_pc_id = pc.window_pc_id) as entries
    from window_pcs pc where pc.window_pc_id = ${windowPcId}::uuid and ${places.is === "all" ? sql`true` : sql`pc.window_no = any(${places.windows}::text[])`}`.execute(
    db,
  );
  const [pc] = rows;
  if (pc === undefined) throw new WindowRatingError("WR7012", `There is no window PC ${windowPcId} for this account`);
  return { windowPcId, windowNo: pc.window_no, publicKey: pc.public_key, entries: pc.entries };
};

type Owner = Awaited<ReturnType<typeof chainOwner>>;

/**
 * Verifies the whole chain of a window PC, entry by entry: every hash, every signature, every link, every number. Memory does not grow
 * with its length; whoever reads sets the pace.
 */
export async function* verifyChain(db: CentralDatabase, owner: Owner): AsyncGenerator<ChainLine> {
  const { windowPcId, windowNo, publicKey, entries } = owner;
  const key = signingKey(publicKey);
  yield { is: "begun", windowPcId, windowNo, entries };
  let [checked, faults, lastNumber, lastHash] = [0, 0, 0, CHAIN_START];
  for (;;) {
    const page = await readEntries(db, windowPcId, lastNumber);
    const signed = await Promise.all(page.map((entry) => isSigned(entry, key)));
    for (const [index, entry] of page.entries()) {
      for (const fault of faultsOf(windowPcId, entry, signed[index] === true, { number: lastNumber, hash: lastHash })) {
        faults += 1;
        if (faults <= TOLD_FAULTS) yield fault;
      }
      checked += 1;
      [lastNumber, lastHash] = [entry.number, entry.hash];
    }
    yield { is: "progress", checked, faults };
    if (page.length < PAGE) break;
  }
  const text =
    faults === 0
      ? { zh: `共核对 ${checked} 条，全部相符，无缺号。`, en: `${checked} entries checked: all as they were signed, none missing.` }
      : { zh: `共核对 ${checked} 条，发现 ${faults} 处不符。`, en: `${checked} entries checked: ${faults} faults.` };
  yield { is: "done", checked, faults, lastNumber, lastHash: checked === 0 ? null : lastHash, text };
}

const readEntries = (db: CentralDatabase, windowPcId: string, after: number): Promise<Entry[]> =>
  db
    .selectFrom("entries")
    .select(["entry_id as entryId", "number", "previous_hash as previousHash", "hash", "signature", "body"])
    .where("window_pc_id", "=", windowPcId)
    .where("number", ">", after)
    .orderBy("number")
    .limit(PAGE)
    .execute();

const faultsOf = (
  windowPcId: string,
  entry: Entry,
  signed: boolean,
  before: { readonly number: number; readonly hash: string },
): Fault[] => {
  const { number, entryId } = entry;
  const fault = (check: Fault["check"], zh: string, en: string): Fault => ({ is: "fault", number, entryId, check, text: { zh, en } });
  const isNext = number === before.number + 1;
  return [
    ...(hash("sha256", entryHashInput(windowPcId, entry)) === entry.hash
      ? []
      : [fault("hash", `第 ${number} 条的内容被改动过。`, `Entry ${number} was altered.`)]),
    ...(signed ? [] : [fault("signature", `第 ${number} 条不是该窗口电脑签署的。`, `Entry ${number} was not signed by this window PC.`)]),
    ...(isNext
      ? []
      : [
          fault(
            "gap",
            `第 ${before.number + 1} 条至第 ${number - 1} 条缺失。`,
            `Entries ${before.number + 1} to ${number - 1} are missing.`,
          ),
        ]),
    ...(isNext && entry.previousHash !== before.hash
      ? [fault("link-before", `第 ${number} 条与前一条不相连。`, `Entry ${number} does not hang on the one before.`)]
      : []),
  ];
};
