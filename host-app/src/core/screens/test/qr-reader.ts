import type { Locator } from "playwright-core";

/** Dark or light, by row and column. */
type Modules = readonly (readonly boolean[])[];

/** ISO/IEC 18004, versions 1..12 at level M: where alignment patterns stand, and blocks as [how many, data codewords of each]. */
const VERSIONS: readonly { readonly at: readonly number[]; readonly blocks: readonly (readonly [number, number])[] }[] = [
  { at: [], blocks: [[1, 16]] },
  { at: [6, 18], blocks: [[1, 28]] },
  { at: [6, 22], blocks: [[1, 44]] },
  { at: [6, 26], blocks: [[2, 32]] },
  { at: [6, 30], blocks: [[2, 43]] },
  { at: [6, 34], blocks: [[4, 27]] },
  { at: [6, 22, 38], blocks: [[4, 31]] },
  {
    at: [6, 24, 42],
    blocks: [
      [2, 38],
      [2, 39],
    ],
  },
  {
    at: [6, 26, 46],
    blocks: [
      [3, 36],
      [2, 37],
    ],
  },
  {
    at: [6, 28, 50],
    blocks: [
      [4, 43],
      [1, 44],
    ],
  },
  {
    at: [6, 30, 54],
    blocks: [
      [1, 50],
      [4, 51],
    ],
  },
  {
    at: [6, 32, 58],
    blocks: [
      [6, 36],
      [2, 37],
    ],
  },
];

const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (r, c) => (r + c) % 2 === 0,
  (r) => r % 2 === 0,
  (_, c) => c % 3 === 0,
  (r, c) => (r + c) % 3 === 0,
  (r, c) => (Math.floor(r / 2) + Math.floor(c / 3)) % 2 === 0,
  (r, c) => ((r * c) % 2) + ((r * c) % 3) === 0,
  (r, c) => (((r * c) % 2) + ((r * c) % 3)) % 2 === 0,
  (r, c) => (((r + c) % 2) + ((r * c) % 3)) % 2 === 0,
];

const FORMAT_MASK = 0b101010000010010;
const FORMAT_GENERATOR = 0b10100110111;

/** Where the fifteen bits of the format stand beside the upper left finder, highest first. */
const FORMAT_AT = [
  ...[0, 1, 2, 3, 4, 5, 7, 8].map((column) => [8, column] as const),
  ...[7, 5, 4, 3, 2, 1, 0].map((row) => [row, 8] as const),
];

/** The mask that the format names. @throws if the format is none, as in a code that is turned over, or not of level M */
const maskOf = (modules: Modules): (typeof MASKS)[number] => {
  const bits = FORMAT_AT.reduce((sum, [row, column]) => sum * 2 + Number(modules[row]?.[column]), 0) ^ FORMAT_MASK;
  let rest = bits;
  for (let bit = 14; bit >= 10; bit--) if (rest & (1 << bit)) rest ^= FORMAT_GENERATOR << (bit - 10);
  if (rest !== 0 || bits >> 13 !== 0) throw new Error(`the format ${bits.toString(2)} is none of level M`);
  return MASKS[(bits >> 10) & 7] as (typeof MASKS)[number];
};

/** Data and correction, in the order in which they stand on the symbol. */
const codewordsOf = (modules: Modules, at: readonly number[]): number[] => {
  const size = modules.length;
  const mask = maskOf(modules);
  const last = at.at(-1) ?? 0;
  const isAlignment = (row: number, column: number): boolean =>
    at.some((y) =>
      at.some(
        (x) =>
          Math.abs(y - row) <= 2 &&
          Math.abs(x - column) <= 2 &&
          !((x === 6 && y === 6) || (x === 6 && y === last) || (x === last && y === 6)),
      ),
    );
  const isFixed = (row: number, column: number): boolean =>
    row === 6 ||
    column === 6 ||
    (row < 9 && (column < 9 || column >= size - 8)) ||
    (row >= size - 8 && column < 9) ||
    (size >= 45 && ((row < 6 && column >= size - 11) || (column < 6 && row >= size - 11))) ||
    isAlignment(row, column);
  const bits: boolean[] = [];
  let isUpward = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      const row = isUpward ? size - 1 - step : step;
      for (const column of [right, right - 1])
        if (!isFixed(row, column)) bits.push((modules[row]?.[column] === true) !== mask(row, column));
    }
    isUpward = !isUpward;
  }
  return Array.from({ length: bits.length >> 3 }, (_, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((sum, bit) => sum * 2 + Number(bit), 0),
  );
};

