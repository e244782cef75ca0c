import { WindowRatingError } from "../errors/index.ts";
import {
  type Confirmable,
  type LineSettings,
  maskCommands,
  purgeCommand,
  readServerMessage,
  type ServerMessage,
  settingCommands,
  settingText,
  signalCommand,
  signatureCommand,
} from "./com-port.ts";
import { escaped, negotiation, OPTION, type TelnetEvent, TelnetReader } from "./telnet.ts";

/** What to do with a modem line when the port opens; `leave` = say nothing of it. */
export type SignalRule = "leave" | "on" | "off";

export interface Rfc2217Options {
  /** How people call the server, for errors. */
  readonly name: string;
  readonly line: LineSettings;
  readonly dtr: SignalRule;
  readonly rts: SignalRule;
}

export type Rfc2217Input =
  /** The TCP connection stands. */
  | { readonly is: "connected" }
  | { readonly is: "bytes"; readonly bytes: Uint8Array }
  | { readonly is: "send"; readonly bytes: Uint8Array }
  | { readonly is: "signal"; readonly signal: "dtr" | "rts"; readonly state: "on" | "off" }
  | { readonly is: "time" };

export type Rfc2217Effect =
  | { readonly is: "write"; readonly bytes: Uint8Array }
  | { readonly is: "data"; readonly bytes: Uint8Array }
  /** The line is set as asked; data may be sent. */
  | { readonly is: "ready" }
  /** WR3003, WR3008 or WR3009; the connection is of no use. */
  | { readonly is: "failed"; readonly error: WindowRatingError }
  | Exclude<ServerMessage, { is: "confirmed" | "signature-wanted" | "suspend" | "resume" }>;

/** A server answers within its own delay and that of the network; milliseconds for each of the two steps. */
const PATIENCE_MS = 3000;
/** Bytes that wait while the server is suspended; more are lost, and the link sends them again. */
const MOST_WAITING = 65_536;
/** A peer that asks for options without end is not answered without end. */
const MOST_REFUSALS = 64;
const MOST_SAID = 200;

type Phase =
  | { readonly is: "new" | "ready" | "failed" }
  /** Waiting for the server's word that it speaks COM-PORT. */
  | { readonly is: "asking"; readonly until: number }
  /** Waiting for the settings to be confirmed. */
  | { readonly is: "setting"; readonly until: number; readonly open: Map<Confirmable, number> };

/**
 * A client of RFC 2217: a serial port behind telnet, set as its pad needs it. What comes before it is ready is no data of ours.
 * A pure state machine: inputs and monotonic milliseconds in, effects out. Never throws on bytes.
 */
export class Rfc2217Client {
  readonly #options: Rfc2217Options;
  readonly #reader = new TelnetReader();
  #phase: Phase = { is: "new" };
  #effects: Rfc2217Effect[] = [];
  #isSuspended = false;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #refusals = 0;
  #said = "";

  constructor(options: Rfc2217Options) {
    this.#options = options;
  }

