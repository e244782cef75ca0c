import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate that a test made for itself, as a hall's own authority would. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
  /** By which a browser is told to trust this one certificate and no other. */
  readonly trust: string;
}

/** Whether certificates can be made here. */
export const CAN_MAKE_CERTIFICATES = ((): boolean => {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
})();

/** @param names as openssl writes them: `DNS:localhost,IP:127.0.0.1` */
export const makeCertificate = (folder: string, { name = "hall", names = "DNS:localhost", days = 30 } = {}): TestCertificate => {
  const [certificate, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-sha256"],
      ...["-keyout", key, "-out", certificate, "-days", String(days), "-subj", "/CN=hall.example", "-addext", `subjectAltName=${names}`],
    ],
    { stdio: "ignore" },
  );
  const spki = new X509Certificate(readFileSync(certificate)).publicKey.export({ type: "spki", format: "der" });
  return { certificate, key, trust: createHash("sha256").update(spki).digest("base64") };
};
