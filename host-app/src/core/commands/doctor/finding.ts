import { ERRORS, type ErrorCode, type WindowRatingError } from "@window-rating/protocol/error";
import { duration } from "../quantities.ts";
import { FINDING_KINDS, type FindingName } from "./finding-kinds.ts";

export type FindingFacts = Readonly<Record<string, string | number>>;

/** One line of the doctor. */
export interface Finding {
  readonly level: "ok" | "warn" | "fail";
  readonly kind: FindingName;
  readonly facts: FindingFacts;
  /** Of which window, where there are several. */
  readonly windowNo?: string;
  /** What was looked at, for instance "Pad". */
  readonly subject: string;
  readonly text: string;
  readonly code?: ErrorCode;
  /** What to do about it. */
  readonly todo?: string;
}

/** @param facts times, whose names end in Ms, as numbers */
const filled = (template: string, facts: FindingFacts): string =>
  template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const fact = facts[name] ?? "";
    return typeof fact === "number" && name.endsWith("Ms") ? duration(fact) : String(fact);
  });

const finding = (level: Finding["level"], kind: FindingName, facts: FindingFacts, code?: ErrorCode): Finding => {
  const { subject, text, todo }: { subject: string; text: string; todo?: string } = FINDING_KINDS[kind];
  const advice = todo ?? (code === undefined ? undefined : ERRORS[code].advice);
  return {
    ...{ level, kind, facts, subject, text: filled(text, facts) },
    ...(code === undefined ? {} : { code }),
    ...(advice === undefined ? {} : { todo: filled(advice, facts) }),
  };
};

export const ok = (kind: FindingName, facts: FindingFacts = {}): Finding => finding("ok", kind, facts);

export const warn = (kind: FindingName, code: ErrorCode, facts: FindingFacts = {}): Finding => finding("warn", kind, facts, code);

export const fail = (kind: FindingName, code: ErrorCode, facts: FindingFacts = {}): Finding => finding("fail", kind, facts, code);

export const failure = (kind: FindingName, { detail, code }: WindowRatingError): Finding => fail(kind, code, { detail });

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
