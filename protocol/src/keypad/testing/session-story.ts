import assert from "node:assert/strict";
import fc from "fast-check";
import { SeededRandom } from "../../pad/testing/seeded-random.ts";
import type { RequestId } from "../../rating.ts";
import type { KeypadProtocol } from "../protocol.ts";
import { KeypadSession } from "../session.ts";
import type { KeypadEffect, KeypadInput } from "../session-signals.ts";
import { Mutator } from "./mutator.ts";

type Happening =
  | { readonly is: "opened" | "closed" | "stored" | "answers" | "pause" | "resume" | "light" | "darken" }
  | { readonly is: "press"; readonly key: number }
  | { readonly is: "damaged"; readonly key: number; readonly seed: number }
  | { readonly is: "noise"; readonly bytes: Uint8Array }
  | { readonly is: "wait"; readonly ms: number }
  | { readonly is: "start" }
  | { readonly is: "end"; readonly because: "cancelled" | "timed-out" };

const happening = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom<"opened" | "closed">("opened", "closed").map((is) => ({ is })) },
  { weight: 3, arbitrary: fc.constantFrom<"stored" | "answers">("stored", "answers").map((is) => ({ is })) },
  { weight: 1, arbitrary: fc.constantFrom<"pause" | "resume">("pause", "resume").map((is) => ({ is })) },
  { weight: 1, arbitrary: fc.constantFrom<"light" | "darken">("light", "darken").map((is) => ({ is })) },
  { weight: 8, arbitrary: fc.nat(9).map((key) => ({ is: "press" as const, key })) },
  { weight: 2, arbitrary: fc.tuple(fc.nat(9), fc.nat()).map(([key, seed]) => ({ is: "damaged" as const, key, seed })) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => ({ is: "noise" as const, bytes })) },
  { weight: 8, arbitrary: fc.oneof(fc.nat(300), fc.nat(3000)).map((ms) => ({ is: "wait" as const, ms })) },
  { weight: 4, arbitrary: fc.constant({ is: "start" as const }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<"cancelled" | "timed-out">("cancelled", "timed-out").map((because) => ({ is: "end" as const, because })),
  },
);

export const storyArbitrary: fc.Arbitrary<readonly Happening[]> = fc.array(happening, { maxLength: 60, size: "max" });

const idOf = (number: number): RequestId => `00000000-0000-7000-8000-${String(number).padStart(12, "0")}` as RequestId;

/** What does not belong to a rating. */
const ASIDE: readonly string[] = ["lamps", "voice", "stars", "beep", "pause", "resume"];

/**
 * Plays a story and looks at every effect. Damaged frames are no presses to the story: none of them may come out as one unless it is right by chance.
 * @returns what came of it and when, but for the bytes and for what is beside ratings
 */
export const playStory = (protocol: KeypadProtocol, frames: readonly Uint8Array[], story: readonly Happening[]): readonly string[] => {
  const { guard, keys } = protocol.description;
  const session = new KeypadSession(protocol);
  let now = 0;
  let requests = 0;
  let open: { readonly id: RequestId; readonly since: number; pressedAt: number | undefined } | undefined;

  const told: string[] = [];
  const look = (effect: KeypadEffect): void => {
    const isAside = effect.is === "write" || (effect.is === "unanswered" && ASIDE.includes(effect.request));
    if (!isAside) told.push(`${now} ${JSON.stringify(effect)}`);
    if (effect.is === "pressed") {
      assert.equal(effect.requestId, open?.id, "a press for a request that is not open");
      assert.equal(open?.pressedAt !== undefined, effect.again, "a second first press, or a repeat before the first");
      assert.ok(open !== undefined && effect.sinceOpenMs >= guard.afterMs, "a press in the guard interval");
      assert.ok(keys.some(({ key, level }) => key === effect.key && level === effect.level));
      open.pressedAt = now;
    } else if (effect.is === "shown") assert.equal(effect.requestId, open?.id);
    else if (effect.is === "write") assert.ok(effect.bytes.length > 0 && effect.bytes.length <= protocol.toPad.longest);
  };
  const give = (input: KeypadInput): void => {
    for (const effect of session.step(input, now)) look(effect);
    assert.ok((session.deadline() ?? Number.POSITIVE_INFINITY) > now, "a deadline has passed and time does not move it");
  };
  const wait = (ms: number): void => {
    const end = now + ms;
    for (let due = session.deadline(); due !== undefined && due <= end; due = session.deadline()) {
      now = due;
      give({ is: "time" });
    }
    now = end;
  };

  give({ is: "opened" });
  for (const one of story) {
    switch (one.is) {
      case "opened":
      case "closed":
      case "pause":
      case "resume":
      case "darken":
        give({ is: one.is });
        break;
      case "light":
        give({ is: "light", seconds: 60 });
        break;
      case "answers":
        for (const name of ["keepAlive", "startRating", "cancel"] as const) {
          const bytes = protocol.answerFrame(name);
          if (bytes !== undefined) give({ is: "bytes", bytes });
        }
        break;
      case "stored":
        if (open !== undefined) give({ is: "stored", requestId: open.id });
        break;
      case "press":
        give({ is: "bytes", bytes: frames[one.key % frames.length] as Uint8Array });
        break;
      case "damaged": {
        const random = new SeededRandom(one.seed);
        give({ is: "bytes", bytes: new Mutator(random).mutated(frames[one.key % frames.length] as Uint8Array, 1 + random.below(4)) });
        break;
      }
      case "noise":
        give({ is: "bytes", bytes: one.bytes });
        break;
      case "wait":
        wait(one.ms);
        break;
      case "start":
        open = { id: idOf(++requests), since: now, pressedAt: undefined };
        give({ is: "startRating", requestId: open.id, timeoutMs: 30_000 });
        break;
      case "end":
        if (open !== undefined) give({ is: "endRating", requestId: open.id, because: one.because });
        open = undefined;
        break;
    }
  }
  return told;
};
