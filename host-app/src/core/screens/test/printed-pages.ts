import { inflateSync } from "node:zlib";

/** One page as a browser printed it. Sizes and places in millimetres, from the page's upper left corner. */
export interface PrintedPage {
  readonly widthMm: number;
  readonly heightMm: number;
  /** Where each run of text begins on its baseline, and how large it is. */
  readonly texts: readonly { readonly xMm: number; readonly yMm: number; readonly sizeMm: number }[];
}

type Matrix = readonly [number, number, number, number, number, number];

const MM = 25.4 / 72;
const UNIT: Matrix = [1, 0, 0, 1, 0, 0];

/** First `inner`, then `outer`, as PDF has it. */
const times = (inner: Matrix, outer: Matrix): Matrix => {
  const [a, b, c, d, e, f] = inner;
  const [A, B, C, D, E, F] = outer;
  return [a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F];
};

/** The runs of text in a page's drawing, by the few operators that Chromium's printing uses. */
const textsIn = (drawing: string, heightPt: number): PrintedPage["texts"] => {
  const texts: { xMm: number; yMm: number; sizeMm: number }[] = [];
  const saved: Matrix[] = [];
  let place: Matrix = UNIT;
  let line: Matrix = UNIT;
  let size = 0;
  const numbers: number[] = [];
  const six = (): Matrix => numbers.slice(-6) as unknown as Matrix;
  for (const [token] of drawing.matchAll(/<[0-9A-Fa-f]*>|\[[^\]]*\]|[^\s<[]+/g)) {
    const number = Number(token);
    if (!Number.isNaN(number)) {
      numbers.push(number);
      continue;
    }
    if (token === "q") saved.push(place);
    else if (token === "Q") place = saved.pop() ?? UNIT;
    else if (token === "cm") place = times(six(), place);
    else if (token === "BT") line = UNIT;
    else if (token === "Tf") size = numbers.at(-1) ?? 0;
    else if (token === "Tm") line = six();
    else if (token === "Td") line = times([1, 0, 0, 1, numbers.at(-2) ?? 0, numbers.at(-1) ?? 0], line);
    else if (token === "Tj" || token === "TJ") {
      const [a, b, , , x, y] = times(line, place);
      texts.push({ xMm: x * MM, yMm: (heightPt - y) * MM, sizeMm: size * Math.hypot(a, b) * MM });
    }
    if (!/^[<[/]/.test(token)) numbers.length = 0;
  }
  return texts;
};

/** The pages of a PDF that Chromium printed. Not for any other PDF. */
export const printedPages = (pdf: Buffer): PrintedPage[] => {
  const text = pdf.toString("latin1");
  const boxes = [...text.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(
    ([, width, height]) => [Number(width), Number(height)] as const,
  );
  const drawings = [...text.matchAll(/stream\r?\n/g)].flatMap((found) => {
    try {
      return [inflateSync(pdf.subarray(found.index + found[0].length), { finishFlush: 2 }).toString("latin1")];
    } catch {
      // Pictures and fonts that are packed otherwise draw nothing.
      return [];
    }
  });
  const pages = drawings.filter((drawing) => /\bBT\b[\s\S]*\bTj\b/.test(drawing) || /^[\d.]+ 0 0 -[\d.]+ 0 [\d.]+ cm/.test(drawing));
  return boxes.map(([width, height], index) => ({
    widthMm: width * MM,
    heightMm: height * MM,
    texts: textsIn(pages[index] ?? "", height),
  }));
};
