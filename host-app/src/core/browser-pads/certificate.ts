import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { resolve } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { fingerprintOf } from "../config/durable-file.ts";

/** The hall's certificate for this PC, as its files are now. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Names and addresses that it is for, without those for many (`*.hall.example`). */
  readonly names: readonly string[];
  /** Unix milliseconds. */
  readonly validUntil: number;
  /** Changes when one of the files does. */
  readonly fingerprint: string;
}

export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** @param dataDir from which on relative paths are meant */
export const certificateFiles = (dataDir: string, certificate: string, key: string): CertificateFiles => ({
  certificate: resolve(dataDir, certificate),
  key: resolve(dataDir, key),
});

export const certificateFingerprint = ({ certificate, key }: CertificateFiles): string =>
  `${fingerprintOf(certificate)} ${fingerprintOf(key)}`;

/** @throws WR1043 naming the file and what is wrong with it */
export const readCertificate = (files: CertificateFiles, now: number): Certificate => {
  const cert = read(files.certificate);
  const key = read(files.key);
  const x509 = parsed(files.certificate, () => new X509Certificate(cert));
  const privateKey = parsed(files.key, () => createPrivateKey(key));
  if (!x509.checkPrivateKey(privateKey)) throw wrong(files.key, `is not the key of ${files.certificate}`);
  const validUntil = Date.parse(x509.validTo);
  if (validUntil < now) throw wrong(files.certificate, `was good until ${x509.validTo}; have it renewed`);
  return { cert, key, names: namesIn(x509.subjectAltName ?? ""), validUntil, fingerprint: certificateFingerprint(files) };
};

const namesIn = (alternatives: string): readonly string[] =>
  alternatives
    .split(/, ?/)
    .map((name) => name.replace(/^(DNS|IP Address):/, ""))
    .filter((name) => isIP(name) !== 0 || /^[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(name));

const read = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw wrong(path, `cannot be read (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
};

const parsed = <Value>(path: string, parse: () => Value): Value => {
  try {
    return parse();
  } catch (cause) {
    throw wrong(path, "is no PEM file of the kind that is wanted, or is locked with a password", cause);
  }
};

const wrong = (path: string, why: string, cause?: unknown): WindowRatingError => new WindowRatingError("WR1043", `${path} ${why}`, cause);
