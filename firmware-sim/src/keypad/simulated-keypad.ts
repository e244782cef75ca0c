import type { KeypadProfile } from "@window-rating/device-profiles";
import { type KeypadKey, KeypadProtocol } from "@window-rating/protocol/keypad";
import { LEVELS } from "@window-rating/protocol/rating";
import type { BenchControls } from "../bench-controls.ts";
import { type Clock, realClock, type Timer } from "../clock/clock.ts";
import { DriftingClock } from "../clock/drifting-clock.ts";
import { KEYS, type KeyNo, type LampState, type Lamps, NO_KEY, type OtherKey, type PadFace } from "../face.ts";
import { type PadCondition, SOUND_CONDITION } from "../faults/condition.ts";
import { Contacts } from "../faults/contacts.ts";
import { FaultyPort } from "../faults/faulty-port.ts";
import { DEFAULT_DEBOUNCE_MS } from "../firmware/keypad.ts";
import type { PadPort } from "../ports/pad-port.ts";
import { KeypadFirmware, type KeypadFirmwareInput, type KeypadShow } from "./keypad-firmware.ts";

export interface KeypadOptions {
  /** Open already; the pad closes it at its end. */
  readonly port: PadPort;
  readonly profile: KeypadProfile;
  readonly serialNumber?: string;
  /** The time it lives by; the machine's own by default. */
  readonly clock?: Clock;
  /** 0 ≤ number < 1, for the faults of the line; seeded, so that what happened can be made to happen again. */
  readonly lineRandom?: () => number;
}

const DARK: KeypadShow = {
  phase: "idle",
  invitations: 0,
  chosen: null,
  remainingMs: null,
  lamps: 0,
  stars: 0,
  spoken: null,
  heardHost: false,
};

/**
 * A simulated pad of another maker, from its profile alone: firmware and port, in the time of a clock. To panels and scripts its key n is
 * the one with level n; keys with no level are its other keys. It keeps nothing: what it says is gone when nobody hears it.
 */
export class SimulatedKeypad implements BenchControls {
  readonly model: string;
  readonly serialNumber: string;
  readonly screenAssets = null;
  readonly #protocol: KeypadProtocol;
  readonly #prompts: readonly number[];
  readonly #port: FaultyPort;
  readonly #clock: DriftingClock;
  readonly #contacts: Contacts;
  readonly #listeners = new Set<() => void>();
  #firmware: KeypadFirmware | undefined;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #restart: Timer | undefined;
  #condition = SOUND_CONDITION;
  #isSilent = false;
  #isOver = false;

