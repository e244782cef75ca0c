import { toBuffer, toString as toText } from "qrcode";

/** How a code is drawn. */
export const PICTURE_FORMATS = ["svg", "png", "terminal"] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

/**
 * An address as a QR code draws it smallest: scheme and host in capitals, as both may be written, since capitals and digits take two
 * thirds of the room. A path of the operator's own keeps its letters.
 */
export const drawnAddress = (url: string): string => {
  const { origin, pathname } = new URL(url);
  const isCapital = /^[0-9A-Z/$%*+.-]*$/.test(pathname);
  return isCapital ? `${origin.toUpperCase()}${pathname}` : url;
};

/** Scratches, rain and a bad camera: a quarter of a printed code may be unreadable. On a screen an eighth is enough. */
const LEVELS = { print: "Q", screen: "M" } as const;

/** The code as an SVG picture, black on white, with the quiet zone that scanners need. */
export const qrSvg = (url: string, use: keyof typeof LEVELS = "screen"): Promise<string> =>
  toText(drawnAddress(url), { type: "svg", errorCorrectionLevel: LEVELS[use], margin: 4 });

/** A code to print or to show in a terminal. */
export const qrPicture = async (url: string, format: PictureFormat): Promise<Uint8Array> => {
  const text = drawnAddress(url);
  if (format === "png") return toBuffer(text, { errorCorrectionLevel: LEVELS.print, margin: 4, scale: 16 });
  if (format === "svg") return Buffer.from(await qrSvg(url, "print"));
  return Buffer.from(`${await toText(text, { type: "utf8", errorCorrectionLevel: "M", margin: 2 })}\n`);
};
