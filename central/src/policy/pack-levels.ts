import { clausesIn, type PackProblem, wordsIn } from "./pack-problem.ts";
import type { Pack } from "./pack-schema.ts";
import type { Cite } from "./rule-schema.ts";

type Level = Pack["levels"]["labels"][number]["level"];

/** Runs of Chinese characters: quotation marks and commas part the labels. */
const wordsBetweenMarks = (text: string): string[] => text.match(/\p{Script=Han}+/gu) ?? [];

const sameSet = (one: readonly number[], other: readonly number[]): boolean => [...one].sort().join() === [...other].sort().join();

/** Levels, their labels and stars, and which are bad: as the quotes print them, best first. */
export const levelProblems = (pack: Pack): PackProblem[] => {
  const { labels, bad, cites } = pack.levels;
  const found: PackProblem[] = [];
  const problem = (path: string, message: string): void => void found.push({ path, clause: clausesIn(cites), message });
  if (new Set(labels.map(({ level }) => level)).size !== 5) problem("levels", "not every level from 1 to 5 has a label: give each one");
  if (new Set(labels.map(({ label }) => label)).size !== 5)
    problem("levels.labels", "two levels have the same label: give each the document's own");
  const printed = wordsBetweenMarks(wordsIn(cites));
  const places = labels.toSorted((one, other) => other.level - one.level).map(({ label }) => printed.indexOf(label));
  const isInOrder = places.every((place, index) => place >= 0 && (index === 0 || place > (places[index - 1] as number)));
  if (!isInOrder)
    problem("levels.labels", "no quote has these labels from level 5 down to level 1: write them as the document prints them");
  for (const { level, stars } of labels) {
    if (stars !== undefined && stars !== level) problem("levels.labels", `level ${level} has ${stars} stars: stars are the level`);
  }
  const quoted = quotedBad(pack);
  if (quoted === undefined) problem("levels.bad", "no quote says which levels are bad (差评): quote the words that do");
  else if (!sameSet(quoted, bad)) problem("levels.bad", `bad is ${bad.join(", ")}, and the quote says ${quoted.join(", ")}: correct it`);
  return found;
};

const COUNTS: Readonly<Record<string, number>> = { 一: 1, 两: 2, 二: 2, 三: 3 };

/** “后两个等级为差评”, or the labels beside the word. */
const quotedBad = ({ levels: { labels, cites } }: Pack): Level[] | undefined => {
  for (const cite of cites) {
    const quote = wordsIn([cite]);
    if (!quote.includes("差评")) continue;
    const last = /后(\d|[一两二三])个等级/.exec(quote)?.[1];
    if (last !== undefined) {
      const count = COUNTS[last] ?? Number(last);
      return labels.map(({ level }) => level).filter((level) => level <= count);
    }
    const named = levelsNamed(labels, [cite]);
    if (named.length > 0) return named;
  }
  return undefined;
};

const levelsNamed = (labels: Pack["levels"]["labels"], cites: readonly Cite[]): Level[] => {
  const printed = new Set(wordsBetweenMarks(wordsIn(cites)));
  return labels.filter(({ label }) => printed.has(label)).map(({ level }) => level);
};

/** The default rating is the level whose label its quote names: the night's sweep writes that number. */
export const defaultRatingProblems = ({ defaultRating, levels }: Pack): PackProblem[] => {
  if (!defaultRating.said) return [];
  const { level, label, cites } = defaultRating;
  const at = { path: "defaultRating", clause: clausesIn(cites) };
  const meant = levels.labels.find((one) => one.label === label)?.level;
  const found: PackProblem[] = [];
  if (meant !== level)
    found.push({ ...at, message: `level ${level} is not “${label}”, which is level ${meant ?? "none"}: correct level or label` });
  if (!wordsIn(cites).includes(label)) found.push({ ...at, message: `no quote names “${label}”: quote the words that do` });
  return found;
};

/** Which levels count as good and as bad: those that the quote names beside 好评率 and 差评率. */
export const rateProblems = ({ rates, levels }: Pack): PackProblem[] => {
  if (!rates.said) return [];
  const found: PackProblem[] = [];
  for (const [name, word] of [
    ["good", "好评率"],
    ["bad", "差评率"],
  ] as const) {
    for (const cite of rates.cites) {
      // What is named before the word, and not before the other rate.
      const before = wordsIn([cite]).split(word)[0] ?? "";
      const own = before.slice(before.lastIndexOf("率") + 1);
      const named = levelsNamed(levels.labels, [{ ...cite, quote: own }]);
      if (sameSet(named, rates[name])) continue;
      const message = `${word} is of levels ${rates[name].join(", ")}, and the quote names ${named.join(", ") || "none"}: correct it`;
      found.push({ path: `rates.${name}`, clause: cite.clause, message });
    }
  }
  return found;
};
