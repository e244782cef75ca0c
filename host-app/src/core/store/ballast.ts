import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * A file that only takes up space. On a full disk not even DELETE or a checkpoint works (measured: SQLITE_FULL), so
 * space must be at hand that can be given free at once.
 */
export class Ballast {
  readonly #path: string;
  readonly #bytes: number;

  constructor(path: string, bytes: number) {
    this.#path = path;
    this.#bytes = bytes;
  }

  get isThere(): boolean {
    return existsSync(this.#path);
  }

  /** Free bytes on the disk of the ballast. */
  freeBytes(): number {
    const { bavail, bsize } = statfsSync(dirname(this.#path));
    return bavail * bsize;
  }

  /** Writes the file if it is missing and the disk has twice its size free. Real bytes: a file with holes would keep nothing. */
  restore(): void {
    if (this.#bytes === 0 || this.isThere || this.freeBytes() < this.#bytes * 2) return;
    const file = openSync(this.#path, "w", 0o600);
    try {
      const block = Buffer.alloc(65_536, 0xa5);
      for (let written = 0; written < this.#bytes; written += block.length) writeSync(file, block);
      fsyncSync(file);
    } catch {
      // Less room than it seemed: better no ballast than a disk filled by it.
      rmSync(this.#path, { force: true });
    } finally {
      closeSync(file);
    }
  }

  /** Gives the space free. @returns true if there was any to give */
  drop(): boolean {
    if (!this.isThere) return false;
    rmSync(this.#path, { force: true });
    return true;
  }
}
