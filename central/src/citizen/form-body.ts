/**
 * Fields of a form. Strict: an old browser that sends another encoding than UTF-8 would have its words kept as noise.
 * @returns undefined if it is not UTF-8, or has far more fields than any form of ours
 */
export const readForm = (body: string): Readonly<Record<string, readonly string[]>> | undefined => {
  // An encoded form is plain ASCII; anything else was not encoded, and its bytes are lost by now.
  if (!/^[\x20-\x7e]*$/.test(body)) return undefined;
  const pairs = body === "" ? [] : body.split("&");
  if (pairs.length > 100) return undefined;
  const fields = new Map<string, string[]>();
  try {
    for (const pair of pairs) {
      const at = pair.indexOf("=");
      const [name, value] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
      const key = decoded(name);
      fields.set(key, [...(fields.get(key) ?? []), decoded(value)]);
    }
  } catch {
    return undefined;
  }
  return Object.fromEntries(fields);
};

/** @throws URIError for what is not UTF-8 */
const decoded = (text: string): string => decodeURIComponent(text.replaceAll("+", " "));
