import {
  type FileChange,
  type FileContents,
  type FileResult,
  type FirmwareImage,
  hashOfFile,
  isSameFile,
  type TransferFile,
} from "@window-rating/protocol/pad";
import { hexOf } from "../hexadecimal.ts";
import type { Disk } from "../store/disk.ts";
import type { Asset, Assets } from "../touchscreen/assets.ts";
import { type FileIndex, readIndex, type UpdateOutcome, writeIndex } from "./file-index.ts";
import { PartialFile } from "./partial-file.ts";

/** A change of which firmware runs. */
export type SlotChange =
  /** The staged image is tried at the next start. */
  | { readonly is: "install" }
  /** The image on trial is started once more. */
  | { readonly is: "started" }
  /** The image on trial has had a session: it stays. */
  | { readonly is: "keep" }
  /** The image on trial has had none: the one before it runs again. */
  | { readonly is: "rollBack" }
  /** How the update came out is in the event store. */
  | { readonly is: "told" };

/**
 * The files of a pad on a disk: assets, firmware images, and one file that is half there. Contents lie in files named by their hash; the
 * index names what is where and is replaced in one step, so that a loss of power leaves everything as it was or as it shall be.
 */
export class PadFiles implements Assets {
  readonly #base: string;
  readonly #disk: Disk;
  readonly #read = new Map<string, Asset>();
  #index: FileIndex;
  #partial: PartialFile | undefined;

  /** @param base path to which the names of all files are added @throws the disk's errors */
  constructor(base: string, disk: Disk) {
    this.#base = base;
    this.#disk = disk;
    const index = readIndex(this.#indexPath, disk);
    // A file that the disk has damaged is wanted again; an image so is not started.
    this.#index = { ...index, assets: index.assets.filter((asset) => this.contentOf(asset) !== undefined) };
    if (index.staged !== undefined && this.contentOf(index.staged) === undefined) this.#index = { ...this.#index, staged: undefined };
    this.#removeGarbage();
    this.#partial = PartialFile.find(this.#partialPath, disk);
  }

  get contents(): FileContents {
    const { assets, staged } = this.#index;
    const partial = this.#partial;
    return {
      assets,
      ...(partial === undefined ? {} : { partial: { file: partial.file, received: partial.received } }),
      ...(staged === undefined ? {} : { staged }),
    };
  }

  /** The image that runs; undefined: the firmware that the pad was made with. */
  get running(): FirmwareImage | undefined {
    return this.#index.running;
  }

  get trial(): FileIndex["trial"] {
    return this.#index.trial;
  }

  get outcome(): UpdateOutcome | undefined {
    return this.#index.outcome;
  }

  find(name: string): Asset | undefined {
    const known = this.#read.get(name);
    if (known !== undefined) return known;
    const file = this.#index.assets.find((asset) => asset.name === name);
    const bytes = file === undefined ? undefined : this.contentOf(file);
    if (file === undefined || bytes === undefined) return undefined;
    const asset = { kind: file.kind, bytes };
    this.#read.set(name, asset);
    return asset;
  }

  /** Makes a change; what is done when it returns survives a loss of power, save the last bytes of what is half there. */
  apply(change: FileChange | SlotChange): FileResult {
    try {
      return this.#apply(change);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === "ENOSPC" ? "noRoom" : "fault";
    }
  }

  close(): void {
    this.#partial?.close();
    this.#partial = undefined;
  }

  #apply(change: FileChange | SlotChange): FileResult {
    switch (change.is) {
      case "begin":
        this.close();
        this.#partial = PartialFile.begin(this.#partialPath, this.#disk, change.file);
        return "done";
      case "append":
        if (this.#partial?.received !== change.offset) return "fault";
        this.#partial.append(change.data);
        return "done";
      case "finish":
        return this.#finish(change.file);
      case "discard":
        if (this.#partial !== undefined && isSameFile(this.#partial.file, change.file)) this.#forgetPartial();
        return "done";
      case "drop":
        this.#read.delete(change.name);
        this.#write({ assets: this.#index.assets.filter(({ name }) => name !== change.name) });
        return "done";
      default:
        return this.#changeSlots(change);
    }
  }

  #finish(file: TransferFile): FileResult {
    const partial = this.#partial;
    if (partial === undefined || !isSameFile(partial.file, file)) return "fault";
    const bytes = partial.bytes();
    if (bytes.length !== file.size || hashOf(bytes) !== hexOf(file.hash)) return "wrongHash";
    this.#writeContent(file, bytes);
    if (file.is === "firmware") this.#write({ staged: file });
    else {
      this.#read.delete(file.name);
      this.#write({ assets: [...this.#index.assets.filter(({ name }) => name !== file.name), file] });
    }
    this.#forgetPartial();
    return "done";
  }

  #changeSlots(change: SlotChange): FileResult {
    const { staged, trial, running } = this.#index;
    switch (change.is) {
      case "install":
        if (staged === undefined) return "fault";
        this.#write({ staged: undefined, trial: { image: staged, starts: 0 } });
        return "done";
      case "started":
        if (trial === undefined) return "fault";
        this.#write({ trial: { ...trial, starts: trial.starts + 1 } });
        return "done";
      case "keep":
      case "rollBack":
        if (trial === undefined) return "fault";
        if (change.is === "keep") this.#write({ trial: undefined, running: trial.image, outcome: "kept" });
        else this.#write({ trial: undefined, running, outcome: "rolledBack" });
        return "done";
      case "told":
        this.#write({ outcome: undefined });
        return "done";
    }
  }

