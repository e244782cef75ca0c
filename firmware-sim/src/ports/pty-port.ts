import { execFileSync } from "node:child_process";
import { closeSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname } from "node:path";
import type { ReadStream } from "node:tty";
import pty from "@lydell/node-pty";
import type { PadPort, PortListener } from "./pad-port.ts";

/** The two ends of a tty. */
interface Tty {
  readonly ptsName: string;
  readonly master: ReadStream & { write(bytes: Uint8Array): boolean; readonly writableLength: number };
  readonly slave: ReadStream;
}

/** `open()` is exported by node-pty, but left out of its types. */
const { open } = pty as unknown as { open(options: { encoding: null; cols: number; rows: number }): Tty };

/** Bytes that may wait for a host that does not read; what comes then is lost, as on a line without flow control. */
const BACKLOG = 65_536;

/**
 * A pad behind a kernel tty. A replug makes another tty, so it is published under a link that stays the same, as
 * /dev/serial/by-id does for real ports; the link is there while the cable is in.
 */
export class PtyPort implements PadPort {
  readonly path: string;
  #tty: Tty | undefined;
  #listener: PortListener | undefined;

  /** @param link path of the link; whatever link was there before is replaced */
  constructor(link: string) {
    this.path = link;
    mkdirSync(dirname(link), { recursive: true });
    this.#open();
  }

  get isPlugged(): boolean {
    return this.#tty !== undefined;
  }

  listen(listener: PortListener): void {
    this.#listener = listener;
  }

  write(bytes: Uint8Array): void {
    const master = this.#tty?.master;
    if (master !== undefined && master.writableLength < BACKLOG) master.write(bytes);
  }

  unplug(): void {
    const tty = this.#tty;
    if (tty === undefined) return;
    this.#tty = undefined;
    rmSync(this.path, { force: true });
    tty.master.destroy();
    // libuv opened the slave a second time for itself and left the first descriptor to us; it has kept the master from an
    // error whenever the host closed the port, and would now keep the tty from hanging up.
    for (const descriptor of descriptorsOf(tty.ptsName)) closeSync(descriptor);
  }

  async plug(): Promise<void> {
    if (this.#tty === undefined) this.#open();
  }

  async close(): Promise<void> {
    this.unplug();
  }

  #open(): void {
    const tty = open({ encoding: null, cols: 80, rows: 24 });
    execFileSync("stty", ["-F", tty.ptsName, "raw", "-echo"]);
    // Our own reader of the slave would take bytes that are meant for the host.
    tty.slave.destroy();
    tty.master.on("data", (chunk: Uint8Array) => this.#listener?.bytes(chunk));
    tty.master.on("error", () => {
      if (this.#tty === tty) this.unplug();
    });
    this.#tty = tty;
    const fresh = `${this.path}.new`;
    rmSync(fresh, { force: true });
    symlinkSync(tty.ptsName, fresh);
    renameSync(fresh, this.path);
  }
}

/** Descriptors of this process that are open on a path. */
const descriptorsOf = (path: string): number[] =>
  readdirSync("/proc/self/fd")
    .filter((name) => {
      try {
        return readlinkSync(`/proc/self/fd/${name}`) === path;
      } catch {
        return false;
      }
    })
    .map(Number);
