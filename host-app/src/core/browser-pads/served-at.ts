import { isIP } from "node:net";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Certificate } from "./certificate.ts";

const LOOPBACK = new Set(["127.0.0.1", "::1"]);

export interface ServedAtOptions {
  readonly bind: string;
  /** The port that was taken. */
  readonly port: number;
  /** As the settings have it. */
  readonly origin: string | null;
  readonly certificate: Certificate | undefined;
}

/**
 * Without a certificate nothing is served but to this PC itself: what goes over the hall's network unencrypted can be read and changed.
 * @throws WR1043
 */
export const checkReach = (bind: string, hasCertificate: boolean): void => {
  if (!hasCertificate && !LOOPBACK.has(bind))
    throw new WindowRatingError(
      "WR1043",
      `browserPad.bind is ${bind}, and there is no certificate: without one only 127.0.0.1 and ::1 are served`,
    );
};

/**
 * The one origin under which the page is served; whatever names another is refused.
 * @throws WR1043 if the certificate tells no name and the settings none either
 */
export const originOf = ({ bind, port, origin, certificate }: ServedAtOptions): string => {
  if (origin !== null) return origin;
  if (certificate === undefined) return new URL(`http://${bracketed(bind)}:${port}`).origin;
  const [name] = certificate.names;
  if (name === undefined)
    throw new WindowRatingError("WR1043", "the certificate is for no single name; name the page's address: browserPad.origin");
  return new URL(`https://${bracketed(name)}:${port}`).origin;
};

const bracketed = (host: string): string => (isIP(host) === 6 ? `[${host}]` : host);
