import { WindowRatingError } from "@window-rating/protocol/error";
import type { z } from "zod";

/** What of the words after `policy <name>` is wrong first, for a person. */
export const faultOf = (error: z.ZodError, name: string): string => {
  const issue = error.issues[0];
  if (issue?.code === "unrecognized_keys") return `policy ${name} knows no --${issue.keys[0]}`;
  return `--${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}`;
};

export const misunderstood = (detail: string, cause?: unknown): WindowRatingError => new WindowRatingError("WR8002", detail, cause);
