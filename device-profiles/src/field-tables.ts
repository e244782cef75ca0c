import { z } from "zod";
import { keypadProfileSchema, padProfileSchema } from "./schema.ts";

/** As much of JSON Schema as zod makes of a profile. */
interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly additionalProperties?: boolean | Schema;
}

interface Row {
  readonly path: string;
  readonly values: string;
  readonly isRequired: boolean;
  readonly meaning: string;
}

const schemaOf = (schema: z.ZodType): Schema => z.toJSONSchema(schema, { io: "input" }) as Schema;

/** What a value may be, in a few words. */
const valuesOf = (schema: Schema): string => {
  const options = schema.oneOf ?? schema.anyOf;
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(" ");
  if (options !== undefined)
    return options.every((option) => option.const !== undefined) ? options.map(valuesOf).join(" ") : "one of the kinds below";
  switch (schema.type) {
    case "integer":
    case "number":
      return `${schema.minimum ?? ""}..${schema.maximum ?? ""}`;
    case "string":
      return schema.maxLength === undefined ? "text" : `text, at most ${schema.maxLength}`;
    case "boolean":
      return "true, false";
    case "array":
      return `list${counted(schema)}${isPlain(schema.items) ? ` of ${valuesOf(schema.items ?? {})}` : ""}`;
    default:
      return schema.properties === undefined && schema.additionalProperties !== undefined ? "numbers by name" : "object";
  }
};

const counted = ({ minItems = 0, maxItems }: Schema): string =>
  (maxItems === undefined ? "" : ` of ${minItems}..${maxItems}`).replace(/^ of 0\.\./, " of at most ");

const isPlain = (schema: Schema | undefined): boolean =>
  schema !== undefined && schema.properties === undefined && schema.oneOf === undefined && schema.anyOf === undefined;

const code = (value: unknown): string => `\`${String(value)}\``;

/** Writes rows; a part that looks like one before it is shown once, and named by where it stands. */
class Rows {
  readonly rows: Row[] = [];
  readonly #seen = new Map<string, string>();

  /** A row for a schema at a path, and rows for everything in it. */
  add(path: string, schema: Schema, isRequired: boolean): void {
    const inner = schema.type === "array" ? (schema.items ?? {}) : schema;
    const innerPath = schema.type === "array" ? `${path}[]` : path;
    const twin = this.#twinOf(inner, innerPath);
    const values = twin === undefined ? valuesOf(schema) : `${schema.type === "array" ? `list${counted(schema)}, ` : ""}as \`${twin}\``;
    this.rows.push({ path, values, isRequired, meaning: schema.description ?? "" });
    if (twin === undefined) this.#addInside(innerPath, inner);
  }

  #addInside(path: string, schema: Schema): void {
    const options = schema.oneOf ?? schema.anyOf;
    for (const option of options ?? []) if (option.properties !== undefined) this.#addOption(path, option);
    const { properties = {}, required = [] } = options === undefined ? schema : {};
    for (const [name, part] of Object.entries(properties)) this.add(`${path}.${name}`, part, required.includes(name));
  }

  /** The properties of one kind, under its name: `framing (frame).fields`. */
  #addOption(path: string, { properties = {}, required = [] }: Schema): void {
    const [kind] = Object.entries(properties).filter(([, part]) => part.const !== undefined || part.enum !== undefined);
    if (kind === undefined) return;
    const [kindName, { const: only, enum: several = [], description = "" }] = kind;
    const here = `${path} (${only === undefined ? several.join(", ") : String(only)})`;
    this.rows.push({ path: here, values: `\`${kindName}\`: ${valuesOf(kind[1])}`, isRequired: true, meaning: description });
    for (const [name, part] of Object.entries(properties))
      if (name !== kindName) this.add(`${here}.${name}`, part, required.includes(name));
  }

  #twinOf(schema: Schema, path: string): string | undefined {
    if (schema.properties === undefined && schema.oneOf === undefined && schema.anyOf === undefined) return undefined;
    const { description: _, ...shape } = schema;
    const key = JSON.stringify(shape);
    const twin = this.#seen.get(key);
    if (twin === undefined) this.#seen.set(key, path);
    return twin;
  }
}

const table = (rows: readonly Row[]): string =>
  [
    "| field | values | needed | meaning |",
    "|---|---|---|---|",
    ...rows.map(
      ({ path, values, isRequired, meaning }) => `| \`${path}\` | ${cell(values)} | ${isRequired ? "yes" : ""} | ${cell(meaning)} |`,
    ),
  ].join("\n");

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("<", "&lt;");

const topRows = (schema: Schema, names: readonly string[] = Object.keys(schema.properties ?? {})): Row[] => {
  const rows = new Rows();
  for (const name of names) rows.add(name, schema.properties?.[name] ?? {}, schema.required?.includes(name) ?? false);
  return rows.rows;
};

/** The tables of docs/profiles.md by the names of their places. */
export const fieldTables = (): Readonly<Record<string, string>> => {
  const [pad, keypad] = [schemaOf(padProfileSchema), schemaOf(keypadProfileSchema)];
  const names = Object.keys(pad.properties ?? {});
  const isShared = (name: string): boolean => keypad.properties?.[name] !== undefined && name !== "protocol";
  const description = keypad.properties?.keypad ?? {};
  return {
    "every profile": table(topRows(pad, names.filter(isShared))),
    "pads of our protocol": table(
      topRows(
        pad,
        names.filter((name) => !isShared(name)),
      ),
    ),
    "keypad descriptions": table(topRows(description)),
  };
};

const place = (name: string): RegExp => new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(<!-- /${name} -->)`);

/** The page with its tables made anew. Throws if a place for one is missing. */
export const withFieldTables = (page: string): string =>
  Object.entries(fieldTables()).reduce((text, [name, content]) => {
    if (!place(name).test(text)) throw new Error(`docs/profiles.md has no place for the table "${name}"`);
    return text.replace(place(name), (_, start: string, end: string) => `${start}\n${content}\n\n${end}`);
  }, page);
