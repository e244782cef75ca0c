/** Modes of a pin, by the numbers of the Firmata protocol 2.5. */
export const MODE = { INPUT: 0x00, OUTPUT: 0x01, ANALOG: 0x02, PWM: 0x03, SERVO: 0x04, I2C: 0x06, PULLUP: 0x0b } as const;

const PINS = 20;
const FIRST_ANALOG = 14;
const PWM_PINS = [3, 5, 6, 9, 10, 11];
const I2C_PINS = [18, 19];
const BITS: Readonly<Record<number, number>> = { [MODE.ANALOG]: 10, [MODE.PWM]: 8, [MODE.SERVO]: 14 };

interface UnoPin {
  mode: number;
  /** What the board drives: a level, or with PWM how much of the time it is high, of 255. */
  output: number;
  /** A finger on a key that joins the pin to ground. */
  isGrounded: boolean;
}

/**
 * An Arduino Uno with StandardFirmata 2.5, from its side of the serial line: it speaks the bytes of the Firmata protocol, as its
 * documentation and the sketch's source have them. For tests only.
 */
export class FirmataUno {
  /** Every change of a PWM output, in order. */
  readonly pulses: { readonly pin: number; readonly duty: number }[] = [];
  /** Bytes that no command of the protocol begins with, or that end one too early. */
  readonly strange: number[] = [];
  name = "StandardFirmata.ino";
  isFrozen = false;
  pins: UnoPin[] = [];
  readonly #send: (bytes: Uint8Array) => void;
  #reported = new Set<number>();
  #command: number[] = [];

  /** @param send puts bytes on the line */
  constructor(send: (bytes: Uint8Array) => void) {
    this.#send = send;
    this.#forget();
  }

  /** Power or the reset key: all is forgotten, and the sketch names itself. */
  restart(): void {
    this.#forget();
    this.#tell(0xf9, 2, 5);
    this.#nameItself();
  }

  /** A finger on the key at a pin, or off it. */
  ground(pin: number, isGrounded: boolean): void {
    this.#pin(pin).isGrounded = isGrounded;
    if (this.#reported.has(pin >> 3)) this.#reportPort(pin >> 3);
  }

  take(bytes: Uint8Array): void {
    if (!this.isFrozen) for (const byte of bytes) this.#takeByte(byte);
  }

  outputs(pins: readonly number[]): readonly number[] {
    return pins.map((pin) => this.#pin(pin).output);
  }

  #takeByte(byte: number): void {
    const [command] = this.#command;
    if (command === 0xf0 ? byte !== 0xf7 : byte < 0x80) {
      if (command === undefined) this.strange.push(byte);
      else this.#command.push(byte);
    } else if (command === 0xf0) {
      this.#sysex(this.#command.slice(1));
      this.#command = [];
    } else {
      this.strange.push(...this.#command);
      this.#command = [byte];
    }
    this.#obeyIfWhole();
  }

  #obeyIfWhole(): void {
    const [command = 0, one = 0, two = 0] = this.#command;
    const wanted = command === 0xf9 || command === 0xff ? 1 : (command & 0xf0) === 0xc0 || (command & 0xf0) === 0xd0 ? 2 : 3;
    if (command === 0 || command === 0xf0 || this.#command.length < wanted) return;
    this.#command = [];
    if (command === 0xf9) return this.#tell(0xf9, 2, 5);
    if (command === 0xff) return this.#forget();
    if (command === 0xf4) return this.#setMode(one, two);
    const low = command & 0x0f;
    switch (command & 0xf0) {
      case 0x90:
        return this.#writePort(low, one | (two << 7));
      case 0xd0:
        return this.#setReporting(low, one === 1);
      case 0xe0:
        return this.#pulse(low, one | (two << 7));
      case 0xc0:
        return;
      default:
        this.strange.push(command);
    }
  }

  #sysex([kind, ...rest]: readonly number[]): void {
    switch (kind) {
      case 0x79:
        return this.#nameItself();
      case 0x6b: {
        const pins = this.pins.flatMap((_, pin) => [...modesOf(pin).flatMap((mode) => [mode, BITS[mode] ?? 1]), 0x7f]);
        return this.#tell(0xf0, 0x6c, ...pins, 0xf7);
      }
      case 0x69: {
        const channels = this.pins.map((_, pin) => (pin < FIRST_ANALOG ? 0x7f : pin - FIRST_ANALOG));
        return this.#tell(0xf0, 0x6a, ...channels, 0xf7);
      }
      case 0x6f:
        return this.#pulse(rest[0] ?? 0, (rest[1] ?? 0) | ((rest[2] ?? 0) << 7));
      case 0x7a:
        return;
      default:
        this.strange.push(kind ?? 0xf7);
    }
  }

  #nameItself(): void {
    const letters = [...new TextEncoder().encode(this.name)].flatMap((byte) => [byte & 0x7f, byte >> 7]);
    this.#tell(0xf0, 0x79, 2, 5, ...letters, 0xf7);
  }

