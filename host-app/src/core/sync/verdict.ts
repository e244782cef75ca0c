import { type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import { type BatchAnswer, batchAnswerSchema, type Entry, type EntryAnswer } from "@window-rating/protocol/sync";
import { errorIn, jsonOf, oneLine } from "./answer-text.ts";
import type { Exchange } from "./exchange.ts";
import { retryAfterMs } from "./retry-after.ts";

/** Why nothing can be sent or something was not taken: for status, screens and the log. */
export interface Cause {
  readonly code: ErrorCode;
  /** What happened. */
  readonly detail: string;
  /** One line that says what happened and what to do, code first. */
  readonly text: string;
}

export const causeOf = (code: ErrorCode, detail: string): Cause => ({ code, detail, text: new WindowRatingError(code, detail).message });

export type RefusedAnswer = EntryAnswer & { answer: "refused" };

/** What an exchange means for the next one; SendPlan says what follows from each. */
export type Outcome =
  /** Central spoke of at least one of these entries; or there were none to speak of. */
  | { readonly is: "answered" }
  /** Central answered in its own words, and of none of these entries. */
  | { readonly is: "unsettled" }
  | { readonly is: "too-large" }
  /** 429: too many at once, whatever is in them. */
  | { readonly is: "busy"; readonly afterMs: number | null }
  /** Any other status that says no; one entry may be what central fails at, also behind the 502 or 503 of a proxy. */
  | { readonly is: "failed"; readonly afterMs: number | null }
  | { readonly is: "not-known" }
  /** What answers is not central. */
  | { readonly is: "nonsense"; readonly afterMs: number | null }
  | { readonly is: "unreachable" }
  | { readonly is: "cut" }
  | { readonly is: "timed-out" };

export interface Verdict {
  readonly outcome: Outcome;
  /** Numbers that central has. */
  readonly confirmed: readonly number[];
  readonly refused: readonly RefusedAnswer[];
  /** null if all is well. */
  readonly cause: Cause | null;
  /** Answers that are about nothing that was sent, or that contradict another. */
  readonly strange: number;
  /** The answer itself, if it was one. */
  readonly answer: BatchAnswer | null;
}

const nothing = (outcome: Outcome, cause: Cause | null, answer: BatchAnswer | null = null): Verdict => ({
  outcome,
  cause,
  answer,
  confirmed: [],
  refused: [],
  strange: 0,
});

/**
 * Judges one exchange. Only what can be trusted entry by entry is believed; the rest will be sent again.
 * @param timeoutMs after which a request is aborted
 * @param wallMs for a `Retry-After` without a `Date`
 */
export const judge = (sent: readonly Entry[], exchange: Exchange, timeoutMs: number, wallMs: number): Verdict => {
  switch (exchange.is) {
    case "aborted":
      return nothing({ is: "timed-out" }, causeOf("WR6001", `no whole answer within ${timeoutMs / 1000} s`));
    case "unreachable":
    case "cut":
      return nothing({ is: exchange.is }, causeOf("WR6001", exchange.reason));
    case "answer":
      return exchange.status >= 200 && exchange.status < 300 ? judgeAnswer(sent, exchange) : judgeStatus(sent, exchange, wallMs);
  }
};

const UNKNOWN_WINDOW_PC = "WR7002";

type HttpAnswer = Extract<Exchange, { is: "answer" }>;

const judgeAnswer = (sent: readonly Entry[], answer: HttpAnswer): Verdict => {
  const parsed = batchAnswerSchema.safeParse(jsonOf(answer.text));
  if (!parsed.success) return nothing({ is: "nonsense", afterMs: null }, causeOf("WR6002", `HTTP ${answer.status} ${described(answer)}`));
  // Whoever does not know this PC has refused the PC, not its entries: those wait until it is enrolled again.
  if (parsed.data.answers.some(({ code }) => code === UNKNOWN_WINDOW_PC)) {
    return nothing({ is: "not-known" }, causeOf("WR6005", `HTTP ${answer.status}, ${UNKNOWN_WINDOW_PC}`), parsed.data);
  }
  const { confirmed, refused, strange } = settle(sent, parsed.data.answers);
  const settled = confirmed.length + refused.length;
  const answered = settled > 0 || sent.length === 0;
  return {
    outcome: { is: answered ? "answered" : "unsettled" },
    cause: answered
      ? null
      : causeOf("WR6002", `none of its ${parsed.data.answers.length} answers is about one of the ${sent.length} entries sent`),
    answer: parsed.data,
    confirmed,
    refused,
    strange,
  };
};

/** Believes an answer if its id and its number are those of one entry that was sent, and no other answer contradicts it. */
const settle = (sent: readonly Entry[], answers: readonly EntryAnswer[]): Pick<Verdict, "confirmed" | "refused" | "strange"> => {
  const idOf = new Map(sent.map(({ number, entryId }) => [number, entryId]));
  const believed = new Map<number, EntryAnswer>();
  const contradicted = new Set<number>();
  let strange = 0;
  for (const answer of answers) {
    const { number } = answer;
    const before = believed.get(number);
    if (idOf.get(number) !== answer.entryId) strange++;
    else if (before === undefined) believed.set(number, answer);
    else if ((before.answer === "refused") !== (answer.answer === "refused")) contradicted.add(number);
  }
  const confirmed: number[] = [];
  const refused: RefusedAnswer[] = [];
  for (const [number, answer] of believed) {
    if (contradicted.has(number)) continue;
    if (answer.answer === "refused") refused.push(refusal(answer.entryId, number, answer.code, answer.detail));
    else confirmed.push(number);
  }
  return { confirmed, refused, strange: strange + contradicted.size };
};

/** A refusal as it is kept. What central wrote is bounded here. */
const refusal = (entryId: string, number: number, code: string | undefined, detail: string | undefined): RefusedAnswer => ({
  entryId,
  number,
  answer: "refused",
  code: code !== undefined && /^WR\d{4}$/.test(code) ? code : "WR6004",
  detail: oneLine(detail ?? "", 500),
});

const judgeStatus = (sent: readonly Entry[], answer: HttpAnswer, wallMs: number): Verdict => {
  const { status } = answer;
  const told = errorIn(answer.text);
  const said = told === undefined ? `HTTP ${status} ${described(answer)}` : `HTTP ${status}, ${told.code}: ${told.detail}`;
  const afterMs = retryAfterMs(answer.retryAfter, answer.date, wallMs);
  if (status === 401 || status === 403 || told?.code === UNKNOWN_WINDOW_PC) return nothing({ is: "not-known" }, causeOf("WR6005", said));
  // A smaller batch goes at once: nothing to tell anyone of, until one entry alone is too large.
  if (status === 413) return nothing({ is: "too-large" }, sent.length > 1 ? null : causeOf(TOO_LARGE, said));
  if (status === 429) return nothing({ is: "busy", afterMs }, causeOf("WR6007", said));
  if (status < 400) {
    const whither = answer.location === null ? "" : ` to ${oneLine(answer.location, 100)}`;
    return nothing({ is: "nonsense", afterMs }, causeOf("WR6002", `HTTP ${status}: a redirect${whither}, which is not followed`));
  }
  // A central has this address and this verb: whoever does not know them is something else.
  if (status === 404 || status === 405) return nothing({ is: "nonsense", afterMs }, causeOf("WR6002", said));
  return nothing({ is: "failed", afterMs }, causeOf("WR6007", said));
};

/** The code of an entry that was set aside here, before central has seen it. */
export const TOO_LARGE = "WR6008";

/** The entry that no way to central lets through, as a refusal. */
export const tooLargeRefusal = ({ entryId, number }: Entry, cause: Cause | null): RefusedAnswer =>
  refusal(entryId, number, TOO_LARGE, cause?.text);

/** What came instead of an answer, short enough for a log line. */
const described = ({ contentType, text }: HttpAnswer): string =>
  `(${contentType ?? "no content type"}) ${JSON.stringify(oneLine(text, 60))}`;
