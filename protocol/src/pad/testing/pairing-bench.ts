import { HostPairing, type HostPairingEffect, type HostPairingInput } from "../host-pairing.ts";
import type { HostSessionEffect } from "../host-session.ts";
import type { Command, Report } from "../messages.ts";
import { keysAfter, keysToTry, type PadKeys, withCandidate } from "../pad-keys.ts";
import { PadPairing, type PadPairingEffect, type PadPairingInput, type PairingShown } from "../pad-pairing.ts";
import type { PadIdentity, PadSessionEffect } from "../pad-session.ts";
import { keyIdOf } from "../pairing-secrets.ts";
import { isTrusted, sameBytes, type Trust } from "../session.ts";
import { Conversation, TEST_PAD } from "./conversation.ts";
import { SeededRandom } from "./seeded-random.ts";
import { TappedWire } from "./tapped-wire.ts";

export interface PairingBenchOptions {
  readonly seed?: number;
  readonly window?: number;
  /** A key that both sides hold already. */
  readonly key?: Uint8Array;
}

/** What a host and a pad do about pairing behind their sessions, as small as it can be: a key store and a state machine each. */
export class PairingBench {
  readonly conversation: Conversation;
  readonly toPad = new TappedWire();
  readonly toHost = new TappedWire();
  readonly random: SeededRandom;
  identity: PadIdentity = TEST_PAD;

  /** What is on the host's disk and in the pad's memory: stays when either loses its power. */
  keys: PadKeys;
  padKey: Uint8Array | undefined;
  /** What happens to a side in the moment in which the key is on its memory, if it is not the usual. */
  atHostKeep: "dies" | undefined;
  atPadKeep: "dies" | "fails" | undefined;

  trust: { host: Trust | undefined; pad: Trust | undefined } = { host: undefined, pad: undefined };
  /** What the person at the pad sees, and what the one at the PC is told, newest last. */
  shown: PairingShown = { is: "nothing" };
  readonly told: string[] = [];
  readonly reports: Report[] = [];
  readonly commands: Command[] = [];

  #hostPairing: HostPairing;
  #padPairing: PadPairing;

  constructor({ seed = 7, window = 1, key }: PairingBenchOptions = {}) {
    const random = new SeededRandom(seed);
    this.random = random;
    this.keys = key === undefined ? {} : { confirmed: key };
    this.padKey = key;
    this.#hostPairing = new HostPairing(random.bytes);
    this.#padPairing = new PadPairing(random.bytes, this.identity);
    this.conversation = new Conversation({
      toPad: this.toPad,
      toHost: this.toHost,
      hostOptions: { random: random.bytes, window, keysOf: () => keysToTry(this.keys) },
      padOptions: { random: random.bytes, window, key: () => this.padKey },
      identity: () => ({ ...this.identity, paired: this.padKey !== undefined }),
      onHost: (effect) => this.#host(effect),
      onPad: (effect) => this.#pad(effect),
    });
  }

  /** A new host process; what an older one had in mind is gone. */
  openHost(): void {
    this.#hostPairing = new HostPairing(this.random.bytes);
    this.trust.host = undefined;
    this.conversation.openHost();
  }

  /** The pad gets power. */
  startPad(): void {
    this.#padPairing = new PadPairing(this.random.bytes, this.identity);
    this.shown = { is: "nothing" };
    this.trust.pad = undefined;
    this.conversation.startPad();
  }

  start(): this {
    this.startPad();
    this.openHost();
    this.until(() => this.isJoined);
    return this;
  }

  /** Both ends stand in the same session. */
  get isJoined(): boolean {
    return this.trust.host !== undefined && this.trust.pad !== undefined;
  }

  get isPaired(): boolean {
    return this.trust.host === "paired" && this.trust.pad === "paired";
  }

