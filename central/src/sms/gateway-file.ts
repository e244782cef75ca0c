import { readFileSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";

const pattern = z.string().max(500).refine(isRegExp, "no regular expression");

function isRegExp(source: string): boolean {
  try {
    return new RegExp(source, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

const template = z.string().max(10_000);
const environmentName = z.string().regex(/^[A-Z_][A-Z0-9_]*$/, "the name of an environment variable");

/**
 * How a provider is talked to, by its own manual. In `url`, `headers` and `body` stand {{phone}}, {{text}}, {{item}}, {{key}} (the same
 * with every try of a message) and {{env:NAME}} for secrets, which this file does not hold.
 */
export const gatewayFileSchema = z.strictObject({
  send: z.strictObject({
    method: z.enum(["POST", "PUT", "GET"]).default("POST"),
    url: template,
    headers: z.record(z.string().regex(/^[\w-]+$/), template).default({}),
    /** A JSON value or a form is filled field by field, so that no text can break out of its field. */
    body: z
      .union([
        z.strictObject({ json: z.json() }),
        z.strictObject({ form: z.record(z.string(), template) }),
        z.strictObject({ text: template }),
      ])
      .optional(),
    /** The answer is a success if its status is 2xx and its body fits; the first group, if any, is the provider's id of the message. */
    success: pattern.default(""),
    /** An answer whose body fits is a refusal for good: wrong number, blocked word. */
    refusedForGood: pattern.optional(),
    timeoutMs: z.int().min(100).max(60_000).default(10_000),
    idempotent: z
      .boolean()
      .default(false)
      .describe("The provider takes a message with the same {{key}} once; else one whose fate is unknown is not sent again"),
  }),
  replies: z
    .strictObject({
      tokenEnv: environmentName,
      /** By which names the provider sends the fields. */
      fields: z
        .strictObject({
          messageId: z.string().min(1).default("messageId"),
          phone: z.string().min(1).default("phone"),
          text: z.string().min(1).default("text"),
        })
        .default({ messageId: "messageId", phone: "phone", text: "text" }),
    })
    .optional(),
});
export type GatewayFile = z.output<typeof gatewayFileSchema>;

/** @throws WindowRatingError WR7036 */
export const readGatewayFile = (path: string): GatewayFile => {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new WindowRatingError("WR7036", `${path}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
  const parsed = gatewayFileSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new WindowRatingError("WR7036", `${path}, ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}`);
};

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws WindowRatingError WR7036 for a secret that the environment does not have */
export const secretOf = (environment: Environment, name: string): string => {
  const value = environment[name];
  if (value !== undefined && value !== "") return value;
  throw new WindowRatingError("WR7036", `The environment variable ${name} is not set`);
};
