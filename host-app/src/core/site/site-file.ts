import { type KeyObject, sign, verify } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { clerkNameSchema, staffNoSchema, windowNoSchema } from "@window-rating/protocol/rating";
import { LARGEST_SITE_FILE, siteEnvelopeSchema, siteSignedText } from "@window-rating/protocol/sync";
import { z } from "zod";
import { saysWindow } from "../codes/window-code.ts";
import { checked, settingByKey } from "../config/config-file.ts";
import { padPortSchema, padProfileSchema, padSerialNumberSchema } from "../config/window-list.ts";
import { publicKeyFromHex, publicKeyHex } from "../identity/ed25519.ts";
import { languagePackSchema, type SiteLanguage } from "./site-languages.ts";
import { siteShellSchema } from "./site-shell.ts";

/** Settings that belong to one PC: no site file has them. */
const OF_ONE_PC: readonly string[] = ["windowNo", "windows", "pad.port", "pad.serialNumber", "browserPad.origin"];
const EVERY_ADDRESS: readonly unknown[] = ["0.0.0.0", "::", "127.0.0.1"];

/** Whether all windows of a hall may share the value of a setting. */
export const isShared = (key: string, value: unknown): boolean =>
  !OF_ONE_PC.includes(key) && (key !== "browserPad.bind" || EVERY_ADDRESS.includes(value));

/** Whether a setting is the QR code of one window. Files of before may give it to all of a hall, and are taken; none is made any more. */
export const isCodeOfOne = (key: string, value: unknown): boolean =>
  key === "screen.windowQr" && typeof value === "string" && !saysWindow(value);

/** One window as the site knows it: its pad, and who may sit at it. */
export const siteWindowSchema = z.strictObject({
  windowNo: windowNoSchema,
  clerks: z.array(z.strictObject({ staffNo: staffNoSchema, name: clerkNameSchema })).max(64),
  port: padPortSchema.nullable().describe("null: as the PC has it; auto at first"),
  profile: padProfileSchema.nullable().describe("null: that of the site's settings, or as the PC has it"),
  serialNumber: padSerialNumberSchema,
});
export type SiteWindow = z.infer<typeof siteWindowSchema>;

/** No folders and no dots in it: it is written into the data folder's `profiles`. */
const profileFileSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}\.json$/, "a file name as my-pad.json");

const contentSchema = z.strictObject({
  schema: z.literal(1),
  site: z.string().trim().min(1).max(64).describe("Name of the hall"),
  version: z.int().min(1).max(999_999_999).describe("Higher in every later file; a PC never goes back"),
  madeAt: z.iso.datetime(),
  settings: z.record(z.string().max(64), z.unknown()).describe("By key as in window-host config: rating.timeoutSeconds"),
  padProfiles: z.array(z.strictObject({ file: profileFileSchema, profile: z.record(z.string(), z.unknown()) })).max(64),
  businessSystems: z
    .array(z.strictObject({ name: z.string().trim().min(1).max(64), origins: z.array(z.string().max(256)).max(32) }))
    .max(64)
    .describe("Programs to pair at each PC; each PC makes a token of its own"),
  windows: z.array(siteWindowSchema).max(2000),
  // Left out where there is none, so that a window-host of before takes the file as well.
  languages: z.array(languagePackSchema).max(16).optional().describe("Language packs for pads with a screen"),
  shell: siteShellSchema.optional().describe("What the windows of the app look like in this hall, where its user has chosen nothing"),
});
/** What the windows of a hall share. */
export type SiteContent = z.infer<typeof contentSchema>;

export interface SiteFile {
  readonly content: SiteContent;
  /** Of the key whose signature holds, 64 hexadecimal digits; null: not signed. */
  readonly signedBy: string | null;
}

const signedBytes = (content: unknown): Buffer => Buffer.from(siteSignedText(content));

const notOne = (detail: string, cause?: unknown) => new WindowRatingError("WR8012", detail, cause);

/**
 * Reads a site file and holds its signature against its content.
 * @throws WR8009 if the content was altered after it was signed, WR8012 if it is no site file, or has settings that are not valid
 */
export const readSiteFile = (text: string): SiteFile => {
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_SITE_FILE) throw notOne(`it has ${bytes} bytes, at most ${LARGEST_SITE_FILE} are taken`);
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    throw notOne("it is not JSON", cause);
  }
  const envelope = siteEnvelopeSchema.safeParse(json);
  if (!envelope.success) throw notOne(firstIssue(envelope.error));
  const { content, signature } = envelope.data;
  // Before anything of the content is looked at.
  if (signature !== null && !holds(content, signature))
    throw new WindowRatingError("WR8009", "its content is not what was signed: it was altered, or is not complete");
  return { content: checkedContent(content), signedBy: signature?.publicKey ?? null };
};

const holds = (content: unknown, { publicKey, value }: { publicKey: string; value: string }): boolean => {
  try {
    return verify(null, signedBytes(content), publicKeyFromHex(publicKey), Buffer.from(value, "hex"));
  } catch {
    return false;
  }
};

/** @throws WR8012 */
const checkedContent = (raw: unknown): SiteContent => {
  const parsed = contentSchema.safeParse(raw);
  if (!parsed.success) throw notOne(`content.${firstIssue(parsed.error)}`);
  const content = parsed.data;
  for (const [key, value] of Object.entries(content.settings)) {
    if (!isShared(key, value)) throw notOne(`${key} belongs to one PC and may not stand in a site file`);
    try {
      checked(settingByKey(key, "the site file"), value, "the site file");
    } catch (cause) {
      throw notOne((cause as WindowRatingError).detail, cause);
    }
  }
  const twice = (names: readonly string[]): string | undefined => names.find((name, index) => names.indexOf(name) !== index);
  for (const [what, names] of [
    ["window", content.windows.map(({ windowNo }) => windowNo)],
    ["business system", content.businessSystems.map(({ name }) => name)],
    ["profile", content.padProfiles.map(({ file }) => file)],
    ["language", (content.languages ?? []).map(({ tag }: SiteLanguage) => tag.toLowerCase())],
  ] as const) {
    const name = twice(names);
    if (name !== undefined) throw notOne(`the ${what} ${name} stands in it twice`);
  }
  return content;
};

const firstIssue = (error: z.ZodError): string => {
  const [issue] = error.issues;
  return `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}`;
};

/** The text of a site file. @param key Ed25519 private key; null leaves it unsigned. @throws WR8012 if the content is not valid */
export const siteFileText = (given: SiteContent, key: KeyObject | null): string => {
  // As a reader of the text will see it: without members that are undefined.
  const content: unknown = JSON.parse(JSON.stringify(checkedContent(given)));
  const signature = key === null ? null : { publicKey: publicKeyHex(key), value: sign(null, signedBytes(content), key).toString("hex") };
  return `${JSON.stringify({ content, signature }, null, 2)}\n`;
};
