import type { Level } from "@window-rating/protocol/rating";
import { REASON_LISTS, reasonsOf } from "@window-rating/protocol/reasons";
import * as z from "zod/mini";
import { type Assets, JsonAssets } from "./assets.ts";
import { HOME_LANGUAGE } from "./language-pack.ts";

/** Most reasons of one level that are shown. */
const MOST_SHOWN = 16;

const reasonSchema = z.strictObject({
  code: z.int().check(z.minimum(1), z.maximum(2 ** 32 - 1)),
  text: z.record(z.string().check(z.maxLength(16)), z.string().check(z.trim(), z.minLength(1), z.maxLength(120))),
});
const levelSchema = z.array(reasonSchema).check(z.maxLength(200));

/** A list of reasons as an asset `reasons/<version>`, as protocol/SPEC.md, section 12, has it. */
export const reasonAssetSchema = z.strictObject({
  format: z.literal(1),
  version: z.string().check(z.minLength(1), z.maxLength(16)),
  levels: z.partial(z.strictObject({ 1: levelSchema, 2: levelSchema, 3: levelSchema, 4: levelSchema, 5: levelSchema })),
});

const LISTS = new JsonAssets(reasonAssetSchema);

interface Reason {
  readonly code: number;
  /** By language. */
  readonly text: Readonly<Record<string, string>>;
}

/** The reasons of a version, for the five levels; those of a level as they are offered. */
export interface ReasonList {
  readonly version: string;
  reasonsOf(level: Level): readonly Reason[];
}

/** The list of a version: an asset, or one that is built in and in force; undefined if the pad has none. */
export const reasonListOf = (version: string, assets: Assets): ReasonList | undefined => {
  const asset = LISTS.find(assets, `reasons/${version}`);
  if (asset?.version === version) return { version, reasonsOf: (level) => (asset.levels[level] ?? []).slice(0, MOST_SHOWN) };
  const list = REASON_LISTS.find((known) => known.version === version && known.inForce);
  if (list === undefined) return undefined;
  return {
    version,
    reasonsOf: (level) =>
      reasonsOf(list, level)
        .slice(0, MOST_SHOWN)
        .map(({ code, text }) => ({ code: Number(code), text: { [HOME_LANGUAGE]: text?.zh ?? code, en: text?.en ?? code } })),
  };
};

/** The text of a reason in a language; else in the first language, the home language, or any that it has. */
export const reasonText = ({ code, text }: Reason, language: string, first: string): string =>
  text[language] ?? text[first] ?? text[HOME_LANGUAGE] ?? Object.values(text)[0] ?? String(code);
