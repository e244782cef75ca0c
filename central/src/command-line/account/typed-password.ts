import { createInterface } from "node:readline";
import { type Readable, Writable } from "node:stream";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { FirstPassword } from "../../access/accounts.ts";
import type { PasswordSource } from "./arguments.ts";

/** Where a password is typed. */
export interface Typing {
  readonly input: Readable & { readonly isTTY?: boolean };
  /** Where it is asked for; never standard output, which may go to a file. */
  prompt(text: string): void;
}

/**
 * The first password of an account.
 * @throws WindowRatingError WR8002 if there is no terminal to ask on, nothing came, or the two were not alike
 */
export const firstPassword = async (source: PasswordSource, typing: Typing): Promise<FirstPassword> => {
  if (source === "start" || source === "none") return { is: source };
  if (source === "prompt" && typing.input.isTTY !== true)
    throw misunderstood("--prompt needs a terminal; --password-stdin reads from a pipe");
  const lines = linesOf(typing, source === "prompt");
  try {
    if (source === "prompt") typing.prompt("Password: ");
    const password = await lines.next();
    if (source === "prompt") {
      typing.prompt("\nOnce more: ");
      const again = await lines.next();
      typing.prompt("\n");
      if (again !== password) throw misunderstood("The two are not alike");
    }
    if (password === "") throw misunderstood("No password came");
    return { is: "given", password };
  } finally {
    lines.close();
  }
};

/** Lines as they are typed; on a terminal nothing of them is shown. */
const linesOf = ({ input }: Typing, isTerminal: boolean) => {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: nowhere, terminal: isTerminal });
  const lines = reader[Symbol.asyncIterator]();
  return {
    async next(): Promise<string> {
      const { value, done } = await lines.next();
      return done === true ? "" : String(value).replace(/\r$/, "");
    },
    close: () => reader.close(),
  };
};

const misunderstood = (detail: string): WindowRatingError => new WindowRatingError("WR8002", detail);
