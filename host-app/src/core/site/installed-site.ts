import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { canonicalJson } from "@window-rating/protocol/sync";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";
import { readSiteFile, type SiteContent, type SiteFile } from "./site-file.ts";

const installedPath = (dataDir: string): string => join(dataDir, "site.json");

/** A site file that a PC may take, with the key that signed it. */
export interface AdmittedSite {
  readonly content: SiteContent;
  readonly signedBy: string;
  /** The site whose file was taken before; null at the first set-up. */
  readonly before: SiteContent | null;
}

/**
 * The site file that this data folder was set up from; its key is the one that later files must be signed with.
 * @throws WR8006 if it cannot be read or was altered: nothing is taken on a guess
 */
export const installedSite = (dataDir: string): SiteFile | null => {
  const path = installedPath(dataDir);
  try {
    const text = readIfPresent(path);
    return text === null ? null : readSiteFile(text);
  } catch (cause) {
    throw new WindowRatingError("WR8006", `${path}: ${(cause as Error).message}`, cause);
  }
};

/**
 * Decides whether a PC may take a site file: signed, by the key it knows, and not older than what it has.
 * @param key public key that IT staff gave with the command; it goes before the one known from an earlier set-up
 * @throws WR8006, WR8009, WR8010, WR8011, WR8012
 */
export const admitSite = (dataDir: string, text: string, key?: string): AdmittedSite => {
  const { content, signedBy } = readSiteFile(text);
  if (signedBy === null) throw new WindowRatingError("WR8009", "it has no signature; run: window-host site sign");
  const installed = installedSite(dataDir);
  const known = key ?? installed?.signedBy ?? signedBy;
  if (signedBy !== known) throw new WindowRatingError("WR8010", `it is signed by ${signedBy}, known is ${known}`);
  const before = installed?.content ?? null;
  if (before !== null && content.version < before.version)
    throw new WindowRatingError("WR8011", `it has version ${content.version}, this PC has ${before.version}`);
  if (before !== null && content.version === before.version && canonicalJson(content) !== canonicalJson(before))
    throw new WindowRatingError("WR8011", `it says version ${content.version}, but this PC has another file of that version`);
  return { content, signedBy, before };
};

/** Done last in a set-up: what was not finished is done again by the next one. @throws WR8006 */
export const keepSite = (dataDir: string, text: string): void => {
  try {
    if (readIfPresent(installedPath(dataDir)) !== text) replaceFile(installedPath(dataDir), text);
  } catch (cause) {
    throw new WindowRatingError("WR8006", `${installedPath(dataDir)} cannot be written: ${(cause as Error).message}`, cause);
  }
};
