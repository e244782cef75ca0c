import { asciiText, hexOf, joined, parseHexText, plainBytes, sameBytes } from "./byte-text.ts";
import { type KeypadExample, REQUEST_NAMES, REQUEST_NUMBERS, type RequestName } from "./description.ts";
import { type FittingChecksum, faultText, fittingChecksums, markedBytes, partsText, shownBytes } from "./explain.ts";
import { type FramePart, type FrameValues, NO_BYTES, type TakeProblem } from "./framing.ts";
import type { KeypadProtocol } from "./protocol.ts";
import { KeypadReader, type KeypadReading } from "./reader.ts";

/** Runs the examples of a description: every one must read, or be written, as it says, and every key and request must have one. */
export const checkExamples = (protocol: KeypadProtocol, wrong: TakeProblem): void => {
  const { examples, keys, requests, replies = [] } = protocol.description;
  const replied = new Set<number>();
  examples.forEach((example, index) => {
    const take: TakeProblem = (path, message) => wrong(["examples", index, ...path], message);
    const bytes = exampleBytes(example.bytes, "bytes", take);
    if (bytes === undefined) return;
    if (example.request !== undefined || example.reply === true) {
      const reply = checkSent(protocol, example, bytes, take);
      if (reply !== undefined) replied.add(reply);
    } else checkRead(protocol, example, bytes, take);
  });
  keys.forEach(({ key }, index) => {
    if (!examples.some((example) => example.key === key))
      wrong(["keys", index], `key "${key}" has no example; add one with the bytes that the pad sends for it`);
  });
  for (const name of REQUEST_NAMES) {
    if (requests[name] !== undefined && !examples.some((example) => example.request === name))
      wrong(["requests", name], "has no example; add one with the bytes that the host sends for it");
  }
  replies.forEach((_, index) => {
    if (!replied.has(index)) wrong(["replies", index], "has no example; add one with reply, after and the bytes that the host sends");
  });
};

const exampleBytes = (text: string, name: "bytes" | "after", take: TakeProblem): Uint8Array | undefined => {
  const parsed = parseHexText(text);
  if ("wrong" in parsed) {
    take([name], parsed.wrong);
    return undefined;
  }
  return plainBytes(parsed.text);
};

const read = (protocol: KeypadProtocol, bytes: Uint8Array): KeypadReading[] => {
  const reader = new KeypadReader(protocol);
  return [...reader.push(bytes, 0), ...reader.time(Number.MAX_SAFE_INTEGER)];
};

// ——— what the pad sends ———

const checkRead = (protocol: KeypadProtocol, example: KeypadExample, bytes: Uint8Array, take: TakeProblem): void => {
  const { keys } = protocol.description;
  if (example.key !== undefined && !keys.some(({ key }) => key === example.key))
    return take(["key"], `there is no key "${example.key}"; there are ${keys.map(({ key }) => `"${key}"`).join(", ")}`);
  const readings = read(protocol, bytes);
  const [reading] = readings;
  if (reading === undefined) return take(["bytes"], `${hexOf(bytes)} holds no frame at all`);
  if (readings.every((one) => isAsSaid(one, example)) && (readings.length === 1 || example.rejected !== undefined)) return;
  const culprit = readings.find((one) => !isAsSaid(one, example)) ?? reading;
  take([], `${wantedText(example)}, but ${mismatch(protocol, example, culprit, readings.length)}`);
};

const isAsSaid = (reading: KeypadReading, { key, frame, rejected }: KeypadExample): boolean => {
  if (reading.is === "key") return reading.key.key === key;
  if (reading.is === "rejected") return reading.reason === rejected;
  // A frame that is replied to may be an answer or whatever else it likes as well.
  return frame === reading.role.is || (reading.role.is === "reply" && frame === "other");
};

const wantedText = ({ key, frame, rejected }: KeypadExample): string => {
  if (key !== undefined) return `must read as key "${key}"`;
  return frame === undefined ? `must be thrown away (${rejected})` : `must read as a frame (${frame})`;
};

const mismatch = (protocol: KeypadProtocol, example: KeypadExample, reading: KeypadReading, count: number): string => {
  if (reading.is === "rejected") {
    const told = protocol.fromPad.told(reading.fault.looked);
    if (example.rejected === undefined && told !== undefined && told.size !== reading.fault.looked.length) {
      const { length } = reading.fault.looked;
      return `${hexOf(reading.fault.looked)} says by its length that it has ${told.size} bytes, and has ${length}; at fault is this example or framing.${told.fault}`;
    }
    const at = reading.fault.fault === "" ? "framing" : `framing.${reading.fault.fault}`;
    return `${faultText(protocol.fromPad, reading)}; at fault is this example or ${at}${checksumHint(protocol, reading)}`;
  }
  const shown = `${shownBytes(protocol.fromPad, reading.bytes)} (${partsText(protocol.fromPad, reading.bytes)})`;
  const more = count > 1 ? "; the example holds more than one frame" : "";
  if (example.key !== undefined) {
    const index = protocol.description.keys.findIndex(({ key }) => key === example.key);
    const instead = reading.is === "key" ? `reads as key "${reading.key.key}"` : "is a right frame that this key does not fit";
    return `${shown} ${instead}; at fault is this example or keys[${index}].match${more}`;
  }
  return `${shown} reads as ${reading.is === "key" ? `key "${reading.key.key}"` : `a frame (${reading.role.is})`}${more}`;
};

