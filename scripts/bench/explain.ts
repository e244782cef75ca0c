import { openRuleBook, type Question, type RuleBook } from "@window-rating/central/policy";
import { type BenchRow, quantile, valueRow } from "./row.ts";

const ROUNDS = 2_000;
/** So many answers of each pair tell which are worth measuring: the slowest few by their median. */
const SOUNDINGS = 60;
const FINALISTS = 4;
const DAY_MS = 86_400_000;
/** 2020-01-01 in China. */
const FIRST_MS = Date.UTC(2019, 11, 31, 16);
/** All of the days on which no answer needs a year without a paper. */
const DAYS = 2_450;

/** One question that a region's rules answer, but for its moment. */
type Asked = Omit<Question, "at">;
interface Pair {
  readonly region: string;
  readonly asked: Asked;
}
interface Times {
  readonly pair: Pair;
  readonly ours: readonly number[];
  readonly texts: readonly number[];
}

/** Every rule of every region, for each class and channel: what is the same for all is asked of each, too. */
const everyPair = (book: RuleBook): Pair[] =>
  book.regions.flatMap((region) =>
    (Object.keys(book.pack(region).pack.rules) as Asked["rule"][]).flatMap((rule) =>
      (["simple", "general", "complex"] as const).flatMap((one) =>
        (["onsite", "online"] as const).map((channel) => ({ region, asked: { rule, class: one, channel } })),
      ),
    ),
  );

const timesOf = (book: RuleBook, pair: Pair, rounds: number): Times => {
  const ours: number[] = [];
  const texts: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const at = FIRST_MS + ((round * 37) % DAYS) * DAY_MS;
    const started = performance.now();
    const answer = book.explain(pair.region, { ...pair.asked, at });
    const between = performance.now();
    JSON.stringify(answer);
    texts.push(performance.now() - between);
    ours.push(between - started);
  }
  return { pair, ours, texts };
};

/** Slowest first. */
const slowest = (all: readonly Times[], share: number): Times[] =>
  all.toSorted((a, b) => quantile(b.ours, share) - quantile(a.ours, share));

/**
 * One answer of whichever region and rule takes longest, with every day's reason, as the command and the page give it; files are read
 * once before.
 */
export const benchExplain = (): Promise<BenchRow[]> => {
  const book = openRuleBook();
  const pairs = everyPair(book);
  // The first answers of a process are slower, whosever they are.
  for (const pair of pairs) timesOf(book, pair, 5);
  const sounded = slowest(
    pairs.map((pair) => timesOf(book, pair, SOUNDINGS)),
    0.5,
  ).slice(0, FINALISTS);
  const [found] = slowest(
    sounded.map(({ pair }) => timesOf(book, pair, ROUNDS)),
    0.99,
  );
  if (found === undefined) throw new Error("no region has a rule");
  const { region, asked } = found.pair;
  const what = `policy explain, the slowest of ${pairs.length} questions (${region} ${asked.rule} ${asked.class} ${asked.channel}), p99`;
  const texts = quantile(found.texts, 0.99);
  const row = { what, unit: "ms", value: quantile(found.ours, 0.99), against: "its JSON text alone, p99", baseline: texts };
  return Promise.resolve([valueRow(row, { atMost: 5 })]);
};

if (import.meta.main) for (const row of await benchExplain()) process.stdout.write(`${JSON.stringify(row)}\n`);
