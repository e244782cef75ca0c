import type { BenchControls } from "../bench-controls.ts";
import type { PadFace } from "../face.ts";
import { type PadCondition, SOUND_CONDITION } from "../faults/condition.ts";

const DARK: PadFace = {
  lamps: ["off", "off", "off", "off", "off"],
  phase: "idle",
  requestId: null,
  labels: [],
  spoken: null,
  connection: "ready",
  power: true,
  pendingEvents: 0,
  serialNumber: "SN",
  model: "generic/five-button",
  keysDown: [false, false, false, false, false],
  remainingMs: null,
  screen: null,
};

/** Controls that only note what is done to them, with the time on the (fake) clock. For tests only. */
export class NotingPad implements BenchControls {
  readonly notes: (readonly [at: number, what: string])[] = [];
  readonly #startedAt = performance.now();
  readonly #listeners = new Set<() => void>();
  face: PadFace = DARK;
  readonly screenAssets = null;
  condition: PadCondition = SOUND_CONDITION;

  get listeners(): number {
    return this.#listeners.size;
  }

  /** Shows another request; null = none. */
  invite(requestId: string | null): void {
    this.face = { ...DARK, phase: requestId === null ? "idle" : "inviting", requestId };
    for (const listener of this.#listeners) listener();
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  keyDown(key: number): void {
    this.#note(`down ${key}`);
  }
  keyUp(key: number): void {
    this.#note(`up ${key}`);
  }
  touch(): void {
    this.#note("touch");
  }
  unplug(): void {
    this.#note("unplug");
  }
  plug(): void {
    this.#note("plug");
  }
  powerCut(offMs: number): void {
    this.#note(`powerCut ${offMs}`);
  }
  setSilent(isSilent: boolean): void {
    this.#note(isSilent ? "silent" : "heard");
  }
  hangConnection(): void {
    this.#note("hangConnection");
  }
  setCondition(changes: Partial<PadCondition>): void {
    this.condition = { ...this.condition, ...changes };
    this.#note(JSON.stringify(changes));
  }

  #note(what: string): void {
    this.notes.push([Math.round(performance.now() - this.#startedAt), what]);
  }
}
