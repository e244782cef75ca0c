import * as z from "zod/mini";
import { type Assets, JsonAssets } from "./assets.ts";
import en from "./languages/en.json" with { type: "json" };
import zhCN from "./languages/zh-CN.json" with { type: "json" };

/** The language that every text has, and that is shown when there is no other. */
export const HOME_LANGUAGE = "zh-CN";

const tagSchema = z.string().check(z.regex(/^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/, "a language tag, BCP 47"), z.maxLength(16));
const text = (longest: number) => z.string().check(z.maxLength(longest));

/** A language of the screen, as protocol/SPEC.md, section 12, has it. Texts that are missing are shown in the first language. */
export const languagePackSchema = z.strictObject({
  format: z.literal(1),
  tag: tagSchema,
  /** What the language calls itself. */
  name: z.string().check(z.trim(), z.minLength(1), z.maxLength(32)),
  texts: z.record(text(32), text(120)),
  /** Words for the levels, level 1 first. */
  levels: z.array(text(48)).check(z.length(5)),
  /** Asset with the recording of a prompt, by its number. */
  voice: z.record(z.string().check(z.regex(/^\d{1,5}$/)), text(64)),
});
export type LanguagePack = z.infer<typeof languagePackSchema>;

const BUILT_IN = new Map([zhCN, en].map((pack) => [pack.tag, languagePackSchema.parse(pack)]));

const PACKS = new JsonAssets(languagePackSchema);

/** The pack of a language: an asset `language/<tag>`, or one that is built in; undefined if there is none, or it does not fit the schema. */
export const packOf = (tag: string, assets: Assets): LanguagePack | undefined => {
  const pack = PACKS.find(assets, `language/${tag}`);
  return pack?.tag === tag ? pack : BUILT_IN.get(tag);
};

/** The pack without which no pad is. */
export const homePack = (): LanguagePack => BUILT_IN.get(HOME_LANGUAGE) as LanguagePack;

type Texts = Readonly<Record<string, string>>;
/** Texts by the language shown and the first language, made once: a screen is drawn from them at every step. */
const MERGED = new WeakMap<LanguagePack, WeakMap<LanguagePack, Texts>>();

/** The texts of a language with those of the first language, and at last of the home language, where it has none. */
export const textsOf = (pack: LanguagePack, first: LanguagePack): Texts => {
  const known = MERGED.get(pack)?.get(first);
  if (known !== undefined) return known;
  const texts = { ...homePack().texts, ...first.texts, ...pack.texts };
  MERGED.set(pack, (MERGED.get(pack) ?? new WeakMap()).set(first, texts));
  return texts;
};
