import type { PadControls } from "./face.ts";

/** What scripts and faults can do to a pad beyond what a panel can. */
export interface BenchControls extends PadControls {
  /** Deaf and dumb with the cable in: what a hung firmware looks like from outside. */
  setSilent(isSilent: boolean): void;
}
