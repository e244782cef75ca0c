import { contactKeyId } from "@window-rating/protocol/contact";
import type { Config } from "./config/index.ts";
import type { ScreenSetup } from "./pads/pad-screen.ts";

/** How the screen of a window's pad looks, by the settings. */
export const screenSetup = ({ screen }: Pick<Config, "screen">, windowNo: string): ScreenSetup => {
  const { hall, contrast, textSize, words, contact, partyEmblem } = screen;
  return {
    ...{ hall, contrast, textSize, words, contact, partyEmblem },
    languages: screen.languages.split(","),
    window: windowNo,
    windowQr: screen.windowQr ?? "",
    reasons: screen.reasons ?? "",
  };
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
