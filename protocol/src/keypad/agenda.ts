/** What is to be done at which time, monotonic milliseconds; each kind of thing once. */
export class Agenda<Name extends string> {
  readonly #times = new Map<Name, number>();

  set(name: Name, at: number): void {
    this.#times.set(name, at);
  }

  has(name: Name): boolean {
    return this.#times.has(name);
  }

  cancel(...names: readonly Name[]): void {
    for (const name of names) this.#times.delete(name);
  }

  clear(): void {
    this.#times.clear();
  }

  /** Takes something that is due; undefined when there is nothing more. */
  take(now: number): Name | undefined {
    for (const [name, at] of this.#times) {
      if (at > now) continue;
      this.#times.delete(name);
      return name;
    }
    return undefined;
  }

  deadline(): number {
    return Math.min(Number.POSITIVE_INFINITY, ...this.#times.values());
  }
}
