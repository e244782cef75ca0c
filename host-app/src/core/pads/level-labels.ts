import { LEVELS } from "@window-rating/protocol/rating";
import type { SitePolicy } from "@window-rating/protocol/sync";
import { cutToBytes } from "./byte-text.ts";

/** Longest word for a level, bytes. */
const LONGEST = 32;

/**
 * The region's words for levels 1 to 5 as a pad takes them. Where they are the usual ones nothing is sent, so that a pad says them in the
 * citizen's own language.
 */
export const levelLabels = (site: Pick<SitePolicy, "labels"> | null): readonly string[] => {
  const words = LEVELS.map(({ level, zh }) => {
    const label = site?.labels.find((one) => one.level === level)?.label ?? zh;
    return label === zh ? "" : cutToBytes(label, LONGEST);
  });
  return words.every((word) => word === "") ? [] : words;
};
