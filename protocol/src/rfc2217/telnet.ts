/** Commands of telnet (RFC 854, 855). */
const IAC = 255;
const DONT = 254;
const DO = 253;
const WONT = 252;
const WILL = 251;
const SB = 250;
const SE = 240;

/** Options of telnet that are spoken here: RFC 856, 857, 858, 2217. */
export const OPTION = { binary: 0, echo: 1, suppressGoAhead: 3, comPort: 44 } as const;

export type Verb = "will" | "wont" | "do" | "dont";
const VERB_BYTES: Readonly<Record<Verb, number>> = { will: WILL, wont: WONT, do: DO, dont: DONT };
const VERBS: ReadonlyMap<number, Verb> = new Map([
  [WILL, "will"],
  [WONT, "wont"],
  [DO, "do"],
  [DONT, "dont"],
]);

export type TelnetEvent =
  | { readonly is: "data"; readonly bytes: Uint8Array }
  | { readonly is: "negotiate"; readonly verb: Verb; readonly option: number }
  | { readonly is: "subnegotiation"; readonly option: number; readonly bytes: Uint8Array };

/** The longest of RFC 2217 is a signature, which is a line of text. */
const LONGEST_SUBNEGOTIATION = 512;

type Place = "data" | "command" | "option" | "subnegotiation" | "subnegotiation-command";

/** Takes a stream of telnet apart, wherever it is cut. Never throws; what cannot be used is thrown away. */
export class TelnetReader {
  #place: Place = "data";
  #verb: Verb = "wont";
  #collected: number[] = [];
  #isTooLong = false;

  push(chunk: Uint8Array): TelnetEvent[] {
    const events: TelnetEvent[] = [];
    let data: number[] = [];
    const flush = (): void => {
      if (data.length > 0) events.push({ is: "data", bytes: Uint8Array.from(data) });
      data = [];
    };
    for (const byte of chunk) {
      switch (this.#place) {
        case "data":
          if (byte === IAC) this.#place = "command";
          else data.push(byte);
          break;
        case "command":
          if (byte === IAC) data.push(IAC);
          this.#place = this.#command(byte);
          break;
        case "option":
          flush();
          events.push({ is: "negotiate", verb: this.#verb, option: byte });
          this.#place = "data";
          break;
        case "subnegotiation":
          if (byte === IAC) this.#place = "subnegotiation-command";
          else this.#collect(byte);
          break;
        case "subnegotiation-command":
          if (byte === IAC) {
            this.#collect(IAC);
            this.#place = "subnegotiation";
          } else if (byte === SE) {
            const [option, ...bytes] = this.#collected;
            flush();
            if (option !== undefined && !this.#isTooLong) events.push({ is: "subnegotiation", option, bytes: Uint8Array.from(bytes) });
            this.#place = "data";
          } else {
            // The end was lost on the way: what was collected is nobody's, the command stands.
            this.#place = this.#command(byte);
          }
      }
    }
    flush();
    return events;
  }

  /** The byte behind IAC. */
  #command(byte: number): Place {
    const verb = VERBS.get(byte);
    if (verb !== undefined) {
      this.#verb = verb;
      return "option";
    }
    if (byte === SB) {
      this.#collected = [];
      this.#isTooLong = false;
      return "subnegotiation";
    }
    // Of the others (NOP, BRK, AYT, GA …) none asks for anything on a serial line.
    return "data";
  }

  #collect(byte: number): void {
    if (this.#collected.length < LONGEST_SUBNEGOTIATION) this.#collected.push(byte);
    else this.#isTooLong = true;
  }
}

/** Data as it goes over telnet: IAC is doubled. */
export const escaped = (data: Uint8Array): Uint8Array => {
  if (!data.includes(IAC)) return data;
  const bytes: number[] = [];
  for (const byte of data) {
    bytes.push(byte);
    if (byte === IAC) bytes.push(IAC);
  }
  return Uint8Array.from(bytes);
};

export const negotiation = (verb: Verb, option: number): Uint8Array => Uint8Array.of(IAC, VERB_BYTES[verb], option);

export const subnegotiation = (option: number, bytes: Uint8Array): Uint8Array => Uint8Array.of(IAC, SB, option, ...escaped(bytes), IAC, SE);
