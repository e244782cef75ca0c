import { type KeypadDescription, type KeypadEffect, type KeypadInput, KeypadProtocol, KeypadSession } from "@window-rating/protocol/keypad";
import { newRequestId, type RequestId } from "@window-rating/protocol/rating";
import { type Clock, realClock, type Timer } from "../clock/clock.ts";
import { seededRandom } from "../faults/seeded-random.ts";

type Pressed = Extract<KeypadEffect, { is: "pressed" }>;

/** A window PC with a pad of another maker: a keypad session on any wire, which stores each press that it gets. For tests only. */
export class KeypadPc {
  readonly session: KeypadSession;
  readonly effects: KeypadEffect[] = [];
  storesPresses = true;
  readonly #clock: Clock;
  readonly #random = seededRandom(7);
  #wire: (bytes: Uint8Array) => void = () => {};
  #timer: Timer | undefined;

  constructor(description: KeypadDescription, clock: Clock = realClock) {
    this.session = new KeypadSession(KeypadProtocol.of(description));
    this.#clock = clock;
  }

  get isAlive(): boolean {
    return this.session.isAlive;
  }

  get presses(): readonly Pressed[] {
    return this.effects.filter((effect) => effect.is === "pressed");
  }

  count(is: KeypadEffect["is"]): number {
    return this.effects.filter((effect) => effect.is === is).length;
  }

  /** The port is open. */
  connect(wire: (bytes: Uint8Array) => void): void {
    this.#wire = wire;
    this.give({ is: "opened" });
  }

  take(bytes: Uint8Array): void {
    this.give({ is: "bytes", bytes });
  }

  /** Lights the pad for a new request. */
  start(timeoutMs = 60_000): RequestId {
    const requestId = newRequestId(
      1_700_000_000_000,
      Uint8Array.from({ length: 10 }, () => Math.floor(this.#random() * 256)),
    );
    this.give({ is: "startRating", requestId, timeoutMs });
    return requestId;
  }

  /** The port is gone. */
  disconnect(): void {
    this.#wire = () => {};
    this.give({ is: "closed" });
    this.#timer?.cancel();
  }

  give(input: KeypadInput): void {
    const effects = this.session.step(input, this.#clock.now());
    this.effects.push(...effects);
    for (const effect of effects) if (effect.is === "write") this.#wire(effect.bytes);
    for (const effect of effects)
      if (effect.is === "pressed" && this.storesPresses) this.give({ is: "stored", requestId: effect.requestId });
    this.#timer?.cancel();
    const deadline = this.session.deadline();
    if (deadline === undefined) return;
    this.#timer = this.#clock.after(Math.max(0, Math.ceil(deadline - this.#clock.now())), () => this.give({ is: "time" }));
  }
}
