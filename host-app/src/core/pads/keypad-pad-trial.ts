import type { SideRequest } from "@window-rating/protocol/keypad";
import type { KeypadLine } from "./keypad-line.ts";
import type { TrialLine } from "./pad-trial.ts";
import type { TrialPart } from "./trial-parts.ts";

const BLINK_MS = 500;
const BEEPS = 2;
/** A pad that sends nothing while it is dark goes dark at each press: it is left to its answer so long, and lit again. */
const LIGHT_AGAIN_MS = 800;
/** Shown for a moment; such a pad keeps the clerk's stars apart from what a citizen chooses. */
const STARS = 5;

/**
 * Tries a pad of another maker, as far as its profile says what it understands. Its presses are told as they come; none of them counts. One
 * that sends its keys only while it is lit is lit for the test of its keys, with no request behind it.
 */
export const keypadTrial = (line: KeypadLine): TrialLine => {
  const { keypad, lamps, voice } = line.profile;
  const knows = (request: SideRequest): boolean => keypad.requests[request] !== undefined;
  const hasLamps = knows("lamps") && lamps.count > 0;
  const hasVoice = knows("voice") && voice.prompts.length > 0;
  const allLamps = 2 ** lamps.count - 1;
  const isLitForKeys = keypad.requests.startRating !== undefined;
  return {
    parts: () => {
      if (line.state.connection !== "ready") return [];
      const can: Readonly<Record<TrialPart, boolean>> = {
        identify: hasLamps || knows("beep"),
        lamps: hasLamps,
        keys: true,
        voice: hasVoice,
        screen: false,
        beep: knows("beep"),
        stars: knows("stars"),
      };
      return (Object.keys(can) as TrialPart[]).filter((part) => can[part]);
    },
    begin: (part, durationMs, told) => {
      let timer: NodeJS.Timeout | undefined;
      let lightAgain: NodeJS.Timeout | undefined;
      const light = (): boolean => line.light(Math.ceil(durationMs / 1000));
      const setLamps = (bits: number): boolean => line.ask("lamps", { lamps: bits });
      const blink = (): boolean => {
        let isLit = true;
        timer = setInterval(() => {
          isLit = !isLit;
          setLamps(isLit ? allLamps : 0);
        }, BLINK_MS);
        return setLamps(allLamps);
      };
      /** Lamp after lamp, so that two that are exchanged are seen. */
      const walk = (): boolean => {
        let lamp = 0;
        timer = setInterval(() => {
          lamp = (lamp + 1) % lamps.count;
          setLamps(1 << lamp);
        }, BLINK_MS);
        return setLamps(1);
      };
      const begin: Readonly<Record<TrialPart, () => boolean>> = {
        identify: () => (hasLamps ? blink() : line.ask("beep", { count: BEEPS })),
        lamps: walk,
        keys: () => !isLitForKeys || light(),
        voice: () => line.ask("voice", { prompt: voice.prompts[0] ?? 1 }),
        screen: () => false,
        beep: () => line.ask("beep", { count: BEEPS }),
        stars: () => line.ask("stars", { level: STARS }),
      };
      if (line.state.connection !== "ready" || !begin[part]()) {
        clearInterval(timer);
        return undefined;
      }
      const watcher: NonNullable<KeypadLine["watcher"]> = {
        pressed: (key) => {
          if (part !== "keys") return false;
          told.pressed(key);
          clearTimeout(lightAgain);
          if (isLitForKeys) lightAgain = setTimeout(light, LIGHT_AGAIN_MS).unref();
          return true;
        },
        opening: () => told.over("rating"),
        lost: () => told.over("lost"),
      };
      line.watcher = watcher;
      return {
        stop: () => {
          clearInterval(timer);
          clearTimeout(lightAgain);
          if (line.watcher === watcher) line.watcher = undefined;
          if (timer !== undefined) setLamps(0);
          if (part === "keys" && isLitForKeys) line.light(0);
        },
      };
    },
  };
};
