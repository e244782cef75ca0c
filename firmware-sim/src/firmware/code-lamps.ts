import type { KeyNo, Lamps } from "../face.ts";
import { allLamps, DARK, onlyLamp } from "./display.ts";

/** How five lamps blink a code (protocol/SPEC.md, section 10): all of them first, then lamp n for digit n, digit after digit, milliseconds. */
const START_ON_MS = 1000;
const START_OFF_MS = 1000;
const DIGIT_ON_MS = 700;
const DIGIT_OFF_MS = 500;
const DIGITS = 8;

/** After this long the code begins anew. */
export const CODE_CYCLE_MS = START_ON_MS + START_OFF_MS + DIGITS * (DIGIT_ON_MS + DIGIT_OFF_MS);

/** @param within milliseconds since the code began, below CODE_CYCLE_MS */
export const lampsOfCode = (code: string, within: number): Lamps => {
  if (within < START_ON_MS) return allLamps("code");
  const sinceDigits = within - START_ON_MS - START_OFF_MS;
  const digit = Math.floor(sinceDigits / (DIGIT_ON_MS + DIGIT_OFF_MS));
  const isLit = sinceDigits >= 0 && sinceDigits - digit * (DIGIT_ON_MS + DIGIT_OFF_MS) < DIGIT_ON_MS;
  return isLit ? onlyLamp(Number(code[digit]) as KeyNo, "code") : DARK;
};

/** When the lamps change next. @param since milliseconds since the code was shown, of a change or the start */
export const nextLampChange = (since: number): number => {
  const within = since % CODE_CYCLE_MS;
  const begun = since - within;
  if (within < START_ON_MS) return begun + START_ON_MS;
  const digits = START_ON_MS + START_OFF_MS;
  if (within < digits) return begun + digits;
  const inDigit = (within - digits) % (DIGIT_ON_MS + DIGIT_OFF_MS);
  return since - inDigit + (inDigit < DIGIT_ON_MS ? DIGIT_ON_MS : DIGIT_ON_MS + DIGIT_OFF_MS);
};
