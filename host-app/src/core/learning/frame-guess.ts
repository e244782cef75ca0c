import { type FittingChecksum, fittingChecksums, hexOf, type KeypadDescription } from "@window-rating/protocol/keypad";
import type { Guess, Match } from "./guess.ts";

type Framing = Extract<KeypadDescription["framing"], { is: "frame" }>;
type Field = Framing["fields"][number];

/** Where the parts of the frames are. Offsets `…FromEnd` count the bytes behind. */
interface Layout {
  /** Columns before the data, the same in every frame but for those that count. */
  readonly header: number;
  /** Columns of the header that hold a length, with the column from which on they count and whether they count the checksum too. */
  readonly lengths: readonly Length[];
  /** Column of the byte that tells what a frame is about. */
  readonly functionAt: number | undefined;
  readonly checksum: { readonly rule: FittingChecksum; readonly size: 1 | 2 } | undefined;
  /** Fixed bytes behind everything. */
  readonly endSize: number;
}

interface Length {
  readonly at: number;
  /** First column counted. */
  readonly from: number;
  readonly plus: number;
}

/** Names of the fields, as fittingChecksums gives them back. */
const column = (at: number): string => `column ${at}`;
const columnOf = (name: string): number => Number(name.slice("column ".length));

/**
 * Binary frames: fixed start and end, one byte or two that count, data, a checksum that is known. The likeliest way first; each must be
 * tried with the frames, for with few of them much fits by chance.
 */
export const guessFrames = (frames: readonly Uint8Array[], light: Uint8Array | undefined): readonly Guess[] => {
  const endSize = commonEnd(frames);
  const lengthsFit = frames.every(({ length }) => length === frames[0]?.length);
  const counted = lengthsFit ? undefined : countingColumn(frames);
  if (!lengthsFit && counted === undefined) return [];
  const header = commonHeader(frames, counted);
  const sums = checksumsOf(frames, header, endSize);
  const others = sums.slice(1, 4).map(({ rule }) => ruleText(rule));
  const notes = [
    ...(sums.length === 0
      ? ["no checksum that is known here fits: what varies is taken for data, and noise on the line could be a press"]
      : [`checksum ${ruleText((sums[0] as Sum).rule)} fits all ${frames.length} frames`]),
    ...(others.length === 0 ? [] : [`these fit as well; see what the sheet says: ${others.join(", or ")}`]),
  ];
  const layouts = (sums.length === 0 ? [undefined] : sums).flatMap((sum) => {
    const tail = { checksum: sum && { rule: sum.rule, size: sum.size }, endSize: sum === undefined ? endSize : sum.endSize };
    const lengths = counted === undefined ? constantLengths(frames[0] as Uint8Array, header, tail) : [told(frames, counted, header, tail)];
    // Without the lengths last: a byte that is always the same may be anything.
    return (lengths.length === 0 || counted !== undefined ? [lengths] : [lengths, []]).map(
      (some): Layout => ({ header, lengths: some, functionAt: functionColumn(frames[0] as Uint8Array, header, some, light), ...tail }),
    );
  });
  return layouts.map((layout) => guessOf(layout, frames, light, notes));
};

// ——— what is the same ———

const commonEnd = (frames: readonly Uint8Array[]): number => {
  const shortest = Math.min(...frames.map(({ length }) => length));
  let size = 0;
  while (size < shortest - 1 && frames.every((frame) => frame.at(-1 - size) === frames[0]?.at(-1 - size))) size++;
  return frames.length < 2 ? 0 : size;
};

/** Columns at the beginning that are the same in all frames, or count. */
const commonHeader = (frames: readonly Uint8Array[], counted: number | undefined): number => {
  const shortest = Math.min(...frames.map(({ length }) => length));
  const isTold = (at: number): boolean => counted !== undefined && frames.every((frame) => frame[at] === frame[counted]);
  let size = 0;
  while (size < shortest && (isTold(size) || frames.every((frame) => frame[size] === frames[0]?.[size]))) size++;
  return Math.min(size, shortest - 1);
};

/** The column that grows as the frames do. */
const countingColumn = (frames: readonly Uint8Array[]): number | undefined => {
  const shortest = Math.min(...frames.map(({ length }) => length));
  for (let at = 0; at < Math.min(shortest, 8); at++) {
    const rest = frames.map((frame) => frame.length - (frame[at] as number));
    if (rest.every((one) => one === rest[0] && Math.abs(one) <= 16)) return at;
  }
  return undefined;
};

