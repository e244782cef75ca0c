import { createPublicKey, verify } from "node:crypto";
import { WindowRatingError } from "@window-rating/protocol/error";
import { shortText } from "@window-rating/protocol/rating";
import { canonicalJson, LARGEST_SITE_FILE, siteEnvelopeSchema, siteSignedText } from "@window-rating/protocol/sync";
import { z } from "zod";
import type { Tx } from "../ratings/rating-rows.ts";

export const putSiteFileSchema = z.strictObject({
  text: z.string(),
  by: shortText(64),
  newKey: z.boolean().default(false).describe("The hall has a new key; without it a file must be signed by the key of the one before"),
});
export type PutSiteFile = z.output<typeof putSiteFileSchema>;

/** The site file that window PCs are given. */
export interface SiteFileInForce {
  readonly version: number;
  /** Name of the hall. */
  readonly site: string;
  /** Public key, 64 hexadecimal digits. */
  readonly signedBy: string;
  readonly putBy: string;
  readonly putAtMs: number;
}

/** What central itself looks at. The rest is for the window PCs, whose versions may know more than this central. */
const headSchema = z.object({ schema: z.literal(1), site: shortText(64), version: z.number().int().min(1).max(999_999_999) });

const newest = (tx: Tx) => tx.selectFrom("site_files").selectAll().orderBy("version", "desc").limit(1).executeTakeFirst();

/** @returns null if nobody has put one here */
export const readSiteFileInForce = async (tx: Tx): Promise<SiteFileInForce | null> => {
  const row = await newest(tx);
  return row === undefined
    ? null
    : { version: row.version, site: row.site, signedBy: row.signed_by, putBy: row.put_by, putAtMs: row.put_at_ms };
};

/** The text that window PCs are given; null: there is none. */
export const readSiteFileText = async (tx: Tx): Promise<string | null> => (await newest(tx))?.content ?? null;

/**
 * Puts a signed site file where window PCs fetch it. The same file again changes nothing.
 * @throws WindowRatingError WR8009 not signed or altered, WR8010 another key, WR8011 not newer, WR8012 no site file
 */
export const putSiteFile = async (tx: Tx, { text, by, newKey }: PutSiteFile, nowMs: number): Promise<SiteFileInForce> => {
  const { content, signedBy } = signedContent(text);
  const head = headSchema.safeParse(content);
  if (!head.success) {
    const [issue] = head.error.issues;
    throw new WindowRatingError("WR8012", `content.${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { version, site } = head.data;
  const before = await newest(tx);
  if (before !== undefined) {
    if (before.signed_by !== signedBy && !newKey)
      throw new WindowRatingError("WR8010", `it is signed by ${signedBy}, the one here by ${before.signed_by}; a new key needs --new-key`);
    if (version === before.version && canonicalJson(content) === canonicalJson(JSON.parse(before.content).content))
      return (await readSiteFileInForce(tx)) as SiteFileInForce;
    if (version <= before.version) throw new WindowRatingError("WR8011", `it has version ${version}, central has ${before.version}`);
  }
  const row = { version, site, signed_by: signedBy, content: JSON.stringify(JSON.parse(plain(text))), put_by: by, put_at_ms: nowMs };
  const made = await tx
    .insertInto("site_files")
    .values(row)
    .onConflict((conflict) => conflict.column("version").doNothing())
    .returning("version")
    .executeTakeFirst();
  if (made === undefined) throw new WindowRatingError("WR8011", `another file of version ${version} was put here at the same moment`);
  return { version, site, signedBy, putBy: by, putAtMs: nowMs };
};

const plain = (text: string): string => text.replace(/^\uFEFF/, "");

const signedContent = (text: string): { readonly content: unknown; readonly signedBy: string } => {
  const bytes = Buffer.byteLength(text);
  if (bytes > LARGEST_SITE_FILE) throw new WindowRatingError("WR8012", `it has ${bytes} bytes, at most ${LARGEST_SITE_FILE} are taken`);
  let json: unknown;
  try {
    json = JSON.parse(plain(text));
  } catch (cause) {
    throw new WindowRatingError("WR8012", "it is not JSON", cause);
  }
  const envelope = siteEnvelopeSchema.safeParse(json);
  if (!envelope.success) throw new WindowRatingError("WR8012", "it has no content and signature");
  const { content, signature } = envelope.data;
  if (signature === null) throw new WindowRatingError("WR8009", "it has no signature; run: window-host site sign");
  if (!holds(content, signature))
    throw new WindowRatingError("WR8009", "its content is not what was signed: it was altered, or is not complete");
  return { content, signedBy: signature.publicKey };
};

const holds = (content: unknown, { publicKey, value }: { publicKey: string; value: string }): boolean => {
  try {
    const x = Buffer.from(publicKey, "hex").toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    return verify(null, Buffer.from(siteSignedText(content)), key, Buffer.from(value, "hex"));
  } catch {
    return false;
  }
};
