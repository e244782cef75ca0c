import { execFileSync } from "node:child_process";
import { closeSync, lstatSync, mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, symlinkSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { ReadStream } from "node:tty";
import pty from "@lydell/node-pty";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { PadPort, PortListener } from "./pad-port.ts";

/** The two ends of a tty. */
interface Tty {
  readonly ptsName: string;
  /** Descriptor of the master, which node-pty has made non-blocking. */
  readonly fd: number;
  readonly master: ReadStream;
  readonly slave: ReadStream;
}

/** `open()` is exported by node-pty, but left out of its types. */
const { open } = pty as unknown as { open(options: { encoding: null; cols: number; rows: number }): Tty };

/**
 * A pad behind a kernel tty. A replug makes another tty, so it is published under a link that stays the same, as
 * /dev/serial/by-id does for real ports; the link is there while the cable is in.
 */
export class PtyPort implements PadPort {
  readonly path: string;
  #tty: Tty | undefined;
  /** Descriptors of the tty's far end that libuv left open in this process. */
  #leftOpen: readonly number[] = [];
  #listener: PortListener | undefined;

  /**
   * @param link path of the link; a link that is there already is replaced
   * @throws WR9003 if there are no ttys, or something else stands at that path
   */
  constructor(link: string) {
    this.path = link;
    this.#open();
  }

  get isPlugged(): boolean {
    return this.#tty !== undefined;
  }

  listen(listener: PortListener): void {
    this.#listener = listener;
  }

  /**
   * Written straight to the descriptor: node's own stream falls back to blocking writes on the master of a tty, and would stop the
   * whole process when the kernel's buffer (about 22 kB) is full. What finds no room is lost, as on a line without flow control.
   */
  write(bytes: Uint8Array): void {
    if (this.#tty === undefined) return;
    try {
      writeSync(this.#tty.fd, bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") this.unplug();
    }
  }

  unplug(): void {
    const tty = this.#tty;
    if (tty === undefined) return;
    this.#tty = undefined;
    if (linkedTo(this.path) === tty.ptsName) rmSync(this.path, { force: true });
    tty.master.destroy();
    // They have kept the master from an error whenever the host closed the port, and are not needed any more.
    for (const descriptor of this.#leftOpen) closeSync(descriptor);
    this.#leftOpen = [];
  }

  async plug(): Promise<void> {
    if (this.#tty === undefined) this.#open();
  }

  async close(): Promise<void> {
    this.unplug();
  }

  #open(): void {
    try {
      mkdirSync(dirname(this.path), { recursive: true });
      const there = lstatSync(this.path, { throwIfNoEntry: false });
      if (there !== undefined && !there.isSymbolicLink()) throw new Error("a file that is no link stands there");
      const tty = open({ encoding: null, cols: 80, rows: 24 });
      this.#take(tty);
      execFileSync("stty", ["-F", tty.ptsName, "raw", "-echo"], { stdio: "pipe" });
      publish(tty.ptsName, this.path);
    } catch (error) {
      this.unplug();
      throw new WindowRatingError("WR9003", `${this.path}: ${(error as Error).message}`, error);
    }
  }

  #take(tty: Tty): void {
    this.#tty = tty;
    // Our own reader of the far end would take bytes that are meant for the host.
    tty.slave.destroy();
    this.#leftOpen = descriptorsOf(tty.ptsName);
    tty.master.on("data", (chunk: Uint8Array) => {
      if (this.#tty === tty) this.#listener?.bytes(chunk);
    });
    tty.master.on("error", () => {
      if (this.#tty === tty) this.unplug();
    });
  }
}

/** Sets the link in one step, so that a host that looks for it finds the old or the new tty. */
const publish = (ptsName: string, link: string): void => {
  const fresh = `${link}.new`;
  rmSync(fresh, { force: true });
  symlinkSync(ptsName, fresh);
  renameSync(fresh, link);
};

const linkedTo = (path: string): string | undefined => {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
};

/** Descriptors of this process that are open on a path. */
const descriptorsOf = (path: string): number[] =>
  readdirSync("/proc/self/fd")
    .filter((name) => linkedTo(`/proc/self/fd/${name}`) === path)
    .map(Number);