// ——— the checksum ———

interface Sum {
  readonly rule: FittingChecksum;
  readonly size: 1 | 2;
  readonly endSize: number;
}

/** Checksums that fit every frame, the likeliest first. What varies last is the checksum or a part of it. */
const checksumsOf = (frames: readonly Uint8Array[], header: number, endSize: number): readonly Sum[] => {
  const places: readonly (readonly [1 | 2, number])[] = [
    [2, endSize],
    [2, endSize - 1],
    [1, endSize],
  ];
  return places
    .filter(([size, end]) => end >= 0 && frames.every(({ length }) => length - end - size > header))
    .flatMap(([size, end]) => sumsAt(frames, header, size, end))
    .toSorted((one, other) => unlikely(one.rule) - unlikely(other.rule));
};

const sumsAt = (frames: readonly Uint8Array[], header: number, size: 1 | 2, endSize: number): readonly Sum[] => {
  const fitting = frames.map((frame) => {
    const dataEnd = frame.length - endSize - size;
    const parts = [
      ...Array.from(frame.subarray(0, header), (byte, at) => ({ name: column(at), bytes: Uint8Array.of(byte) })),
      { name: "data", bytes: frame.slice(header, dataEnd) },
      { name: "checksum", bytes: frame.slice(dataEnd, dataEnd + size) },
    ];
    return fittingChecksums(parts, parts.length - 1).filter(({ to }) => to === "data");
  });
  const [first = [], ...rest] = fitting;
  return first.filter((one) => rest.every((others) => others.some((other) => isSame(one, other)))).map((rule) => ({ rule, size, endSize }));
};

const isSame = (one: FittingChecksum, other: FittingChecksum): boolean =>
  one.kind === other.kind && one.form === other.form && one.order === other.order && one.from === other.from;

/** A CRC that fits several frames does so hardly by chance; a sum of two bytes may be one of one byte behind a zero. */
const unlikely = ({ kind, form }: FittingChecksum): number => {
  const isPlain = form === undefined || form === "plain";
  const base = kind.startsWith("crc-16") ? 0 : kind.startsWith("crc-8") ? 3 : kind === "sum-16" ? 2 : 1;
  return base * 2 + (isPlain ? 0 : 5);
};

const ruleText = ({ kind, form, order, from }: FittingChecksum): string =>
  [
    kind,
    ...(form === undefined || form === "plain" ? [] : [form]),
    ...(order === "low-first" ? ["low byte first"] : []),
    `from ${from === "data" ? "the data" : `byte ${columnOf(from) + 1}`} on`,
  ].join(" ");

// ——— what counts ———

type Tail = Pick<Layout, "checksum" | "endSize">;

const told = (frames: readonly Uint8Array[], at: number, header: number, tail: Tail): Length => {
  const frame = frames[0] as Uint8Array;
  const from = Math.min(at + 1, header);
  return { at, from, plus: (frame[at] as number) - (frame.length - from - tailSize(tail)) };
};

const tailSize = ({ checksum, endSize }: Tail): number => (checksum?.size ?? 0) + endSize;

/** Where all frames are of one length, a byte that counts is one that is right by a usual way of counting. */
const constantLengths = (frame: Uint8Array, header: number, tail: Tail): readonly Length[] => {
  const dataEnd = frame.length - tailSize(tail);
  for (let at = 1; at < header; at++) {
    const value = frame[at] as number;
    // 68 L L 68, as meters have it: what stands between the second mark and the checksum.
    if (frame[at + 1] === value && at + 2 < header) {
      const from = dataEnd - value;
      if (value >= 1 && from > at + 1 && from <= header) return [at, at + 1].map((place) => ({ at: place, from, plus: 0 }));
    }
    const toData = dataEnd - (at + 1);
    const plus = [0, tail.checksum?.size ?? 0, tailSize(tail), tailSize(tail) + at + 1].find((more) => value === toData + more);
    if (value >= 2 && plus !== undefined) return [{ at, from: at + 1, plus }];
  }
  return [];
};