  #writeContent(file: TransferFile, bytes: Uint8Array): void {
    // Another name may stand for the same bytes: they are not written over.
    if (this.contentOf(file) !== undefined) return;
    const path = this.#contentPath(hexOf(file.hash));
    const content = this.#disk.open(path, "empty");
    try {
      content.append(bytes);
      content.sync();
    } finally {
      content.close();
    }
    this.#disk.syncFolderOf(path);
  }

  /** Writes the index with some of its parts new; contents that nothing names any more are then removed. */
  #write(parts: Partial<FileIndex>): void {
    const next = { ...this.#index, ...parts };
    const named = namedBy(next);
    const index = { ...next, garbage: [...namedBy(this.#index)].filter((hash) => !named.has(hash)) };
    writeIndex(this.#indexPath, this.#disk, index);
    this.#index = index;
    this.#removeGarbage();
  }

  /** What is removed stays in the list until the next write, which makes its removal last: it does no harm to remove it twice. */
  #removeGarbage(): void {
    for (const hash of this.#index.garbage) this.#tryToRemove(this.#contentPath(hash));
  }

  #forgetPartial(): void {
    this.close();
    this.#tryToRemove(this.#partialPath);
  }

  #tryToRemove(path: string): void {
    try {
      this.#disk.remove(path);
    } catch {
      // It takes room and does no other harm; what it was part of is done.
    }
  }

  /** The bytes of an image or asset that is whole; undefined if the disk has damaged it. @throws the disk's errors */
  contentOf(file: TransferFile): Uint8Array | undefined {
    const bytes = this.#disk.read(this.#contentPath(hexOf(file.hash)));
    return bytes !== undefined && hashOf(bytes) === hexOf(file.hash) ? bytes : undefined;
  }

  #contentPath(hash: string): string {
    return `${this.#base}.${hash}`;
  }

  get #indexPath(): string {
    return `${this.#base}.index`;
  }

  get #partialPath(): string {
    return `${this.#base}.partial`;
  }
}

const hashOf = (bytes: Uint8Array): string => hexOf(hashOfFile(bytes));

/** Hashes of all contents that an index names. */
const namedBy = ({ assets, staged, running, trial }: FileIndex): Set<string> =>
  new Set([...assets, staged, running, trial?.image].flatMap((file) => (file === undefined ? [] : [hexOf(file.hash)])));
