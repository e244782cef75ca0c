/** What stands where something was taken out. */
const GONE = "[hidden]";

/** Secrets and personal data by their form, wherever they stand. */
const FORMS: readonly RegExp[] = [
  /-----BEGIN [^-]*-----[\s\S]*?(?:-----END [^-]*-----|$)/g,
  /wrdesk_[\w-]+/g,
  /(?<=Bearer\s+)\S+/gi,
  // Ids of requests and PCs (UUIDs) stay: they name no person. Keys, tokens, tickets and hashes are longer.
  /(?<![\w-])(?!\w{8}-\w{4}-\w{4}-\w{4}-\w{12}(?![\w-]))[\w+/-]*\w{4}[\w+/-]{24,}={0,2}/g,
  /(?<![\d-])\d{17}[\dXx](?!\d)/g,
  /(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)/g,
  /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  /(?<=\b(?:pin|card|code)\b["']?\s*[:=]?\s*["']?)(?!WR\d{4}\b)[\w-]*\d{4,}[\w-]*/gi,
  /(?<=\b(?:password|passwd|secret|token|ticket)\b["']?\s*[:=]?\s*["']?)(?=[^\s"']*\d)[^\s"']{4,}/gi,
  // Queries and fragments of addresses carry tickets.
  /(?<=\b[a-z][\w+.-]*:\/\/[^\s?#"]*)[?#][^\s"]*/gi,
  /(?<=:\/\/)[^\s/@"]+(?=@)/g,
];
/** This program speaks English: Chinese is what people are called, and what they wrote. */
const HAN = /\p{Script=Han}[\p{Script=Han}·，。、！？：；（）“”\d\s]*/gu;
/** In prose a long number is a PIN, a card, a phone. */
const LONG_NUMBERS = /(?<![\w-])\d{6,}(?![\w-])/g;
/** Paths are no keys: their parts are short, or words. */
const isPath = (text: string): boolean =>
  text.includes("/") &&
  !/[+=]/.test(text) &&
  text
    .split("/")
    .every((part) => part.length <= 10 || (part.length <= 24 && !(/[a-z]/.test(part) && /[A-Z]/.test(part) && /\d/.test(part))));

/** Takes out of what leaves a window PC in a bundle whatever tells who somebody is, or opens something. */
export class Redaction {
  readonly #names: readonly string[];

  /** @param names of people who are known here; of others only names in Chinese are recognised */
  constructor(names: readonly string[] = []) {
    // Longest first, so that no part of a name is left.
    this.#names = [...new Set(names.map((name) => name.trim()))].filter((name) => name.length > 1).sort((a, b) => b.length - a.length);
  }

  /** A short value, as a path, an address or a serial number. */
  value(text: string): string {
    let redacted = text;
    for (const name of this.#names) redacted = redacted.replaceAll(name, GONE);
    for (const form of FORMS) redacted = redacted.replace(form, (found) => (isPath(found) ? found : GONE));
    return redacted.replace(HAN, GONE);
  }

  /** Prose, as the message of a log line. */
  prose(text: string): string {
    return this.value(text).replace(LONG_NUMBERS, GONE);
  }

  /** All texts of a value that becomes JSON; those under secret names not at all. */
  deep(value: unknown): unknown {
    if (typeof value === "string") return this.prose(value);
    if (Array.isArray(value)) return value.map((one) => this.deep(one));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, SECRET_NAMES.test(name) ? GONE : this.deep(one)]));
  }
}

const SECRET_NAMES =
  /^(?:level|pin|newPin|card|token|.*[tT]oken|.*[kK]ey|secret|password|phone|mobile|idNo|contact|words|comment|name|.*Name|body)$/;
