import type { Burst } from "./bursts.ts";

/** What the person at the pad said that a key is. */
export interface AskedKey {
  /** Its name, as it will stand in the profile. */
  readonly key: string;
  readonly label?: string;
  /** What is printed on it: a level, something that the clerk asks for, or nothing that anybody chose. */
  readonly level?: 1 | 2 | 3 | 4 | 5;
  readonly action?: string;
  readonly nothing?: string;
}

/** One press of a key: everything that came until the line was still again. */
export interface RecordedPress {
  readonly key: AskedKey;
  readonly bursts: readonly Burst[];
  /** The line did not become still: whatever was sent was sent again and again. */
  readonly isEndless: boolean;
}

/** What was recorded of an unknown pad. */
export interface Evidence {
  /** While nobody touched it. */
  readonly idle: readonly Burst[];
  /** At least two of each key, in the order in which they were asked for. */
  readonly presses: readonly RecordedPress[];
  /** What was sent to light the pad before each press, from its sheet. */
  readonly light?: Uint8Array;
}

/** What is known of each key, and what else came. */
export interface Sorted {
  readonly keys: readonly { readonly key: AskedKey; readonly frame: Uint8Array }[];
  /** Frames that are no presses. */
  readonly others: readonly Burst[];
  /** Time between two frames of one press; undefined if one press is one frame. */
  readonly repeatMs: number | undefined;
  readonly isEndless: boolean;
}

/** Finds the frame of each key: what came at both presses of it, at no other key, and not by itself. Or says why there is none. */
export const sortEvidence = ({ idle, presses }: Evidence): Sorted | string => {
  const byItself = new Set(idle.map(({ hex }) => hex));
  const names = [...new Set(presses.map(({ key }) => key.key))];
  const seenAt = new Map<string, Set<string>>();
  for (const { key, bursts } of presses) for (const { hex } of bursts) seenAt.set(hex, (seenAt.get(hex) ?? new Set()).add(key.key));
  // What comes at every key is an answer of the pad, or its breath.
  const isCommon = (hex: string): boolean => names.length > 2 && seenAt.get(hex)?.size === names.length;
  const taken = new Set<string>();
  const keys: { key: AskedKey; frame: Uint8Array }[] = [];
  for (const name of names) {
    const own = presses.filter(({ key }) => key.key === name);
    const candidates = (own[0]?.bursts ?? []).filter(({ hex }) => !byItself.has(hex) && !isCommon(hex) && !taken.has(hex));
    const found = candidates.find(({ hex }) => own.every(({ bursts }) => bursts.some((burst) => burst.hex === hex)));
    if (found === undefined) return whyNone(name, own, candidates, taken);
    taken.add(found.hex);
    keys.push({ key: (own[0] as RecordedPress).key, frame: found.bytes });
  }
  const repeats = presses.flatMap(({ key, bursts }) => pausesOf(bursts, keys.find((one) => one.key.key === key.key)?.frame));
  return {
    keys,
    others: [...idle, ...presses.flatMap(({ bursts }) => bursts)].filter(({ hex }) => !taken.has(hex)),
    repeatMs: repeats.length === 0 ? undefined : Math.max(10, Math.round(median(repeats))),
    isEndless: presses.some(({ isEndless }) => isEndless),
  };
};

const whyNone = (name: string, own: readonly RecordedPress[], candidates: readonly Burst[], taken: ReadonlySet<string>): string => {
  if (own.every(({ bursts }) => bursts.length === 0))
    return `nothing came when key ${name} was pressed; check cable and line settings (--scan), or give the bytes that light the pad (--light)`;
  if (own.some(({ bursts }) => bursts.some(({ hex }) => taken.has(hex))))
    return `key ${name} sends what an earlier key sent; press the keys one by one, each only when it is asked for`;
  const shown = candidates.slice(0, 4).map(({ hex }) => hex);
  return shown.length === 0
    ? `at key ${name} came nothing but what the pad sends by itself`
    : `the two presses of key ${name} do not send the same (${shown.join("; ")}): wrong line settings (try --scan), or frames that count; write the profile by hand then`;
};

/** Pauses between two frames of one press. */
const pausesOf = (bursts: readonly Burst[], frame: Uint8Array | undefined): number[] => {
  const same = bursts.filter(
    ({ bytes }) => frame !== undefined && bytes.length === frame.length && bytes.every((byte, at) => byte === frame[at]),
  );
  return same.slice(1).map(({ atMs }, index) => atMs - (same[index] as Burst).atMs);
};

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};