  constructor({ port, profile, serialNumber = "SIM-0001", clock = realClock, lineRandom = Math.random }: KeypadOptions) {
    this.model = profile.id;
    this.serialNumber = serialNumber;
    this.#protocol = KeypadProtocol.of(profile.keypad);
    this.#prompts = profile.voice.prompts;
    this.#clock = new DriftingClock(clock);
    this.#contacts = new Contacts(clock, (key, isClosed) => this.#finger(this.#keyOf(key), isClosed));
    this.#port = new FaultyPort(port, this.#condition, lineRandom, clock);
    this.#port.listen({
      bytes: (bytes) => {
        if (!this.#isSilent) this.#step({ is: "bytes", bytes });
      },
    });
    this.#powerOn();
  }

  /** How a host names the port of this pad. */
  get path(): string {
    return this.#port.path;
  }

  get face(): PadFace {
    const show = this.#show;
    const { model, serialNumber } = this;
    return {
      lamps: KEYS.map((key) => this.#lampOf(key, show)) as unknown as Lamps,
      phase: show.phase,
      // Such a pad knows of no request: its invitations are told apart by their number.
      requestId: show.phase === "inviting" ? `invitation-${show.invitations}` : null,
      labels: KEYS.map((key) => this.#keyOf(key)?.label ?? (this.#keyOf(key) === undefined ? NO_KEY : (LEVELS[key - 1]?.zh ?? ""))),
      spoken: show.spoken,
      connection: this.#connection(show),
      power: this.#firmware !== undefined,
      pendingEvents: 0,
      serialNumber,
      model,
      keysDown: KEYS.map((key) => this.#isDown(this.#keyOf(key))),
      remainingMs: show.remainingMs,
      screen: null,
      otherKeys: this.otherKeys,
    };
  }

  /** Keys that stand for no level, in the order of the description. */
  get otherKeys(): readonly OtherKey[] {
    return this.#others.map((key) => ({ key: key.key, zh: key.label ?? key.key, en: key.action ?? "no level", isDown: this.#isDown(key) }));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  keyDown(key: KeyNo): void {
    this.#contacts.finger(key, true);
  }

  keyUp(key: KeyNo): void {
    this.#contacts.finger(key, false);
  }

  otherKeyDown(name: string): void {
    this.#finger(
      this.#others.find(({ key }) => key === name),
      true,
    );
  }

  otherKeyUp(name: string): void {
    this.#finger(
      this.#others.find(({ key }) => key === name),
      false,
    );
  }

  /** A finger on a key, by its number or its name, for as long as a finger takes. */
  async press(key: KeyNo | string, downMs = DEFAULT_DEBOUNCE_MS * 3): Promise<void> {
    if (typeof key === "string") this.otherKeyDown(key);
    else this.keyDown(key);
    await new Promise<void>((resolve) => this.#clock.after(downMs, resolve));
    if (typeof key === "string") this.otherKeyUp(key);
    else this.keyUp(key);
  }

  touch(): void {}

  unplug(): void {
    this.#port.unplug();
    this.#changed();
  }

  plug(): void {
    if (this.#isOver) return;
    // A port that cannot be opened again, for instance because it was taken meanwhile, leaves the pad unplugged, and the face says so.
    this.#port.plug().then(
      () => this.#changed(),
      () => this.#changed(),
    );
  }

  powerCut(offMs: number): void {
    if (this.#isOver) return;
    this.#powerOff();
    this.#restart?.cancel();
    this.#restart = this.#clock.after(offMs, () => this.#powerOn());
  }

  setSilent(isSilent: boolean): void {
    this.#isSilent = isSilent;
    this.#changed();
  }

  hangConnection(): void {
    this.#port.hangConnection();
  }

  get condition(): PadCondition {
    return this.#condition;
  }

  setCondition(changes: Partial<PadCondition>): void {
    this.#condition = { ...this.#condition, ...changes };
    const { stuckKeys, bounceMs, clockRate } = this.#condition;
    this.#port.setFaults(this.#condition);
    this.#contacts.bounceMs = bounceMs;
    this.#contacts.stick(stuckKeys);
    if (changes.clockRate !== undefined) {
      this.#clock.setRate(clockRate);
      this.#disarm();
      this.#arm();
    }
    this.#changed();
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#restart?.cancel();
    this.#powerOff();
    await this.#port.close();
  }

  get #show(): KeypadShow {
    return this.#firmware?.show(this.#clock.now()) ?? DARK;
  }

  get #others(): readonly KeypadKey[] {
    return this.#protocol.description.keys.filter(({ level }) => level === undefined);
  }

  #keyOf(keyNo: KeyNo): KeypadKey | undefined {
    return this.#protocol.description.keys.find(({ level }) => level === keyNo);
  }

  #isDown(key: KeypadKey | undefined): boolean {
    return key !== undefined && (this.#firmware?.isDown(key) ?? false);
  }

  #lampOf(keyNo: KeyNo, { phase, chosen, lamps }: KeypadShow): LampState {
    const key = this.#keyOf(keyNo);
    if (key === undefined || this.#condition.deadLamps.includes(keyNo)) return "off";
    if (phase === "chosen") return key === chosen ? "chosen" : "off";
    if (phase === "thanks") return "thanks";
    return phase === "inviting" || (lamps & (1 << (keyNo - 1))) !== 0 ? "invite" : "off";
  }

  #connection({ heardHost }: KeypadShow): PadFace["connection"] {
    if (!this.#port.isPlugged) return "unplugged";
    if (this.#isSilent) return "silent";
    return heardHost === false ? "waiting" : "ready";
  }

  #finger(key: KeypadKey | undefined, isDown: boolean): void {
    if (key !== undefined) this.#step({ is: isDown ? "keyDown" : "keyUp", key });
  }

  #powerOn(): void {
    if (this.#isOver) return;
    this.#firmware = new KeypadFirmware(this.#protocol, this.#prompts);
    this.#step({ is: "powerOn" });
    for (const key of this.#contacts.closed) this.#finger(this.#keyOf(key), true);
  }

  #powerOff(): void {
    this.#disarm();
    this.#firmware = undefined;
    this.#changed();
  }

  #step(input: KeypadFirmwareInput): void {
    const effects = this.#firmware?.step(input, this.#clock.now()) ?? [];
    for (const effect of effects) if (effect.is === "write" && !this.#isSilent) this.#port.write(effect.bytes);
    this.#arm();
    if (effects.some(({ is }) => is === "face")) this.#changed();
  }

  /** Sets the one timer to the firmware's next deadline. */
  #arm(): void {
    const deadline = this.#firmware?.deadline() ?? Number.POSITIVE_INFINITY;
    if (deadline === this.#timerAt) return;
    this.#disarm();
    if (deadline === Number.POSITIVE_INFINITY) return;
    this.#timerAt = deadline;
    this.#timer = this.#clock.after(Math.max(0, Math.ceil(deadline - this.#clock.now())), () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#step({ is: "time" });
    });
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
