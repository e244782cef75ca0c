import { type KeypadProfile, loadProfiles } from "@window-rating/device-profiles";
import { joined, type KeypadEffect, KeypadProtocol, KeypadReader, KeypadSession, parseHexText } from "@window-rating/protocol/keypad";
import type { RequestId } from "@window-rating/protocol/rating";
import { hex } from "./pad-targets.ts";
import type { StreamRandom } from "./stream-random.ts";
import type { StreamTarget } from "./stream-target.ts";

/** The bytes of every press that gives a level, as the examples of the profile have them, written by hand from sheets: no code of ours reckons them. */
const pressesOf = ({ keypad }: KeypadProfile): ReadonlyMap<string, number> =>
  new Map(
    keypad.examples.flatMap(({ bytes, key }) => {
      const level = keypad.keys.find((one) => one.key === key)?.level;
      const parsed = parseHexText(bytes);
      if (level === undefined || "wrong" in parsed) return [];
      return [[looked(joined(parsed.text.parts.map((part) => (part.is === "bytes" ? part.bytes : new Uint8Array(0))))), level] as const];
    }),
  );

/** Hexadecimal digits of a line's checksum mean the same in either case. */
const looked = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1").toUpperCase();

const framesOf = (protocol: KeypadProtocol): readonly (readonly number[])[] => {
  const { keys, requests } = protocol.description;
  const answers = (Object.keys(requests) as (keyof typeof requests)[]).map((name) => protocol.answerFrame(name));
  return [...keys.map((key) => protocol.keyFrame(key)), protocol.keepAliveFrame(), ...answers]
    .filter((frame) => frame !== undefined && frame.length > 0)
    .map((frame) => [...(frame as Uint8Array)]);
};

const streamOf = (random: StreamRandom, frames: readonly (readonly number[])[]): number[] => {
  if (random.chance(0.25)) return random.bytes(random.below(80));
  const stream: number[] = [];
  for (let count = 1 + random.below(4); count > 0; count--) stream.push(...random.of(frames));
  return random.damage(stream, random.below(7));
};

/** @param keypad the description to read by, if it is not the profile's own */
export const readerOf = (profile: KeypadProfile, share: number, keypad = profile.keypad): StreamTarget => {
  const protocol = KeypadProtocol.of(keypad);
  const presses = pressesOf(profile);
  const frames = framesOf(protocol);
  const isLine = protocol.fromPad.kind === "line";
  return {
    name: `keypad reader ${profile.id}`,
    share,
    read: (random) => {
      const reader = new KeypadReader(protocol);
      const stream = streamOf(random, frames);
      let [told, ratings] = [0, 0];
      let wrong: string | undefined;
      const look = (readings: ReturnType<KeypadReader["push"]>): void => {
        for (const reading of readings) {
          told += reading.bytes.length;
          if (reading.is !== "key" || reading.key.level === undefined) continue;
          if (presses.get(looked(reading.bytes)) !== reading.key.level) wrong = `read ${hex(reading.bytes)} as level ${reading.key.level}`;
          else ratings++;
        }
      };
      random.pieces(stream, (piece) => look(reader.push(piece, 0)));
      look(reader.time(1e9));
      // Ends of lines between lines are no news.
      if (told !== stream.length && !(isLine && told < stream.length)) wrong ??= `told of ${told} bytes of ${stream.length}`;
      return { ratings, wrong };
    },
  };
};

const REQUESTS = [
  "00000000-0000-7000-8000-00000000000a",
  "00000000-0000-7000-8000-00000000000b",
] as readonly string[] as readonly RequestId[];

const sessionOf = (profile: KeypadProfile, share: number): StreamTarget => {
  const protocol = KeypadProtocol.of(profile.keypad);
  const frames = framesOf(protocol);
  const levels = new Set(profile.keypad.keys.flatMap(({ level }) => level ?? []));
  const { afterMs } = profile.keypad.guard;
  return {
    name: `keypad session ${profile.id}`,
    share,
    read: (random) => {
      const session = new KeypadSession(protocol);
      let now = 0;
      let open: { id: RequestId; pressed: boolean } | undefined;
      let ratings = 0;
      let wrong: string | undefined;
      const look = (effects: readonly KeypadEffect[]): void => {
        for (const effect of effects) {
          if (effect.is !== "pressed") continue;
          if (effect.requestId !== open?.id) wrong = "a press for a request that is not open";
          else if (!effect.again && open.pressed) wrong = "two ratings of one request";
          else if (effect.sinceOpenMs < afterMs) wrong = `a press ${effect.sinceOpenMs} ms after the change of case`;
          else if (!levels.has(effect.level)) wrong = `level ${effect.level}, which the pad cannot express`;
          else if (!effect.again) ratings++;
          if (open !== undefined) open.pressed = true;
        }
      };
      look(session.step({ is: "opened" }, now));
      for (const name of ["keepAlive", "hello", "startRating"] as const) {
        const bytes = protocol.answerFrame(name);
        if (bytes !== undefined) look(session.step({ is: "bytes", bytes }, now));
      }
      for (let turn = 0; turn < 3; turn++) {
        if (random.chance(0.6)) {
          open = { id: REQUESTS[turn % 2] as RequestId, pressed: false };
          look(session.step({ is: "startRating", requestId: open.id, timeoutMs: 30_000 }, now));
        } else if (open !== undefined && random.chance(0.3)) {
          look(session.step({ is: "endRating", requestId: open.id, because: "cancelled" }, now));
          open = undefined;
        }
        now += random.below(2 * afterMs + 1);
        random.pieces(streamOf(random, frames), (bytes) => {
          look(session.step({ is: "bytes", bytes }, now));
          now += random.below(40);
        });
        look(session.step({ is: "time" }, now));
        if (open?.pressed === true) look(session.step({ is: "stored", requestId: open.id }, now));
      }
      return { ratings, wrong };
    },
  };
};

/** Readers and sessions of every keypad that is shipped. */
export const keypadTargets = (): readonly StreamTarget[] => {
  const keypads = loadProfiles().filter((profile) => profile.protocol === "keypad");
  return keypads.flatMap((profile) => [readerOf(profile, 30 / keypads.length), sessionOf(profile, 10 / keypads.length)]);
};
