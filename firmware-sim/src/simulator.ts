import { randomBytes } from "node:crypto";
import { findProfile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type RatedFact, ratedFacts } from "./audit.ts";
import type { BenchControls } from "./bench-controls.ts";
import { type Clock, realClock, type Timer } from "./clock/clock.ts";
import { DriftingClock } from "./clock/drifting-clock.ts";
import type { KeyNo, Lamps, PadConnection, PadFace } from "./face.ts";
import { type PadCondition, SOUND_CONDITION } from "./faults/condition.ts";
import { Contacts } from "./faults/contacts.ts";
import { FaultyPort } from "./faults/faulty-port.ts";
import { PadFlash } from "./files/pad-flash.ts";
import { ButtonFront } from "./firmware/button-front.ts";
import { DARK } from "./firmware/display.ts";
import { Firmware } from "./firmware/firmware.ts";
import type { Front, Trunk } from "./firmware/front.ts";
import { DEFAULT_DEBOUNCE_MS } from "./firmware/keypad.ts";
import type { FirmwareEffect, FirmwareInput, FirmwareOptions, FirmwareShow } from "./firmware/signals.ts";
import type { PadPort } from "./ports/pad-port.ts";
import { realDisk } from "./store/disk.ts";
import type { EventStore, StoreChange } from "./store/event-store.ts";
import { FileStore } from "./store/file-store.ts";
import { MemoryStore } from "./store/memory-store.ts";
import { readStore } from "./store/store-files.ts";
import { type Assets, NO_ASSETS } from "./touchscreen/assets.ts";
import type { Touch } from "./touchscreen/screen.ts";
import { TouchFront } from "./touchscreen/touch-front.ts";

export interface PadOptions {
  /** Open already; the pad closes it at its end. */
  readonly port: PadPort;
  /** Device profile, `maker/model`; a generic five-button pad by default. */
  readonly profileId?: string;
  /** File of the event store; in memory if there is none. */
  readonly storeFile?: string;
  readonly serialNumber?: string;
  /** Files that the pad holds from the start. */
  readonly assets?: Assets;
  /** The pairing key that the pad is made with, 32 bytes, while its store has no other; none by default. */
  readonly key?: () => Uint8Array | undefined;
  /** Version and release that the pad is made with, and Ed25519 public keys of those whose firmware it takes; 1.0.0, 1 and none by default. */
  readonly firmware?: { readonly version?: string; readonly release?: number; readonly makerKeys?: readonly Uint8Array[] };
  /** Random bytes; the machine's own by default. */
  readonly random?: (length: number) => Uint8Array;
  /** The time it lives by; the machine's own by default. */
  readonly clock?: Clock;
  /** 0 ≤ number < 1, for the faults of the line; seeded, so that what happened can be made to happen again. */
  readonly lineRandom?: () => number;
  /** Told of each change that the event store has made. */
  readonly onKept?: (change: StoreChange) => void;
}

/** A pad whose store cannot be opened when power comes back stays dark and tries again this often, milliseconds. */
const STORE_AGAIN_MS = 5000;
/** A start takes this long, milliseconds. */
const RESTART_MS = 300;
/** A firmware that does nothing is started anew by the watchdog after this, milliseconds: when its trial is over. */
const WATCHDOG_MS = 60_000;

const DARK_FACE = {
  lamps: DARK,
  phase: "idle",
  requestId: null,
  spoken: null,
  keysDown: [false, false, false, false, false],
  remainingMs: null,
  screen: null,
} as const;

/**
 * A simulated pad: firmware, event store and port, in the time of a clock. Bytes are answered in the turn in which they come.
 */
export class SimulatedPad implements BenchControls {
  readonly model: string;
  readonly serialNumber: string;
  readonly screenAssets: Assets | null;
  readonly #port: FaultyPort;
  readonly #random: (length: number) => Uint8Array;
  readonly #clock: DriftingClock;
  readonly #contacts: Contacts;
  readonly #onKept: (change: StoreChange) => void;
  readonly #limits: { readonly eventCapacity: number; readonly maxFrame: number; readonly window: number };
  readonly #makeFront: (trunk: Trunk) => Front;
  readonly #key: () => Uint8Array | undefined;
  readonly #storeFile: string | undefined;
  /** Stands in for the file where there is none. */
  readonly #memory: MemoryStore;
  readonly #flash: PadFlash;
  readonly #listeners = new Set<() => void>();
  readonly #inputs: FirmwareInput[] = [];
  #isStepping = false;
  #hasChanged = false;
  #store: EventStore | undefined;
  #firmware: Firmware | undefined;
  #lastShow: FirmwareShow | undefined;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #restart: Timer | undefined;
  #condition = SOUND_CONDITION;
  #isSilent = false;
  #isOver = false;

