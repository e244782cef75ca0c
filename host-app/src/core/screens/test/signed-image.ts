import { createHash, generateKeyPairSync } from "node:crypto";
import { encodeFirmwareFile } from "@window-rating/protocol/firmware";
import { signFirmware } from "@window-rating/protocol/pad";

const PAYLOAD = new TextEncoder().encode("new firmware ".repeat(4000));

/** A maker of pads of the tests: the key that its pads know, and firmware that it has signed. */
export const newMaker = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const seed = new Uint8Array(Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url"));
  return {
    publicKey: new Uint8Array(Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url")),
    /** A firmware file of some 50 kB. */
    image: (model: string, release: number): Buffer => {
      const hash = new Uint8Array(createHash("sha256").update(PAYLOAD).digest());
      const claim = { model, version: `${release}.0.0`, release, size: PAYLOAD.length, hash };
      return Buffer.from(encodeFirmwareFile({ is: "firmware", ...claim, ...signFirmware(seed, claim) }, PAYLOAD));
    },
  };
};
