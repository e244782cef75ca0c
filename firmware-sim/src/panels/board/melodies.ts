import { PROMPTS } from "../../firmware/prompts.ts";

/** The piezo's two tones, an octave apart, and silence. */
export type Tone = "low" | "high" | "silence";

/** A tone and how long it lasts, milliseconds. */
export type Note = readonly [tone: Tone, ms: number];

/** What is played where a pad with a voice speaks: rising for a welcome, asking, closing for thanks, and two low ones to hold back. */
const MELODIES: Readonly<Record<keyof typeof PROMPTS, readonly Note[]>> = {
  welcome: [
    ["low", 120],
    ["silence", 40],
    ["high", 240],
  ],
  invite: [
    ["low", 120],
    ["high", 120],
    ["silence", 80],
    ["low", 120],
    ["high", 240],
  ],
  thanks: [
    ["high", 120],
    ["silence", 40],
    ["high", 120],
    ["low", 300],
  ],
  waitBehindLine: [
    ["low", 300],
    ["silence", 100],
    ["low", 300],
  ],
};

const byId = new Map<number, readonly Note[]>(
  Object.entries(PROMPTS).map(([name, { id }]) => [id, MELODIES[name as keyof typeof PROMPTS]]),
);

/** The melody of a prompt, by its number in the protocol; undefined for one that has none. */
export const melodyOf = (promptId: number): readonly Note[] | undefined => byId.get(promptId);
