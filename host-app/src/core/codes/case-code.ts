import type { Binding, Moment, RequestId } from "@window-rating/protocol/rating";
import { type CaseCodeRequest, caseCodeAnswerSchema } from "@window-rating/protocol/sync";
import type { Logger } from "pino";
import type { Identity } from "../identity/identity.ts";
import { errorIn, jsonOf } from "../sync/answer-text.ts";
import { centralEndpoint, type Exchange, type Transport } from "../sync/exchange.ts";

/** What a one-case QR code (一事一码) holds. */
export interface CaseCode {
  readonly text: string;
  /** Unix milliseconds by this PC's clock; null: as long as the request may be rated. */
  readonly expiresAtMs: number | null;
}

/** The one-case QR codes of a PC's rating requests. */
export interface CaseCodes {
  /** A request was opened. Returns at once: whatever is asked for, the pad does not wait for it. */
  opened(binding: Binding, openedAt: Moment): void;
  /** Null: there is none, or none yet. */
  of(binding: Binding): CaseCode | null;
  /** Why there is none, in words; undefined if there is one, if it is on its way, or if none is wanted. */
  whyNone(binding: Binding): string | undefined;
}

/** Codes made from the site's own address: `{requestId}`, `{caseNo}` and `{visitNo}` are filled in. */
export const templateCodes = (template: string): CaseCodes => ({
  opened() {},
  of: ({ requestId, caseNo, visitNo }) => ({
    text: template
      .replaceAll("{requestId}", requestId)
      .replaceAll("{caseNo}", encodeURIComponent(caseNo))
      .replaceAll("{visitNo}", String(visitNo)),
    expiresAtMs: null,
  }),
  whyNone: () => undefined,
});

/** A site that wants none. */
export const noCodes: CaseCodes = { opened() {}, of: () => null, whyNone: () => undefined };

export interface CentralCodesOptions {
  readonly centralUrl: string;
  readonly identity: Pick<Identity, "windowPcId" | "enrolment">;
  /** Its own from now on: `close` closes it. */
  readonly transport: Transport;
  /** How long a code is good. */
  readonly validMinutes: number;
  /** Central's clock minus this one, milliseconds; null: not measured yet. */
  readonly centralOffsetMs: () => number | null;
  /** The code of a request has come, or will not come. */
  readonly changed: (windowNo: string, requestId: RequestId) => void;
  readonly logger: Pick<Logger, "warn">;
  /** How long central may take, milliseconds. A citizen who waits for a code has gone by then. */
  readonly answerWithinMs?: number;
}

const ANSWER_WITHIN_MS = 10_000;

interface Asked {
  readonly requestId: RequestId;
  readonly abort: AbortController;
  readonly code: CaseCode | null;
  readonly whyNone: string | undefined;
}

/**
 * Codes that central makes: signed, for one visit and its case, good for a while, each question once. Asked for once as a request opens;
 * without an answer the request is rated at the pad as ever, and the desk is told in words why there is no code.
 */
export class CentralCodes implements CaseCodes {
  readonly #options: CentralCodesOptions;
  /** The newest request of each window: nobody shows an older one. */
  readonly #newest = new Map<string, Asked>();

  constructor(options: CentralCodesOptions) {
    this.#options = options;
  }

  opened(binding: Binding, openedAt: Moment): void {
    const { windowNo, requestId } = binding;
    const before = this.#newest.get(windowNo);
    // Asked a second time it is the same visit, and the same code.
    if (before?.requestId === requestId && before.whyNone === undefined) return;
    before?.abort.abort();
    const abort = new AbortController();
    this.#newest.set(windowNo, { requestId, abort, code: null, whyNone: undefined });
    void this.#ask(binding, openedAt, abort);
  }

  of({ windowNo, requestId }: Binding): CaseCode | null {
    const asked = this.#newest.get(windowNo);
    return asked?.requestId === requestId ? asked.code : null;
  }

  whyNone({ windowNo, requestId }: Binding): string | undefined {
    const asked = this.#newest.get(windowNo);
    return asked?.requestId === requestId ? asked.whyNone : undefined;
  }

  /** What is under way is given up. */
  close(): void {
    for (const { abort } of this.#newest.values()) abort.abort();
    this.#newest.clear();
    this.#options.transport.close();
  }

  async #ask(binding: Binding, openedAt: Moment, abort: AbortController): Promise<void> {
    const { centralUrl, identity, transport, answerWithinMs = ANSWER_WITHIN_MS } = this.#options;
    const token = identity.enrolment()?.token;
    if (token === undefined) return this.#settle(binding, abort, "this window PC is not enrolled at central");
    const exchange = await transport.post({
      url: centralEndpoint(centralUrl, "/sync/v1/qr-codes"),
      token,
      text: JSON.stringify(this.#requestFor(binding, openedAt)),
      signal: AbortSignal.any([abort.signal, AbortSignal.timeout(answerWithinMs)]),
    });
    this.#settle(binding, abort, this.#codeIn(exchange));
  }

  #requestFor(binding: Binding, openedAt: Moment): CaseCodeRequest {
    const { identity, validMinutes, centralOffsetMs } = this.#options;
    const { caseNo, visitNo, caseCompleted, itemCode, itemName, staffNo, clerkName, windowNo } = binding;
    return {
      ...{
        windowPcId: identity.windowPcId,
        caseNo,
        visitNo,
        caseCompleted,
        itemCode,
        itemName,
        staffNo,
        clerkName,
        windowNo,
        validMinutes,
      },
      // By central's clock, for this one may be wrong (I11).
      endedAt: new Date(openedAt.wallMs + (centralOffsetMs() ?? 0)).toISOString(),
    };
  }

  /** @returns the code, or why there is none */
  #codeIn(exchange: Exchange): CaseCode | string {
    if (exchange.is === "aborted") return "central did not answer in time";
    if (exchange.is !== "answer") return `central cannot be reached: ${exchange.reason}`;
    const answer = caseCodeAnswerSchema.safeParse(jsonOf(exchange.text)).data;
    if (exchange.status === 201 && answer !== undefined)
      return { text: answer.url, expiresAtMs: Date.parse(answer.expiresAt) - (this.#options.centralOffsetMs() ?? 0) };
    const told = errorIn(exchange.text);
    return told === undefined ? `what answered is not central (HTTP ${exchange.status})` : `central: ${told.code} ${told.detail}`;
  }

  #settle({ windowNo, requestId }: Binding, abort: AbortController, outcome: CaseCode | string): void {
    // Another request has taken its place, or everything was closed.
    if (this.#newest.get(windowNo)?.abort !== abort) return;
    const found = typeof outcome === "string" ? { code: null, whyNone: outcome } : { code: outcome, whyNone: undefined };
    this.#newest.set(windowNo, { requestId, abort, ...found });
    if (typeof outcome === "string") this.#options.logger.warn({ windowNo, why: outcome }, "no QR code for this case");
    this.#options.changed(windowNo, requestId);
  }
}
