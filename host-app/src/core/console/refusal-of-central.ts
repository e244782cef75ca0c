import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";

/** Codes that a request declares pass; whatever else central refuses with is its refusal all the same, with its own code in words. */
export const declaredRefusal = (error: unknown, declared: readonly ErrorCode[]): unknown =>
  error instanceof WindowRatingError && error.code.startsWith("WR7") && !declared.includes(error.code)
    ? new WindowRatingError("WR6005", `${error.code} ${error.detail}`, error)
    : error;