  /** @throws Error if it does not come true in that time */
  until(done: () => boolean, within = 10_000): void {
    if (!this.#run(done, within)) throw new Error(`not within ${within} ms; trust ${JSON.stringify(this.trust)}, told ${this.told}`);
  }

  wait(ms: number): void {
    this.#run(() => false, ms);
  }

  /** As far as the wires let it come: the code is shown and asked for. */
  offer(): void {
    const asked = this.told.filter((what) => what === "ask").length;
    this.atHost({ is: "asked" });
    this.atPad({ is: "asked" });
    this.#run(() => this.told.filter((what) => what === "ask").length > asked && this.code !== "", 1000);
  }

  get isAsked(): boolean {
    return this.told.at(-1) === "ask";
  }

  get code(): string {
    return this.shown.is === "code" ? this.shown.code : "";
  }

  /** A person pairs the two, as far as what is seen lets it come. */
  pair(): void {
    this.offer();
    if (this.code !== "") this.atHost({ is: "typed", code: this.code });
    this.#run(() => this.shown.is === "press", 1000);
    this.atPad({ is: "pressed" });
    this.#run(() => this.told.at(-1) === "paired" && this.isPaired, 5000);
  }

  atHost(input: HostPairingInput): void {
    const pairing = this.#hostPairing;
    for (const effect of pairing.step(input, this.conversation.now)) if (pairing === this.#hostPairing) this.#carryOutAtHost(effect);
  }

  atPad(input: PadPairingInput): void {
    for (const effect of this.#padPairing.step(input, this.conversation.now)) this.#carryOutAtPad(effect);
  }

  send(message: Command): void {
    this.conversation.hostStep({ is: "send", message });
  }

  report(message: Report): void {
    this.conversation.padStep({ is: "send", message });
  }

  #run(done: () => boolean, within: number): boolean {
    const end = this.conversation.now + within;
    while (!done()) {
      const due = Math.min(this.#hostPairing.deadline() ?? Infinity, this.#padPairing.deadline() ?? Infinity, end);
      if (this.conversation.run(done, due - this.conversation.now)) return true;
      this.atHost({ is: "time" });
      this.atPad({ is: "time" });
      if (this.conversation.now >= end) return done();
    }
    return true;
  }

  #host(effect: HostSessionEffect): void {
    if (effect.is === "ready") {
      this.trust.host = effect.trust;
      const keys = keysAfter(this.keys, effect.trust, effect.key);
      const isEmptied = keys !== this.keys && keysToTry(keys).length === 0;
      this.keys = keys;
      this.atHost(effect.key === undefined ? { is: "ready" } : { is: "ready", key: effect.key });
      if (isEmptied) this.conversation.hostStep({ is: "opened" });
    } else if (effect.is === "lost") {
      this.trust.host = undefined;
      this.atHost({ is: "lost" });
    } else if (effect.is === "report") {
      if (isTrusted(this.trust.host as Trust) && !effect.message.type.startsWith("pairing")) this.reports.push(effect.message);
      this.atHost({ is: "report", pad: { ...this.#answer() }, message: effect.message });
    }
  }

  #answer() {
    const limits = { version: 1, minVersion: 1, maxVersion: 1, maxFrame: 254, window: 1 };
    return { type: "helloAnswer" as const, nonce: new Uint8Array(8), ...this.identity, ...limits };
  }

  #carryOutAtHost(effect: HostPairingEffect): void {
    if (effect.is === "send") this.send(effect.message);
    else if (effect.is === "keep") this.#keepAtHost(effect.key);
    else if (effect.is === "renew") this.conversation.hostStep({ is: "opened" });
    else this.told.push(effect.is === "failed" ? effect.cause : effect.is);
  }

  #pad(effect: PadSessionEffect): void {
    if (effect.is === "ready") this.trust.pad = effect.trust;
    else if (effect.is === "lost") {
      this.trust.pad = undefined;
      this.atPad({ is: "lost" });
    } else if (effect.is === "command") {
      const { message } = effect;
      if (message.type === "unpair") this.#unpair(message.keyId);
      else this.commands.push(message);
      this.atPad({ is: "command", message });
    }
  }

  #unpair(keyId: Uint8Array): void {
    if (this.padKey === undefined || !sameBytes(keyIdOf(this.padKey), keyId)) return;
    this.padKey = undefined;
    this.conversation.padStep({ is: "renew" });
  }

  #carryOutAtPad(effect: PadPairingEffect): void {
    if (effect.is === "send") this.report(effect.message);
    else if (effect.is === "show") this.shown = effect.shown;
    else if (effect.is === "paired") this.conversation.padStep({ is: "renew" });
    else if (effect.is === "keep") this.#keepAtPad(effect.key);
  }

  #keepAtHost(key: Uint8Array): void {
    this.keys = withCandidate(this.keys, key);
    if (this.atHostKeep === "dies") this.openHost();
    this.atHostKeep = undefined;
  }

  #keepAtPad(key: Uint8Array): void {
    const how = this.atPadKeep;
    this.atPadKeep = undefined;
    if (how === "fails") return this.atPad({ is: "notKept" });
    this.padKey = key;
    if (how === "dies") this.startPad();
    else this.atPad({ is: "kept" });
  }
}
