import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { readJsonFile } from "../../json-file.ts";

/** A pin as it is printed on the board: 8 for D8, "A0" for A0. Pins 0 and 1 carry the board's own serial line. */
const PIN = 'is a pin as printed on the board: a number from 2, or "A0"';
const pin = z.union([z.int(PIN).min(2, PIN).max(127, PIN), z.string(PIN).regex(/^A\d{1,2}$/, PIN)], PIN);
const five = z.tuple([pin, pin, pin, pin, pin], "lists five pins, level 1 first");

const wiringSchema = z
  .strictObject({ keys: five, lamps: five, piezo: z.strictObject({ low: pin, high: pin }) })
  .refine(({ keys, lamps, piezo }) => new Set([...keys, ...lamps, piezo.low, piezo.high]).size === 12, "a pin is named twice");

/** Which pin each key, lamp and leg of the piezo is wired to; keys and lamps in the order of their levels, 1 first. */
export type Wiring = z.infer<typeof wiringSchema>;
type Pin = z.infer<typeof pin>;

/**
 * An Arduino Uno with the keys on one side and the lamps on the other, as docs/board.md draws it. The piezo lies between two pins whose
 * pulse-width signals differ by an octave, 490 Hz and 977 Hz, so that it has two tones without any work for line or firmware.
 */
export const UNO_WIRING: Wiring = { keys: [12, 11, 10, 9, 8], lamps: ["A0", "A1", "A2", "A3", "A4"], piezo: { low: 3, high: 5 } };

/** @throws WR9013 naming the file and the pin that is wrong */
export const readWiring = (file: string): Wiring => readJsonFile(file, wiringSchema, "WR9013", (path) => path.join("."));

/** What a board can do with its pins; a johnny-five board that is ready has it as `io`. */
export interface BoardPins {
  readonly pins: readonly { readonly supportedModes: readonly number[] }[];
  readonly analogPins: readonly number[];
  readonly MODES: { readonly OUTPUT: number; readonly PWM: number; readonly PULLUP: number };
}

/** The wiring in the numbers of Firmata, where A0 of an Uno is 14. */
export interface WiredPins {
  readonly keys: readonly number[];
  readonly lamps: readonly number[];
  readonly piezo: { readonly low: number; readonly high: number };
}

/** @throws WR9012 naming the pin that this board does not have, or not for this use */
export const wiredPins = ({ keys, lamps, piezo }: Wiring, { pins, analogPins, MODES }: BoardPins): WiredPins => {
  const numberOf = (name: Pin, mode: number, use: string): number => {
    const number = typeof name === "number" ? name : analogPins[Number(name.slice(1))];
    const found = number === undefined ? undefined : pins[number];
    const printed = typeof name === "number" ? `D${name}` : name;
    if (number === undefined || found === undefined) throw new WindowRatingError("WR9012", `the board has no pin ${printed}`);
    if (!found.supportedModes.includes(mode)) throw new WindowRatingError("WR9012", `pin ${printed} cannot be ${use}`);
    return number;
  };
  return {
    keys: keys.map((name) => numberOf(name, MODES.PULLUP, "a key with the board's own pull-up")),
    lamps: lamps.map((name) => numberOf(name, MODES.OUTPUT, "a lamp")),
    piezo: {
      low: numberOf(piezo.low, MODES.PWM, "a leg of the piezo (no pulse width)"),
      high: numberOf(piezo.high, MODES.PWM, "a leg of the piezo (no pulse width)"),
    },
  };
};
