import { z } from "zod";

/** The JSON in a text, or undefined. */
export const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Foreign text for one line of a screen or a log: short, and without the characters that steer terminals. */
export const oneLine = (text: string, length: number): string =>
  text
    .slice(0, length)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();

const errorSchema = z.object({ error: z.object({ code: z.string().regex(/^WR\d{4}$/), detail: z.string().optional() }) });

/** The error that central says in its own words, `{"error":{"code":"WR…","detail":"…"}}`; undefined if the text is from somebody else. */
export const errorIn = (text: string): { readonly code: string; readonly detail: string } | undefined => {
  const told = errorSchema.safeParse(jsonOf(text)).data?.error;
  return told && { code: told.code, detail: oneLine(told.detail ?? "", 200) };
};
