import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { findProfile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type RequestId, requestIdFromBytes } from "@window-rating/protocol/rating";
import type { KeyNo, PadConnection, PadControls, PadFace } from "./face.ts";
import { DARK } from "./firmware/display.ts";
import { Firmware } from "./firmware/firmware.ts";
import { DEFAULT_DEBOUNCE_MS } from "./firmware/keypad.ts";
import type { FirmwareEffect, FirmwareInput, FirmwareShow } from "./firmware/signals.ts";
import type { PadPort } from "./ports/pad-port.ts";
import { realDisk } from "./store/disk.ts";
import type { EventStore } from "./store/event-store.ts";
import { FileStore } from "./store/file-store.ts";
import { MemoryStore } from "./store/memory-store.ts";

export interface PadOptions {
  /** Open already; the pad closes it at its end. */
  readonly port: PadPort;
  /** Device profile, `maker/model`; a generic five-button pad by default. */
  readonly profileId?: string;
  /** File of the event store; in memory if there is none. */
  readonly storeFile?: string;
  readonly serialNumber?: string;
  /** Random bytes; the machine's own by default. */
  readonly random?: (length: number) => Uint8Array;
}

const DARK_FACE = {
  lamps: DARK,
  phase: "idle",
  requestId: null,
  spoken: null,
  keysDown: [false, false, false, false, false],
  remainingMs: null,
} as const;

/**
 * A simulated pad that runs in real time: firmware, event store and port, with the only timers of this package. Bytes are
 * answered in the turn in which they come.
 */
export class SimulatedPad implements PadControls {
  readonly model: string;
  readonly serialNumber: string;
  readonly #port: PadPort;
  readonly #random: (length: number) => Uint8Array;
  readonly #eventCapacity: number;
  readonly #openStore: () => EventStore;
  readonly #listeners = new Set<() => void>();
  #store: EventStore | undefined;
  #firmware: Firmware | undefined;
  #lastShow: FirmwareShow | undefined;
  #timer: NodeJS.Timeout | undefined;
  #restart: NodeJS.Timeout | undefined;
  #isSilent = false;
  #isOver = false;

