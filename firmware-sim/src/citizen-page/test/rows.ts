import type { Rows } from "../event-keeper.ts";

/** Rows in memory that a test can hold back, refuse, and cut the power of: what was not written then is not there. For tests only. */
export class TestRows implements Rows {
  /** What survives. */
  kept: Uint8Array[] = [];
  aside: Uint8Array[] = [];
  isHeld = false;
  refusal: Error | undefined;
  readonly #held: (() => void)[] = [];

  async all(): Promise<readonly Uint8Array[]> {
    return this.kept;
  }

  async write(row: Uint8Array, how: "behind" | "instead" | "aside"): Promise<void> {
    if (this.isHeld) await new Promise<void>((resolve) => this.#held.push(resolve));
    if (this.refusal !== undefined) throw this.refusal;
    if (how === "aside") this.aside = this.kept;
    this.kept = how === "behind" ? [...this.kept, row] : [row];
  }

  /** Writes what was held back, and holds nothing back any more. */
  release(): void {
    this.isHeld = false;
    for (const write of this.#held.splice(0)) write();
  }
}
