import { contactKeyId } from "@window-rating/protocol/contact";
import type { ReasonList } from "@window-rating/protocol/reasons";
import type { Config } from "./config/index.ts";
import type { ScreenSetup } from "./pads/pad-screen.ts";

/** How the screen of a window's pad looks, by the settings. */
export const screenSetup = ({ screen }: Pick<Config, "screen">, windowNo: string): ScreenSetup => {
  const { hall, contrast, textSize, words, contact } = screen;
  return { ...{ hall, contrast, textSize, words, contact }, languages: screen.languages.split(","), window: windowNo };
};

/** What a message to a pad and an entry hold of a version. */
const LONGEST_VERSION = 16;

/**
 * Version of the reasons that are asked for at this window: of central's list in force, as on its paper forms; where central has told
 * none, the setting's. Empty: none are asked for, which only the setting says.
 */
export const reasonsAsked = ({ screen: { reasons } }: Pick<Config, "screen">, told: Pick<ReasonList, "version"> | null): string => {
  if (reasons === null) return "";
  const version = told?.version ?? reasons;
  return version.length <= LONGEST_VERSION ? version : "";
};

/**
 * Central's key for what citizens write.
 * @param told as central itself has told it; without, the settings' own
 */
export const contactKeyOf = ({ contactKey }: Pick<Config, "contactKey">, told?: string | null) => {
  const key = told ?? contactKey;
  if (key === null) return undefined;
  const publicKey = new Uint8Array(Buffer.from(key, "hex"));
  return { keyId: contactKeyId(publicKey), publicKey };
};
