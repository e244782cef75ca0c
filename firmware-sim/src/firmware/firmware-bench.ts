import {
  type Command,
  type HelloAnswer,
  HostPairing,
  type HostPairingEffect,
  type HostPairingInput,
  HostSession,
  keysAfter,
  keysToTry,
  type Message,
  type PadEvent,
  type PadKeys,
  type Report,
  type Trust,
  withCandidate,
} from "@window-rating/protocol/pad";
import { newRequestId, type RequestId, requestIdFromBytes, requestIdToBytes } from "@window-rating/protocol/rating";
import type { KeyNo } from "../face.ts";
import { between, seededBytes, seededRandom } from "../faults/seeded-random.ts";
import type { EventStore } from "../store/event-store.ts";
import { MemoryStore } from "../store/memory-store.ts";
import { ButtonFront } from "./button-front.ts";
import { Firmware } from "./firmware.ts";
import type { Front, Trunk } from "./front.ts";
import type { FirmwareEffect, FirmwareInput, FirmwareShow } from "./signals.ts";

export interface BenchOptions {
  readonly seed?: number;
  readonly capacity?: number;
  readonly openStore?: () => EventStore;
  /** Splits and merges the bytes of both directions at random. */
  readonly shred?: boolean;
  /** Five buttons by default. */
  readonly makeFront?: (trunk: Trunk) => Front;
  /** The pairing key that pad and host hold. */
  readonly key?: Uint8Array;
  /** Longest frame that both sides take. */
  readonly maxFrame?: number;
}

/** A pad's firmware and a host on one wire, with time that the test moves. For tests only. */
export class FirmwareBench {
  now = 1000;
  /** The host tells the pad that it has each event. */
  storesEvents = true;
  isPlugged = true;
  store: EventStore;
  readonly host: HostSession;
  /** What reached the host, and every step of the pad in the order it took it. */
  readonly reports: Report[] = [];
  readonly effects: FirmwareEffect[] = [];
  readonly phases: string[] = [];
  /** What the pad said of itself in its newest hello. */
  identity: HelloAnswer | undefined;
  /** What the host knows of the pad, and what became of pairing, newest last. */
  keys: PadKeys;
  trust: Trust | undefined;
  readonly pairings: string[] = [];
  readonly #pairing: HostPairing;
  readonly #options: BenchOptions;
  readonly #random: () => number;
  readonly #openStore: () => EventStore;
  #firmware: Firmware;
  #toPad: Uint8Array[] = [];
  #toHost: Uint8Array[] = [];
  #isMoving = false;

