import { isSignedBy, signerOf } from "./firmware-signature.ts";
import type { Command, Message, Report } from "./messages.ts";
import { sameBytes } from "./session.ts";
import { type Asset, type FirmwareImage, fileOf, isSameFile, type TransferFile } from "./transfer-file.ts";

/** A change of the memory in which a pad keeps its files. */
export type FileChange =
  /** Forget any file that is half there, and be ready for this one. */
  | { readonly is: "begin"; readonly file: TransferFile }
  /** The next bytes. They may be lost with the power as long as the pad then knows how many it has. */
  | { readonly is: "append"; readonly offset: number; readonly data: Uint8Array }
  /** All bytes are there: hash them as they stand on the memory, and if it is right put the file in its place, in one step. */
  | { readonly is: "finish"; readonly file: TransferFile }
  /** Forget this file if it is the one that is half there. */
  | { readonly is: "discard"; readonly file: TransferFile }
  | { readonly is: "drop"; readonly name: string };

export type FileResult = "done" | "wrongHash" | "noRoom" | "fault";

/** What a pad has on its memory when it starts. */
export interface FileContents {
  readonly assets: readonly Asset[];
  /** The file that is half there, and how many of its bytes surely are. */
  readonly partial?: { readonly file: TransferFile; readonly received: number };
  /** An image that is whole and waits to be installed. */
  readonly staged?: FirmwareImage;
}

export interface PadTransferOptions {
  /** Which assets the pad takes; none if there is nothing here. */
  readonly assets?: {
    readonly kinds: readonly Asset["kind"][];
    /** Longest asset, and all together, bytes. */
    readonly maxBytes: number;
    readonly capacityBytes: number;
  };
  /** Which firmware the pad takes; none if there is nothing here. */
  readonly firmware?: {
    readonly model: string;
    /** Release that runs. */
    readonly release: number;
    readonly maxBytes: number;
    /** Ed25519 public keys of those whose firmware this pad takes, 32 bytes each. */
    readonly makerKeys: readonly Uint8Array[];
  };
}

export type PadTransferInput =
  | { readonly is: "command"; readonly message: Command }
  /** What became of a change; changes are answered in their order. */
  | { readonly is: "answered"; readonly change: FileChange; readonly result: FileResult }
  | { readonly is: "lost" };

export type PadTransferEffect =
  | { readonly is: "send"; readonly message: Report }
  | { readonly is: "change"; readonly change: FileChange }
  /** The assets are others now: what is shown may have a picture more or less. */
  | { readonly is: "assets" };

type Outcome = Message<"transferEnded">["outcome"];

interface Current {
  readonly transfer: number;
  readonly file: TransferFile;
  /** `wanted` was said again for chunks out of place; once is enough until the right one comes. */
  isAsked: boolean;
}

/** More small assets than any pad shows; a bound for the list of them. */
const MOST_ASSETS = 256;

/** The pad's part of transfers. A pure state machine beside the session: commands and the memory's answers in, reports and changes out. */
export class PadTransfer {
  readonly #options: PadTransferOptions;
  #assets: readonly Asset[];
  /** What is half there; `received` are the bytes that were given to the memory, its answer awaited or not. */
  #partial: { readonly file: TransferFile; received: number } | undefined;
  #staged: FirmwareImage | undefined;
  #current: Current | undefined;

  constructor(options: PadTransferOptions, contents: FileContents) {
    this.#options = options;
    this.#assets = contents.assets;
    this.#partial = contents.partial;
    this.#staged = contents.staged;
  }

  get assets(): readonly Asset[] {
    return this.#assets;
  }

  /** The image that can be installed. */
  get staged(): FirmwareImage | undefined {
    return this.#staged;
  }

  /** Bytes of a file are coming in. */
  get isUnderWay(): boolean {
    return this.#current !== undefined;
  }

  step(input: PadTransferInput): readonly PadTransferEffect[] {
    switch (input.is) {
      case "command":
        return this.#obey(input.message);
      case "answered":
        return this.#answered(input.change, input.result);
      case "lost":
        this.#current = undefined;
        return [];
    }
  }

  #obey(command: Command): readonly PadTransferEffect[] {
    switch (command.type) {
      case "offerAsset":
      case "offerFirmware":
        return this.#offered(command.transfer, fileOf(command));
      case "chunk":
        return this.#chunk(command);
      case "endTransfer":
        return this.#current?.transfer === command.transfer ? this.#discard(this.#current.file) : [];
      case "dropAsset":
        return this.#assets.some(({ name }) => name === command.name) ? this.#change({ is: "drop", name: command.name }) : [];
      case "askAsset":
        return [{ is: "send", message: this.#heldAt(command.place) }];
      default:
        return [];
    }
  }

  #offered(transfer: number, file: TransferFile): readonly PadTransferEffect[] {
    this.#current = undefined;
    const outcome = file.is === "asset" ? this.#verdictOnAsset(file) : this.#verdictOnImage(file);
    if (outcome !== undefined) return [ended(transfer, outcome)];
    const partial = this.#partial;
    this.#current = { transfer, file, isAsked: false };
    if (partial === undefined || !isSameFile(partial.file, file)) return this.#change({ is: "begin", file });
    // Cut between the last byte and the check of the hash.
    if (partial.received === file.size) return this.#change({ is: "finish", file });
    return [{ is: "send", message: { type: "wanted", transfer, offset: partial.received } }];
  }

