import type { FileChange, FileResult, Message, PairingShown } from "@window-rating/protocol/pad";
import type { RequestId } from "@window-rating/protocol/rating";
import type { KeyNo, Lamps, PadPhase, Spoken } from "../face.ts";
import type { SlotChange } from "../files/pad-files.ts";
import type { StoreChange } from "../store/event-store.ts";
import type { ScreenShow, Touch } from "../touchscreen/screen.ts";
import type { StoreroomOptions } from "./storeroom.ts";

/** What does not change while the pad lives. */
export interface FirmwareOptions {
  readonly model: string;
  readonly serialNumber: string;
  readonly eventCapacity: number;
  /** Events for which there is room now, if fewer than the pad says: worn memory. */
  readonly room?: () => number;
  /** Longest frame before stuffing that the pad takes, bytes, and most sequenced frames under way; by default the least there are. */
  readonly maxFrame?: number;
  readonly window?: number;
  /** Version and release of this firmware, and why it was started. */
  readonly version?: string;
  readonly release?: number;
  readonly bootCause?: Message<"booted">["cause"];
  /** What the pad keeps beside its events; by default it takes neither assets nor firmware. */
  readonly files?: StoreroomOptions;
  /** Cryptographically strong random bytes. */
  readonly random: (length: number) => Uint8Array;
}

export type FirmwareInput =
  | { readonly is: "powerOn" }
  | { readonly is: "bytes"; readonly bytes: Uint8Array }
  | { readonly is: "keyDown" | "keyUp"; readonly key: KeyNo }
  | { readonly is: "touch"; readonly touch: Touch }
  /** The store made the change, or could not. */
  | { readonly is: "kept" | "notKept"; readonly change: StoreChange }
  /** What became of a change of the files. */
  | { readonly is: "filed"; readonly change: FileChange | SlotChange; readonly result: FileResult }
  | { readonly is: "time" };

export type FirmwareEffect =
  | { readonly is: "write"; readonly bytes: Uint8Array }
  /** To be answered with `kept` or `notKept`. */
  | { readonly is: "store"; readonly change: StoreChange }
  /** To be answered with `filed`. */
  | { readonly is: "file"; readonly change: FileChange | SlotChange }
  /** The pad starts anew, with whatever firmware its boot loader chooses. */
  | { readonly is: "restart" }
  | { readonly is: "speak"; readonly spoken: Spoken }
  /** Something that `show` tells has changed. */
  | { readonly is: "face" };

/** What can be seen and heard of the firmware. */
export interface FirmwareShow {
  readonly lamps: Lamps;
  readonly phase: PadPhase;
  readonly requestId: RequestId | null;
  readonly labels: readonly string[];
  readonly spoken: Spoken | null;
  readonly keysDown: readonly boolean[];
  readonly remainingMs: number | null;
  readonly screen: ScreenShow | null;
  readonly pairing: PairingShown;
  readonly pendingEvents: number;
  readonly isReady: boolean;
  /** A session stands, trusted or not: the pad can be paired. */
  readonly hasSession: boolean;
}
