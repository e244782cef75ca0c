import type { Spoken } from "../face.ts";

/** One voice prompt. The numbers are those of the protocol's `openRating.voice`; 0 is silence. */
export interface Prompt {
  readonly id: number;
  readonly zh: string;
  readonly en: string;
}

/** What the pad can say. Wordings of pads in use (domain.md 2.4). */
export const PROMPTS = {
  welcome: { id: 1, zh: "欢迎光临", en: "Welcome" },
  invite: { id: 2, zh: "请您对我们的服务进行评价", en: "Please rate our service" },
  thanks: { id: 3, zh: "谢谢", en: "Thank you" },
  waitBehindLine: { id: 4, zh: "对不起，请在一米线外等候", en: "Please wait behind the line" },
} as const satisfies Record<string, Prompt>;

const byId = new Map<number, Prompt>(Object.values(PROMPTS).map((prompt) => [prompt.id, prompt]));

/** The prompt of a number, or undefined if this pad has none: it then stays silent. */
export const promptOf = (id: number): Prompt | undefined => byId.get(id);

/** What the pad says aloud. */
export class Voice {
  /** Percent; 0 = silence. */
  volume = 100;
  #spoken: Spoken | null = null;

  /** What was said last. */
  get spoken(): Spoken | null {
    return this.#spoken;
  }

  /** @returns what is said; undefined if this pad has no such prompt, or is silent */
  say(prompt: number, at: number): Spoken | undefined {
    const known = promptOf(prompt);
    if (known === undefined || this.volume === 0) return undefined;
    this.#spoken = { ...known, at };
    return this.#spoken;
  }
}
