import { create } from "qrcode";

/** A QR code as a drawing: an SVG path of unit squares, and how many lie side by side. */
export interface QrPicture {
  readonly size: number;
  readonly path: string;
}

/** The code of a text; null if the text is too long for one. Of middle error correction: screens get dirty, but are not torn. */
export const qrPicture = (text: string): QrPicture | null => {
  try {
    const { size, data } = create(text, { errorCorrectionLevel: "M" }).modules;
    const rows = Array.from({ length: size }, (_, y) =>
      runsOf(
        Array.from({ length: size }, (_, x) => data[y * size + x] === 1),
        y,
      ),
    );
    return { size, path: rows.join("") };
  } catch {
    return null;
  }
};

/** The dark squares of a row, those side by side in one piece. */
const runsOf = (row: readonly boolean[], y: number): string => {
  let path = "";
  for (let x = 0; x < row.length; x++) {
    const start = x;
    while (row[x] === true) x++;
    if (x > start) path += `M${start} ${y}h${x - start}v1H${start}z`;
  }
  return path;
};