  /** @throws WR2002 if there is no such profile; WR9002 and the disk's errors for a store that cannot be opened; the port is then still the caller's */
  constructor(options: PadOptions) {
    const profile = findProfile(options.profileId ?? "generic/five-button");
    this.model = profile.id;
    this.serialNumber = options.serialNumber ?? "SIM-0001";
    if (!("limits" in profile)) throw new WindowRatingError("WR2002", `${profile.id} does not speak this system's own protocol`);
    this.#limits = profile.limits;
    const { version = "1.0.0", release = 1, makerKeys = [] } = options.firmware ?? {};
    this.#flash = new PadFlash({
      builtIn: { version, release },
      makerKeys,
      given: options.assets ?? NO_ASSETS,
      ...(options.storeFile === undefined ? {} : { base: `${options.storeFile}.files` }),
      ...(profile.assets === undefined ? {} : { assets: profile.assets }),
      ...(profile.firmwareUpdate === undefined
        ? {}
        : { firmware: { model: profile.firmwareUpdate.imageModel, maxBytes: profile.firmwareUpdate.maxBytes } }),
    });
    const assets = this.#flash;
    const isTouch = profile.screen?.touch === true;
    this.screenAssets = isTouch ? assets : null;
    this.#makeFront = (trunk) => (isTouch ? new TouchFront(trunk, assets) : new ButtonFront(trunk));
    this.#key = options.key ?? (() => undefined);
    this.#random = options.random ?? ((length) => randomBytes(length));
    const clock = options.clock ?? realClock;
    this.#clock = new DriftingClock(clock);
    this.#contacts = new Contacts(clock, (key, isClosed) => this.#step({ is: isClosed ? "keyDown" : "keyUp", key }));
    this.#onKept = options.onKept ?? (() => {});
    this.#port = new FaultyPort(options.port, this.#condition, options.lineRandom ?? Math.random, clock);
    this.#storeFile = options.storeFile;
    this.#memory = new MemoryStore(randomStoreId(this.#random));
    this.#port.listen({
      bytes: (chunk) => {
        if (!this.#isSilent) this.#step({ is: "bytes", bytes: chunk });
      },
    });
    this.#powerOn();
  }

  /** How a host names the port of this pad. */
  get path(): string {
    return this.#port.path;
  }

  get face(): PadFace {
    const show = this.#firmware?.show(this.#clock.now());
    const { model, serialNumber } = this;
    const labels = (show ?? this.#lastShow)?.labels ?? [];
    const pendingEvents = this.#store?.contents.pending.length ?? this.#lastShow?.pendingEvents ?? 0;
    const { isReady: _, hasSession: __, lamps: lit, ...seen } = show ?? { isReady: false, hasSession: false, ...DARK_FACE };
    const lamps = lit.map((lamp, index) => (this.#condition.deadLamps.includes((index + 1) as KeyNo) ? "off" : lamp)) as unknown as Lamps;
    const screen = (show ?? this.#lastShow)?.screen ?? null;
    return {
      ...seen,
      lamps,
      labels,
      screen,
      pendingEvents,
      model,
      serialNumber,
      power: show !== undefined,
      connection: this.#connection(show),
    };
  }

  #connection(show: FirmwareShow | undefined): PadConnection {
    if (!this.#port.isPlugged) return "unplugged";
    if (this.#isSilent) return "silent";
    return show?.isReady ? "ready" : "waiting";
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

  touch(touch: Touch): void {
    this.#step({ is: "touch", touch });
  }

  /** A finger on a key for as long as a finger takes. */
  async press(key: KeyNo, downMs = DEFAULT_DEBOUNCE_MS * 3): Promise<void> {
    this.keyDown(key);
    await new Promise<void>((resolve) => this.#clock.after(downMs, resolve));
    this.keyUp(key);
  }

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
    this.#powerOnAfter(offMs);
  }

  setSilent(isSilent: boolean): void {
    if (isSilent === this.#isSilent) return;
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
    const { clockRate: rateBefore } = this.#condition;
    this.#condition = { ...this.#condition, ...changes };
    const { stuckKeys, bounceMs, clockRate } = this.#condition;
    this.#port.setFaults(this.#condition);
    this.#contacts.bounceMs = bounceMs;
    this.#contacts.stick(stuckKeys);
    if (clockRate !== rateBefore) {
      this.#clock.setRate(clockRate);
      this.#disarm();
      this.#arm();
    }
    this.#changed();
  }

  /** Every rating and time-out that this pad ever decided, oldest first. */
  facts(): readonly RatedFact[] {
    if (this.#store !== undefined) return ratedFacts(this.#store.facts());
    return ratedFacts(this.#storeFile === undefined ? this.#memory.facts() : readStore(this.#storeFile, realDisk, this.#random).facts);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#restart?.cancel();
    this.#powerOff();
    await this.#port.close();
  }

  #openStore(): EventStore {
    return this.#storeFile === undefined ? this.#memory : new FileStore(this.#storeFile, { disk: realDisk, random: this.#random });
  }

  /** @throws WR9002 and the disk's errors if the store cannot be opened; the pad then stays dark */
  #powerOn(bootCause: BootCause = "power"): void {
    const { behaviour, version, release, storeroom } = this.#flash.start();
    if (behaviour !== "works") return this.#runBadly(behaviour);
    const store = this.#openStore();
    this.#store = store;
    const { model, serialNumber } = this;
    const room = (): number => this.#condition.room ?? this.#limits.eventCapacity;
    const options = { model, serialNumber, ...this.#limits, room, random: this.#random };
    const madeWith = this.#key();
    const contents = madeWith === undefined ? store.contents : { pairingKey: madeWith, ...store.contents };
    const started = { version, release, bootCause, files: storeroom };
    this.#firmware = new Firmware({ ...options, ...started }, contents, this.#makeFront);
    this.#hasChanged = true;
    this.#step({ is: "powerOn" });
    for (const key of this.#contacts.closed) this.#step({ is: "keyDown", key });
  }

  /** The firmware that was started shows nothing and says nothing: the watchdog ends that. */
  #runBadly(behaviour: "silent" | "crashes"): void {
    if (behaviour === "crashes") return this.#powerOnAfter(RESTART_MS, "watchdog");
    this.#restart?.cancel();
    this.#restart = this.#clock.after(WATCHDOG_MS, () => {
      this.#flash.apply({ is: "rollBack" });
      this.#powerOnAfter(RESTART_MS, "watchdog");
    });
  }

  #powerOnAfter(ms: number, bootCause: BootCause = "power"): void {
    this.#restart?.cancel();
    this.#restart = this.#clock.after(ms, () => {
      if (this.#isOver) return;
      try {
        this.#powerOn(bootCause);
      } catch {
        // Nothing but the dark face could tell; the file is left as it is.
        this.#powerOnAfter(STORE_AGAIN_MS, bootCause);
      }
    });
  }

  #powerOff(): void {
    this.#flash.close();
    if (this.#firmware === undefined) return;
    this.#lastShow = this.#firmware.show(this.#clock.now());
    this.#disarm();
    this.#firmware = undefined;
    this.#inputs.length = 0;
    this.#store?.close();
    this.#store = undefined;
    this.#changed();
  }

  /** Inputs are taken one after the other, also those that a listener makes while it hears of a change. */
  #step(input: FirmwareInput): void {
    this.#inputs.push(input);
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        const answers = (this.#firmware?.step(next, this.#clock.now()) ?? []).flatMap((effect) => this.#carryOut(effect) ?? []);
        // What the store answered comes before anything else.
        this.#inputs.unshift(...answers);
        if (this.#hasChanged && this.#inputs.length === 0) this.#changed();
      }
    } finally {
      this.#isStepping = false;
    }
    this.#arm();
  }

  /** @returns the store's answer, if the effect was for the store */
  #carryOut(effect: FirmwareEffect): FirmwareInput | undefined {
    switch (effect.is) {
      case "write":
        if (!this.#isSilent) this.#port.write(effect.bytes);
        return undefined;
      case "store":
        return { is: this.#keep(effect.change) ? "kept" : "notKept", change: effect.change };
      case "file":
        return { is: "filed", change: effect.change, result: this.#flash.apply(effect.change) };
      case "restart":
        this.#powerOff();
        this.#powerOnAfter(RESTART_MS, "update");
        return undefined;
      case "face":
      case "speak":
        this.#hasChanged = true;
        return undefined;
    }
  }

  #keep(change: StoreChange): boolean {
    try {
      this.#store?.apply(change);
      this.#onKept(change);
      return true;
    } catch {
      // The firmware shows the fault and tries again: a pad has nobody else to tell.
      return false;
    }
  }

  /** Sets the one timer to the firmware's next deadline; an earlier one that is set stays, and sets the next when it fires. */
  #arm(): void {
    const deadline = this.#firmware?.deadline();
    if (deadline === undefined || this.#timerAt <= deadline) return;
    this.#disarm();
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
    this.#hasChanged = false;
    for (const listener of this.#listeners) listener();
  }
}

type BootCause = NonNullable<FirmwareOptions["bootCause"]>;

const randomStoreId = (random: (length: number) => Uint8Array): number => {
  const bytes = random(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
};
