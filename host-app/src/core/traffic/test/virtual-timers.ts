/** Timers whose time passes when a test says so. */
export class VirtualTimers {
  now = 0;
  #lastId = 0;
  readonly #waiting = new Map<number, { readonly at: number; readonly act: () => void }>();

  get waiting(): number {
    return this.#waiting.size;
  }

  readonly setTimeout = (act: () => void, ms: number): unknown => {
    this.#waiting.set(++this.#lastId, { at: this.now + ms, act });
    return this.#lastId;
  };

  readonly clearTimeout = (timer: unknown): void => {
    this.#waiting.delete(timer as number);
  };

  pass(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const due = [...this.#waiting].filter(([, { at }]) => at <= until).sort(([, one], [, other]) => one.at - other.at)[0];
      if (due === undefined) break;
      const [id, { at, act }] = due;
      this.#waiting.delete(id);
      this.now = Math.max(this.now, at);
      act();
    }
    this.now = until;
  }
}