  step(input: Rfc2217Input, now: number): Rfc2217Effect[] {
    this.#effects = [];
    switch (input.is) {
      case "connected":
        this.#connected(now);
        break;
      case "bytes":
        for (const event of this.#reader.push(input.bytes)) this.#take(event, now);
        break;
      case "send":
        this.#send(input.bytes);
        break;
      case "signal":
        if (this.#phase.is === "ready") this.#write(signalCommand(input.signal, input.state));
        break;
      case "time":
        this.#time(now);
        break;
    }
    return this.#effects;
  }

  /** When `time` must be given; undefined = not before other input. */
  deadline(): number | undefined {
    return this.#phase.is === "asking" || this.#phase.is === "setting" ? this.#phase.until : undefined;
  }

  /** What to tell if the server closes the connection now. */
  closedError(): WindowRatingError {
    const { name } = this.#options;
    if (this.#phase.is === "ready") return new WindowRatingError("WR3005", `${name} closed the connection`);
    // A server whose port is taken closes at once, and what it says of it may be lost with the connection.
    const said = this.#said.trim() === "" ? "as servers do whose port is taken" : `and said: ${this.#said.trim()}`;
    return new WindowRatingError("WR3003", `${name} closed the connection before the line was set, ${said}`);
  }

  #connected(now: number): void {
    this.#phase = { is: "asking", until: now + PATIENCE_MS };
    this.#write(negotiation("will", OPTION.comPort));
    // Without binary a carriage return gains or loses a NUL on the way, and NUL is our delimiter.
    for (const option of [OPTION.binary, OPTION.suppressGoAhead]) {
      this.#write(negotiation("will", option));
      this.#write(negotiation("do", option));
    }
  }

  #take(event: TelnetEvent, now: number): void {
    switch (event.is) {
      case "data":
        if (this.#phase.is === "ready") this.#effects.push(event);
        else this.#note(event.bytes);
        return;
      case "negotiate":
        return this.#negotiate(event, now);
      case "subnegotiation": {
        if (event.option !== OPTION.comPort) return;
        const message = readServerMessage(event.bytes);
        if (message !== undefined) this.#hear(message);
      }
    }
  }

  #negotiate({ verb, option }: Extract<TelnetEvent, { is: "negotiate" }>, now: number): void {
    const isAsked = option === OPTION.comPort || option === OPTION.binary || option === OPTION.suppressGoAhead;
    if (!isAsked) {
      if (verb === "do") this.#refuse("wont", option);
      else if (verb === "will") this.#refuse("dont", option);
      return;
    }
    const { name } = this.#options;
    if (option === OPTION.binary && (verb === "dont" || verb === "wont")) {
      return this.#fail("WR3009", `${name} does not carry every byte unchanged (it refuses telnet's binary mode)`);
    }
    if (option !== OPTION.comPort) return;
    if (verb === "dont") return this.#fail("WR3008", `${name} refuses to have its port set`);
    // Some servers offer what they should be asked for.
    if (verb === "will") this.#refuse("do", option);
    if (verb === "do" && this.#phase.is === "asking") this.#set(now);
  }

  #set(now: number): void {
    const settings = settingCommands(this.#options.line);
    this.#phase = { is: "setting", until: now + PATIENCE_MS, open: new Map(settings.map(({ what, value }) => [what, value])) };
    for (const { bytes } of settings) this.#write(bytes);
    for (const signal of ["dtr", "rts"] as const) {
      const rule = this.#options[signal];
      if (rule !== "leave") this.#write(signalCommand(signal, rule));
    }
    for (const bytes of maskCommands()) this.#write(bytes);
    this.#write(purgeCommand());
  }

  #hear(message: ServerMessage): void {
    switch (message.is) {
      case "confirmed":
        return this.#confirmed(message.what, message.value);
      case "signature-wanted":
        if (this.#refusals++ < MOST_REFUSALS) this.#write(signatureCommand("window-rating"));
        return;
      case "suspend":
        this.#isSuspended = true;
        return;
      case "resume":
        this.#resume();
        return;
      case "line-state":
        if (message.errors.length > 0) this.#effects.push(message);
        return;
      case "modem-state":
        this.#effects.push(message);
    }
  }

  #confirmed(what: Confirmable, value: number): void {
    if (this.#phase.is !== "setting") return;
    const { open } = this.#phase;
    const wanted = open.get(what);
    if (wanted === undefined) return;
    if (value !== wanted) {
      const { name } = this.#options;
      return this.#fail("WR3009", `${name} has ${what} ${settingText(what, value)} where ${settingText(what, wanted)} was asked for`);
    }
    open.delete(what);
    if (open.size > 0) return;
    this.#phase = { is: "ready" };
    this.#said = "";
    this.#effects.push({ is: "ready" });
  }

  #send(bytes: Uint8Array): void {
    if (this.#phase.is !== "ready") return;
    if (!this.#isSuspended) return this.#write(escaped(bytes));
    if (this.#waitingBytes + bytes.length > MOST_WAITING) return;
    this.#waiting.push(bytes.slice());
    this.#waitingBytes += bytes.length;
  }

  #resume(): void {
    this.#isSuspended = false;
    for (const bytes of this.#waiting) this.#write(escaped(bytes));
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  #time(now: number): void {
    const { name } = this.#options;
    if (this.#phase.is === "asking" && now >= this.#phase.until) {
      this.#fail("WR3008", `${name} did not say within ${PATIENCE_MS / 1000} s that it speaks RFC 2217`);
    } else if (this.#phase.is === "setting" && now >= this.#phase.until) {
      this.#fail("WR3008", `${name} did not confirm within ${PATIENCE_MS / 1000} s: ${[...this.#phase.open.keys()].join(", ")}`);
    }
  }

  #refuse(verb: "do" | "dont" | "wont", option: number): void {
    if (this.#refusals++ < MOST_REFUSALS) this.#write(negotiation(verb, option));
  }

  #fail(code: "WR3008" | "WR3009", detail: string): void {
    if (this.#phase.is === "failed") return;
    this.#phase = { is: "failed" };
    this.#effects.push({ is: "failed", error: new WindowRatingError(code, detail) });
  }

  /** A server that is busy says so in plain text before it closes. */
  #note(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#said.length >= MOST_SAID) return;
      this.#said += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : " ";
    }
  }

  #write(bytes: Uint8Array): void {
    this.#effects.push({ is: "write", bytes });
  }
}
