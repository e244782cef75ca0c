import { z } from "zod";

/** Text for the person who sets up a window. */
export interface Help {
  readonly en: string;
  readonly zh: string;
}

/** One setting, declared once: its check, its default, and what `config --explain` and docs/configuration.md say of it. */
export interface Setting<T> {
  readonly schema: z.ZodType<T>;
  readonly default: T;
  /** What is allowed, in words or as "5..600". */
  readonly range: string;
  readonly unit: string | null;
  readonly help: Help;
  /** Flag without its dashes, if it is not the key in kebab case. */
  readonly flag: string | null;
  /** From flag, environment and `--set`, where everything is text, to what `schema` takes. Text that does not fit is passed on for `schema` to refuse. */
  fromText(text: string): unknown;
}

interface Words {
  readonly help: Help;
  readonly flag?: string;
}

export const textSetting = <T extends string | null>(
  options: Words & { readonly schema: z.ZodType<T>; readonly default: T; readonly range: string },
): Setting<T> => ({
  schema: options.schema,
  default: options.default,
  range: options.range,
  unit: null,
  help: options.help,
  flag: options.flag ?? null,
  // Only a setting whose schema takes null can be set to none.
  fromText: (text) => (text === "none" && options.schema.safeParse(null).success ? null : text),
});

export const numberSetting = (
  options: Words & { readonly default: number; readonly min: number; readonly max: number; readonly unit: string | null },
): Setting<number> => ({
  schema: z.number().int().min(options.min).max(options.max),
  default: options.default,
  range: `${options.min}..${options.max}`,
  unit: options.unit,
  help: options.help,
  flag: options.flag ?? null,
  fromText: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : text),
});

export const switchSetting = (options: Words & { readonly default: boolean }): Setting<boolean> => ({
  schema: z.boolean(),
  default: options.default,
  range: "true, false",
  unit: null,
  help: options.help,
  flag: options.flag ?? null,
  fromText: (text) => (text === "true" ? true : text === "false" ? false : text),
});

export const choiceSetting = <const T extends readonly [string, ...string[]]>(
  options: Words & { readonly default: T[number]; readonly choices: T },
): Setting<T[number]> => ({
  schema: z.enum(options.choices),
  default: options.default,
  range: options.choices.join(", "),
  unit: null,
  help: options.help,
  flag: options.flag ?? null,
  fromText: (text) => text,
});

/** A list, written as JSON where everything is text; empty by default. */
export const listSetting = <T>(
  options: Words & { readonly schema: z.ZodType<readonly T[]>; readonly range: string },
): Setting<readonly T[]> => ({
  schema: options.schema,
  default: [],
  range: options.range,
  unit: null,
  help: options.help,
  flag: options.flag ?? null,
  fromText: (text) => {
    if (text === "none") return [];
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  },
});

/** A value as people read it. */
export const shownValue = (value: unknown): string => {
  if (value === null || (Array.isArray(value) && value.length === 0)) return "none";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};
