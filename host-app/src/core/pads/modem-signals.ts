import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import type { PortSettings, SoftReset } from "./port-settings.ts";

/** What of a serial port is needed to set its modem lines. */
export interface SignalPort {
  readonly isOpen: boolean;
  set(signals: { dtr: boolean; rts: boolean }, done: (error: Error | null) => void): void;
}

/**
 * DTR and RTS of an open port. What can be done about them, measured with serialport 13:
 * - Linux raises both when a port is opened first; no program can prevent that. It drops them again at the last close unless the port's
 *   HUPCL flag is cleared. `hupcl: false` of serialport does not clear it (it only leaves it as it was), so that `settle` does: from then
 *   on closing and opening show the pad no edge, until it is unplugged.
 * - Windows lowers both when the port is opened by serialport with `hupcl: false`.
 * - serialport sets both lines together or not at all: where a profile speaks of one only, the other is kept as the system left it.
 */
export class ModemSignals {
  readonly #port: SignalPort;
  readonly #settings: PortSettings;
  readonly #platform: NodeJS.Platform;

  constructor(port: SignalPort, settings: PortSettings, platform: NodeJS.Platform = process.platform) {
    this.#port = port;
    this.#settings = settings;
    this.#platform = platform;
  }

  /** Brings the lines to where the profile wants them. Says nothing to a port whose profile leaves them. */
  async settle(path: string): Promise<void> {
    if (this.#platform === "linux") await keepOnClose(path);
    const { dtr, rts } = this.#settings;
    if (dtr === "leave" && rts === "leave") return;
    await this.#set(this.#wanted());
  }

  /** Resets the pad: takes one line to its other state and back, and waits until the pad has started. */
  async reset({ signal, pulseMs, bootMs }: SoftReset): Promise<void> {
    const wanted = this.#wanted();
    await this.#set({ ...wanted, [signal]: !wanted[signal] });
    await delay(pulseMs);
    await this.#set(wanted);
    await delay(bootMs);
  }

  /** Takes both lines to their other state and back. @returns false if the port has no such lines */
  async toggle(pauseMs: number): Promise<boolean> {
    const { dtr, rts } = this.#wanted();
    const has = await this.#set({ dtr: !dtr, rts: !rts });
    await delay(pauseMs);
    await this.#set({ dtr, rts });
    return has;
  }

  #wanted(): { dtr: boolean; rts: boolean } {
    const leftBySystem = this.#platform !== "win32";
    const state = (rule: PortSettings["dtr"]): boolean => (rule === "leave" ? leftBySystem : rule === "on");
    return { dtr: state(this.#settings.dtr), rts: state(this.#settings.rts) };
  }

  /** A port without modem lines, as that of a simulated pad, refuses; its pad does not need them. */
  async #set(signals: { dtr: boolean; rts: boolean }): Promise<boolean> {
    if (!this.#port.isOpen) return false;
    return new Promise((resolve) => {
      this.#port.set(signals, (error) => resolve(error === null || error === undefined));
    });
  }
}

/**
 * Clears HUPCL while the port is open, by a descriptor of stty's own: through ours it would make our reads blocking. Where there is no
 * stty the flag stays, as it would for any other program.
 */
const keepOnClose = (path: string): Promise<void> =>
  new Promise((resolve) => {
    execFile("stty", ["-F", path, "-hupcl"], { timeout: 1000 }, () => resolve());
  });
