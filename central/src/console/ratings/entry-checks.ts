import { hash, type KeyObject } from "node:crypto";
import { CHAIN_START, type Entry, entryHashInput } from "@window-rating/protocol/sync";
import { isSigned } from "../../intake/signatures.ts";
import type { Both } from "../contract/fields.ts";
import type { Check } from "../contract/ratings.ts";

/** An entry as the database has it, and what stands beside it in the chain. */
export interface ChainPlace {
  readonly windowPcId: string;
  readonly entry: Entry;
  /** Hash of the entry with the number before; undefined: it has not come, or this is the first. */
  readonly hashBefore: string | undefined;
  /** What the entry with the next number says was before it; undefined: there is none yet. */
  readonly previousHashOfNext: string | undefined;
  /** Central has every entry up to this number. */
  readonly highestGapless: number;
  /** It is no link of the chain, and counts by the decision of a person. */
  readonly isBeside?: boolean;
}

const check = (name: Check["check"], result: Check["result"], zh: string, en: string): Check => ({
  check: name,
  result,
  text: { zh, en },
});

const hashCheck = ({ windowPcId, entry }: ChainPlace): Check =>
  hash("sha256", entryHashInput(windowPcId, entry)) === entry.hash
    ? check("hash", "good", "内容与其哈希值一致，未被改动。", "The content gives the hash that was sent: it was not altered.")
    : check("hash", "bad", "内容与其哈希值不一致：内容被改动过。", "The content gives another hash: it was altered.");

const signatureCheck = (valid: boolean): Check =>
  valid
    ? check("signature", "good", "签名有效，确由该窗口电脑签署。", "The signature is that of this window PC.")
    : check("signature", "bad", "签名无效：不是该窗口电脑签署的。", "The signature is not that of this window PC.");

const beforeCheck = ({ entry, hashBefore }: ChainPlace): Check => {
  const { number, previousHash } = entry;
  if (number === 1) {
    return previousHash === CHAIN_START
      ? check("link-before", "good", "这是该窗口电脑的第一条记录。", "It is the first entry of this window PC.")
      : check("link-before", "bad", "第一条记录之前不应有其他记录。", "It is the first entry, and names one before it.");
  }
  if (hashBefore === undefined) {
    return check("link-before", "missing", `前一条（第 ${number - 1} 条）尚未收到。`, `Entry ${number - 1}, the one before, has not come.`);
  }
  return hashBefore === previousHash
    ? check("link-before", "good", `与前一条（第 ${number - 1} 条）相连。`, `It hangs on entry ${number - 1}, the one before.`)
    : check("link-before", "bad", `与前一条（第 ${number - 1} 条）不相连。`, `It does not hang on entry ${number - 1}, the one before.`);
};

const afterCheck = ({ entry, previousHashOfNext }: ChainPlace): Check => {
  const { number, hash: own } = entry;
  if (previousHashOfNext === undefined) {
    return check("link-after", "not-applicable", "后面还没有记录。", "No entry after it has come yet.");
  }
  return previousHashOfNext === own
    ? check("link-after", "good", `后一条（第 ${number + 1} 条）与它相连。`, `Entry ${number + 1}, the next one, hangs on it.`)
    : check("link-after", "bad", `后一条（第 ${number + 1} 条）与它不相连。`, `Entry ${number + 1}, the next one, does not hang on it.`);
};

const gapCheck = ({ entry, highestGapless }: ChainPlace): Check =>
  entry.number <= highestGapless
    ? check(
        "gap",
        "good",
        `第 1 条至第 ${highestGapless} 条全部收到，无缺号。`,
        `Entries 1 to ${highestGapless} are all here; none is missing.`,
      )
    : check(
        "gap",
        "missing",
        `第 ${highestGapless + 1} 条起有缺号，尚未收齐。`,
        `From entry ${highestGapless + 1} on some have not come yet.`,
      );

const besideCheck = ({ entry: { number } }: ChainPlace): Check =>
  check(
    "beside",
    "not-applicable",
    `第 ${number} 条在链上另有记录或当时未定，这一条不在链上，经人工决定计入。`,
    `It is no link of the chain, where number ${number} is another entry's or was not certain: a person decided that it counts.`,
  );

/** Everything that the chain says of one entry, computed now from what the database holds. */
export const checkChainPlace = async (place: ChainPlace, key: KeyObject): Promise<Check[]> => {
  const own = [hashCheck(place), signatureCheck(await isSigned(place.entry, key))];
  return place.isBeside === true ? [...own, besideCheck(place)] : [...own, beforeCheck(place), afterCheck(place), gapCheck(place)];
};

/** Whether the row that lists and statistics are made from says what was signed. @param differing names of fields that do not */
export const contentCheck = (differing: readonly string[]): Check =>
  differing.length === 0
    ? check("content", "good", "列表所示与签署的内容一致。", "What the lists show is what was signed.")
    : check(
        "content",
        "bad",
        `列表所示与签署的内容不一致：${differing.join("、")}。`,
        `What the lists show differs from what was signed: ${differing.join(", ")}.`,
      );

/** All of it in one sentence. */
export const summaryOf = (checks: readonly Check[]): { readonly result: "good" | "bad"; readonly text: Both } => {
  const bad = checks.filter(({ result }) => result === "bad").length;
  const missing = checks.filter(({ result }) => result === "missing").length;
  if (bad > 0) {
    return {
      result: "bad",
      text: { zh: `有 ${bad} 项核对不符，请保全数据并上报。`, en: `${bad} checks failed: keep the data as it is and report it.` },
    };
  }
  const open =
    missing === 0 ? { zh: "", en: "" } : { zh: `；${missing} 项待后续记录到达后核对`, en: `; ${missing} wait for entries still to come` };
  return {
    result: "good",
    text: { zh: `刚刚重新核对，全部相符${open.zh}。`, en: `Checked anew just now: all is as it was signed${open.en}.` },
  };
};
