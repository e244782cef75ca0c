import { WindowRatingError } from "@window-rating/protocol/error";
import type { OutgoingSms, SendResult, SmsGateway } from "./gateway.ts";
import { type GatewayFile, secretOf } from "./gateway-file.ts";

/** An answer is read this far; no more of it matters. */
const ANSWER_CHARACTERS = 4096;
const PLACEHOLDER = /\{\{(phone|text|item|key|env:([A-Z_][A-Z0-9_]*))\}\}/g;

type Escape = (value: string) => string;
const asIs: Escape = (value) => value;
const inAddress: Escape = (value) => encodeURIComponent(value.toWellFormed());
/** No line break may get into a header. */
const inHeader: Escape = (value) => value.toWellFormed().replace(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character));

type Json = GatewayFile["send"]["body"] extends infer B ? (B extends { json: infer J } ? J : never) : never;

/**
 * A provider that is talked to over HTTP by a template.
 * @param environment where the secrets are
 * @throws WindowRatingError WR7036 if a secret is missing or a placeholder unknown
 */
export const httpGateway = (
  { send }: GatewayFile,
  environment: Readonly<Record<string, string | undefined>>,
  ask: typeof fetch = fetch,
): SmsGateway => {
  const fill = (template: string, message: OutgoingSms, escaped: Escape): string =>
    template.replace(PLACEHOLDER, (_, name: string, variable: string | undefined) =>
      escaped(variable === undefined ? message[name as "phone" | "text" | "item" | "key"] : secretOf(environment, variable)),
    );
  const requestOf = (message: OutgoingSms): { readonly url: string; readonly init: RequestInit } => {
    const headers = Object.fromEntries(Object.entries(send.headers).map(([name, value]) => [name, fill(value, message, inHeader)]));
    const { body, type } = bodyOf(send.body, (template, escaped) => fill(template, message, escaped));
    const url = fill(send.url, message, inAddress);
    // A redirect would carry phone and secrets to somebody else.
    const init = {
      method: send.method,
      headers: { ...type, ...headers },
      redirect: "error" as const,
      ...(body === undefined ? {} : { body }),
    };
    return { url, init };
  };
  checkTemplates(send, () => requestOf({ key: "", phone: "", text: "", item: "" }));
  const success = new RegExp(send.success, "u");
  const forGood = send.refusedForGood === undefined ? undefined : new RegExp(send.refusedForGood, "u");

  return {
    isIdempotent: send.idempotent,
    timeoutMs: send.timeoutMs,
    async send(message) {
      try {
        const { url, init } = requestOf(message);
        const answer = await ask(url, { ...init, signal: AbortSignal.timeout(send.timeoutMs) });
        return judge(answer, (await answer.text()).slice(0, ANSWER_CHARACTERS), success, forGood);
      } catch (error) {
        return failure(error);
      }
    },
  };
};

const bodyOf = (
  body: GatewayFile["send"]["body"],
  fill: (template: string, escaped: Escape) => string,
): { readonly body?: string; readonly type: Record<string, string> } => {
  if (body === undefined) return { type: {} };
  if ("form" in body) {
    const fields = new URLSearchParams(Object.entries(body.form).map(([name, value]): [string, string] => [name, fill(value, asIs)]));
    return { body: fields.toString(), type: { "content-type": "application/x-www-form-urlencoded" } };
  }
  if ("json" in body) {
    const filled = (value: Json): Json => {
      if (typeof value === "string") return fill(value, asIs);
      if (Array.isArray(value)) return value.map(filled);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filled(inner)]));
    };
    return { body: JSON.stringify(filled(body.json)), type: { "content-type": "application/json" } };
  }
  return { body: fill(body.text, asIs), type: { "content-type": "text/plain; charset=utf-8" } };
};

/** A misspelt placeholder would be sent to a citizen; a missing secret would show only at night. */
const checkTemplates = (send: GatewayFile["send"], tryOut: () => unknown): void => {
  const left = /\{\{[^{}]*\}\}/.exec(JSON.stringify([send.url, send.headers, send.body]).replace(PLACEHOLDER, ""));
  if (left !== null) throw new WindowRatingError("WR7036", `${left[0]} is no placeholder; there are phone, text, item, key and env:NAME`);
  if (!/^https?:\/\/[^{]/.test(send.url)) throw new WindowRatingError("WR7036", "send.url is no http or https address");
  tryOut();
};

const judge = (answer: Response, body: string, success: RegExp, forGood: RegExp | undefined): SendResult => {
  const found = success.exec(body);
  if (answer.ok && found !== null) return { is: "accepted", gatewayId: found[1]?.slice(0, 200) ?? null };
  // Providers like to repeat the number in what they answer; it is no business of a log.
  const detail = `${answer.status} ${body
    .replace(/\s+/g, " ")
    .replace(/\d{5,}/g, "…")
    .slice(0, 200)}`;
  if (forGood?.test(body) === true) return { is: "refused", again: false, detail };
  // Something on the way failed, perhaps after the provider had taken the message.
  if (answer.status >= 500 && answer.status !== 503) return { is: "unknown", detail };
  const seconds = Number(answer.headers.get("retry-after") ?? Number.NaN);
  const wait = Number.isFinite(seconds) && seconds > 0 ? { waitMs: Math.min(seconds, 86_400) * 1000 } : {};
  return { is: "refused", again: true, detail, ...wait };
};

/** Never got there: nothing was sent. Got there and no answer came: who knows. */
const NOT_REACHED: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

const failure = (error: unknown): SendResult => {
  const cause = error instanceof Error && typeof error.cause === "object" && error.cause !== null ? error.cause : undefined;
  const code = cause !== undefined && "code" in cause ? cause.code : undefined;
  // The message of such an error may hold the URL, and that a secret.
  const detail = typeof code === "string" ? code : error instanceof Error ? error.name : "no answer";
  return NOT_REACHED.has(code) ? { is: "refused", again: true, detail } : { is: "unknown", detail };
};
