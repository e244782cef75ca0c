import { hexOf, type KeypadDescription, KeypadProtocol, KeypadReader, keypadDescriptionSchema } from "@window-rating/protocol/keypad";
import type { Burst } from "./bursts.ts";
import { guessBytes, parityHint } from "./byte-guess.ts";
import { type AskedKey, type Evidence, median, type Sorted, sortEvidence } from "./evidence.ts";
import { guessFrames } from "./frame-guess.ts";
import type { Guess, Match } from "./guess.ts";
import { guessLines } from "./line-guess.ts";

/** What was made out of an unknown pad. */
export interface Learned {
  readonly description: KeypadDescription;
  /** What a person should look at. */
  readonly notes: readonly string[];
  /** The pad sends seven bits with this parity, and was read without; undefined: it does not look so. */
  readonly parity: "even" | "odd" | undefined;
}

/** Nothing is known of how soon such a pad's press may belong to the case before. */
const GUARD_MS = { beforeMs: 300, afterMs: 1000 } as const;

/** Makes a description of what was recorded, or says why it cannot. A description that it gives reads every key that was pressed. */
export const learnKeypad = (evidence: Evidence): Learned | string => {
  const sorted = sortEvidence(evidence);
  if (typeof sorted === "string") return sorted;
  const frames = sorted.keys.map(({ frame }) => frame);
  const parity = parityHint(frames);
  const { light } = evidence;
  const seven = (bytes: Uint8Array): Uint8Array => (parity === undefined ? bytes : bytes.map((byte) => byte & 0x7f));
  const known: Sorted = {
    ...sorted,
    keys: sorted.keys.map(({ key, frame }) => ({ key, frame: seven(frame) })),
    others: sorted.others.map((burst) => ({ ...burst, bytes: seven(burst.bytes), hex: hexOf(seven(burst.bytes)) })),
  };
  const clean = frames.map(seven);
  const guesses = [guessBytes(clean, light), guessLines(clean, light)].filter((guess) => guess !== undefined);
  for (const guess of [...guesses, ...guessFrames(clean, light)]) {
    const description = describe(guess, known, light);
    if (description === undefined) continue;
    return { description, parity, notes: [...guess.notes, ...notesOf(description, known, evidence, parity)] };
  }
  return `no way to read these frames was found: ${clean.map(hexOf).join("; ")}; write the profile by hand, docs/profiles.md tells how`;
};

/** The description of a guess, if it reads everything that was recorded as it should. */
const describe = (guess: Guess, sorted: Sorted, light: Uint8Array | undefined): KeypadDescription | undefined => {
  const whole = draft(guess, sorted, light);
  const parsed = keypadDescriptionSchema.safeParse(whole);
  if (!parsed.success) return undefined;
  const protocol = KeypadProtocol.of(parsed.data);
  const keepAlive = keepAliveOf(sorted.others, protocol);
  const complete = keepAlive === undefined ? parsed : keypadDescriptionSchema.safeParse(withKeepAlive(parsed.data, keepAlive));
  return complete.success ? complete.data : parsed.data;
};

const draft = (guess: Guess, { keys, repeatMs }: Sorted, light: Uint8Array | undefined): unknown => {
  const repeat =
    repeatMs === undefined ? { is: "never" } : { is: "while-held", everyMs: repeatMs, withinMs: Math.max(200, Math.ceil(repeatMs * 3)) };
  const lit = light !== undefined && guess.light !== undefined;
  return {
    framing: guess.framing,
    ...(guess.framingToPad === undefined || !lit ? {} : { framingToPad: guess.framingToPad }),
    requests: lit ? { startRating: { send: [guess.light] } } : {},
    keys: keys.map(({ key, frame }) => keyOf(key, guess.match(frame))),
    repeat,
    keepAlive: { from: "nobody" },
    guard: { ...GUARD_MS, afterMs: Math.max(GUARD_MS.afterMs, "withinMs" in repeat ? repeat.withinMs : 0) },
    examples: [
      ...keys.map(({ key, frame }) => ({ bytes: hexOf(frame), key: key.key, note: "recorded by window-host profile learn" })),
      ...(lit ? [{ bytes: hexOf(light), request: "startRating", note: "given as --light" }] : []),
    ],
  };
};

