import type { KeyNo, PadControls } from "../../face.ts";

/**
 * The fingers on the board's keys, given on to the pad. Only a press that was seen to begin is one: where a key is down already when the
 * board connects, it may have been held or wedged since long before, and must not rate what is asked now. It is given on while nothing
 * is asked, so that the firmware finds a stuck key.
 */
export class Fingers {
  readonly #controls: PadControls;
  readonly #seen = new Map<KeyNo, boolean>();
  readonly #held = new Set<KeyNo>();
  readonly #old = new Set<KeyNo>();

  constructor(controls: PadControls) {
    this.#controls = controls;
  }

  read(key: KeyNo, isDown: boolean): void {
    const before = this.#seen.get(key);
    if (before === isDown) return;
    this.#seen.set(key, isDown);
    if (!isDown) this.#lift(key);
    else if (before === undefined) this.#findOld(key);
    else this.#press(key);
  }

  /** The pad shows something else. */
  faceChanged(): void {
    for (const key of this.#old) this.#findOld(key);
  }

  /** The board is gone, and nobody knows where its keys stand. */
  leave(): void {
    for (const key of [...this.#held]) this.#lift(key);
    this.#old.clear();
    this.#seen.clear();
  }

  #findOld(key: KeyNo): void {
    if (this.#controls.face.phase === "inviting") this.#old.add(key);
    else this.#press(key);
  }

  #press(key: KeyNo): void {
    this.#old.delete(key);
    this.#held.add(key);
    this.#controls.keyDown(key);
  }

  #lift(key: KeyNo): void {
    this.#old.delete(key);
    if (this.#held.delete(key)) this.#controls.keyUp(key);
  }
}
