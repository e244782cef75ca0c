import { z } from "zod";
import { windowNoSchema } from "../rating.ts";
import { windowPcIdSchema } from "./batch.ts";

/** Bytes of UTF-8 that a site file may have: hundreds of windows with some language packs; whatever is larger is no site file. */
export const LARGEST_SITE_FILE = 1_000_000;

/**
 * One text for one content, whatever its order of keys and its spacing: what is signed is the content, so that an editor that
 * indents a file anew does not break its signature. Takes what JSON.parse gives.
 */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(",")}}`;
};

/** A site file as JSON. Before its signature holds nothing of the content is looked at. */
export const siteEnvelopeSchema = z.strictObject({
  content: z.unknown(),
  signature: z.strictObject({ publicKey: z.string().regex(/^[0-9a-f]{64}$/), value: z.string().regex(/^[0-9a-f]{128}$/) }).nullable(),
});

/** What the Ed25519 signature of a site file is made of, as UTF-8: no signature made for anything else can pass as one. */
export const siteSignedText = (content: unknown): string => `window-rating site file 1\n${canonicalJson(content)}`;

/** `POST /sync/v1/site-file`, with the token of the window PC: the signed site file that its hall's IT staff put into central. */
export const siteFileRequestSchema = z.strictObject({ windowPcId: windowPcIdSchema });

export const siteFileAnswerSchema = z.object({
  windowNo: windowNoSchema.describe("The window that this PC enrolled for"),
  text: z.string().max(LARGEST_SITE_FILE).nullable().describe("The site file; the PC itself checks its signature. null: central has none"),
});
export type SiteFileAnswer = z.infer<typeof siteFileAnswerSchema>;
