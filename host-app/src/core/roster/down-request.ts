import { Agent, request as httpRequest } from "node:http";
import { request as httpsRequest, Agent as SecureAgent } from "node:https";
import { type DownAnswer, downAnswerSchema } from "@window-rating/protocol/sync";

/** What a window PC asks central for. */
export interface DownRequest {
  readonly centralUrl: string;
  readonly windowPcId: string;
  readonly token: string;
  /** Version of clerks and items that it has. */
  readonly since: number;
  /** Version of the reason list that it has; "" for none. */
  readonly reasons: string;
  /** Tag of the answer to the same question before; "" for none. */
  readonly etag: string;
  readonly signal: AbortSignal;
}

/** How a request ended. */
export type DownReply =
  | { readonly is: "changed"; readonly answer: DownAnswer; readonly etag: string }
  | { readonly is: "unchanged" }
  /** Central does not know this PC or its token. */
  | { readonly is: "unknown"; readonly why: string }
  | { readonly is: "failed"; readonly why: string };

/** Asks central. Never rejects. */
export type AskDown = (request: DownRequest) => Promise<DownReply>;

/** A page of the roster has at most about 600 kB. */
const LONGEST_ANSWER = 4 * 1_048_576;

const urlOf = ({ centralUrl, windowPcId, since, reasons }: DownRequest): URL => {
  const url = new URL(`${centralUrl.replace(/[?#].*$/, "").replace(/\/+$/, "")}/api/v1/down`);
  url.search = new URLSearchParams({ windowPcId, since: String(since), reasons }).toString();
  return url;
};

/** Over node:http, which the sender has loaded already; the connection is not kept, for this is asked once a minute. */
export const askDown: AskDown = (request) =>
  new Promise((resolve) => {
    const url = urlOf(request);
    const headers = {
      accept: "application/json",
      authorization: `Bearer ${request.token}`,
      ...(request.etag === "" ? {} : { "if-none-match": request.etag }),
    };
    const isSecure = url.protocol === "https:";
    const options = { headers, signal: request.signal, agent: isSecure ? new SecureAgent() : new Agent() };
    const sent = isSecure ? httpsRequest(url, options) : httpRequest(url, options);
    const failed = (error: Error): void => resolve({ is: "failed", why: error.message || "no answer" });
    sent.on("error", failed);
    sent.on("response", (response) => {
      const pieces: Buffer[] = [];
      let length = 0;
      response.on("error", failed);
      response.on("data", (piece: Buffer) => {
        length += piece.length;
        if (length > LONGEST_ANSWER) response.destroy(new Error("the answer is longer than any roster"));
        else pieces.push(piece);
      });
      response.on("end", () =>
        resolve(replyOf(response.statusCode ?? 0, String(response.headers.etag ?? ""), Buffer.concat(pieces).toString("utf8"))),
      );
    });
    sent.end();
  });

const replyOf = (status: number, etag: string, text: string): DownReply => {
  if (status === 304) return { is: "unchanged" };
  if (status === 401 || status === 403) return { is: "unknown", why: `central answered ${status}` };
  if (status !== 200) return { is: "failed", why: `central answered ${status}` };
  const parsed = downAnswerSchema.safeParse(jsonOf(text));
  return parsed.success ? { is: "changed", answer: parsed.data, etag } : { is: "failed", why: "what answered is not central" };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
