import type { ErrorFacts } from "@window-rating/protocol/error";
import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import type { Preferences } from "../../../messages/preferences.ts";
import { frame, title } from "./frame.ts";
import { health } from "./health.ts";
import { pads } from "./pads.ts";
import type { Pair, Words } from "./pairs.ts";
import { itCauseOf, itSentenceOf } from "./refusals.ts";
import { site } from "./site.ts";
import { traffic } from "./traffic.ts";

type Language = Preferences["language"];

const AREAS = { frame, title, ...health, ...pads, ...site, ...traffic };
type Areas = typeof AREAS;
/** Name of a text, as "frame.again". */
export type WordKey = { [A in keyof Areas]: `${A}.${keyof Areas[A] & string}` }[keyof Areas];

/** All of the console's texts, for the test that holds both languages against each other. */
export const AREAS_OF_WORDS: Readonly<Record<string, Words>> = AREAS;

const inLanguage = ([zh, en]: Pair, language: Language): string => (language === "zh-CN" ? zh : en);

const resourceOf = (language: Language) =>
  Object.fromEntries(
    Object.entries(AREAS_OF_WORDS).map(([area, texts]) => [
      area,
      Object.fromEntries(Object.entries(texts).map(([name, pair]) => [name, inLanguage(pair, language)])),
    ]),
  );

/** Chinese until somebody has chosen otherwise. */
export const consoleWords = i18next.createInstance({
  lng: "zh-CN",
  fallbackLng: "zh-CN",
  resources: { "zh-CN": { translation: resourceOf("zh-CN") }, en: { translation: resourceOf("en") } },
  interpolation: { escapeValue: false },
  initAsync: false,
});
void consoleWords.use(initReactI18next).init();

export interface WordUse {
  readonly language: Language;
  /** A text of the console, with values for what stands in {{braces}}. */
  t(key: WordKey, values?: Readonly<Record<string, string | number>>): string;
  pair(pair: Pair): string;
  /** What a refusal says, in the language of the screen, with its code. */
  sentence(code: string, english: string, facts?: ErrorFacts): string;
  /** A cause as the core says it: in English, with its code in front. */
  cause(cause: string): string;
}

export const useWords = (): WordUse => {
  const { t, i18n } = useTranslation();
  // Our keys are typed by WordKey; i18next's own types know the words of the strip.
  const translate = t as unknown as (key: string, values: object) => string;
  const language: Language = i18n.language === "en" ? "en" : "zh-CN";
  return {
    language,
    t: (key, values) => translate(key, values ?? {}),
    pair: (pair) => inLanguage(pair, language),
    sentence: (code, english, facts) => itSentenceOf(code, english, language, facts),
    cause: (cause) => itCauseOf(cause, language),
  };
};
