import fc from "fast-check";
import { Conversation } from "./conversation.ts";
import { LossyWire, type WireFaults } from "./lossy-wire.ts";
import { SeededRandom } from "./seeded-random.ts";

type Happening =
  | { readonly is: "commands" | "reports"; readonly count: number }
  | { readonly is: "wait"; readonly ms: number }
  | { readonly is: "faults"; readonly faults: WireFaults }
  | { readonly is: "noise"; readonly bytes: Uint8Array; readonly toPad: boolean }
  | { readonly is: "unplug"; readonly ms: number }
  | { readonly is: "host restart" | "host close" | "pad restart" | "pad off" };

const chance = (max: number) => fc.integer({ min: 0, max: max * 100 }).map((percent) => percent / 100);
const faults: fc.Arbitrary<WireFaults> = fc.record({
  drop: chance(0.25),
  flip: chance(0.15),
  repeat: chance(0.3),
  overtake: chance(0.1),
  cut: chance(0.1),
  split: chance(1),
});
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ is: fc.constantFrom("commands" as const, "reports" as const), count: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 4, arbitrary: fc.record({ is: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 4000 }) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("faults" as const), faults }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("noise" as const), bytes: fc.uint8Array({ maxLength: 300 }), toPad: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant("unplug" as const), ms: fc.integer({ min: 1, max: 5000 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constantFrom("host restart" as const, "host close" as const, "pad restart" as const, "pad off" as const),
    }),
  },
);

/** What happens between both real sessions on a wire that does its worst, with either end torn away at any time. */
export interface Story {
  readonly seed: number;
  readonly windows: readonly [host: number, pad: number];
  readonly happenings: readonly Happening[];
}
export const story: fc.Arbitrary<Story> = fc.record({
  seed: fc.nat(),
  windows: fc.tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 })),
  happenings: fc.array(happening, { minLength: 8, maxLength: 40, size: "max" }),
});

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, index) => from + index);

/** Messages of one direction: each has a number of its own, and belongs to the session of its sender in which it was sent, if there was one. */
export class Traffic {
  readonly arrived: number[] = [];
  readonly #sessionOf = new Map<number, number>();
  last = 0;

  /** @param session number of the sender's session, undefined if it has none and the message is dropped at once */
  next(session: number | undefined): number {
    this.last++;
    if (session !== undefined) this.#sessionOf.set(this.last, session);
    return this.last;
  }

  /** What is wrong with what arrived: nothing may be made up, doubled, out of order, or missing between two of one session. */
  get wrong(): string[] {
    return this.arrived.flatMap((number, index) => {
      const session = this.#sessionOf.get(number);
      if (session === undefined) return [`${number} was never sent`];
      const before = this.arrived[index - 1];
      if (before === undefined) return [];
      if (number <= before) return [`${number} after ${before}`];
      const missing = range(before + 1, number - before - 1).filter((between) => this.#sessionOf.get(between) === session);
      return this.#sessionOf.get(before) === session && missing.length > 0 ? [`${missing} missing between ${before} and ${number}`] : [];
    });
  }
}

/** How a story went. */
export interface Outcome {
  readonly commands: Traffic;
  readonly reports: Traffic;
  /** Both ends were ready again 8 s after the wire was. */
  readonly becameReady: boolean;
}

/**
 * Plays a story, then mends everything and sends 20 messages each way.
 * @param isPaired both hold a pairing key, and every message is secured
 */
export const play = ({ seed, windows, happenings }: Story, isPaired: boolean): Outcome => {
  const random = new SeededRandom(seed);
  const toPad = new LossyWire(random);
  const toHost = new LossyWire(random);
  const commands = new Traffic();
  const reports = new Traffic();
  const sessions = { host: 0, pad: 0 };
  const key = new SeededRandom(seed + 1).bytes(32);
  const conversation = new Conversation({
    toPad,
    toHost,
    hostOptions: { random: random.bytes, window: windows[0], keysOf: () => (isPaired ? [key] : []) },
    padOptions: { random: random.bytes, window: windows[1], key: () => (isPaired ? key : undefined) },
    onHost: (effect) => {
      if (effect.is === "ready") {
        sessions.host++;
        if ((effect.trust === "paired") !== isPaired) throw new Error(`a session is ${effect.trust}`);
      }
      if (effect.is === "report" && effect.message.type === "keyStuck") reports.arrived.push(effect.message.eventNo);
    },
    onPad: (effect) => {
      if (effect.is === "ready") sessions.pad++;
      if (effect.is === "command" && effect.message.type === "stored") commands.arrived.push(effect.message.eventNo);
    },
  });
  const wait = (ms: number) => conversation.run(() => false, ms);
  const command = (count: number) => {
    for (let index = 0; index < count; index++) {
      const eventNo = commands.next(conversation.host?.isReady ? sessions.host : undefined);
      conversation.hostStep({ is: "send", message: { type: "stored", eventNo } });
    }
  };
  const report = (count: number) => {
    for (let index = 0; index < count; index++) {
      const eventNo = reports.next(conversation.pad?.isReady ? sessions.pad : undefined);
      conversation.padStep({ is: "send", message: { type: "keyStuck", eventNo, key: 3 } });
    }
  };
  const setFaults = (faults: WireFaults) => {
    toPad.faults = faults;
    toHost.faults = faults;
  };

  conversation.startPad();
  conversation.openHost();
  wait(100);
  for (const what of happenings) {
    switch (what.is) {
      case "commands":
        command(what.count);
        break;
      case "reports":
        report(what.count);
        break;
      case "wait":
        wait(what.ms);
        break;
      case "faults":
        setFaults(what.faults);
        break;
      case "noise":
        (what.toPad ? toPad : toHost).write(what.bytes, conversation.now);
        break;
      case "unplug": {
        const before = toPad.faults;
        setFaults({ drop: 1 });
        toPad.clear();
        toHost.clear();
        wait(what.ms);
        setFaults(before);
        break;
      }
      case "host restart":
        conversation.openHost();
        break;
      case "host close":
        conversation.hostStep({ is: "close" });
        break;
      case "pad restart":
        conversation.startPad();
        break;
      case "pad off":
        conversation.pad = undefined;
        break;
    }
  }
  setFaults({});
  if (conversation.pad === undefined) conversation.startPad();
  if (conversation.host?.deadline() === undefined) conversation.openHost();
  // Long enough for a session that the bad wire has left half dead to be noticed and a new one to be made.
  wait(8000);
  const becameReady = conversation.areReady;
  command(20);
  report(20);
  wait(5000);
  return { commands, reports, becameReady };
};
