/** Two quartz clocks part by less than this; a hundred parts in a million. */
const DRIFT = 100e-6;

interface Measurement {
  readonly centralMs: number;
  readonly monotonicMs: number;
  /** Half the round trip. */
  readonly uncertaintyMs: number;
}

/**
 * Central's clock as seen from here (I11). It hangs on the monotonic clock of this machine, so that a step of the wall
 * clock shows in the offset at once and does not spoil what was measured.
 */
export class CentralClock {
  #best: Measurement | null = null;

  /** Takes one answer, which was made at central at `centralMs`, somewhere between these two monotonic times. */
  measure(centralMs: number, sentMs: number, receivedMs: number): void {
    const uncertaintyMs = (receivedMs - sentMs) / 2;
    const best = this.#best;
    // The quickest round trip says most (as in NTP), until its age has made it worse than a slower one of now.
    if (best !== null && best.uncertaintyMs + (receivedMs - best.monotonicMs) * DRIFT < uncertaintyMs) return;
    this.#best = { centralMs, monotonicMs: sentMs + uncertaintyMs, uncertaintyMs };
  }

  /** Central's clock minus this one, milliseconds; null before the first answer. */
  offsetMs(wallMs: number, monotonicMs: number): number | null {
    if (this.#best === null) return null;
    return Math.round(this.#best.centralMs + (monotonicMs - this.#best.monotonicMs) - wallMs);
  }
}
