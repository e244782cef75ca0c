const encoder = new TextEncoder();

/** The text as far as it fits that many bytes of UTF-8; where something is cut off, an ellipsis stands for it. */
export const cutToBytes = (text: string, most: number): string => {
  if (encoder.encode(text).length <= most) return text;
  let kept = "";
  let bytes = encoder.encode("…").length;
  for (const character of text.toWellFormed()) {
    bytes += encoder.encode(character).length;
    if (bytes > most) break;
    kept += character;
  }
  return most < encoder.encode("…").length ? "" : `${kept}…`;
};
