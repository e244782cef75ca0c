import type { KeypadDescription, RequestName, RequestNumbers } from "./description.ts";
import type { KeypadProtocol } from "./protocol.ts";

type Moments = NonNullable<KeypadDescription["moments"]>;

/** What a pad does and shows beside ratings: what its description asks for in their moments, and that the window pauses. No rating needs it. */
export class Aside {
  readonly #protocol: KeypadProtocol;
  readonly #moments: Moments;
  readonly #ask: (request: RequestName, numbers?: RequestNumbers) => void;
  #isInvited = false;
  #isPaused = false;
  #isPauseShown = false;
  #stars = 0;

  constructor(protocol: KeypadProtocol, ask: (request: RequestName, numbers?: RequestNumbers) => void) {
    this.#protocol = protocol;
    this.#moments = protocol.description.moments ?? {};
    this.#ask = ask;
  }

  /** Whether the citizen is still to be invited, by voice or otherwise. */
  get isInvitationOwed(): boolean {
    return !this.#isInvited && this.#moments.invited !== undefined;
  }

  /** Another case, or a pad that may be without what it was told: what was said before is said anew. */
  beginAnew(): void {
    this.#isInvited = false;
  }

  /** The pad may have been without power. */
  forget(): void {
    this.#isPauseShown = false;
  }

  /** @param isAtRest nothing is rated or thanked for: it is shown at once */
  pause(isPaused: boolean, isAtRest: boolean): void {
    this.#isPaused = isPaused;
    if (isAtRest) this.#showPause();
  }

  /** @param isAtRest as above */
  clerk(stars: number, isAtRest: boolean): void {
    const isNews = this.#stars !== stars;
    this.#stars = stars;
    if (isNews && isAtRest && this.#moments.atRest?.stars !== undefined) this.come("atRest");
  }

  come(moment: keyof Moments): void {
    if (moment === "invited") this.#isInvited = true;
    const { lamps, beep, voice, stars }: NonNullable<Moments["atRest"]> = this.#moments[moment] ?? {};
    if (lamps !== undefined) this.#ask("lamps", { lamps });
    if (beep !== undefined) this.#ask("beep", { count: beep });
    if (voice !== undefined) this.#ask("voice", { prompt: voice });
    if (stars !== undefined) this.#ask("stars", { level: this.#stars });
  }

  darken(): void {
    this.#ask(this.#protocol.knows("cancel") ? "cancel" : "idle");
  }

  /** Lights the keys for whoever tries them; for no seconds: puts the pad to rest again. No request is open: what is pressed counts for nobody. */
  tryKeys(seconds: number): void {
    if (seconds > 0) return this.#ask("startRating", { seconds });
    this.darken();
    this.rest();
  }

  /** Nothing is to be rated. */
  rest(): void {
    this.come("atRest");
    this.#showPause();
  }

  /** Brings the pad to what holds of the pause. */
  #showPause(): void {
    if (this.#isPaused === this.#isPauseShown || !this.#protocol.knows("pause")) return;
    this.#ask(this.#isPaused ? "pause" : this.#protocol.knows("resume") ? "resume" : "idle");
  }

  /** A rating begins on a pad that is not told so itself. */
  endPause(): void {
    if (this.#isPauseShown) this.#ask(this.#protocol.knows("resume") ? "resume" : "idle");
  }

  /** Takes note of what the pad is told. @returns frames that must go before it: a pad that shows a pause may take no rating until it is over */
  before(name: RequestName): readonly Uint8Array[] {
    const frames = name === "startRating" && this.#isPauseShown ? this.#protocol.request("resume") : [];
    if (name === "pause") this.#isPauseShown = true;
    else if (name === "startRating" || name === "resume" || name === "idle") this.#isPauseShown = false;
    return typeof frames === "string" ? [] : frames;
  }
}
