import { sha256 } from "@noble/hashes/sha2.js";
import type { FileChange, FileContents, FileResult } from "../pad-transfer.ts";
import { sameBytes } from "../session.ts";
import { type Asset, type FirmwareImage, isSameFile, type TransferFile } from "../transfer-file.ts";

/** Where a pad of the tests keeps its files: what is finished stays, of what is half there a loss of power takes an end. */
export class PadMemory {
  readonly #assets = new Map<string, { readonly file: Asset; readonly bytes: Uint8Array }>();
  #staged: { readonly file: FirmwareImage; readonly bytes: Uint8Array } | undefined;
  #partial: { readonly file: TransferFile; bytes: number[] } | undefined;
  /** What the next changes come to, instead of being made. */
  failing: FileResult | undefined;
  /** Bytes that were appended in all. */
  appended = 0;

  get contents(): FileContents {
    return {
      assets: [...this.#assets.values()].map(({ file }) => file),
      ...(this.#partial === undefined ? {} : { partial: { file: this.#partial.file, received: this.#partial.bytes.length } }),
      ...(this.#staged === undefined ? {} : { staged: this.#staged.file }),
    };
  }

  bytesOf(name: string): Uint8Array | undefined {
    return this.#assets.get(name)?.bytes;
  }

  get image(): Uint8Array | undefined {
    return this.#staged?.bytes;
  }

  /** Power goes: so many bytes of what is half there had not reached the memory. */
  cut(lost: number): void {
    const partial = this.#partial;
    if (partial !== undefined) partial.bytes = partial.bytes.slice(0, Math.max(0, partial.bytes.length - lost));
  }

  /** A cell of the memory turns over. */
  damage(place: number): void {
    const bytes = this.#partial?.bytes;
    if (bytes !== undefined && bytes.length > 0) bytes[place % bytes.length] = (bytes[place % bytes.length] as number) ^ 1;
  }

  apply(change: FileChange): FileResult {
    if (this.failing !== undefined && change.is !== "discard") return this.failing;
    switch (change.is) {
      case "begin":
        this.#partial = { file: change.file, bytes: [] };
        return "done";
      case "append":
        if (this.#partial === undefined || this.#partial.bytes.length !== change.offset) return "fault";
        this.#partial.bytes.push(...change.data);
        this.appended += change.data.length;
        return "done";
      case "finish":
        return this.#finish(change.file);
      case "discard":
        if (this.#partial !== undefined && isSameFile(this.#partial.file, change.file)) this.#partial = undefined;
        return "done";
      case "drop":
        return this.#assets.delete(change.name) ? "done" : "fault";
    }
  }

  #finish(file: TransferFile): FileResult {
    const partial = this.#partial;
    if (partial === undefined || !isSameFile(partial.file, file)) return "fault";
    const bytes = Uint8Array.from(partial.bytes);
    if (!sameBytes(sha256(bytes), file.hash)) return "wrongHash";
    this.#partial = undefined;
    if (file.is === "asset") this.#assets.set(file.name, { file, bytes });
    else this.#staged = { file, bytes };
    return "done";
  }
}