const keyOf = ({ key, label, level, action, nothing }: AskedKey, match: Match): unknown => ({
  key,
  ...(label === undefined ? {} : { label }),
  match,
  ...(level === undefined ? {} : { level }),
  ...(action === undefined ? {} : { action }),
  ...(nothing === undefined ? {} : { nothing }),
});

interface KeepAlive {
  readonly bytes: Uint8Array;
  readonly match: Match;
  readonly everyMs: number;
}

const LEAST_BREATHS = 3;

/** A frame that the pad sends by itself, again and again with the same pause, told by its function where its data counts. */
const keepAliveOf = (others: readonly Burst[], protocol: KeypadProtocol): KeepAlive | undefined => {
  const groups = new Map<string, { burst: Burst; match: Match; times: number[] }>();
  for (const burst of others) {
    const [reading, ...more] = new KeypadReader(protocol).push(burst.bytes, 0);
    if (reading?.is !== "frame" || more.length > 0 || reading.role.is !== "other") continue;
    const isLine = protocol.fromPad.kind === "line";
    const text = (bytes: Uint8Array): string => (isLine ? String.fromCharCode(...bytes) : hexOf(bytes));
    const byFunction = protocol.fromPad.carries.function;
    const match: Match = byFunction ? { function: text(reading.values.function) } : { data: text(reading.values.data) };
    const group = groups.get(JSON.stringify(match)) ?? { burst, match, times: [] };
    group.times.push(burst.atMs);
    groups.set(JSON.stringify(match), group);
  }
  for (const { burst, match, times } of groups.values()) {
    const pauses = times.slice(1).map((at, index) => at - (times[index] as number));
    const everyMs = Math.round(median(pauses));
    const isRegular = pauses.every((pause) => Math.abs(pause - everyMs) <= Math.max(100, everyMs / 5));
    if (times.length >= LEAST_BREATHS && isRegular && everyMs >= 200) return { bytes: burst.bytes, match, everyMs };
  }
  return undefined;
};

const withKeepAlive = (description: KeypadDescription, { bytes, match, everyMs }: KeepAlive): unknown => ({
  ...description,
  keepAlive: { from: "pad", match, everyMs, missed: 3 },
  examples: [...description.examples, { bytes: hexOf(bytes), frame: "keepAlive", note: "recorded by window-host profile learn" }],
});

const notesOf = (description: KeypadDescription, sorted: Sorted, { light }: Evidence, parity: Learned["parity"]): string[] => {
  const { requests, repeat, keepAlive } = description;
  const notes: string[] = [];
  if (parity !== undefined)
    notes.push(`the bytes carry ${parity} parity in their top bit: the profile has 7 data bits and ${parity} parity`);
  if (repeat.is === "while-held") {
    notes.push(
      sorted.isEndless
        ? `a press is sent again every ${repeat.everyMs} ms and does not end by itself: look up in the sheet how it is acknowledged, write requests.acknowledge, and repeat.is "until-answered"`
        : `a press is sent again every ${repeat.everyMs} ms while the key is held`,
    );
  }
  if (keepAlive.from === "pad") notes.push(`the pad says by itself every ${keepAlive.everyMs} ms that it is there`);
  if (light !== undefined && requests.startRating === undefined)
    notes.push("the bytes of --light are no frame of the kind that the keys send; write requests.startRating and framingToPad by hand");
  if (requests.startRating === undefined)
    notes.push("how the pad is lit is not known: its keys are taken to be always ready; see requests in docs/profiles.md");
  notes.push(`presses within ${description.guard.afterMs} ms after a change of case are thrown away; change guard if your hall is quicker`);
  return notes;
};