  #setMode(pin: number, mode: number): void {
    if (!modesOf(pin).includes(mode)) return void this.strange.push(0xf4, pin, mode);
    this.#pin(pin).mode = mode;
    this.#pin(pin).output = 0;
  }

  /** Outputs only: an explicit pull-up is not a level that can be written. */
  #writePort(port: number, levels: number): void {
    for (let bit = 0; bit < 8; bit++) {
      const pin = this.pins[port * 8 + bit];
      if (pin?.mode === MODE.OUTPUT) pin.output = (levels >> bit) & 1;
    }
  }

  #pulse(pin: number, duty: number): void {
    if (this.#pin(pin).mode !== MODE.PWM) return void this.strange.push(0xe0 | pin);
    if (this.#pin(pin).output === duty) return;
    this.#pin(pin).output = duty;
    this.pulses.push({ pin, duty });
  }

  /** A port that is newly reported is reported at once. */
  #setReporting(port: number, isReported: boolean): void {
    if (!isReported) return void this.#reported.delete(port);
    this.#reported.add(port);
    this.#reportPort(port);
  }

  #reportPort(port: number): void {
    let levels = 0;
    for (let bit = 0; bit < 8; bit++) {
      const pin = this.pins[port * 8 + bit];
      if (pin?.mode === MODE.PULLUP && !pin.isGrounded) levels |= 1 << bit;
    }
    this.#tell(0x90 | port, levels & 0x7f, levels >> 7);
  }

  #forget(): void {
    this.#reported = new Set();
    this.#command = [];
    const grounded = this.pins.map((pin) => pin.isGrounded);
    this.pins = Array.from({ length: PINS }, (_, pin) => ({
      mode: pin < FIRST_ANALOG ? MODE.OUTPUT : MODE.ANALOG,
      output: 0,
      isGrounded: grounded[pin] ?? false,
    }));
  }

  #pin(number: number): UnoPin {
    const pin = this.pins[number];
    if (pin === undefined) throw new RangeError(`an Uno has no pin ${number}`);
    return pin;
  }

  #tell(...bytes: readonly number[]): void {
    if (!this.isFrozen) this.#send(Uint8Array.from(bytes));
  }
}

/** Pins 0 and 1 are the serial line itself. */
const modesOf = (pin: number): readonly number[] =>
  pin < 2 || pin >= PINS
    ? []
    : [
        MODE.INPUT,
        MODE.PULLUP,
        MODE.OUTPUT,
        ...(pin >= FIRST_ANALOG ? [MODE.ANALOG] : []),
        ...(PWM_PINS.includes(pin) ? [MODE.PWM] : []),
        ...(pin < FIRST_ANALOG ? [MODE.SERVO] : []),
        ...(I2C_PINS.includes(pin) ? [MODE.I2C] : []),
      ];
