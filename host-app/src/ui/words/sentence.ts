import type { ErrorFacts } from "@window-rating/protocol/error";
import { ERROR_WORDS } from "./error-words.ts";
import { FACT_WORDS } from "./fact-words.ts";

/**
 * The sentence for a code in the language of the screen.
 * @param english as it came from the core
 * @param facts what the core told beside the code
 */
export const sentenceOf = (code: string, english: string, language: string, facts?: ErrorFacts): string => {
  const own = language === "zh-CN" ? ((facts && FACT_WORDS[code]?.(facts)) ?? ERROR_WORDS[code]) : undefined;
  return own === undefined ? english : `${own}（${code}）`;
};

/** The core says a cause in English, with its code in front. */
export const causeSentence = (cause: string, language: string): string => {
  const code = /^WR\d{4}/.exec(cause)?.[0];
  return code === undefined ? cause : sentenceOf(code, cause, language);
};
