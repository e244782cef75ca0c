import i18next from "i18next";
import { ageWords } from "../../strip/line.ts";
import { en } from "../../words/en.ts";
import type { Translate } from "../../words/words.ts";
import { zhCN } from "../../words/zh-CN.ts";

const stripWords = i18next.createInstance({
  lng: "zh-CN",
  fallbackLng: "zh-CN",
  resources: { "zh-CN": { translation: zhCN }, en: { translation: en } },
  interpolation: { escapeValue: false },
  initAsync: false,
});
void stripWords.init();

/** The words of the strip: what the clerk reads, IT reads the same. */
export const stripWordsIn = (language: string): Translate => stripWords.getFixedT(language) as Translate;

/** "40 秒", "3 小时" */
export const ageIn = (ms: number, language: string): string => ageWords(ms, stripWordsIn(language));

/** Date and time of this PC. */
export const timeIn = (unixMs: number, language: string): string =>
  new Date(unixMs).toLocaleString(language === "en" ? "sv-SE" : language, { hour12: false });

/** "640 kB", "12.3 MB" */
export const sizeText = (bytes: number): string => {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1000)} kB`;
  return bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
};
