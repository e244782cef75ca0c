/** The same in the console's two languages: Chinese first, English second. */
export type Pair = readonly [zh: string, en: string];
export type Words = Readonly<Record<string, Pair>>;
