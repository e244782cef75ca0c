import { KEYS, type KeyNo } from "../../face.ts";
import type { FirmataIo } from "./board-connection.ts";
import type { Tone } from "./melodies.ts";
import type { WiredPins } from "./wiring.ts";

/** Half of the time high: as loud as a piezo gets. */
const LOUD = 128;

/**
 * The hands of the pad: keys, lamps and piezo of a board. They use johnny-five's board and its pins as they are: its Button would debounce
 * a second time what the firmware debounces, and its Piezo sends two messages for each wave, more than the line carries.
 */
export class Hands {
  readonly #io: FirmataIo;
  readonly #pins: WiredPins;
  #lit: readonly boolean[] = [];

  /** @param read hears where a key stands, whenever the board tells: also when nothing has changed */
  constructor(io: FirmataIo, pins: WiredPins, read: (key: KeyNo, isDown: boolean) => void) {
    this.#io = io;
    this.#pins = pins;
    for (const key of KEYS) {
      // A pressed key joins its pin to ground.
      io.on(`digital-read-${this.#key(key)}`, (level) => read(key, level === 0));
    }
    this.start();
  }

  /** Tells the board what its pins are for; again when it has started anew. */
  start(): void {
    const { keys, lamps, piezo } = this.#pins;
    const { MODES } = this.#io;
    for (const pin of lamps) this.#io.pinMode(pin, MODES.OUTPUT);
    for (const pin of [piezo.low, piezo.high]) this.#io.pinMode(pin, MODES.PWM);
    for (const pin of keys) this.#io.pinMode(pin, MODES.PULLUP);
    // Only when all keys have their mode: the board reports eight pins at a time.
    for (const pin of keys) this.#io.reportDigitalPin(pin, 1);
    this.#lit = [];
    this.tone("silence");
  }

  light(lit: readonly boolean[]): void {
    const before = this.#lit;
    this.#lit = lit;
    this.#pins.lamps.forEach((pin, index) => {
      if (lit[index] !== before[index]) this.#io.digitalWrite(pin, lit[index] ? 1 : 0);
    });
  }

  /** One leg of the piezo swings while the other one is its ground. */
  tone(tone: Tone): void {
    const { low, high } = this.#pins.piezo;
    this.#io.analogWrite(low, tone === "low" ? LOUD : 0);
    this.#io.analogWrite(high, tone === "high" ? LOUD : 0);
  }

  /** Dark and silent. */
  rest(): void {
    this.light(KEYS.map(() => false));
    this.tone("silence");
  }

  #key(key: KeyNo): number {
    return this.#pins.keys[key - 1] as number;
  }
}
