import type { Rejection } from "./description.ts";

/** What a frame carries. Fields that the framing does not have are empty. */
export interface FrameValues {
  readonly address: Uint8Array;
  readonly function: Uint8Array;
  readonly data: Uint8Array;
}

export const NO_BYTES: Uint8Array = new Uint8Array(0);

/** One look at the bytes from one place on. Copies nothing unless a frame is whole. */
export type Attempt =
  | { readonly is: "frame"; readonly length: number; readonly values: FrameValues }
  /** Nothing wrong so far, but the end is not there yet. */
  | {
      readonly is: "short";
      /** Key of the framing's description that says how long the frame is; absent = the framing as a whole. */
      readonly fault?: string;
    }
  /** Bytes between frames that mean nothing and harm nothing, such as the second half of a line end. */
  | { readonly is: "nothing"; readonly length: number }
  | {
      readonly is: "wrong";
      readonly reason: Rejection;
      /** Bytes to throw away before the next look. */
      readonly skip: number;
      /** Where reading stopped, and how many bytes are at fault, counted from the place looked at. */
      readonly at: number;
      readonly size: number;
      /** Key of the framing's description at fault, such as `fields[3]`. */
      readonly fault: string;
      /** The bytes that would have been right there, if that is known. */
      readonly wanted?: Uint8Array;
    };

/** One way to cut bytes into frames, and to make them. Pure. */
export interface Framing {
  readonly kind: "frame" | "line" | "byte";
  /** Which values its frames carry. */
  readonly carries: Readonly<Record<keyof FrameValues, boolean>>;
  /** Most bytes of one frame: the hard cap of what a reader keeps. */
  readonly longest: number;
  /** A frame that stands still so long is thrown away, milliseconds. */
  readonly gapMs: number;
  /** @param isAll no more bytes will come: of a frame that does not say how long it is, tells what is wrong rather than `short` */
  attempt(buffer: Uint8Array, start: number, end: number, isAll?: boolean): Attempt;
  /** How many bytes a frame that begins so says it has, and the key of the description by which; undefined if it does not say. */
  told(frame: Uint8Array): { readonly size: number; readonly fault: string } | undefined;
  /** The frame, or why these values make none. */
  encode(values: Omit<FrameValues, "address">): Uint8Array | string;
  /** The least value of a field, for what a description leaves open. */
  least(name: "function" | "data"): Uint8Array;
  /** Names and bytes of a right frame's parts, for people. */
  parts(frame: Uint8Array): readonly FramePart[];
}

/** One part of a frame, for people. */
export interface FramePart {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Something that is wrong with a description: where, and what to do about it. */
export interface KeypadProblem {
  /** Steps from the description to the place, as zod gives them. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Takes what is found while a description is read. */
export type TakeProblem = (path: readonly (string | number)[], message: string) => void;

export const DEFAULT_GAP_MS = 300;
