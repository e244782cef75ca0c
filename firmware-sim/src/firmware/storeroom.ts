import {
  CAPABILITIES,
  type Command,
  type FileChange,
  type FileContents,
  type FileResult,
  type Message,
  PadTransfer,
  type PadTransferEffect,
  type PadTransferOptions,
  type Report,
} from "@window-rating/protocol/pad";
import type { UpdateOutcome } from "../files/file-index.ts";
import type { SlotChange } from "../files/pad-files.ts";

/** Firmware on trial that had no session by then is not kept, milliseconds from its start. */
const TRIAL_MS = 60_000;

/** What the pad has on its files when it starts, and what it takes more. */
export interface StoreroomOptions extends PadTransferOptions {
  readonly contents: FileContents;
  /** The firmware that runs is new, and the one before it waits. */
  readonly isOnTrial: boolean;
  /** An update came out so and was not told yet. */
  readonly outcome?: UpdateOutcome;
}

export type StoreroomEffect =
  | { readonly is: "send"; readonly message: Report }
  /** To be answered with `filed`. */
  | { readonly is: "file"; readonly change: FileChange | SlotChange }
  /** Keep the event that tells it. */
  | { readonly is: "tell"; readonly outcome: UpdateOutcome }
  | { readonly is: "refuse"; readonly command: Command; readonly reason: Message<"refused">["reason"] }
  /** Start anew, at once. */
  | { readonly is: "restart" };

/** What a pad keeps beside its events: assets, and firmware that comes, is tried, and stays or goes. Pure; whole milliseconds. */
export class Storeroom {
  readonly #transfer: PadTransfer;
  readonly capabilities: number;
  #outcome: UpdateOutcome | undefined;
  #trialEnds: number | undefined;
  #installing: Message<"installFirmware"> | undefined;

  constructor(options: StoreroomOptions, startedAt: number) {
    this.#transfer = new PadTransfer(options, options.contents);
    this.#outcome = options.outcome;
    this.#trialEnds = options.isOnTrial ? startedAt + TRIAL_MS : undefined;
    this.capabilities =
      (options.assets === undefined ? 0 : CAPABILITIES.assets) | (options.firmware === undefined ? 0 : CAPABILITIES.firmwareUpdate);
  }

  /** The event store is there. */
  started(): readonly StoreroomEffect[] {
    return this.#outcome === undefined ? [] : [{ is: "tell", outcome: this.#outcome }];
  }

  /** A session stands that may be used. */
  ready(): readonly StoreroomEffect[] {
    return this.#trialEnds === undefined ? [] : [{ is: "file", change: { is: "keep" } }];
  }

  lost(): void {
    this.#transfer.step({ is: "lost" });
  }

  /** @param isAtRest nothing is shown, and no event waits @returns undefined for a command that is not of files */
  obey(command: Command, isAtRest: boolean): readonly StoreroomEffect[] | undefined {
    switch (command.type) {
      case "offerAsset":
      case "offerFirmware":
      case "chunk":
      case "endTransfer":
      case "dropAsset":
      case "askAsset":
        return this.#transfer.step({ is: "command", message: command }).flatMap(ownEffect);
      case "installFirmware":
        return this.#install(command, isAtRest);
      default:
        return undefined;
    }
  }

  filed(change: FileChange | SlotChange, result: FileResult): readonly StoreroomEffect[] {
    switch (change.is) {
      case "install":
        if (result === "done") return [{ is: "restart" }];
        return this.#installing === undefined ? [] : [{ is: "refuse", command: this.#installing, reason: "fault" }];
      case "rollBack":
        // Whether or not it could be noted: the boot loader counts the starts.
        return [{ is: "restart" }];
      case "keep":
        if (result !== "done") return [];
        this.#trialEnds = undefined;
        this.#outcome = "kept";
        return this.started();
      case "told":
      case "started":
        return [];
      default:
        return this.#transfer.step({ is: "answered", change, result }).flatMap(ownEffect);
    }
  }

  /** The event that tells of an update is on the memory. */
  told(): readonly StoreroomEffect[] {
    this.#outcome = undefined;
    return [{ is: "file", change: { is: "told" } }];
  }

  due(): number | undefined {
    return this.#trialEnds;
  }

  /** The new firmware has had its time. */
  happen(): readonly StoreroomEffect[] {
    this.#trialEnds = undefined;
    return [{ is: "file", change: { is: "rollBack" } }];
  }

  #install(command: Message<"installFirmware">, isAtRest: boolean): readonly StoreroomEffect[] {
    const { staged } = this.#transfer;
    if (staged === undefined || staged.hash.some((byte, place) => byte !== command.hash[place])) {
      return [{ is: "refuse", command, reason: "unsupported" }];
    }
    // A trial under way must come to its end first: there are two places for firmware, not three.
    if (!isAtRest || this.#trialEnds !== undefined) return [{ is: "refuse", command, reason: "notReady" }];
    this.#installing = command;
    return [{ is: "file", change: { is: "install" } }];
  }
}

const ownEffect = (effect: PadTransferEffect): readonly StoreroomEffect[] => {
  switch (effect.is) {
    case "send":
      return [effect];
    case "change":
      return [{ is: "file", change: effect.change }];
    case "assets":
      // What is shown is read from the files each time.
      return [];
  }
};
