import type { Command, Message, PadEvent, Report } from "@window-rating/protocol/pad";
import type { RequestId } from "@window-rating/protocol/rating";
import type { FirmwareInput, FirmwareShow } from "./signals.ts";

/** An event that has no number yet. */
type WithoutNumber<Event> = Event extends { readonly eventNo: number } ? Omit<Event, "eventNo"> : never;
/** Events that may be lost when there is no room: anything but what a citizen did. */
export type Note = WithoutNumber<Message<"booted" | "keyStuck" | "fault" | "updated">>;

/** What the firmware is to its front. All times are whole milliseconds of the pad's monotonic clock. */
export interface Trunk {
  /** How long thanks are shown, milliseconds. */
  readonly thanksMs: number;
  readonly bootCount: number;
  /** The event store cannot be written. */
  readonly isFaulty: boolean;
  /** There is no room for one more rating. */
  readonly isFull: boolean;
  /** Both sides of the session have proved who they are. */
  readonly isPaired: boolean;
  /** Longest frame that the session carries, bytes. */
  readonly maxFrame: number;
  wasRated(requestId: RequestId): boolean;
  /** The clock of the day; 0 = not known. */
  unixMs(at: number): number;
  random(length: number): Uint8Array;
  /** Keeps what a citizen did or let pass; `kept` of the front follows, or `rest`. */
  enter(make: (eventNo: number) => PadEvent): void;
  /** Keeps another event, or counts it as lost if there is no room. */
  note(event: Note): void;
  speak(prompt: number, at: number): void;
  /** Something of a pairing is shown. */
  readonly isPairing: boolean;
  /** A person wants to pair the pad. */
  askForPairing(at: number): void;
  /** A person presses the key that a pairing may be waiting for. */
  pressForPairing(at: number): void;
  refuse(command: Command, reason: Message<"refused">["reason"]): void;
  tell(message: Report): void;
}

/** What a citizen sees and touches of a pad: five buttons with lamps, or a screen. Pure; whole milliseconds. */
export interface Front {
  /** Bits of helloAnswer. */
  readonly capabilities: number;
  /** A key is stuck. */
  readonly isAnyStuck: boolean;
  input(input: Extract<FirmwareInput, { is: "keyDown" | "keyUp" | "touch" }>, at: number): void;
  /** @returns false for a command that this front does not know */
  obey(command: Command, at: number): boolean;
  /** When something happens by itself next; undefined = not before something comes from outside. */
  due(): number | undefined;
  /** Lets the first thing happen that is due at that time. */
  happen(at: number): void;
  /** An event is on the memory. */
  kept(event: PadEvent, at: number): void;
  /** The event store could not be written: whatever is shown ends. */
  rest(): void;
  show(at: number): Omit<FirmwareShow, "spoken" | "pairing" | "pendingEvents" | "isReady" | "hasSession">;
}