  constructor(options: BenchOptions = {}) {
    this.#options = options;
    this.#random = seededRandom(options.seed ?? 1);
    const memory = new MemoryStore(77);
    this.#openStore = options.openStore ?? (() => memory);
    this.store = this.#openStore();
    this.#firmware = this.#newFirmware();
    const { key, maxFrame = 254 } = options;
    this.keys = key === undefined ? {} : { confirmed: key };
    this.#pairing = new HostPairing(seededBytes(this.#random));
    this.host = new HostSession({ random: seededBytes(this.#random), keysOf: () => keysToTry(this.keys), maxFrame });
    this.pad({ is: "powerOn" });
    this.#host(this.host.step({ is: "opened" }, this.now));
    this.#move();
  }

  get show(): FirmwareShow {
    return this.#firmware.show(this.now);
  }

  get events(): readonly PadEvent[] {
    return this.reports.filter((report) => "eventNo" in report);
  }

  /** Ratings that reached the host; one that was offered twice counts twice. */
  get ratings(): readonly Message<"rated">[] {
    return this.reports.filter((report) => report.type === "rated");
  }

  get statuses(): readonly Message<"status">[] {
    return this.reports.filter((report) => report.type === "status");
  }

  get refusals(): readonly Message<"refused">["reason"][] {
    return this.reports.flatMap((report) => (report.type === "refused" ? [report.reason] : []));
  }

  newRequest(): RequestId {
    return newRequestId(1_760_000_000_000 + this.now, seededBytes(this.#random)(10));
  }

  send(message: Command): void {
    this.#host(this.host.step({ is: "send", message }, this.now));
    this.#move();
  }

  /** A person at the host wants to pair, types the code, or gives up. */
  atHost(input: HostPairingInput): void {
    this.#takePairing(this.#pairing.step(input, this.now));
    this.#move();
  }

  /** A person pairs the two as they do it by hand. */
  pair(): void {
    this.atHost({ is: "asked" });
    this.holdPairingKey();
    const { pairing } = this.show;
    this.atHost({ is: "typed", code: pairing.is === "code" ? pairing.code : "" });
    this.press(3);
    this.pass(100);
  }

  holdPairingKey(ms = 5000): void {
    this.press(3, ms);
  }

  open(requestId: RequestId = this.newRequest(), settings: Partial<Message<"openRating">> = {}): RequestId {
    this.send({ type: "openRating", requestId: requestIdToBytes(requestId), timeoutMs: 10_000, voice: 2, labels: [], ...settings });
    return requestId;
  }

  cancel(requestId: RequestId): void {
    this.send({ type: "cancelRating", requestId: requestIdToBytes(requestId) });
  }

  key(is: "keyDown" | "keyUp", key: KeyNo): void {
    this.pad({ is, key });
    this.#move();
  }

  press(key: KeyNo, downMs = 50): void {
    this.key("keyDown", key);
    this.pass(downMs);
    this.key("keyUp", key);
  }

  /** Lets time pass; everything due on either side happens at its time. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (;;) {
      const next = Math.min(this.#firmware.deadline() ?? Infinity, this.host.deadline() ?? Infinity);
      this.now = Math.max(this.now, Math.min(next, end));
      if (next > end) break;
      this.pad({ is: "time" });
      this.#host(this.host.step({ is: "time" }, this.now));
      this.#move();
    }
    this.pad({ is: "time" });
    this.#move();
  }

  /** The host's program starts anew: it knows nothing of the session. */
  hostCalls(): void {
    this.#host(this.host.step({ is: "opened" }, this.now));
    this.#move();
  }

  /** Bytes on the wire to the pad, whoever sent them. */
  raw(bytes: Uint8Array): void {
    this.pad({ is: "bytes", bytes });
  }

  powerCycle(): void {
    this.#toPad = [];
    this.#toHost = [];
    this.store = this.#openStore();
    this.#firmware = this.#newFirmware();
    this.pad({ is: "powerOn" });
    this.#move();
  }

  /** One input for the firmware, and everything that follows from it at once. @throws what the store throws as a PowerCut */
  pad(input: FirmwareInput): void {
    const queue: FirmwareInput[] = [input];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      for (const effect of this.#firmware.step(next, this.now)) {
        this.effects.push(effect);
        if (effect.is === "write" && this.isPlugged) this.#toHost.push(effect.bytes);
        if (effect.is === "face" && this.phases.at(-1) !== this.show.phase) this.phases.push(this.show.phase);
        if (effect.is === "store") queue.push(this.#keep(effect.change));
      }
    }
  }

  #keep(change: Parameters<EventStore["apply"]>[0]): FirmwareInput {
    try {
      this.store.apply(change);
      return { is: "kept", change };
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith("ENOSPC")) throw error;
      return { is: "notKept", change };
    }
  }

  #newFirmware(): Firmware {
    return new Firmware(
      {
        model: "generic/five-button",
        serialNumber: "SN-1",
        eventCapacity: this.#options.capacity ?? 64,
        random: seededBytes(this.#random),
        maxFrame: this.#options.maxFrame ?? 254,
      },
      this.#options.key === undefined ? this.store.contents : { pairingKey: this.#options.key, ...this.store.contents },
      this.#options.makeFront ?? ((trunk) => new ButtonFront(trunk)),
    );
  }

  #host(effects: ReturnType<HostSession["step"]>): void {
    for (const effect of effects) {
      if (effect.is === "write" && this.isPlugged) this.#toPad.push(effect.bytes);
      if (effect.is === "ready") this.#ready(effect);
      if (effect.is === "lost") this.#takePairing(this.#pairing.step({ is: "lost" }, this.now));
      if (effect.is !== "report") continue;
      if (this.identity !== undefined) {
        this.#takePairing(this.#pairing.step({ is: "report", pad: this.identity, message: effect.message }, this.now));
      }
      this.reports.push(effect.message);
      if (this.storesEvents && "eventNo" in effect.message) {
        this.#host(this.host.step({ is: "send", message: { type: "stored", eventNo: effect.message.eventNo } }, this.now));
      }
    }
  }

  #ready({ pad, trust, key }: { pad: HelloAnswer; trust: Trust; key?: Uint8Array }): void {
    this.identity = pad;
    this.trust = trust;
    this.keys = keysAfter(this.keys, trust, key);
    this.#takePairing(this.#pairing.step(key === undefined ? { is: "ready" } : { is: "ready", key }, this.now));
  }

  #takePairing(effects: readonly HostPairingEffect[]): void {
    for (const effect of effects) {
      if (effect.is === "send") this.#host(this.host.step({ is: "send", message: effect.message }, this.now));
      else if (effect.is === "keep") this.keys = withCandidate(this.keys, effect.key);
      else if (effect.is === "renew") this.#host(this.host.step({ is: "opened" }, this.now));
      else this.pairings.push(effect.is === "failed" ? effect.cause : effect.is);
    }
  }

  /** Carries bytes over the wire until it is empty. */
  #move(): void {
    if (this.#isMoving) return;
    this.#isMoving = true;
    try {
      while (this.#toPad.length > 0 || this.#toHost.length > 0) {
        for (const bytes of this.#take("#toPad")) this.pad({ is: "bytes", bytes });
        for (const bytes of this.#take("#toHost")) this.#host(this.host.step({ is: "bytes", bytes }, this.now));
        this.#host(this.host.step({ is: "settle" }, this.now));
      }
    } finally {
      this.#isMoving = false;
    }
  }

  #take(from: "#toPad" | "#toHost"): Uint8Array[] {
    const chunks = from === "#toPad" ? this.#toPad : this.#toHost;
    if (from === "#toPad") this.#toPad = [];
    else this.#toHost = [];
    if (this.#options.shred !== true) return chunks;
    const merged = Buffer.concat(chunks);
    const pieces: Uint8Array[] = [];
    for (let start = 0; start < merged.length; ) {
      const end = Math.min(merged.length, start + between(this.#random, 1, 20));
      pieces.push(merged.subarray(start, end));
      start = end;
    }
    return pieces;
  }
}

/** Request ids of ratings, in order. */
export const requestsOf = (ratings: readonly Message<"rated">[]): RequestId[] =>
  ratings.map((rating) => requestIdFromBytes(rating.requestId));
