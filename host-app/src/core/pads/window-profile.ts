import { resolve } from "node:path";
import { findProfile, type Profile } from "@window-rating/device-profiles";

/**
 * The profile that a setting names: `maker/model`, or a file, `./my-pad.json` or `./my-pad.json#maker/model`, from the data folder on.
 * @returns null for `auto`: the pad says itself what it is
 * @throws WR2001 with everything that is wrong with the profile, WR2002 if there is none
 */
export const windowProfile = (name: string, dataDir: string): Profile | null => {
  if (name === "auto") return null;
  const [file = "", variant] = name.split("#");
  if (!file.endsWith(".json")) return findProfile(name);
  return findProfile([resolve(dataDir, file), ...(variant === undefined ? [] : [variant])].join("#"));
};
