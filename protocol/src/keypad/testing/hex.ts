import { joined, parseHexText } from "../byte-text.ts";

/** Bytes as a description writes them. */
export const bytesOf = (text: string): Uint8Array => {
  const parsed = parseHexText(text);
  if ("wrong" in parsed) throw new Error(parsed.wrong);
  return joined(parsed.text.parts.flatMap((part) => (part.is === "bytes" ? [part.bytes] : [])));
};