  constructor(options: PadOptions) {
    const profile = findProfile(options.profileId ?? "generic/five-button");
    this.model = profile.id;
    this.serialNumber = options.serialNumber ?? "SIM-0001";
    this.#eventCapacity = profile.limits.eventCapacity;
    this.#random = options.random ?? ((length) => randomBytes(length));
    this.#port = options.port;
    const { storeFile } = options;
    const memory = storeFile === undefined ? new MemoryStore(randomStoreId(this.#random)) : undefined;
    this.#openStore = () => memory ?? new FileStore(storeFile as string, { disk: realDisk, random: this.#random });
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
    const show = this.#firmware?.show(performance.now());
    const { model, serialNumber } = this;
    const labels = (show ?? this.#lastShow)?.labels ?? [];
    const pendingEvents = this.#store?.contents.pending.length ?? this.#lastShow?.pendingEvents ?? 0;
    const { isReady: _, ...seen } = show ?? { isReady: false, ...DARK_FACE };
    return { ...seen, labels, pendingEvents, model, serialNumber, power: show !== undefined, connection: this.#connection(show) };
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
    this.#step({ is: "keyDown", key });
  }

  keyUp(key: KeyNo): void {
    this.#step({ is: "keyUp", key });
  }

  /** A finger on a key for as long as a finger takes. */
  async press(key: KeyNo, downMs = DEFAULT_DEBOUNCE_MS * 3): Promise<void> {
    this.keyDown(key);
    await pause(downMs);
    this.keyUp(key);
  }

  unplug(): void {
    this.#port.unplug();
    this.#changed();
  }

  plug(): void {
    // A port that cannot be opened again, for instance because it was taken meanwhile, leaves the pad unplugged, and the face says so.
    this.#port.plug().then(
      () => this.#changed(),
      () => this.#changed(),
    );
  }

  powerCut(offMs: number): void {
    this.#powerOff();
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => this.#powerOn(), offMs);
  }

  /** Deaf and dumb with the cable in: what a hung firmware looks like from outside. */
  setSilent(isSilent: boolean): void {
    this.#isSilent = isSilent;
    this.#changed();
  }

  /** Every rating and time-out that this pad ever decided, oldest first. */
  facts(): readonly RatedFact[] {
    return factsOf(this.#store ?? this.#openStore());
  }

  async close(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#restart);
    this.#powerOff();
    await this.#port.close();
  }

  #powerOn(): void {
    if (this.#isOver) return;
    const store = this.#openStore();
    this.#store = store;
    const { model, serialNumber } = this;
    this.#firmware = new Firmware({ model, serialNumber, eventCapacity: this.#eventCapacity, random: this.#random }, store.contents);
    this.#step({ is: "powerOn" });
    this.#changed();
  }

  #powerOff(): void {
    if (this.#firmware === undefined) return;
    this.#lastShow = this.#firmware.show(performance.now());
    clearTimeout(this.#timer);
    this.#firmware = undefined;
    this.#store?.close();
    this.#store = undefined;
    this.#changed();
  }

  #step(input: FirmwareInput): void {
    const inputs = [input];
    for (let next = inputs.shift(); next !== undefined; next = inputs.shift()) {
      for (const effect of this.#firmware?.step(next, performance.now()) ?? []) this.#carryOut(effect, inputs);
    }
    this.#arm();
  }

  #carryOut(effect: FirmwareEffect, inputs: FirmwareInput[]): void {
    switch (effect.is) {
      case "write":
        if (!this.#isSilent) this.#port.write(effect.bytes);
        return;
      case "store":
        inputs.push({ is: this.#keep(effect.change) ? "kept" : "notKept", change: effect.change });
        return;
      case "face":
      case "speak":
        return this.#changed();
    }
  }

  #keep(change: Parameters<EventStore["apply"]>[0]): boolean {
    try {
      this.#store?.apply(change);
      return true;
    } catch {
      // The firmware shows the fault and tries again: a pad has nobody else to tell.
      return false;
    }
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const deadline = this.#firmware?.deadline();
    if (deadline === undefined) return;
    this.#timer = setTimeout(() => this.#step({ is: "time" }), Math.max(0, Math.ceil(deadline - performance.now())));
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

const randomStoreId = (random: (length: number) => Uint8Array): number => {
  const bytes = random(4);
  return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
};

/** A rating or time-out, as an audit reads it. */
export type RatedFact =
  | { readonly is: "rated"; readonly eventNo: number; readonly requestId: RequestId; readonly level: number }
  | { readonly is: "timedOut"; readonly eventNo: number; readonly requestId: RequestId };

const factsOf = (store: EventStore): RatedFact[] =>
  store.facts().map((fact) => {
    const { eventNo } = fact;
    const requestId = requestIdFromBytes(fact.requestId);
    return fact.type === "rated" ? { is: "rated", eventNo, requestId, level: fact.level } : { is: "timedOut", eventNo, requestId };
  });

/** What an audit finds in the files of a store. */
export interface StoreAudit {
  readonly rated: readonly Extract<RatedFact, { is: "rated" }>[];
  readonly timedOut: readonly Extract<RatedFact, { is: "timedOut" }>[];
  /** Events that no host has stored yet. */
  readonly pending: number;
}

/** Reads a store that no pad uses. @throws WR9002 if there is none, or it cannot be read */
export const auditStore = (storeFile: string): StoreAudit => {
  if (!existsSync(storeFile)) throw new WindowRatingError("WR9002", `${storeFile} is not there`);
  const store = new FileStore(storeFile, { disk: realDisk, random: (length) => randomBytes(length) });
  try {
    const facts = factsOf(store);
    return {
      rated: facts.filter((fact) => fact.is === "rated"),
      timedOut: facts.filter((fact) => fact.is === "timedOut"),
      pending: store.contents.pending.length,
    };
  } finally {
    store.close();
  }
};
