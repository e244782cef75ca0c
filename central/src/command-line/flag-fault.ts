import { WindowRatingError } from "@window-rating/protocol/error";
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** What is wrong first with the flags of a command, for a person. @param command as it was typed */
export const faultOf = (error: z.ZodError, command: string): string => {
  const issue = error.issues[0];
  if (issue === undefined) return `${command}: not valid`;
  if (issue.code === "unrecognized_keys") return `${command} knows no --${issue.keys[0]}`;
  const flag = `--${String(issue.path[0] ?? "")}`;
  return isAbsent(issue) ? `${flag} is missing` : `${flag}: ${reasonOf(issue)}`;
};

const isAbsent = ({ code, message }: Issue): boolean => code === "invalid_type" && message.endsWith("received undefined");

const reasonOf = (issue: Issue): string => {
  // Whoever wrote a sentence of his own knows better.
  if (!/^(Invalid|Too) /.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "number" || issue.expected === "int" ? "a whole number is needed" : issue.message;
    case "invalid_value":
      return `there are ${issue.values.join(", ")}`;
    case "too_small":
      if (issue.origin === "string") return Number(issue.minimum) <= 1 ? "it is empty" : `at least ${issue.minimum} characters`;
      return `at least ${issue.minimum}`;
    case "too_big":
      return `at most ${issue.maximum}${issue.origin === "string" ? " characters" : ""}`;
    default:
      return issue.message;
  }
};

/** What the reader of the command line says of it, without its advice on how to write a word that begins with a dash. */
export const misread = (cause: unknown): WindowRatingError => {
  const { code, message } = cause as NodeJS.ErrnoException;
  const flag = code === "ERR_PARSE_ARGS_UNKNOWN_OPTION" ? /'(-{1,2}[^']+)'/.exec(message)?.[1] : undefined;
  return misunderstood(flag === undefined ? (message.split(/[.\n]/)[0] ?? message) : `there is no flag ${flag}`, cause);
};

export const misunderstood = (detail: string, cause?: unknown): WindowRatingError => new WindowRatingError("WR8002", detail, cause);