/** One block after the other again: they stand on the symbol in turns. */
const inOrder = (codewords: readonly number[], blocks: readonly (readonly [number, number])[]): number[] => {
  const lengths = blocks.flatMap(([count, length]) => Array<number>(count).fill(length));
  const parts: number[][] = lengths.map(() => []);
  let next = 0;
  for (let index = 0; index < Math.max(...lengths); index++)
    for (const [block, length] of lengths.entries()) if (index < length) parts[block]?.push(codewords[next++] ?? 0);
  return parts.flat();
};

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** The text of a code of level M without any damage, as a phone reads it. @throws if it is no such code */
export const qrText = (modules: Modules): string => {
  const version = (modules.length - 17) / 4;
  const layout = VERSIONS[version - 1];
  if (layout === undefined) throw new Error(`${modules.length} modules are no code`);
  const data = inOrder(codewordsOf(modules, layout.at), layout.blocks);
  const bits = data.map((codeword) => codeword.toString(2).padStart(8, "0")).join("");
  let at = 0;
  const take = (length: number): number => {
    at += length;
    return Number.parseInt(bits.slice(at - length, at), 2);
  };
  const pieces: Buffer[] = [];
  while (bits.length - at >= 4) {
    const mode = take(4);
    if (mode === 0) break;
    const isLong = version >= 10;
    let text = "";
    if (mode === 4) pieces.push(Buffer.from(Array.from({ length: take(isLong ? 16 : 8) }, () => take(8))));
    else if (mode === 2) {
      let left = take(isLong ? 11 : 9);
      for (; left > 1; left -= 2) {
        const pair = take(11);
        text += (ALPHANUMERIC[Math.floor(pair / 45)] ?? "") + ALPHANUMERIC[pair % 45];
      }
      if (left === 1) text += ALPHANUMERIC[take(6)];
    } else if (mode === 1) {
      let left = take(isLong ? 12 : 10);
      for (; left >= 3; left -= 3) text += String(take(10)).padStart(3, "0");
      if (left > 0) text += String(take(left === 2 ? 7 : 4)).padStart(left, "0");
    } else throw new Error(`mode ${mode} is none of digits, capitals and bytes`);
    pieces.push(Buffer.from(text));
  }
  return Buffer.concat(pieces).toString();
};

/** The modules of a code as its pixels are on the screen: found by its dark edge and the seven modules of its upper left finder. */
export const qrModulesOn = async (picture: Locator): Promise<Modules> => {
  const png = (await picture.screenshot()).toString("base64");
  // The browser unpacks its own picture.
  const { width, dark } = await picture.page().evaluate<{ width: number; dark: string }>(`(async () => {
    const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob("${png}"), (sign) => sign.charCodeAt(0))]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    canvas.drawImage(bitmap, 0, 0);
    const { data } = canvas.getImageData(0, 0, bitmap.width, bitmap.height);
    let dark = "";
    for (let at = 0; at < data.length; at += 4) dark += data[at] + data[at + 1] + data[at + 2] < 384 ? "1" : "0";
    return { width: bitmap.width, dark };
  })()`);
  const first = dark.indexOf("1");
  const top = Math.floor(first / width);
  const left = first % width;
  const row = dark.slice(top * width, (top + 1) * width);
  const finder = row.slice(left).indexOf("0");
  const across = row.lastIndexOf("1") + 1 - left;
  const size = Math.round(((across * 7) / finder - 17) / 4) * 4 + 17;
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => {
      const place = (index: number): number => Math.floor(((index + 0.5) * across) / size);
      return dark[(top + place(y)) * width + left + place(x)] === "1";
    }),
  );
};

/** What a phone reads from it. */
export const qrTextOn = async (picture: Locator): Promise<string> => qrText(await qrModulesOn(picture));
