/**
 * Consistent Overhead Byte Stuffing (Cheshire & Baker 1999): removes every 0x00 from a block of bytes, so that 0x00
 * can end a frame. Adds one byte, and one more for every full 254 bytes without a zero.
 */

/** Length of the longest encoding of `length` bytes, which is that of bytes without a zero among them. */
export const cobsMaxLength = (length: number): number => length + Math.max(1, Math.ceil(length / 254));

/**
 * Encodes source[0, length) into target from `offset` on; returns the offset behind the last byte written.
 * A block of exactly 254 non-zero bytes at the end is not followed by an empty block.
 */
export const cobsEncode = (source: Uint8Array, length: number, target: Uint8Array, offset = 0): number => {
  let codeAt = offset;
  let write = offset + 1;
  let code = 1;
  for (let read = 0; read < length; read++) {
    const byte = source[read] as number;
    if (byte !== 0) {
      target[write++] = byte;
      code++;
    }
    if (byte === 0 || (code === 0xff && read + 1 < length)) {
      target[codeAt] = code;
      codeAt = write++;
      code = 1;
    }
  }
  target[codeAt] = code;
  return write;
};