/** The byte in which the host's frame differs first; else the last one before the data. The first byte of a frame is its start. */
const functionColumn = (
  frame: Uint8Array,
  header: number,
  lengths: readonly Length[],
  light: Uint8Array | undefined,
): number | undefined => {
  const isFree = (at: number): boolean => at > 0 && at < header && !lengths.some((length) => length.at === at);
  if (light !== undefined) {
    const columns = Array.from({ length: header }, (_, at) => at).filter(isFree);
    const differing = columns.find((at) => light[at] !== frame[at]);
    if (differing !== undefined) return differing;
  }
  return isFree(header - 1) ? header - 1 : undefined;
};

// ——— the description ———

const guessOf = (layout: Layout, frames: readonly Uint8Array[], light: Uint8Array | undefined, notes: readonly string[]): Guess => {
  const { header, functionAt } = layout;
  const sizes = frames.map((frame) => dataOf(frame, layout).length);
  const framing = framingOf(layout, frames[0] as Uint8Array, Math.min(...sizes), Math.max(...sizes));
  const match = (frame: Uint8Array): Match => ({
    ...(functionAt === undefined ? {} : { function: hexOf(frame.slice(functionAt, functionAt + 1)) }),
    data: hexOf(dataOf(frame, layout)),
  });
  const base: Guess = { framing, match, light: undefined, notes };
  if (light === undefined || light.length < header + tailSize(layout)) return base;
  const size = dataOf(light, layout).length;
  const isSameSize = size >= Math.min(...sizes) && size <= Math.max(...sizes);
  return { ...base, light: match(light), ...(isSameSize ? {} : { framingToPad: framingOf(layout, frames[0] as Uint8Array, size, size) }) };
};

const dataOf = (frame: Uint8Array, layout: Layout): Uint8Array => frame.slice(layout.header, frame.length - tailSize(layout));

const framingOf = (layout: Layout, frame: Uint8Array, min: number, max: number): Framing => {
  const { header, lengths, functionAt, checksum, endSize } = layout;
  const cuts = new Set([0, header, ...lengths.flatMap(({ at, from }) => [at, at + 1, from])]);
  if (functionAt !== undefined) cuts.add(functionAt).add(functionAt + 1);
  const summedFrom = checksum === undefined ? undefined : checksum.rule.from === "data" ? header : columnOf(checksum.rule.from);
  if (summedFrom !== undefined) cuts.add(summedFrom);
  const edges = [...cuts].filter((at) => at <= header).toSorted((one, other) => one - other);
  const names = new NameGiver();
  const fields: { readonly at: number; readonly field: Field; readonly name: string }[] = [];
  for (const [index, at] of edges.entries()) {
    const stop = edges[index + 1];
    if (stop === undefined) break;
    const length = lengths.find((one) => one.at === at);
    if (length !== undefined) {
      const name = names.of("length");
      fields.push({
        at,
        name,
        field: { is: "length", name, counts: { from: "", to: "data" }, ...(length.plus === 0 ? {} : { plus: length.plus }) },
      });
    } else if (at === functionAt) fields.push({ at, name: "function", field: { is: "function" } });
    else {
      const name = names.of(at === 0 ? "start" : "mark");
      fields.push({ at, name, field: { is: "fixed", name, bytes: hexOf(frame.slice(at, stop)) } });
    }
  }
  const nameAt = (at: number): string => fields.find((one) => one.at === at)?.name ?? "data";
  const counting = fields.map(({ at, field }): Field => {
    const length = lengths.find((one) => one.at === at);
    return field.is === "length" && length !== undefined ? { ...field, counts: { from: nameAt(length.from), to: "data" } } : field;
  });
  return {
    is: "frame",
    fields: [
      ...counting,
      { is: "data", min, max },
      ...(checksum === undefined ? [] : [checksumField(checksum.rule, nameAt(summedFrom ?? header))]),
      ...(endSize === 0 ? [] : [{ is: "fixed" as const, name: "end", bytes: hexOf(frame.slice(frame.length - endSize)) }]),
    ],
  };
};

const checksumField = ({ kind, form, order }: FittingChecksum, from: string): Field => ({
  is: "checksum",
  kind,
  ...(form === undefined || form === "plain" ? {} : { form }),
  ...(order === "low-first" ? { order } : {}),
  over: { from, to: "data" },
});

/** `mark`, `mark 2`, `mark 3`. */
class NameGiver {
  readonly #given = new Map<string, number>();

  of(name: string): string {
    const times = (this.#given.get(name) ?? 0) + 1;
    this.#given.set(name, times);
    return times === 1 ? name : `${name} ${times}`;
  }
}
