/**
 * A phone as gateways and files write it → one spelling of it: digits, with a + and country before them if it is not a Chinese one.
 * @returns undefined if it is none
 */
export const readPhone = (written: string): string | undefined => {
  if (written.length > 40) return undefined;
  const digits = written
    .normalize("NFKC")
    .replace(/[\s()\-.]/g, "")
    .replace(/^00(?=[1-9])/, "+");
  const national = /^(?:\+?86)?(1\d{10})$/.exec(digits)?.[1];
  if (national !== undefined) return national;
  return /^\+?\d{5,20}$/.test(digits) ? digits : undefined;
};
