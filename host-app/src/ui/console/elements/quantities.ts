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

/** Date and time of this PC, written as central's console writes them: 2026-11-21 09:41:05. */
export const timeText = (unixMs: number): string => new Date(unixMs).toLocaleString("sv-SE");

/** A day of this PC: 2026-11-21. */
export const dayText = (unixMs: number): string => new Date(unixMs).toLocaleDateString("sv-SE");

/** "640 kB", "12.3 MB" */
export const sizeText = (bytes: number): string => {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1000)} kB`;
  return bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(1)} MB` : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
};
