import type { z } from "zod";
import { CONSOLE_HEADER } from "../../access/session-schema.ts";
import { CONSOLE_PREFIX } from "../../console/contract/routes.ts";
import { RequestFailure } from "./failure.ts";

export interface RequestOptions {
  readonly method?: string;
  /** A file as it is, or anything else as JSON. */
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** The events of a session that ended: the page shows the sign-in whoever asked. */
export const sessionEnded = new EventTarget();

/** One request to central, with the header that only the console's own pages can send. */
export const send = async (path: string, { method = "GET", body, signal }: RequestOptions = {}): Promise<Response> => {
  const isFile = body instanceof Blob;
  const headers: Record<string, string> = { accept: "application/json", [CONSOLE_HEADER.name]: CONSOLE_HEADER.value };
  if (body !== undefined) headers["content-type"] = isFile ? "application/octet-stream" : "application/json";
  const init: RequestInit = { method, headers, credentials: "same-origin" };
  if (body !== undefined) init.body = isFile ? body : JSON.stringify(body);
  if (signal !== undefined) init.signal = signal;
  let response: Response;
  try {
    response = await fetch(`${CONSOLE_PREFIX}${path}`, init);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new RequestFailure({ is: "unreachable", detail: String(error) });
  }
  if (!response.ok) throw await refusal(response);
  return response;
};

const refusal = async (response: Response): Promise<RequestFailure> => {
  const answer = (await response.json().catch(() => null)) as { error?: Record<string, unknown> } | null;
  const error = answer?.error;
  if (typeof error?.code !== "string") return new RequestFailure({ is: "unreachable", detail: `HTTP ${response.status}` });
  const { code, title = "", detail = "", advice = "" } = error;
  if (code === "WR7050" || code === "WR7054") sessionEnded.dispatchEvent(new Event(code));
  const wait = Number(response.headers.get("retry-after"));
  return new RequestFailure({
    is: "told",
    status: response.status,
    code,
    title: String(title),
    detail: String(detail),
    advice: String(advice),
    retryAfterSeconds: Number.isFinite(wait) && wait > 0 ? wait : null,
  });
};

/** An answer held against its schema, so that a page never shows what it misunderstands. */
export const readAnswer = <S extends z.ZodType>(schema: S, answer: unknown, what: string): z.output<S> => {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new RequestFailure({ is: "strange", detail: `${what}: ${issue?.path.join(".")}: ${issue?.message}` });
};

export const ask = async <S extends z.ZodType>(schema: S, path: string, options?: RequestOptions): Promise<z.output<S>> => {
  const response = await send(path, options);
  return readAnswer(schema, await response.json(), path);
};
