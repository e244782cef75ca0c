import { openRuleBook } from "@window-rating/central/policy";
import { type BenchRow, quantile, valueRow } from "./row.ts";

const ROUNDS = 2_000;
const DAY_MS = 86_400_000;
/** 2020-01-01 in China. */
const FIRST_MS = Date.UTC(2019, 11, 31, 16);
/** All of the days on which no answer needs a year without a paper. */
const DAYS = 2_450;

/** One answer of the longest deadline, with every day's reason, as the command and the page give it; files are read once before. */
export const benchExplain = (): Promise<BenchRow[]> => {
  const book = openRuleBook();
  const ours: number[] = [];
  const texts: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const at = FIRST_MS + ((round * 37) % DAYS) * DAY_MS;
    const started = performance.now();
    const answer = book.explain("xishuangbanna", { rule: "rectification-extended", class: "complex", channel: "online", at });
    const between = performance.now();
    JSON.stringify(answer);
    texts.push(performance.now() - between);
    ours.push(between - started);
  }
  const what = "policy explain, 17 working days with every day's reason, p99";
  const row = { what, unit: "ms", value: quantile(ours, 0.99), against: "its JSON text alone, p99", baseline: quantile(texts, 0.99) };
  return Promise.resolve([valueRow(row, { atMost: 5 })]);
};

if (import.meta.main) for (const row of await benchExplain()) process.stdout.write(`${JSON.stringify(row)}\n`);
