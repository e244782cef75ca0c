import { toBuffer, toString as toText } from "qrcode";
import type { Text } from "../calendar/schema.ts";
import { escaped } from "../policy/page/html.ts";

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

/** A code to print or to show in a terminal. @param caption what stands under it; of an SVG picture only, which has the letters for it */
export const qrPicture = async (url: string, format: PictureFormat, caption: Text): Promise<Uint8Array> => {
  const text = drawnAddress(url);
  if (format === "png") return toBuffer(text, { errorCorrectionLevel: LEVELS.print, margin: 4, scale: 16 });
  if (format === "svg") return Buffer.from(poster(await qrSvg(url, "print"), caption));
  // Black on white by colour codes, whatever the terminal's own colours are: many scanners read no negative.
  return Buffer.from(await toText(text, { type: "terminal", small: true, errorCorrectionLevel: "M", margin: 2 }));
};

const poster = (svg: string, { zh, en }: Text): string => {
  const line = (y: number, size: number, text: string): string => `<text x="50" y="${y}" font-size="${size}">${escaped(text)}</text>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 126" width="100mm" height="126mm">
<rect width="100" height="126" fill="#ffffff"/>
${svg.replace("<svg ", '<svg width="100" height="100" ').trim()}
<g font-family="'Noto Sans CJK SC','Microsoft YaHei',sans-serif" text-anchor="middle" fill="#000000">
${line(108, 9, zh)}
${line(119, 5.5, en)}
</g>
</svg>
`;
};
