import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import { newRequestId, type RequestId } from "@window-rating/protocol/rating";
import {
  type BatchAnswer,
  batchAnswerSchema,
  CHAIN_START,
  type EnrolmentAnswer,
  type Entry,
  type EntryBody,
  type EntryFile,
  enrolmentAnswerSchema,
  entryFileText,
  entryHashInput,
  type NotRatedBody,
  type RatingBody,
  type UnboundBody,
  windowPcIdFromDigest,
} from "@window-rating/protocol/sync";

const sha256 = (...parts: string[]): Buffer => createHash("sha256").update(parts.join("\n")).digest();

/** Ed25519 private key from 32 bytes: the fixed head of its PKCS #8 form, then the bytes (RFC 8410). */
const privateKeyFrom = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed]), format: "der", type: "pkcs8" });

/** 2026-03-02 09:00:00 +08:00, a Monday. */
export const MORNING_MS = Date.UTC(2026, 2, 2, 1);

const at = (wallMs: number) => ({ wallMs, monotonicMs: wallMs - MORNING_MS + 60_000, bootId: "boot-1" });

const ITEMS = [
  ["ITEM-01", "居民身份证换领"],
  ["ITEM-02", "不动产登记"],
  ["ITEM-03", "社保参保登记"],
] as const;

/** What central sees of a window PC: a key, a chain of signed entries, and requests. The same seed makes the same PC. */
export class WindowPc {
  readonly windowNo: string;
  readonly windowPcId: string;
  readonly publicKey: string;
  token = "";
  #key: KeyObject;
  #seed: string;
  #number = 0;
  #previousHash = CHAIN_START;
  #made = 0;
  /** Of another for each time it went back: its entries have ids of their own. */
  #branch = "";

  constructor(seed: string, windowNo = "3") {
    this.#seed = seed;
    this.windowNo = windowNo;
    this.#key = privateKeyFrom(sha256("key", seed));
    const jwk = createPublicKey(this.#key).export({ format: "jwk" });
    this.publicKey = Buffer.from(jwk.x ?? "", "base64url").toString("hex");
    this.windowPcId = windowPcIdFromDigest(createHash("sha256").update(Buffer.from(this.publicKey, "hex")).digest("hex"));
  }

  requestId(): RequestId {
    this.#made += 1;
    return newRequestId(MORNING_MS + this.#made, sha256("request", this.#seed, String(this.#made)));
  }

  rating(over: Partial<RatingBody> & { requestId?: RequestId } = {}): RatingBody {
    const { requestId = this.requestId(), ...rest } = over;
    const minute = MORNING_MS + this.#made * 60_000;
    return {
      kind: "rating",
      binding: this.#binding(requestId),
      level: ((this.#made % 5) + 1) as RatingBody["level"],
      openedAt: at(minute),
      pressTime: { sinceOpenMs: 3_200, padWallMs: null },
      committedAt: at(minute + 3_250),
      circumstance: "in-time",
      origin: this.#origin(),
      ...rest,
    };
  }

  notRated(over: Partial<NotRatedBody> & { requestId?: RequestId } = {}): NotRatedBody {
    const { requestId = this.requestId(), ...rest } = over;
    const minute = MORNING_MS + this.#made * 60_000;
    const ended = { openedAt: at(minute), endedAt: at(minute + 30_000) };
    return { kind: "not-rated", binding: this.#binding(requestId), reason: "timed-out", ...ended, ...rest };
  }

  unbound(): UnboundBody {
    const requestId = this.requestId();
    const committedAt = at(MORNING_MS + this.#made * 60_000);
    return { kind: "unbound", requestId, level: 4, pressTime: { sinceOpenMs: 10, padWallMs: null }, committedAt, origin: this.#origin() };
  }

  /** The next entry of the chain. */
  entry(body: EntryBody | string = this.rating()): Entry {
    this.#number += 1;
    const made = this.sealed({
      entryId: this.#uuid(`entry ${this.#number}${this.#branch}`),
      number: this.#number,
      previousHash: this.#previousHash,
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
    this.#previousHash = made.hash;
    return made;
  }

  entries(count: number): Entry[] {
    return Array.from({ length: count }, () => this.entry());
  }

  /** Hashes and signs any entry, also one that does not follow the chain. */
  sealed(entry: Omit<Entry, "hash" | "signature">): Entry {
    const hash = createHash("sha256").update(entryHashInput(this.windowPcId, entry)).digest("hex");
    return { ...entry, hash, signature: sign(null, Buffer.from(hash, "hex"), this.#key).toString("hex") };
  }

  /** Goes on from an entry of before, as a PC does whose database was put back: what it makes now has numbers that were used. */
  goBackTo({ number, hash }: Pick<Entry, "number" | "hash">): void {
    [this.#number, this.#previousHash] = [number, hash];
    this.#branch += "'";
  }

  /** What the PC exports: a list of entries that it signs as a whole. */
  entryFile(entries: readonly Entry[], exportedAtMs = MORNING_MS): EntryFile {
    const { windowPcId, publicKey } = this;
    const exportedAt = new Date(exportedAtMs).toISOString();
    const content: EntryFile["content"] = { format: "window-rating entries 1", windowPcId, publicKey, exportedAt, entries: [...entries] };
    const digest = createHash("sha256").update(entryFileText(content)).digest();
    return { content, signature: sign(null, digest, this.#key).toString("hex") };
  }

  async enrol(url: string, code: string): Promise<EnrolmentAnswer> {
    const request = { code, windowNo: this.windowNo, publicKey: this.publicKey };
    const answer = enrolmentAnswerSchema.parse(await (await post(`${url}/sync/v1/enrolments`, request)).json());
    this.token = answer.token;
    return answer;
  }

  /** Sends a batch as it is, whatever is in it. */
  post(url: string, entries: readonly unknown[], sentAtMs: number): Promise<Response> {
    return post(`${url}/sync/v1/batches`, { windowPcId: this.windowPcId, sentAtMs, entries }, this.token);
  }

  /** Sends a batch that central must answer. */
  async send(url: string, entries: readonly unknown[], sentAtMs: number): Promise<BatchAnswer> {
    return batchAnswerSchema.parse(await (await this.post(url, entries, sentAtMs)).json());
  }

  #uuid(name: string): string {
    return newRequestId(MORNING_MS, sha256(name, this.#seed));
  }

  #binding(requestId: RequestId): RatingBody["binding"] {
    const [itemCode, itemName] = ITEMS[this.#made % ITEMS.length] ?? ITEMS[0];
    const isFirst = this.#made % 2 === 0;
    return {
      requestId,
      caseNo: `CASE-${this.#seed}-${this.#made}`.slice(0, 64),
      visitNo: 1,
      caseCompleted: true,
      itemCode,
      itemName,
      staffNo: isFirst ? "1001" : "1002",
      clerkName: isFirst ? "张三样例" : "李四样例",
      windowNo: this.windowNo,
      trigger: "business-system",
      triggeredBy: "sample-system",
    };
  }

  #origin(): UnboundBody["origin"] {
    const pad = { serialNumber: "SIM-0001", model: "generic/five-button", firmware: "1.0.0", storeId: 7, bootCount: 1 };
    return { ...pad, eventNo: this.#made + 1, secured: true, port: "serial" };
  }
}

const post = (url: string, body: object, token?: string): Promise<Response> =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
