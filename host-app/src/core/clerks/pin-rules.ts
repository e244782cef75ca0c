/** Shortest and longest PIN. */
const SHORTEST = 6;
const LONGEST = 12;
const FEWEST_DIFFERENT = 3;
/** So many digits of a staff number in a row within a PIN, or of a PIN within a staff number, are no coincidence. */
const TOLD_DIGITS = 4;

const STEPS = [1, 9];

/** Every digit is one step from the one before, always in the same direction: 345678, 987654, 890123. */
const isRow = (pin: string): boolean =>
  STEPS.some((step) => [...pin].every((digit, index) => index === 0 || Number(digit) === (Number(pin[index - 1]) + step) % 10));

/** It is one piece again and again: 111111, 121212, 123123. */
const isRepeat = (pin: string): boolean =>
  Array.from({ length: Math.floor(pin.length / 2) }, (_, index) => index + 1).some(
    (length) => pin.length % length === 0 && pin === pin.slice(0, length).repeat(pin.length / length),
  );

const holdsStaffNo = (pin: string, staffNo: string): boolean => {
  const digits = staffNo.replace(/\D/g, "");
  return digits.length >= TOLD_DIGITS && (pin.includes(digits) || digits.includes(pin));
};

/** Why a PIN is not good enough, in words; undefined: it is. Whoever looks over a shoulder, or tries what most people choose, must not guess it. */
export const pinFault = (pin: string, staffNo: string): string | undefined => {
  if (!/^[0-9]+$/.test(pin)) return "a PIN has digits only";
  if (pin.length < SHORTEST || pin.length > LONGEST) return `a PIN has ${SHORTEST} to ${LONGEST} digits, not ${pin.length}`;
  if (holdsStaffNo(pin, staffNo)) return "it must not be the staff number, which everybody can read";
  if (isRow(pin)) return "digits in a row, as 123456, are tried first";
  if (isRepeat(pin)) return "a repetition, as 111111 or 123123, is tried first";
  if (new Set(pin).size < FEWEST_DIFFERENT) return `it has fewer than ${FEWEST_DIFFERENT} different digits`;
  return undefined;
};
