import type { TrafficBatch, TrafficFrame } from "../../../../core/traffic/traffic-shape.ts";

/** Newest frames of each window that the page keeps. */
const KEPT = 500;

export interface ShownTraffic {
  /** Oldest first. */
  readonly frames: readonly TrafficFrame[];
  readonly dropped: number;
  readonly isPaused: boolean;
  /** Frames that came since it was paused. */
  readonly news: number;
}

const EMPTY: ShownTraffic = { frames: [], dropped: 0, isPaused: false, news: 0 };

/** What the page has been told, and what of it is shown: while it is paused, that stands still. */
export class TrafficLog {
  readonly #listeners = new Set<() => void>();
  #frames: readonly TrafficFrame[] = [];
  #shown: ShownTraffic = EMPTY;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): ShownTraffic => this.#shown;

  hear({ frames, dropped }: TrafficBatch): void {
    this.#frames = newest([...this.#frames, ...frames]);
    if (this.#shown.isPaused) this.#show({ ...this.#shown, dropped, news: this.#shown.news + frames.length });
    else this.#show({ ...this.#shown, dropped, frames: this.#frames });
  }

  pause(isPaused: boolean): void {
    this.#show({ ...this.#shown, isPaused, news: 0, frames: isPaused ? this.#shown.frames : this.#frames });
  }

  clear(): void {
    this.#frames = [];
    this.#show({ ...this.#shown, frames: [], news: 0 });
  }

  #show(shown: ShownTraffic): void {
    this.#shown = shown;
    for (const listener of this.#listeners) listener();
  }
}

const newest = (frames: readonly TrafficFrame[]): readonly TrafficFrame[] => {
  if (frames.length <= KEPT) return frames;
  const counts = new Map<string, number>();
  return frames
    .toReversed()
    .filter(({ windowNo }) => {
      const count = (counts.get(windowNo) ?? 0) + 1;
      counts.set(windowNo, count);
      return count <= KEPT;
    })
    .reverse();
};
