import { ERRORS, type ErrorCode, type WindowRatingError } from "@window-rating/protocol/error";

/** One line of the doctor. */
export interface Finding {
  readonly level: "ok" | "warn" | "fail";
  /** What was looked at, for instance "Pad". */
  readonly subject: string;
  readonly text: string;
  readonly code?: ErrorCode;
  /** What to do about it. */
  readonly todo?: string;
}

export const ok = (subject: string, text: string): Finding => ({ level: "ok", subject, text });

/** @param todo by default what the table of errors advises */
export const warn = (subject: string, text: string, code: ErrorCode, todo: string = ERRORS[code].advice): Finding => ({
  level: "warn",
  subject,
  text,
  code,
  todo,
});

/** @param todo by default what the table of errors advises */
export const fail = (subject: string, text: string, code: ErrorCode, todo: string = ERRORS[code].advice): Finding => ({
  level: "fail",
  subject,
  text,
  code,
  todo,
});

export const failure = (subject: string, { detail, code }: WindowRatingError): Finding => fail(subject, detail, code);

/** A cause told in words, as errors word it, without the code and the advice that a finding has places of its own for. */
export const withoutCode = (cause: string): string => {
  const code = codeIn(cause);
  if (code === undefined) return cause;
  return cause
    .replace(`${code} `, "")
    .replace(ERRORS[code].advice, "")
    .replace(/[.\s]+$/, "");
};

/** The code in a cause that was told in words. */
export const codeIn = (text: string | undefined): ErrorCode | undefined => {
  const code = /\bWR\d{4}\b/.exec(text ?? "")?.[0];
  return code !== undefined && code in ERRORS ? (code as ErrorCode) : undefined;
};
