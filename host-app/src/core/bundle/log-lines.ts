import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { LOG_FILES, logFolder } from "../commands/log-file.ts";
import type { Redaction } from "./redaction.ts";

/** What a line of the log may keep; anything else that was logged is named, and its value taken out. */
const KEPT_TEXTS: readonly string[] = [
  ...["msg", "text", "detail", "cause", "reason", "what", "fault", "kind", "rung", "side", "code", "phase", "trust", "because", "signal"],
  ...["windowNo", "port", "path", "model", "serialNumber", "firmware", "version", "request", "screen", "method", "url", "file", "bootId"],
];
/** Lines are redacted in pieces, so that a window-host that runs goes on meanwhile. */
const LINES_AT_ONCE = 200;
const LONGEST_LINE = 8000;

/** The newest bytes of a file, at most so many. */
const tailOf = (path: string, most: number): string => {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const from = Math.max(0, size - most);
    const bytes = Buffer.alloc(size - from);
    const read = readSync(file, bytes, 0, bytes.length, from);
    const text = bytes.subarray(0, read).toString("utf8");
    // A line that was cut is left out.
    return from === 0 ? text : text.slice(text.indexOf("\n") + 1);
  } finally {
    closeSync(file);
  }
};

/**
 * The logs of a data folder, redacted, the newest bytes first until there are so many.
 * @param isLate what was not read by then is left out
 * @returns by file, the newest file first; one that cannot be read is left out
 */
export const redactedLogs = async (
  dataDir: string,
  redaction: Redaction,
  mostBytes: number,
  isLate: () => boolean,
): Promise<{ name: string; text: string }[]> => {
  const logs: { name: string; text: string }[] = [];
  let left = mostBytes;
  for (const name of LOG_FILES) {
    if (left <= 0 || isLate()) break;
    let text: string;
    try {
      text = tailOf(join(logFolder(dataDir), name), left);
    } catch {
      continue;
    }
    left -= text.length;
    logs.push({ name, text: await redactedLines(text, redaction, isLate) });
  }
  return logs;
};

const redactedLines = async (text: string, redaction: Redaction, isLate: () => boolean): Promise<string> => {
  const lines = text.split("\n").filter((line) => line !== "");
  const pieces: string[] = [];
  // The newest first: they are what is looked for.
  for (let end = lines.length; end > 0 && !isLate(); end -= LINES_AT_ONCE) {
    const piece = lines.slice(Math.max(0, end - LINES_AT_ONCE), end);
    pieces.push(piece.map((line) => `${redactedLine(line, redaction)}\n`).join(""));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return pieces.reverse().join("");
};

const redactedLine = (line: string, redaction: Redaction): string => {
  let logged: unknown;
  try {
    logged = JSON.parse(line);
  } catch {
    return redaction.prose(line.slice(0, LONGEST_LINE));
  }
  if (typeof logged !== "object" || logged === null || Array.isArray(logged)) return redaction.prose(line.slice(0, LONGEST_LINE));
  return JSON.stringify(
    Object.fromEntries(Object.entries(logged).map(([name, value]) => [redaction.prose(name), kept(name, value, redaction)])),
  );
};

const kept = (name: string, value: unknown, redaction: Redaction): unknown => {
  if (value === null || typeof value === "boolean") return value;
  if (name === "time" || name === "atMs") return typeof value === "number" ? value : "[hidden]";
  if (name === "level") return typeof value === "number" && value % 10 === 0 ? value : "[hidden]";
  // Numbers of a log count and measure; a long one may be anything.
  if (typeof value === "number") return Math.abs(value) < 1_000_000 && !SECRET_NUMBER.test(name) ? value : "[hidden]";
  if (name === "err" && typeof value === "object") return errorOf(value as Record<string, unknown>, redaction);
  if (typeof value !== "string" || !KEPT_TEXTS.includes(name)) return "[hidden]";
  return redaction.prose(value.slice(0, LONGEST_LINE));
};

const SECRET_NUMBER = /pin|card|phone|code|level|key/i;

const errorOf = ({ type, message, stack, code }: Record<string, unknown>, redaction: Redaction): Record<string, string> => {
  const texts = Object.entries({ type, message, stack, code }).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(texts.map(([name, text]) => [name, redaction.prose(text.slice(0, LONGEST_LINE))]));
};
