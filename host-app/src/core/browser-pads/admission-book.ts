import { createHash, createPublicKey, randomBytes, verify } from "node:crypto";
import { join } from "node:path";
import { type Admission, proofText } from "@window-rating/protocol/browser-pad";
import { WindowRatingError } from "@window-rating/protocol/error";
import { windowNoSchema } from "@window-rating/protocol/rating";
import { z } from "zod";
import type { Clock } from "../clock.ts";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";
import { sameSecret } from "../desk/pairings.ts";

const deviceSchema = z.strictObject({
  windowNo: windowNoSchema,
  /** Name of the key. */
  device: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  /** P-256, SubjectPublicKeyInfo in base64url. */
  publicKey: z.string().max(200),
  admittedAt: z.iso.datetime(),
  /** Of the pad, once it has said it. */
  serialNumber: z.string().max(32).nullable(),
});
/** The tablet of a window: known by a key that never leaves its browser. */
export type AdmittedDevice = z.infer<typeof deviceSchema>;

const fileSchema = z.strictObject({ version: z.literal(1), devices: z.array(deviceSchema).max(1024) });

/** A code is good for so long, milliseconds. */
export const OFFER_MS = 10 * 60_000;

interface Offer {
  readonly secret: string;
  /** Monotonic milliseconds. */
  readonly until: number;
}

/**
 * The tablets that may be pads, one for each window, and the codes that are out. Codes are in memory alone: a restart ends them. The file
 * holds no secret: public keys.
 */
export class AdmissionBook {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #offers = new Map<string, Offer>();
  #devices: readonly AdmittedDevice[];

  /** @throws WR8006 if there is a file that cannot be read: nobody is let in, or out, on a guess */
  constructor(dataDir: string, clock: Clock) {
    this.#path = join(dataDir, "browser-pads.json");
    this.#clock = clock;
    try {
      const text = readIfPresent(this.#path);
      this.#devices = text === null ? [] : fileSchema.parse(JSON.parse(text)).devices;
    } catch (cause) {
      throw new WindowRatingError("WR8006", `${this.#path} is no list of browser pads (${(cause as Error).name})`, cause);
    }
  }

  deviceOf(windowNo: string): AdmittedDevice | undefined {
    return this.#devices.find((device) => device.windowNo === windowNo);
  }

  /**
   * A new secret for one tablet; an earlier one of this window is good no more.
   * @throws WR1041 if the window has a tablet and it is not to be replaced
   */
  offer(windowNo: string, replaces: boolean): { readonly secret: string; readonly expiresInMs: number } {
    const device = this.deviceOf(windowNo);
    if (device !== undefined && !replaces) {
      const which = device.serialNumber === null ? "" : ` ${device.serialNumber}`;
      throw new WindowRatingError("WR1041", `window ${windowNo} has its tablet${which} since ${device.admittedAt}`);
    }
    const secret = randomBytes(18).toString("base64url");
    this.#offers.set(windowNo, { secret, until: this.#clock.monotonicMs() + OFFER_MS });
    return { secret, expiresInMs: OFFER_MS };
  }

  /**
   * Takes a tablet that shows the secret, in the place of any other. It is on disk when this returns.
   * @throws WR1040 if the secret is not the one that is out, WR5003 for a key that is none, WR8006
   */
  admit(windowNo: string, { secret, publicKey }: Admission): AdmittedDevice {
    const offer = this.#offers.get(windowNo);
    const isGood = offer !== undefined && this.#clock.monotonicMs() < offer.until && sameSecret(secret, offer.secret);
    if (!isGood) throw new WindowRatingError("WR1040", `this code is not, or no longer, good for window ${windowNo}`);
    checkKey(publicKey);
    // Good for one time, also if the next line fails.
    this.#offers.delete(windowNo);
    const admitted: AdmittedDevice = {
      windowNo,
      device: createHash("sha256").update(Buffer.from(publicKey, "base64url")).digest().subarray(0, 16).toString("base64url"),
      publicKey,
      admittedAt: new Date(this.#clock.wallMs()).toISOString(),
      serialNumber: null,
    };
    this.#write([...this.#devices.filter((one) => one.windowNo !== windowNo), admitted]);
    return admitted;
  }

  /** Whether the tablet proved on this connection that it holds the key of the window's tablet. */
  isProof(windowNo: string, origin: string, nonce: string, proof: { readonly device: string; readonly signature: string }): boolean {
    const known = this.deviceOf(windowNo);
    if (known === undefined || known.device !== proof.device) return false;
    const key = createPublicKey({ key: Buffer.from(known.publicKey, "base64url"), format: "der", type: "spki" });
    const said = Buffer.from(proofText(origin, windowNo, nonce));
    return verify("sha256", said, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(proof.signature, "base64url"));
  }

  /** Whether the tablet of the window was admitted so lately that it may be paired by itself. */
  isFresh(windowNo: string): boolean {
    const device = this.deviceOf(windowNo);
    if (device === undefined) return false;
    const age = this.#clock.wallMs() - Date.parse(device.admittedAt);
    return age >= 0 && age < OFFER_MS;
  }

  /** The pad has said its serial number. A file that cannot be written costs the list its name, and nothing else. */
  named(windowNo: string, serialNumber: string): void {
    const device = this.deviceOf(windowNo);
    if (device === undefined || device.serialNumber === serialNumber) return;
    this.#write(this.#devices.map((one) => (one === device ? { ...one, serialNumber } : one)));
  }

  /** @returns the tablet that is admitted no longer; undefined if there was none @throws WR8006 */
  remove(windowNo: string): AdmittedDevice | undefined {
    this.#offers.delete(windowNo);
    const device = this.deviceOf(windowNo);
    if (device !== undefined) this.#write(this.#devices.filter((one) => one !== device));
    return device;
  }

  #write(devices: readonly AdmittedDevice[]): void {
    try {
      replaceFile(this.#path, `${JSON.stringify({ version: 1, devices }, null, 2)}\n`);
    } catch (cause) {
      throw new WindowRatingError("WR8006", `${this.#path} cannot be written: ${(cause as Error).message}`, cause);
    }
    this.#devices = devices;
  }
}

/** @throws WR5003 */
const checkKey = (publicKey: string): void => {
  let curve: string | undefined;
  try {
    curve = createPublicKey({ key: Buffer.from(publicKey, "base64url"), format: "der", type: "spki" }).asymmetricKeyDetails?.namedCurve;
  } catch (cause) {
    throw new WindowRatingError("WR5003", "publicKey is no public key", cause);
  }
  if (curve !== "prime256v1") throw new WindowRatingError("WR5003", "publicKey is not of the curve P-256");
};
