import profile from "@window-rating/device-profiles/browser-pad.json" with { type: "json" };
import { BROWSER_PAD_MODEL } from "@window-rating/protocol/browser-pad";
import type { Clock, Timer } from "../clock/clock.ts";
import type { PadFace } from "../face.ts";
import type { PadFiles } from "../files/pad-files.ts";
import { Firmware } from "../firmware/firmware.ts";
import type { FirmwareEffect, FirmwareInput } from "../firmware/signals.ts";
import type { Touch } from "../touchscreen/screen.ts";
import { TouchFront } from "../touchscreen/touch-front.ts";
import type { EventKeeper } from "./event-keeper.ts";

export interface PagePadOptions {
  readonly events: EventKeeper;
  readonly files: PadFiles;
  readonly clock: Clock;
  /** Cryptographically strong. */
  readonly random: (length: number) => Uint8Array;
  /** Version of the page. */
  readonly version: string;
  /** Sends bytes to the window PC, or drops them if there is no line. */
  readonly write: (bytes: Uint8Array) => void;
  /** Whether there is a line at all. */
  readonly hasLine: () => boolean;
  /** The face has changed by more than the time that is left. */
  readonly changed: () => void;
}

/**
 * A pad that is a page: the firmware of a touchscreen, its event store and its files. It is to its window PC what a pad on the counter is,
 * and differs from a device in one thing: its store answers later. The firmware waits for that answer before it shows or sends anything of
 * an event, so that a press counts when it survives a loss of power, and not before (I2).
 */
export class PagePad {
  readonly serialNumber: string;
  readonly #options: PagePadOptions;
  readonly #firmware: Firmware;
  readonly #inputs: FirmwareInput[] = [];
  #isStepping = false;
  #hasChanged = false;
  #timer: Timer | undefined;
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(options: PagePadOptions) {
    const { events, files, random, version } = options;
    this.#options = options;
    this.serialNumber = `WEB-${events.contents.storeId.toString(16).toUpperCase().padStart(8, "0")}`;
    const { assets, limits } = profile;
    const storeroom = { contents: files.contents, isOnTrial: false, assets: { ...assets, kinds: assets.kinds as ("png" | "json")[] } };
    const { serialNumber } = this;
    this.#firmware = new Firmware(
      { model: BROWSER_PAD_MODEL, serialNumber, version, ...limits, random, files: storeroom },
      events.contents,
      (trunk) => new TouchFront(trunk, files),
    );
  }

  /** Power on. */
  start(): void {
    this.#step({ is: "powerOn" });
  }

  bytes(chunk: Uint8Array): void {
    this.#step({ is: "bytes", bytes: chunk });
  }

  touch(touch: Touch): void {
    this.#step({ is: "touch", touch });
  }

  /** A session stands, trusted or not. */
  get hasSession(): boolean {
    return this.#firmware.show(this.#options.clock.now()).hasSession;
  }

  get isPaired(): boolean {
    return this.#options.events.contents.pairingKey !== undefined;
  }

  get face(): PadFace {
    const { isReady, hasSession: _, ...shown } = this.#firmware.show(this.#options.clock.now());
    const { serialNumber } = this;
    const connection = !this.#options.hasLine() ? "unplugged" : isReady ? "ready" : "waiting";
    return { ...shown, connection, power: true, model: BROWSER_PAD_MODEL, serialNumber };
  }

  /** Inputs are taken one after the other, also those that come while one is taken. */
  #step(input: FirmwareInput): void {
    this.#inputs.push(input);
    if (this.#isStepping) return;
    this.#isStepping = true;
    try {
      for (let next = this.#inputs.shift(); next !== undefined; next = this.#inputs.shift()) {
        const effects = this.#firmware.step(next, this.#options.clock.now());
        const answers = effects.flatMap((effect) => this.#carryOut(effect) ?? []);
        this.#inputs.unshift(...answers);
      }
    } finally {
      this.#isStepping = false;
    }
    this.#arm();
    if (!this.#hasChanged) return;
    this.#hasChanged = false;
    this.#options.changed();
  }

  /** @returns what is answered at once */
  #carryOut(effect: FirmwareEffect): FirmwareInput | undefined {
    const { events, files, write } = this.#options;
    switch (effect.is) {
      case "write":
        write(effect.bytes);
        return undefined;
      case "store": {
        const { change } = effect;
        events.apply(change).then(
          () => this.#step({ is: "kept", change }),
          () => this.#step({ is: "notKept", change }),
        );
        return undefined;
      }
      case "file":
        return { is: "filed", change: effect.change, result: files.apply(effect.change) };
      case "restart":
        // Only new firmware asks for it, and a page takes none: it is renewed by being loaded.
        return undefined;
      case "face":
      case "speak":
        this.#hasChanged = true;
        return undefined;
    }
  }

  /** Sets the one timer to the firmware's next deadline; an earlier one that is set stays, and sets the next when it fires. */
  #arm(): void {
    const deadline = this.#firmware.deadline();
    if (deadline === undefined || this.#timerAt <= deadline) return;
    this.#timer?.cancel();
    this.#timerAt = deadline;
    this.#timer = this.#options.clock.after(Math.max(0, Math.ceil(deadline - this.#options.clock.now())), () => {
      this.#timerAt = Number.POSITIVE_INFINITY;
      this.#step({ is: "time" });
    });
  }
}
