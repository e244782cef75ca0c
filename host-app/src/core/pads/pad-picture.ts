import { findProfile, type KeypadProfile, type Profile } from "@window-rating/device-profiles";
import { CAPABILITIES } from "@window-rating/protocol/pad";
import { LEVELS } from "@window-rating/protocol/rating";
import type { PadPicture } from "../../messages/console-pads.ts";
import type { KeypadLine } from "./keypad-line.ts";
import type { PadLine } from "./pad-line.ts";

/** What the pad of a line looks like; null while none was met. */
export const padPicture = (line: PadLine | KeypadLine): PadPicture | null => ("profile" in line ? ofKeypad(line) : ofOwnPad(line));

const ofOwnPad = ({ met }: PadLine): PadPicture | null => {
  if (met === undefined) return null;
  const profile = known(met.model);
  const isScreen = (met.capabilities & CAPABILITIES.touch) !== 0;
  const keys = profile?.protocol === "window-rating/1" ? profile.keys : LEVELS.map(({ level }) => ({ key: level, level }));
  return {
    shape: isScreen ? "screen" : "buttons",
    profile: profile === undefined ? null : named(profile),
    lamps: profile?.lamps.count ?? ((met.capabilities & CAPABILITIES.lamps) === 0 ? 0 : 5),
    keys: keys.map(({ key, level }) => ({ key: String(key), label: LEVELS.find((one) => one.level === level)?.zh ?? "", means: "level" })),
    keyTest: "plain",
  };
};

const ofKeypad = ({ profile }: KeypadLine): PadPicture => ({
  shape: "keypad",
  profile: named(profile),
  lamps: profile.lamps.count,
  keys: profile.keypad.keys.map(({ key, label, level, action }) => ({
    key,
    label: label ?? key,
    means: level !== undefined ? "level" : action !== undefined ? "action" : "nothing",
  })),
  keyTest: keyTestOf(profile.keypad.requests),
});

const keyTestOf = ({ startRating, cancel, idle }: KeypadProfile["keypad"]["requests"]): PadPicture["keyTest"] =>
  startRating === undefined ? "plain" : cancel === undefined && idle === undefined ? "stays-lit" : "lit";

const named = ({ id, description }: Profile): NonNullable<PadPicture["profile"]> => ({ id, zh: description.zh, en: description.en });

/** A pad says what it is; whether this PC knows it is another matter. */
const known = (model: string): Profile | undefined => {
  try {
    return findProfile(model);
  } catch {
    return undefined;
  }
};
