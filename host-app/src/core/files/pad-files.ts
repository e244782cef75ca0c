import { WindowRatingError } from "@window-rating/protocol/error";
import {
  CAPABILITIES,
  type Command,
  declarationOf,
  type FirmwareImage,
  HostTransfer,
  type HostTransferEffect,
  type HostTransferInput,
  isSameFile,
  type Message,
  nameOfFile,
  type Report,
  type TransferFile,
} from "@window-rating/protocol/pad";
import type { Logger } from "pino";
import type { Clock } from "../clock.ts";
import type { AssetFile } from "./asset-file.ts";
import { FirmwareUpdate, type UpdateState } from "./firmware-update.ts";

export interface PadFilesOptions {
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly logger: Logger;
  /** What every pad is to have. */
  readonly wanted: () => readonly AssetFile[];
  /** Gives a command to the pad; false if it is away. */
  readonly send: (command: Command) => boolean;
  readonly stateChanged: () => void;
}

/** What is known of the files of a pad, for people. */
export interface PadFilesState {
  /** Names of assets that are on the pad. */
  readonly held: readonly string[];
  /** Names of files that are on their way, the one under way first. */
  readonly waiting: readonly string[];
  /** Share of the file under way that is there, 0..1; null if none is. */
  readonly progress: number | null;
  /** What the pad did not take, and why. */
  readonly refused: Readonly<Record<string, string>>;
  readonly update: UpdateState | null;
}

/** Phases of a pad in which a citizen is asked: nothing of a file goes then. */
const ASKING: readonly Message<"status">["phase"][] = ["inviting", "answering", "chosen"];

/** What of the protocol is about files, and of no concern to a window. */
const OF_FILES: readonly Report["type"][] = ["wanted", "transferEnded", "heldAsset"];
const INSTALL = declarationOf("installFirmware").id;

/** The files of one pad, kept as they shall be: at each session it is asked what it has, and what differs is brought or dropped. */
export class PadFiles {
  readonly #options: PadFilesOptions;
  /** How fast the line is, is said with each session. */
  readonly #transfer = new HostTransfer(Number.POSITIVE_INFINITY);
  readonly #inputs: HostTransferInput[] = [];
  #isStepping = false;
  #unacknowledged = 0;
  #takesAssets = false;
  /** What the pad said that it has; undefined until it has said all. */
  #held: Map<string, string> | undefined;
  #asked = new Map<string, string>();
  readonly #refused = new Map<string, string>();
  #progress: { readonly file: TransferFile; readonly done: number } | undefined;
  #update: FirmwareUpdate | undefined;
  #takesFirmware = false;
  #isReady = false;

  constructor(options: PadFilesOptions) {
    this.#options = options;
  }

