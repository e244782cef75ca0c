import { readFileSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import { shortText } from "@window-rating/protocol/rating";
import { z } from "zod";
import { accountAccessSchema } from "../session-schema.ts";

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

/** Names and passwords go to the provider by this address, so it is HTTPS; only on one's own machine it need not be. */
const safeUrl = z
  .url({ protocol: /^https?$/ })
  .refine((text) => text.startsWith("https:") || LOOPBACK.test(URL.parse(text)?.hostname ?? ""), "an https:// address");

const createSchema = z.strictObject({
  claim: shortText(64).describe("Claim that decides, as groups"),
  is: shortText(256).describe("Its value, or one of its values"),
  role: accountAccessSchema.shape.role,
  scope: accountAccessSchema.shape.scope,
});

const fileSchema = z.strictObject({
  issuer: safeUrl.describe("The provider, by its issuer identifier"),
  clientId: shortText(256),
  clientSecretEnv: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/)
    .optional()
    .describe("Environment variable with the client's secret; without one the client is a public one"),
  publicUrl: safeUrl.transform((text) => text.replace(/\/+$/, "")).describe("Where browsers reach the console"),
  label: shortText(64).default("统一身份认证 / Single sign-on").describe("Words on the button"),
  scopes: z.array(shortText(64)).default(["openid", "profile"]),
  claim: shortText(64).default("preferred_username").describe("Claim that holds the name of the account"),
  create: z
    .array(createSchema)
    .default([])
    .describe("Who gets an account at the first sign-in; the first that fits decides. Empty: nobody"),
});

/** The sign-in of an organisation, as its file describes it. */
export interface OidcSettings extends Omit<z.output<typeof fileSchema>, "clientSecretEnv"> {
  readonly clientSecret: string | undefined;
}

/**
 * Reads a file for OpenID Connect.
 * @param environment where the secret is
 * @throws WindowRatingError WR7060 naming the field
 */
export const readOidcFile = (path: string, environment: Readonly<Record<string, string | undefined>>): OidcSettings => {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new WindowRatingError("WR7060", `${path} cannot be read`, error);
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new WindowRatingError("WR7060", `${path}, ${issue?.path.join(".") || "content"}: ${issue?.message ?? "not valid"}`);
  }
  const { clientSecretEnv, ...settings } = parsed.data;
  for (const [index, { role, scope }] of settings.create.entries())
    if (!accountAccessSchema.safeParse({ displayName: "x", role, scope }).success)
      throw new WindowRatingError("WR7060", `${path}, create.${index}.scope: the role ${role} needs its ${role}`);
  const clientSecret = clientSecretEnv === undefined ? undefined : environment[clientSecretEnv];
  if (clientSecretEnv !== undefined && (clientSecret === undefined || clientSecret === ""))
    throw new WindowRatingError("WR7060", `${path}: the environment has no ${clientSecretEnv}`);
  return { ...settings, clientSecret };
};
