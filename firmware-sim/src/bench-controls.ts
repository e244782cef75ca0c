import type { PadControls } from "./face.ts";
import type { PadCondition } from "./faults/condition.ts";

/** What scripts and faults can do to a pad beyond what a panel can. */
export interface BenchControls extends PadControls {
  /** Deaf and dumb with the cable in: what a hung firmware looks like from outside. */
  setSilent(isSilent: boolean): void;
  /** The connection hangs: to the host it stands, and nothing comes through it any more. A port without connections takes no notice. */
  hangConnection(): void;
  readonly condition: PadCondition;
  /** What is not named stays as it is. */
  setCondition(changes: Partial<PadCondition>): void;
}
