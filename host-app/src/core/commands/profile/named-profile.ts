import { WindowRatingError } from "@window-rating/protocol/error";

/** Takes the word that names a profile off the front of the arguments. @throws WR8002 if there is none */
export const namedFirst = (args: readonly string[], usage: string): { readonly name: string; readonly rest: readonly string[] } => {
  const [name, ...rest] = args;
  if (name === undefined || name.startsWith("-")) throw new WindowRatingError("WR8002", `no profile is named: ${usage}`);
  return { name, rest };
};

export const wantsHelp = (args: readonly string[]): boolean => args.includes("--help") || args.includes("-h");
