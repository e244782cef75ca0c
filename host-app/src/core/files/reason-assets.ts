import { LEVELS } from "@window-rating/protocol/rating";
import { REASON_LISTS, type ReasonList, reasonsOf } from "@window-rating/protocol/reasons";
import { type AssetFile, assetOf } from "./asset-file.ts";

/** What messages of a pad hold. */
const LONGEST_VERSION = 16;

/** A list of reasons as a pad reads it (protocol/SPEC.md, Pads with a touchscreen). */
const assetTextOf = (list: ReasonList): string =>
  JSON.stringify({
    format: 1,
    version: list.version,
    levels: Object.fromEntries(
      LEVELS.map(({ level }) => [
        String(level),
        reasonsOf(list, level).map(({ code, text }) => ({ code: Number(code), text: { "zh-CN": text?.zh, en: text?.en } })),
      ]),
    ),
  });

/** A list as the asset `reasons/<version>`; undefined for a version that no asset can be called by. */
export const reasonAsset = (list: ReasonList): AssetFile | undefined =>
  list.version.length > LONGEST_VERSION
    ? undefined
    : assetOf(`reasons/${list.version}`, `${list.version}.json`, new TextEncoder().encode(assetTextOf(list)));

/** The lists that are offered to citizens, as assets `reasons/<version>`. */
export const reasonAssets = (): readonly AssetFile[] =>
  REASON_LISTS.filter(({ inForce }) => inForce).flatMap((list) => reasonAsset(list) ?? []);
