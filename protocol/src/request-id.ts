/** Id of one rating request: a UUID in lower-case text form, 16 bytes on the pad's wire. */
export type RequestId = string & { readonly brand: "RequestId" };

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** 16 bytes → UUID text. Throws RangeError for any other length. */
export const requestIdFromBytes = (bytes: Uint8Array): RequestId => {
  if (bytes.length !== 16) throw new RangeError(`A request id has 16 bytes, not ${bytes.length}`);
  let text = "";
  for (let index = 0; index < 16; index++) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += "-";
    text += HEX[bytes[index] as number];
  }
  return text as RequestId;
};

/** UUID text → 16 bytes. */
export const requestIdToBytes = (id: RequestId): Uint8Array => {
  const hex = id.replaceAll("-", "");
  const bytes = new Uint8Array(16);
  for (let index = 0; index < 16; index++) bytes[index] = Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16);
  return bytes;
};

/**
 * A new request id: UUID version 7 (RFC 9562), so that ids sort by time.
 * @param unixMs wall clock, milliseconds
 * @param random 10 random bytes
 */
export const newRequestId = (unixMs: number, random: Uint8Array): RequestId => {
  const bytes = new Uint8Array(16);
  let time = Math.trunc(unixMs);
  for (let index = 5; index >= 0; index--) {
    bytes[index] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  return requestIdFromBytes(bytes);
};
