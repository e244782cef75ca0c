/** Crockford's base 32: no I, L, O or U, which people misread. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/** 11 characters are 55 bits: with ten million codes out, one guess in 3.6 thousand million hits. */
const RANDOM_LENGTH = 11;

/** A code with which a citizen finds a rating again: 11 random characters and a check, without dashes. */
export type ReceiptCode = string & { readonly brand: "ReceiptCode" };

/** Twice a number of 5 bits, in the field with 32 elements (x⁵ + x² + 1). */
const doubled = (value: number): number => ((value << 1) ^ (value & 16 ? 0b100101 : 0)) & 31;

/**
 * Check of H. M. Damm: finds every single wrong character and every swap of neighbours.
 * @returns 0 for values with their check behind them
 */
const checkOf = (values: readonly number[]): number => values.reduce((interim, value) => doubled(interim ^ value), 0);

/** @param random at least 11 random bytes */
export const receiptCodeFrom = (random: Uint8Array): ReceiptCode => {
  const values = Array.from(random.subarray(0, RANDOM_LENGTH), (byte) => byte & 31);
  if (values.length < RANDOM_LENGTH) throw new RangeError(`A receipt code needs ${RANDOM_LENGTH} random bytes`);
  return [...values, checkOf(values)].map((value) => ALPHABET[value]).join("") as ReceiptCode;
};

/** What a person typed or scanned → the code; undefined if it is none. Case, dashes, blanks, O for 0, I and L for 1 do not matter. */
export const readReceiptCode = (typed: string): ReceiptCode | undefined => {
  if (typed.length > 64) return undefined;
  const text = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  const values = [...text].map((character) => ALPHABET.indexOf(character));
  const isCode = values.length === RANDOM_LENGTH + 1 && !values.includes(-1) && checkOf(values) === 0;
  return isCode ? (text as ReceiptCode) : undefined;
};

/** As it is shown: K7QF-3M2X-9TPA. */
export const receiptCodeText = (code: ReceiptCode): string => `${code.slice(0, 4)}-${code.slice(4, 8)}-${code.slice(8)}`;