/** A wrong checksum rule is the likeliest mistake of all: says which ones would fit this and all other examples of the pad's frames. */
const checksumHint = (protocol: KeypadProtocol, reading: Extract<KeypadReading, { is: "rejected" }>): string => {
  if (reading.reason !== "checksum") return "";
  const place = Number(/\d+/.exec(reading.fault.fault)?.[0] ?? -1);
  const fitting = checksumsOf(protocol, reading.fault.looked, place);
  const others = protocol.description.examples
    .filter(({ key, frame }) => key !== undefined || frame !== undefined)
    .map(({ bytes }) => parseHexText(bytes))
    .flatMap((parsed) => ("text" in parsed ? [checksumsOf(protocol, plainBytes(parsed.text), place)] : []));
  const everywhere = fitting.filter((one) => others.every((other) => other.some((twin) => fittingText(twin) === fittingText(one))));
  const best = everywhere.length > 0 ? everywhere : fitting;
  if (best.length === 0) return "; no checksum known here fits these bytes";
  return `; ${everywhere.length > 0 ? "all examples would fit" : "these would fit"}: ${best.slice(0, 3).map(fittingText).join(", or ")}`;
};

/** @param place of the checksum among the fields of a frame; a line has it at its end */
const checksumsOf = (protocol: KeypadProtocol, frame: Uint8Array, place: number): readonly FittingChecksum[] => {
  const { framing } = protocol.description;
  const parts = protocol.fromPad.parts(frame);
  if (framing.is !== "line") return fittingChecksums(parts, place);
  return fittingChecksums(...lineParts(parts, framing.checksum?.separator ?? ""));
};

/** A line as start, text, and the bytes that its checksum's digits stand for. */
const lineParts = (parts: readonly FramePart[], separator: string): [readonly FramePart[], number] => {
  const start = parts.filter(({ name }) => name === "start");
  const text = parts.filter(({ name }) => !["start", "checksum", "end"].includes(name));
  const digits = asciiText(parts.find(({ name }) => name === "checksum")?.bytes ?? NO_BYTES).slice(separator.length);
  const sum = Uint8Array.from(digits.match(/[0-9A-F]{2}/gi) ?? [], (pair) => Number.parseInt(pair, 16));
  const line = [...start, { name: "line", bytes: joined(text.map(({ bytes }) => bytes)) }, { name: "checksum", bytes: sum }];
  return [line, line.length - 1];
};

const fittingText = ({ kind, form, order, from, to }: FittingChecksum): string =>
  `${kind}${form === "plain" ? "" : ` ${form}`}${kind.includes("16") ? ` ${order}` : ""} over ${from}..${to}`;

// ——— what the host sends ———

/** @returns the index of the reply that the example is of */
const checkSent = (protocol: KeypadProtocol, example: KeypadExample, bytes: Uint8Array, take: TakeProblem): number | undefined => {
  const { request, values = {} } = example;
  const after = afterOf(protocol, example, take);
  if (after === null) return undefined;
  if (request === undefined) {
    const reply = after === undefined ? -1 : protocol.replyTo(after);
    if (reply < 0) {
      take(["after"], "must be a frame of the pad that replies has an entry for");
      return undefined;
    }
    compare(protocol, protocol.reply(reply, after as FrameValues), bytes, `replies[${reply}]`, take);
    return reply;
  }
  if (!protocol.knows(request)) {
    take(["request"], `requests has no ${request}`);
    return undefined;
  }
  const valid: readonly string[] = REQUEST_NUMBERS[request];
  for (const name of Object.keys(values)) {
    if (!valid.includes(name))
      take(["values", name], valid.length === 0 ? `${request} takes no values` : `${request} takes ${valid.join(", ")}`);
  }
  compare(protocol, protocol.request(request, values, after), bytes, `requests.${request}`, take);
  return undefined;
};

const needsAfter = (request: RequestName | undefined): boolean =>
  request === undefined || request === "acknowledge" || request === "refuse";

/** The frame that is answered; undefined if there is none, null if there should be and is not. */
const afterOf = (protocol: KeypadProtocol, example: KeypadExample, take: TakeProblem): FrameValues | undefined | null => {
  if (example.after === undefined) {
    if (!needsAfter(example.request)) return undefined;
    take(["after"], "is missing: give the bytes of the pad's frame that this answers");
    return null;
  }
  const bytes = exampleBytes(example.after, "after", take);
  if (bytes === undefined) return null;
  const [reading] = read(protocol, bytes);
  if (reading !== undefined && reading.is !== "rejected") return reading.values;
  take(["after"], reading === undefined ? "holds no frame" : faultText(protocol.fromPad, reading));
  return null;
};

const compare = (
  protocol: KeypadProtocol,
  frames: readonly Uint8Array[] | string,
  bytes: Uint8Array,
  source: string,
  take: TakeProblem,
): void => {
  if (typeof frames === "string") return take([], `${source} cannot be written: ${frames}`);
  const written = joined(frames);
  if (sameBytes(written, bytes)) return;
  let at = 0;
  while (at < written.length && written[at] === bytes[at]) at++;
  const place = placeOf(protocol, frames, at);
  take(
    [],
    `${source} sends ${markedBytes(protocol.toPad, written, at, 1)}, but the example has ${markedBytes(protocol.toPad, bytes, at, 1)}: they differ from byte ${at + 1} on, ${place}`,
  );
};

/** Which field of which frame a byte belongs to. */
const placeOf = (protocol: KeypadProtocol, frames: readonly Uint8Array[], at: number): string => {
  let rest = at;
  for (const [index, frame] of frames.entries()) {
    if (rest >= frame.length) {
      rest -= frame.length;
      continue;
    }
    for (const { name, bytes } of protocol.toPad.parts(frame)) {
      if (rest < bytes.length) return `the field ${name} of send[${index}]`;
      rest -= bytes.length;
    }
  }
  return "behind the last field";
};
