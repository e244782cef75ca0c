import { isSignedBy, signerOf } from "@window-rating/protocol/pad";
import type { PadFiles } from "./pad-files.ts";

/** An image on trial that was started so often without a session is not started again. */
const MOST_STARTS = 3;

/** The firmware that a pad was made with. */
export interface BuiltIn {
  readonly version: string;
  readonly release: number;
}

/** What the firmware that was chosen does; a simulated image says so in its first bytes. */
export type Behaviour = "works" | "silent" | "crashes";

export interface Booted extends BuiltIn {
  readonly isOnTrial: boolean;
  readonly behaviour: Behaviour;
}

const BEHAVIOURS: readonly (readonly [string, Behaviour])[] = [
  ["pad-sim silent\n", "silent"],
  ["pad-sim crashes\n", "crashes"],
];

const behaviourOf = (image: Uint8Array): Behaviour => {
  const head = Buffer.from(image.subarray(0, 32)).toString("latin1");
  return BEHAVIOURS.find(([mark]) => head.startsWith(mark))?.[1] ?? "works";
};

/**
 * The boot loader: chooses what runs at this start. It trusts nothing that it has not checked itself: an image that the disk has damaged,
 * or that no known maker signed, is not started.
 */
export const boot = (files: PadFiles, builtIn: BuiltIn, makerKeys: readonly Uint8Array[]): Booted => {
  const { trial } = files;
  if (trial !== undefined) {
    const behaviour = checked(files, trial.image, makerKeys);
    if (behaviour !== undefined && trial.starts < MOST_STARTS && files.apply({ is: "started" }) === "done") {
      return { version: trial.image.version, release: trial.image.release, isOnTrial: true, behaviour };
    }
    files.apply({ is: "rollBack" });
  }
  const { running } = files;
  const behaviour = running === undefined ? undefined : checked(files, running, makerKeys);
  if (running === undefined || behaviour === undefined) return { ...builtIn, isOnTrial: false, behaviour: "works" };
  return { version: running.version, release: running.release, isOnTrial: false, behaviour };
};

const checked = (files: PadFiles, image: NonNullable<PadFiles["running"]>, makerKeys: readonly Uint8Array[]): Behaviour | undefined => {
  const content = files.contentOf(image);
  const isKnown = makerKeys.some((key) => Buffer.from(signerOf(key)).equals(image.signer) && isSignedBy(key, image, image.signature));
  return content === undefined || !isKnown ? undefined : behaviourOf(content);
};
