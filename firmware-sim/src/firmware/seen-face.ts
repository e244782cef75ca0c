import type { FirmwareShow } from "./signals.ts";

/** What was seen of the pad last. */
export class SeenFace {
  #text = "";

  /** Takes another look. @returns whether anything has changed but the time that is left */
  look(show: FirmwareShow): boolean {
    const { remainingMs: _, ...face } = show;
    const text = JSON.stringify(face);
    if (text === this.#text) return false;
    this.#text = text;
    return true;
  }
}
