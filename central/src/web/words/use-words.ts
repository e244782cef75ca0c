import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import { accounts, audit, keys, mine } from "./access.ts";
import { CODES, type CodeKind } from "./codes.ts";
import { frame, group, title } from "./frame.ts";
import { charts, live } from "./live.ts";
import { login } from "./login.ts";
import { inLanguage, type Language, type Pair, type Words } from "./pairs.ts";
import { cases, look, pcs, ratings, registry, troubles } from "./records.ts";
import { calendar, explain, imports, jobs, policy, sms } from "./rules.ts";
import { steps } from "./steps.ts";

const AREAS = {
  ...{ frame, title, group, login, live, charts, ratings, look, cases, troubles, registry, pcs },
  ...{ policy, explain, steps, calendar, jobs, sms, imports, accounts, mine, audit, keys },
};
type Areas = typeof AREAS;
/** Name of a text, as "login.submit". */
export type WordKey = { [A in keyof Areas]: `${A}.${keyof Areas[A] & string}` }[keyof Areas];

const STORED = "window-rating-language";
const INDEX = { zh: 0, en: 1 } as const;

const resourceOf = (language: Language): Record<string, Record<string, string>> =>
  Object.fromEntries(
    Object.entries(AREAS).map(([area, words]) => [
      area,
      Object.fromEntries(Object.entries(words as Words).map(([name, pair]) => [name, pair[INDEX[language]]])),
    ]),
  );

/** Chinese, unless this browser was switched to English. */
export const startWords = (): void => {
  const stored = localStorage.getItem(STORED);
  const lng: Language = stored === "en" ? "en" : "zh";
  void i18next.use(initReactI18next).init({
    lng,
    fallbackLng: "zh",
    initAsync: false,
    resources: { zh: { translation: resourceOf("zh") }, en: { translation: resourceOf("en") } },
    // React escapes by itself.
    interpolation: { escapeValue: false },
  });
  document.documentElement.lang = htmlLanguage(lng);
};

const htmlLanguage = (language: Language): string => (language === "zh" ? "zh-CN" : "en");

export interface WordUse {
  readonly language: Language;
  /** A text of the console, with values for what stands in {{braces}}. */
  t(key: WordKey, values?: Readonly<Record<string, string | number>>): string;
  /** A code of central's in words; one without words stands as it came. */
  code(kind: CodeKind, value: string | number): string;
  /** Who told something: a business system or an import by its number, anybody else by name. */
  teller(by: string): string;
  /** A text that central tells in both languages. */
  both(text: { readonly zh: string; readonly en: string }): string;
  pair(pair: Pair): string;
  switchLanguage(): void;
}

export const useWords = (): WordUse => {
  const { t, i18n } = useTranslation();
  // Our keys are typed by WordKey; i18next's own types know the words of every app at once.
  const translate = t as unknown as (key: string, values: object) => string;
  const language: Language = i18n.language === "en" ? "en" : "zh";
  return {
    language,
    t: (key, values) => translate(key, values ?? {}),
    code: (kind, value) => {
      const pair = (CODES[kind] as Words)[String(value)];
      return pair === undefined ? String(value) : inLanguage(pair, language);
    },
    teller: (by) => {
      const [, kind, no = ""] = /^(system|import) (\d+)$/.exec(by) ?? [];
      return kind === undefined ? by : translate(`frame.${kind}`, { no });
    },
    both: (text) => text[language],
    pair: (pair) => inLanguage(pair, language),
    switchLanguage: () => {
      const other: Language = language === "zh" ? "en" : "zh";
      localStorage.setItem(STORED, other);
      document.documentElement.lang = htmlLanguage(other);
      void i18n.changeLanguage(other);
    },
  };
};
