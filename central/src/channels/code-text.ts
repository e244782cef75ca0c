/**
 * Crockford's base 32: no I, L, O or U. Its characters, all capitals and digits, are those that a QR code packs two in eleven bits,
 * which keeps the code small and easy for an old camera.
 */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Bytes → text, five bits a character, the last one filled up with zeros. */
export const codeText = (bytes: Uint8Array): string => {
  let text = "";
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = ((pending << 8) | byte) & 0xfff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(pending >> bits) & 31];
    }
  }
  return bits === 0 ? text : text + ALPHABET[(pending << (5 - bits)) & 31];
};

/** Text → `length` bytes; undefined if it is not the one text of so many bytes. Small letters are read as capitals. */
export const codeBytes = (text: string, length: number): Uint8Array | undefined => {
  if (text.length !== Math.ceil((length * 8) / 5)) return undefined;
  const bytes = new Uint8Array(length);
  let at = 0;
  let bits = 0;
  let pending = 0;
  for (const character of text.toUpperCase()) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return undefined;
    pending = ((pending << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (pending >> bits) & 0xff;
    }
  }
  // Two texts for one code would let one code be used twice by whoever compares texts.
  return (pending & ((1 << bits) - 1)) === 0 ? bytes : undefined;
};
