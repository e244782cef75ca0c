import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { siteSignedText } from "@window-rating/protocol/sync";

const ours = generateKeyPairSync("ed25519").privateKey;

/** A site file of a sample hall as `window-host site sign` makes one. */
export const signedSiteText = (version: number, over: object = {}, key: KeyObject = ours): string => {
  const content = { schema: 1, site: "样例大厅", version, madeAt: "2026-03-02T01:00:00.000Z", ...over };
  const { x = "" } = key.export({ format: "jwk" });
  const publicKey = Buffer.from(x, "base64url").toString("hex");
  const value = sign(null, Buffer.from(siteSignedText(content)), key).toString("hex");
  return JSON.stringify({ content, signature: { publicKey, value } }, null, 2);
};
