import type { SignIn } from "@window-rating/protocol/desk";
import type { WindowScreen } from "./window-pad.ts";

/** What another maker's pad has of a screen: the clerk's stars, if that. That the window pauses it is told apart (`WindowPad.pausing`). */
export class KeypadScreen implements WindowScreen {
  readonly #tell: (clerk: SignIn | null) => void;
  #clerk: SignIn | null = null;

  constructor(tell: (clerk: SignIn | null) => void) {
    this.#tell = tell;
  }

  clerk(clerk: SignIn | null): void {
    this.#clerk = clerk;
    this.#tell(clerk);
  }

  siteChanged(): void {
    this.#tell(this.#clerk);
  }

  pause(): void {}

  notice(): void {}
}
