import { ERRORS, type ErrorCode, WindowRatingError } from "@window-rating/protocol/error";
import { type EnrolmentRequest, enrolmentAnswerSchema, enrolmentRequestSchema } from "@window-rating/protocol/sync";
import { errorIn, jsonOf } from "../sync/answer-text.ts";
import { centralEndpoint, type Transport } from "../sync/exchange.ts";
import { type Enrolment, enrolmentSchema, type Identity } from "./identity.ts";

export interface EnrolOptions {
  readonly centralUrl: string;
  /** One-time code from `window-central enrol`. */
  readonly code: string;
  /** undefined: the window that the code was made for. */
  readonly windowNo: string | undefined;
  readonly transport: Transport;
  readonly wallMs: number;
  /** Ends the try; by default after 30 s. */
  readonly signal?: AbortSignal;
}

/**
 * Makes this window PC known to central; what central gives is on disk when it returns. With an identity that was enrolled
 * before it is the same window PC with a new token.
 * @throws WR6001 not reached, WR6002 what answered is not central, WR6006 not written, WR8001 a code or window number of
 * the wrong shape, or the code that central gave (WR7003: the one-time code is not valid)
 */
export const enrol = async (identity: Identity, options: EnrolOptions): Promise<Enrolment> => {
  const window = options.windowNo === undefined ? {} : { windowNo: options.windowNo };
  const request = { code: options.code, ...window, publicKey: identity.publicKey } satisfies EnrolmentRequest;
  const wrong = enrolmentRequestSchema.safeParse(request).error?.issues[0];
  if (wrong !== undefined)
    throw new WindowRatingError("WR8001", `enrolment: ${wrong.path.join(".")}: ${wrong.message}`, undefined, {
      field: String(wrong.path[0]),
    });

  const exchange = await options.transport.post({
    url: centralEndpoint(options.centralUrl, "/sync/v1/enrolments"),
    token: null,
    text: JSON.stringify(request),
    signal: options.signal ?? AbortSignal.timeout(30_000),
  });
  if (exchange.is !== "answer") {
    const why = exchange.is === "aborted" ? "no answer in time" : exchange.reason;
    throw new WindowRatingError(
      "WR6001",
      `${options.centralUrl}: ${why}; this PC is not enrolled yet, and may try again with the same code`,
    );
  }
  if (exchange.status < 200 || exchange.status >= 300) throw refusalOf(exchange.status, exchange.text);

  const answer = enrolmentAnswerSchema.safeParse(jsonOf(exchange.text)).data;
  if (answer === undefined) throw new WindowRatingError("WR6002", `its answer to the enrolment (HTTP ${exchange.status}) is none`);
  if (answer.windowPcId !== identity.windowPcId)
    throw new WindowRatingError("WR6002", `it enrolled ${answer.windowPcId}, which is not this PC`);
  const enrolment = enrolmentSchema.safeParse({
    centralUrl: options.centralUrl,
    token: answer.token,
    enrolledAt: new Date(options.wallMs).toISOString(),
  }).data;
  if (enrolment === undefined) throw new WindowRatingError("WR6002", "its token has characters that no HTTP header can carry");
  identity.keepEnrolment(enrolment);
  return enrolment;
};

/** What central said instead of what it was asked for, with its code if it gave one. */
export const refusalOf = (status: number, text: string): WindowRatingError => {
  const told = errorIn(text);
  if (told === undefined) return new WindowRatingError("WR6002", `HTTP ${status}`);
  const detail = `central said: ${told.detail || `HTTP ${status}`}`;
  // What a desk API refuses with is no word of central: the address is that of a window PC, or of something else.
  if (told.code.startsWith("WR5")) return new WindowRatingError("WR6002", `HTTP ${status}, ${told.detail}`);
  return new WindowRatingError(isErrorCode(told.code) ? told.code : "WR6005", detail);
};

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(ERRORS, code);
