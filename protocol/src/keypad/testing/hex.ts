import { parseHexText, plainBytes } from "../byte-text.ts";

/** Bytes as a description writes them. */
export const bytesOf = (text: string): Uint8Array => {
  const parsed = parseHexText(text);
  if ("wrong" in parsed) throw new Error(parsed.wrong);
  return plainBytes(parsed.text);
};
