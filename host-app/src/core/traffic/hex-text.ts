const MOST_BYTES = 96;
const HIDDEN_BYTE = "··";

/** Bytes as people read them, the hidden ones as dots; cut off after 96. @param isHidden by place */
export const hexText = (bytes: Uint8Array, isHidden: (place: number) => boolean = () => false): string => {
  const shown = Array.from(bytes.subarray(0, MOST_BYTES), (byte, place) =>
    isHidden(place) ? HIDDEN_BYTE : byte.toString(16).padStart(2, "0").toUpperCase(),
  );
  return `${shown.join(" ")}${bytes.length > MOST_BYTES ? " …" : ""}`;
};
