/** The same in the console's two languages: Chinese first, English second. */
export type Pair = readonly [zh: string, en: string];
export type Language = "zh" | "en";
export type Words = Readonly<Record<string, Pair>>;

export const inLanguage = (pair: Pair, language: Language): string => (language === "zh" ? pair[0] : pair[1]);