  get state(): PadFilesState {
    const progress = this.#progress;
    return {
      held: [...(this.#held?.keys() ?? [])].sort(),
      waiting: this.#transfer.waiting.map(nameOfFile),
      progress: progress === undefined ? null : progress.done / progress.file.size,
      refused: Object.fromEntries(this.#refused),
      update: this.#update?.state ?? null,
    };
  }

  /** The session may be used. */
  ready(capabilities: number, agreed: { readonly largestPayload: number; readonly window: number; readonly bytesPerSecond: number }): void {
    this.#takesAssets = (capabilities & CAPABILITIES.assets) !== 0;
    this.#takesFirmware = (capabilities & CAPABILITIES.firmwareUpdate) !== 0;
    this.#isReady = true;
    this.#step({ is: "ready", ...agreed });
    this.refresh();
    this.#goOnWithUpdate();
  }

  lost(): void {
    this.#isReady = false;
    this.#held = undefined;
    this.#update?.lost(this.#now);
    this.#step({ is: "lost" });
  }

  /** What pads are to have has changed, or may have. */
  refresh(): void {
    if (!this.#isReady || !this.#takesAssets) return;
    this.#asked = new Map();
    this.#refused.clear();
    this.#options.send({ type: "askAsset", place: 0 });
  }

  /** @throws WR1034 if the pad takes none, WR1032 if another update is under way */
  update(image: FirmwareImage, payload: Uint8Array): void {
    if (!this.#isReady || !this.#takesFirmware) throw new WindowRatingError("WR1034", "the pad is away, or takes no firmware");
    if (this.#update !== undefined && !this.#update.isOver) {
      throw new WindowRatingError("WR1032", `firmware ${this.#update.image.version} is under way`);
    }
    this.#update = new FirmwareUpdate(image);
    this.#step({ is: "put", file: image, bytes: payload });
  }

  /** A command goes to the pad: if it asks the citizen, files wait. */
  sending({ type }: Command): void {
    if (type === "openRating" || type === "openTouchRating") this.#step({ is: "hold", held: true });
  }

  /** @returns true for a report that is about files alone */
  report(message: Report): boolean {
    if (message.type === "status") this.#step({ is: "hold", held: ASKING.includes(message.phase) });
    if (message.type === "updated") {
      this.#update?.told(message);
      this.#options.stateChanged();
    }
    if (message.type === "refused") return this.#refusedBy(message);
    if (message.type === "heldAsset") this.#heldAt(message);
    else if (OF_FILES.includes(message.type)) this.#step({ is: "report", message });
    return OF_FILES.includes(message.type);
  }

  /** The session was stepped. @param unacknowledged messages that the pad does not have yet */
  flow(unacknowledged: number): void {
    this.#unacknowledged = unacknowledged;
    if (this.#transfer.waiting.length > 0) this.#step({ is: "flow", unacknowledged });
  }

  deadline(): number {
    return Math.min(
      this.#transfer.deadline() ?? Number.POSITIVE_INFINITY,
      this.#update?.deadline(this.#isReady) ?? Number.POSITIVE_INFINITY,
    );
  }

  time(): void {
    this.#step({ is: "time" });
    this.#update?.time(this.#now);
    this.#goOnWithUpdate();
  }

  get #now(): number {
    return this.#options.clock.monotonicMs();
  }

  /** Inputs are taken one after the other: what one makes us send must leave before the next one is taken, or chunks change their order. */
  #step(given: HostTransferInput): void {
    this.#inputs.push(given);
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        // Others may have been sent since the link was looked at.
        const input = next.is === "flow" ? { ...next, unacknowledged: this.#unacknowledged } : next;
        for (const effect of this.#transfer.step(input, this.#now)) this.#carryOut(effect);
      }
    } finally {
      this.#isStepping = false;
    }
  }

  #carryOut(effect: HostTransferEffect): void {
    if (effect.is === "send") this.#options.send(effect.message);
    else if (effect.is === "progress") this.#progress = effect;
    else this.#ended(effect);
  }

  #ended({ file, outcome }: Extract<HostTransferEffect, { is: "ended" }>): void {
    this.#progress = undefined;
    const name = nameOfFile(file);
    const { logger, stateChanged } = this.#options;
    if (file.is === "firmware") {
      this.#update?.sent(outcome, this.#now);
      this.#goOnWithUpdate();
    } else if (outcome === "complete") {
      this.#held?.set(name, keyOf(file));
      logger.info({ asset: name, bytes: file.size }, "pad has the asset");
    } else if (outcome !== "withdrawn") {
      this.#refused.set(name, outcome);
      logger.warn({ code: "WR1032", asset: name, outcome }, "pad did not take the asset");
    }
    stateChanged();
  }

  #heldAt({ place, count, name, kind, size, hash }: Message<"heldAsset">): void {
    if (kind !== "none") this.#asked.set(name, keyOf({ kind, size, hash }));
    if (place + 1 < count) {
      this.#options.send({ type: "askAsset", place: place + 1 });
      return;
    }
    this.#held = this.#asked;
    this.#settle(this.#held);
  }

  /** Drops what no pad is to have, so that there is room, and brings what is missing or another. */
  #settle(held: Map<string, string>): void {
    const wanted = new Map(this.#options.wanted().map((file) => [file.asset.name, file]));
    for (const name of [...held.keys()].filter((one) => !wanted.has(one))) {
      this.#options.send({ type: "dropAsset", name });
      held.delete(name);
    }
    for (const file of this.#transfer.waiting) {
      const now = file.is === "asset" ? wanted.get(file.name)?.asset : file;
      if (now === undefined || !isSameFile(now, file)) this.#step({ is: "withdraw", file });
    }
    for (const { asset, bytes } of wanted.values()) {
      if (held.get(asset.name) !== keyOf(asset)) this.#step({ is: "put", file: asset, bytes });
    }
    this.#options.stateChanged();
  }

  #refusedBy({ command, reason }: Message<"refused">): boolean {
    if (command === INSTALL) {
      this.#update?.refused(reason);
      this.#options.stateChanged();
      return true;
    }
    // Whatever was to be shown is not.
    this.#step({ is: "hold", held: false });
    return false;
  }

  #goOnWithUpdate(): void {
    if (!this.#isReady) return;
    const command = this.#update?.next(this.#now);
    if (command !== undefined) this.#options.send(command);
  }
}

/** What tells one content from another. */
const keyOf = ({ kind, size, hash }: { readonly kind: string; readonly size: number; readonly hash: Uint8Array }): string =>
  `${kind} ${size} ${Buffer.from(hash).toString("hex")}`;
