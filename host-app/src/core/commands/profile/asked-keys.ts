import { WindowRatingError } from "@window-rating/protocol/error";
import { CLERK_ACTIONS } from "@window-rating/protocol/keypad";
import { LEVELS } from "@window-rating/protocol/rating";
import type { AskedKey } from "../../learning/evidence.ts";

const NOTHING = "Nobody chooses a level with this key, as the person who set the pad up said";

/** What can be said of a key, for help texts. */
export const MEANINGS = `1 … 5 (${LEVELS.map(({ level, zh }) => `${level} ${zh}`).join(", ")}), nothing (for a 默认 key), or ${CLERK_ACTIONS.join(", ")}`;

/**
 * What a person says of one key: `5`, `nothing`, `callNext`, each with its words behind `=` if they differ.
 * @throws WR8002
 */
export const askedKey = (text: string, keyNo: number): AskedKey => {
  const [meaning = "", label] = text.split("=").map((part) => part.trim());
  const words = label === undefined || label === "" ? {} : { label };
  const level = LEVELS.find((one) => String(one.level) === meaning || one.zh === meaning);
  if (level !== undefined) return { key: String(keyNo), label: label || level.zh, level: level.level };
  if (meaning === "nothing") return { key: String(keyNo), ...words, nothing: NOTHING };
  if ((CLERK_ACTIONS as readonly string[]).includes(meaning)) return { key: meaning, ...words, action: meaning };
  throw new WindowRatingError("WR8002", `key ${keyNo} is said to be "${meaning.slice(0, 40)}"; there are ${MEANINGS}`);
};

/** @throws WR8002 if two keys are the same, or none has a level */
export const askedKeys = (text: string): readonly AskedKey[] => {
  const keys = text.split(",").map((part, index) => askedKey(part, index + 1));
  const twice = keys.find(
    (key, index) => keys.findIndex((other) => other.key === key.key || (key.level !== undefined && other.level === key.level)) < index,
  );
  if (twice !== undefined) throw new WindowRatingError("WR8002", `--keys names ${twice.level ?? twice.key} twice; a level has one key`);
  if (keys.every(({ level }) => level === undefined))
    throw new WindowRatingError("WR8002", "--keys names no level: nobody could rate on this pad");
  return keys;
};
