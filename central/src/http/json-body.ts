import { WindowRatingError } from "@window-rating/protocol/error";
import type { FastifyInstance } from "fastify";

/** Nothing that central takes is nested deeper than ten; what is deeper would fill the stack of whoever walks through it. */
const DEEPEST = 64;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

const refused = (detail: string, cause?: unknown): WindowRatingError => new WindowRatingError("WR7001", detail, cause);

/**
 * Reads a JSON body more strictly than `JSON.parse`: UTF-8 only; nothing nested without end; no key twice in one object, for of two
 * readers one would take the first and the other the last; no key with which prototypes are reached. Half of a surrogate pair, which no
 * column of type jsonb keeps, becomes U+FFFD as it would in UTF-8.
 * @throws WindowRatingError WR7001
 */
export const readJson = (bytes: Uint8Array): unknown => {
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (error) {
    throw refused("The body is not UTF-8", error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refused("The body is no JSON", error);
  }
  checkKeys(text);
  return /\\u[dD][89a-fA-F]/.test(text) ? JSON.parse(text, wellFormed) : value;
};

const wellFormed = (_key: string, value: unknown): unknown => (typeof value === "string" ? value.toWellFormed() : value);

/** What matters of a JSON text: its strings, with what follows them, and its brackets. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/gs;

/** @param text valid JSON */
const checkKeys = (text: string): void => {
  const open: (Set<string> | undefined)[] = [];
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === "{" || token === "[") {
      open.push(token === "{" ? new Set() : undefined);
      if (open.length > DEEPEST) throw refused(`The body is nested too deeply, more than ${DEEPEST} levels`);
    } else if (token === "}" || token === "]") open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(token.slice(0, -colon.length)) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) throw refused(`${shown(key)}: stands twice in one object`);
      if (key === "__proto__") throw refused(`${shown(key)}: no such field`);
      keys?.add(key);
    }
  }
};

const shown = (key: string): string => key.replace(/[\p{Cc}\p{Cs}]/gu, "?").slice(0, 60) || "(empty)";

/** Lets every route of a scope that takes JSON take it so. */
export const jsonBodies = (app: FastifyInstance): void => {
  app.removeContentTypeParser("application/json");
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => {
    try {
      done(null, readJson(body as Buffer));
    } catch (error) {
      done(error as WindowRatingError);
    }
  });
};
