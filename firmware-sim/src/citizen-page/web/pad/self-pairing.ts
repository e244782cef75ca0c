import type { FromPage } from "@window-rating/protocol/browser-pad";
import type { PagePad } from "../../page-pad.ts";

/**
 * The pairing of a tablet that was admitted a moment ago. What a person does with a pad on the counter (hold its key, type its code at the PC,
 * press its key) is done here by the page: the line is the one that the person opened by scanning the code, and its two ends have proved who
 * they are, the PC by its certificate and the tablet by its key (docs/browser-pad.md).
 */
export class SelfPairing {
  readonly #pad: PagePad;
  readonly #say: (message: FromPage) => void;
  #isWanted = false;
  #hasAsked = false;
  #saidCode: string | undefined;

  constructor(pad: PagePad, say: (message: FromPage) => void) {
    this.#pad = pad;
    this.#say = say;
  }

  /** The line is there anew. */
  seated(isWanted: boolean): void {
    this.#isWanted = isWanted;
    this.#hasAsked = false;
    this.#saidCode = undefined;
  }

  /** To be called after everything that happens to the pad. */
  look(): void {
    if (!this.#isWanted) return;
    const { pairing } = this.#pad.face;
    if (pairing?.is === "code") this.#tell(pairing.code);
    else if (pairing?.is === "press") {
      this.#isWanted = false;
      this.#pad.touch({ do: "pairPress" });
    } else if (this.#pad.hasSession && !this.#hasAsked) {
      this.#hasAsked = true;
      this.#pad.touch({ do: "pair" });
    }
  }

  #tell(code: string): void {
    if (code === this.#saidCode) return;
    this.#saidCode = code;
    this.#say({ is: "code", code });
  }
}
