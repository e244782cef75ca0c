import { sha256 } from "@noble/hashes/sha2.js";
import type { Message } from "./messages.ts";
import { sameBytes } from "./session.ts";

/** A file that belongs on a pad, as it is offered. */
export type TransferFile =
  | ({ readonly is: "asset" } & Omit<Message<"offerAsset">, "type" | "transfer">)
  | ({ readonly is: "firmware" } & Omit<Message<"offerFirmware">, "type" | "transfer">);

export type Asset = Extract<TransferFile, { is: "asset" }>;
export type FirmwareImage = Extract<TransferFile, { is: "firmware" }>;

/** What an asset is called, or what firmware it is; for people and logs. */
export const nameOfFile = (file: TransferFile): string => (file.is === "asset" ? file.name : `firmware ${file.version}`);

/** Whether two offers are of one file: then what there is of the one is good for the other. */
export const isSameFile = (one: TransferFile, other: TransferFile): boolean => {
  if (one.size !== other.size || !sameBytes(one.hash, other.hash)) return false;
  if (one.is === "asset") return other.is === "asset" && one.name === other.name && one.kind === other.kind;
  return other.is === "firmware" && one.model === other.model && one.version === other.version && one.release === other.release;
};

/** What a file is known by: the SHA-256 of its bytes. */
export const hashOfFile = (bytes: Uint8Array): Uint8Array => sha256(bytes);

/** The message that offers a file. */
export const offerOf = (file: TransferFile, transfer: number): Message<"offerAsset" | "offerFirmware"> => {
  if (file.is === "asset") {
    const { is: _, ...asset } = file;
    return { type: "offerAsset", transfer, ...asset };
  }
  const { is: _, ...image } = file;
  return { type: "offerFirmware", transfer, ...image };
};

/** The file that a message offers. */
export const fileOf = (offer: Message<"offerAsset" | "offerFirmware">): TransferFile => {
  if (offer.type === "offerAsset") {
    const { type: _, transfer: __, ...asset } = offer;
    return { is: "asset", ...asset };
  }
  const { type: _, transfer: __, ...image } = offer;
  return { is: "firmware", ...image };
};
