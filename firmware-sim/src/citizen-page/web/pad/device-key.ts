import { ADMISSION_PATH, type Admission, proofText, readAdmitted } from "@window-rating/protocol/browser-pad";
import type { DeviceKey } from "./database.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" } as const;

/** The window PC did not take the code; what it says stands in the message. */
export class NotAdmitted extends Error {}

/**
 * Shows the window PC the secret of the QR code, which is good for one time, and makes the key by which it knows this browser from then on.
 * @throws NotAdmitted, or TypeError if the window PC cannot be reached
 */
export const admit = async (secret: string): Promise<DeviceKey> => {
  const pair = await crypto.subtle.generateKey(ALGORITHM, false, ["sign"]);
  const publicKey = base64url(new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey)));
  const body: Admission = { secret, publicKey };
  const response = await fetch(ADMISSION_PATH, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    cache: "no-store",
  });
  const text = await response.text();
  const device = response.ok ? readAdmitted(text) : undefined;
  if (device === undefined) throw new NotAdmitted(sentenceIn(text) ?? `HTTP ${response.status}`);
  return { device, privateKey: pair.privateKey };
};

/** Proves on one connection that this browser holds its key. */
export const prove = async ({ privateKey }: DeviceKey, windowNo: string, nonce: string): Promise<string> => {
  const text = new TextEncoder().encode(proofText(location.origin, windowNo, nonce));
  return base64url(new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, text)));
};

const sentenceIn = (text: string): string | undefined => {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: unknown; detail?: unknown } };
    return typeof error?.code === "string" ? `${error.code} ${String(error.detail)}` : undefined;
  } catch {
    return undefined;
  }
};

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
