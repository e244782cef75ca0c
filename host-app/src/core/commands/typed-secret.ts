import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { WindowRatingError } from "@window-rating/protocol/error";

interface Wanted {
  /** As in a sentence: "the PIN". */
  readonly what: string;
  /** Typed by hand, so that on a terminal, where nothing of it is shown, it is asked for twice. */
  readonly isByHand: boolean;
  readonly say: (text: string) => void;
}

/**
 * What must not be seen, from standard input; on a terminal nothing of it is shown.
 * @throws WR8002 nothing was typed, or not the same twice; an AbortError at Ctrl+C
 */
export const typedSecret = ({ what, isByHand, say }: Wanted): Promise<string> =>
  process.stdin.isTTY === true ? atTerminal(what, isByHand, say) : fromPipe(what, say);

const nothingTyped = (what: string): WindowRatingError =>
  new WindowRatingError("WR8002", `nothing was typed; give ${what} on standard input`);

const atTerminal = async (what: string, isByHand: boolean, say: Wanted["say"]): Promise<string> => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const input = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  try {
    say(`Type ${what}, and press Enter; nothing of it is shown:`);
    const typed = (await input.question("")).trim();
    if (typed === "") throw nothingTyped(what);
    if (!isByHand) return typed;
    say("Once more:");
    if ((await input.question("")).trim() === typed) return typed;
    throw new WindowRatingError("WR8002", `${what} was not typed the same twice; nothing was changed`);
  } finally {
    input.close();
  }
};

const fromPipe = async (what: string, say: Wanted["say"]): Promise<string> => {
  say(`Type ${what}, and press Enter:`);
  const input = createInterface({ input: process.stdin });
  try {
    for await (const line of input) if (line.trim() !== "") return line.trim();
  } finally {
    input.close();
  }
  throw nothingTyped(what);
};