  /** @returns why not a byte of it is wanted; undefined: it is */
  #verdictOnAsset(file: Asset): Outcome | undefined {
    const { assets } = this.#options;
    if (assets === undefined || !assets.kinds.includes(file.kind)) return "unsupported";
    if (this.#assets.some((asset) => isSameFile(asset, file))) return "complete";
    // The old one of this name stays until the new one is there.
    const hasRoom = file.size <= Math.min(assets.maxBytes, this.#freeBytes) && this.#assets.length < MOST_ASSETS;
    return hasRoom ? undefined : "noRoom";
  }

  #verdictOnImage(image: FirmwareImage): Outcome | undefined {
    const { firmware } = this.#options;
    if (firmware === undefined) return "unsupported";
    if (image.model !== firmware.model) return "wrongModel";
    if (image.release <= firmware.release) return "downgrade";
    const key = firmware.makerKeys.find((one) => sameBytes(signerOf(one), image.signer));
    if (key === undefined) return "unknownSigner";
    if (!isSignedBy(key, image, image.signature)) return "wrongSignature";
    if (this.#staged !== undefined && isSameFile(this.#staged, image)) return "complete";
    return image.size > firmware.maxBytes ? "noRoom" : undefined;
  }

  #chunk({ transfer, offset, data }: Message<"chunk">): readonly PadTransferEffect[] {
    const [current, partial] = [this.#current, this.#partial];
    if (current?.transfer !== transfer || partial === undefined || data.length === 0) return [];
    const { file } = current;
    if (offset !== partial.received || offset + data.length > file.size) return this.#askAgain(current, partial.received);
    partial.received += data.length;
    current.isAsked = false;
    const append = this.#change({ is: "append", offset, data });
    return partial.received < file.size ? append : [...append, ...this.#change({ is: "finish", file })];
  }

  /** Once for a run of wrong chunks: those that were under way already would each make the host begin again. */
  #askAgain(current: Current, offset: number): readonly PadTransferEffect[] {
    if (current.isAsked) return [];
    current.isAsked = true;
    return [{ is: "send", message: { type: "wanted", transfer: current.transfer, offset } }];
  }

  #answered(change: FileChange, result: FileResult): readonly PadTransferEffect[] {
    switch (change.is) {
      case "begin":
        this.#partial = result === "done" ? { file: change.file, received: 0 } : undefined;
        return this.#begun(change.file, result);
      case "append":
        return result === "done" || this.#partial === undefined ? [] : this.#giveUp(this.#partial.file, result);
      case "finish":
        return result === "done" ? this.#finished(change.file) : this.#giveUp(change.file, result);
      case "discard":
        return [];
      case "drop":
        if (result !== "done") return [];
        this.#assets = this.#assets.filter(({ name }) => name !== change.name);
        return [{ is: "assets" }];
    }
  }

  #begun(file: TransferFile, result: FileResult): readonly PadTransferEffect[] {
    const current = this.#current;
    // Another offer may have come meanwhile.
    if (current?.file !== file) return [];
    if (result !== "done") return this.#end(result);
    return [{ is: "send", message: { type: "wanted", transfer: current.transfer, offset: 0 } }];
  }

  #finished(file: TransferFile): readonly PadTransferEffect[] {
    if (this.#partial !== undefined && isSameFile(this.#partial.file, file)) this.#partial = undefined;
    const told = this.#isUnderWay(file) ? this.#end("complete") : [];
    if (file.is === "firmware") {
      this.#staged = file;
      return told;
    }
    this.#assets = [...this.#assets.filter(({ name }) => name !== file.name), file];
    return [{ is: "assets" }, ...told];
  }

  #giveUp(file: TransferFile, result: Exclude<FileResult, "done">): readonly PadTransferEffect[] {
    const told = this.#isUnderWay(file) ? this.#end(result) : [];
    return [...this.#discard(file), ...told];
  }

  #discard(file: TransferFile): readonly PadTransferEffect[] {
    if (this.#isUnderWay(file)) this.#current = undefined;
    if (this.#partial !== undefined && isSameFile(this.#partial.file, file)) this.#partial = undefined;
    return this.#change({ is: "discard", file });
  }

  #isUnderWay(file: TransferFile): boolean {
    return this.#current !== undefined && isSameFile(this.#current.file, file);
  }

  #end(outcome: Exclude<FileResult, "done"> | "complete"): readonly PadTransferEffect[] {
    const current = this.#current;
    this.#current = undefined;
    return current === undefined ? [] : [ended(current.transfer, outcome)];
  }

  #change(change: FileChange): readonly PadTransferEffect[] {
    return [{ is: "change", change }];
  }

  get #freeBytes(): number {
    return Math.max(0, (this.#options.assets?.capacityBytes ?? 0) - this.#assets.reduce((sum, { size }) => sum + size, 0));
  }

  #heldAt(place: number): Message<"heldAsset"> {
    const asset = this.#assets[place];
    const known = { type: "heldAsset", place, count: this.#assets.length, freeBytes: this.#freeBytes } as const;
    if (asset === undefined) return { ...known, name: "", kind: "none", size: 0, hash: new Uint8Array(32) };
    const { name, kind, size, hash } = asset;
    return { ...known, name, kind, size, hash };
  }
}

const ended = (transfer: number, outcome: Outcome): PadTransferEffect => ({
  is: "send",
  message: { type: "transferEnded", transfer, outcome },
});
