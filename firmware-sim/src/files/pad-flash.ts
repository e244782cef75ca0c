import type { FileChange, FileResult, PadTransferOptions } from "@window-rating/protocol/pad";
import type { StoreroomOptions } from "../firmware/storeroom.ts";
import { type Disk, realDisk } from "../store/disk.ts";
import type { Asset, Assets } from "../touchscreen/assets.ts";
import { type Booted, type BuiltIn, boot } from "./boot.ts";
import { MemoryDisk } from "./memory-disk.ts";
import { PadFiles, type SlotChange } from "./pad-files.ts";

export interface PadFlashOptions {
  /** Path to which the names of the files are added; in memory if there is none. */
  readonly base?: string;
  readonly builtIn: BuiltIn;
  /** Ed25519 public keys of those whose firmware the pad takes, 32 bytes each. */
  readonly makerKeys: readonly Uint8Array[];
  readonly assets?: PadTransferOptions["assets"];
  /** Model that an image must be made for, and how long it may be. */
  readonly firmware?: { readonly model: string; readonly maxBytes: number };
  /** Files that the pad is made with. */
  readonly given: Assets;
}

/** The flash memory of a simulated pad, from one start to the next, with its boot loader. */
export class PadFlash implements Assets {
  readonly #options: PadFlashOptions;
  readonly #disk: Disk;
  #files: PadFiles | undefined;

  constructor(options: PadFlashOptions) {
    this.#options = options;
    this.#disk = options.base === undefined ? new MemoryDisk() : realDisk;
  }

  /** Power came on: what runs, and what its storeroom finds. @throws the disk's errors */
  start(): Booted & { readonly storeroom: StoreroomOptions } {
    const { base = "memory", builtIn, makerKeys, assets, firmware } = this.#options;
    this.close();
    const files = new PadFiles(base, this.#disk);
    this.#files = files;
    const booted = boot(files, builtIn, makerKeys);
    const { outcome } = files;
    const storeroom = {
      contents: files.contents,
      isOnTrial: booted.isOnTrial,
      ...(outcome === undefined ? {} : { outcome }),
      ...(assets === undefined ? {} : { assets }),
      ...(firmware === undefined ? {} : { firmware: { ...firmware, release: booted.release, makerKeys } }),
    };
    return { ...booted, storeroom };
  }

  apply(change: FileChange | SlotChange): FileResult {
    return this.#files?.apply(change) ?? "fault";
  }

  find(name: string): Asset | undefined {
    return this.#files?.find(name) ?? this.#options.given.find(name);
  }

  close(): void {
    this.#files?.close();
    this.#files = undefined;
  }
}
