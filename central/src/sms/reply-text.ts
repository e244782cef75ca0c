import { isBadReview, LEVELS, type Level } from "@window-rating/protocol/rating";

/** What a reply says. `unclear` is asked back: a level is never guessed. */
export type ReplyMeaning = { readonly is: "level"; readonly level: Level } | { readonly is: "stop" } | { readonly is: "unclear" };

const UNCLEAR: ReplyMeaning = { is: "unclear" };
/** What operators teach everybody to write against messages. */
const STOP: ReadonlySet<string> = new Set(["t", "td", "tui", "tuiding", "退订", "退", "n", "stop"]);

const NUMBERS: Readonly<Record<string, Level>> = { 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5 };
/** Said around an answer, and no part of it. */
const POLITE = /^(?:您好|你好|回复|我选择?|选择?|评价|打)+|(?:谢谢您?|感谢|辛苦了)+$/gu;
const COUNTED = /^(?<number>[1-5一二两三四五])(?:颗?星|分)?(?<word>.*)$/u;
/** A digit is a part of a longer number, so it is not an answer. */
const LONGER = /^\d{2}/;

/**
 * Reads a reply leniently: "5", "５", " 5。", "五星", "5分", "非常满意", "5非常满意，谢谢". What could mean two levels ("好评", "差评", "很满意",
 * "4 5", "5不满意") means none.
 * @param labels of the region's levels; the usual ones are understood too
 */
export const readReply = (text: string, labels: Readonly<Record<Level, string>> | null): ReplyMeaning => {
  if (text.length > 500) return UNCLEAR;
  // Compatibility forms to plain ones: ５ and ⑤ to 5.
  const plain = text.normalize("NFKC").toLowerCase();
  // "1.5" and "4-5" are no levels, although their digits are.
  if (/\d\D+\d/u.test(plain)) return UNCLEAR;
  const bare = plain.replace(/[\s\p{P}\p{S}\p{M}\p{Cf}]/gu, "");
  if (STOP.has(bare)) return { is: "stop" };
  const said = bare.replace(POLITE, "");
  const levelOfWord = wordsOf(labels);
  const whole = levelOfWord.get(said);
  if (whole !== undefined) return { is: "level", level: whole };
  if (LONGER.test(said)) return UNCLEAR;
  const { number = "", word = "" } = COUNTED.exec(said)?.groups ?? {};
  const counted = NUMBERS[number];
  if (counted !== undefined && (word === "" || levelOfWord.get(word) === counted || isIts(word, counted)))
    return { is: "level", level: counted };
  // "非常满意5"
  const behind = /^(?<word>\D+?)(?<number>[1-5])(?:颗?星|分)?$/u.exec(said)?.groups;
  const level = levelOfWord.get(behind?.word ?? "");
  return level !== undefined && level === NUMBERS[behind?.number ?? ""] ? { is: "level", level } : UNCLEAR;
};

/** "五星好评", "1分差评": the word alone names no level, and agrees with this one. */
const isIts = (word: string, level: Level): boolean => word === (isBadReview(level) ? "差评" : "好评");

const wordsOf = (labels: Readonly<Record<Level, string>> | null): ReadonlyMap<string, Level> => {
  const usual = LEVELS.flatMap(({ level, zh, en }): [string, Level][] => [
    [zh, level],
    [en.toLowerCase().replace(/\s/g, ""), level],
  ]);
  const own = labels === null ? [] : LEVELS.map(({ level }): [string, Level] => [labels[level], level]);
  return new Map([...usual, ...own]);
};
