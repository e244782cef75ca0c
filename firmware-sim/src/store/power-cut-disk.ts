import type { Disk, DiskFile } from "./disk.ts";

/** Thrown by the write in which the power went; and by every call after it. */
export class PowerCut extends Error {}

interface Inode {
  /** What a running system reads. */
  data: Uint8Array;
  /** How much of it surely survives a loss of power. */
  syncedBytes: number;
}

interface NameChange {
  readonly name: string;
  readonly inode: Inode | undefined;
}

/**
 * A disk in memory whose power can be cut within any write: after `units` more units, where a byte appended, a sync, an open,
 * a rename and a removal are one unit each. What was not synced may be there afterwards, in part, as zeros, or not at all.
 * For tests only.
 */
export class PowerCutDisk implements Disk {
  /** Units until the power goes; Infinity = it stays. */
  unitsLeft = Infinity;
  /** The file system refuses to grow while this is set, as a full disk does. */
  isFull = false;
  readonly #names: Map<string, Inode>;
  /** Changes of names since the folder was synced. */
  #nameChanges: NameChange[] = [];
  #durableNames: Map<string, Inode>;

  constructor(files: ReadonlyMap<string, Uint8Array> = new Map()) {
    this.#names = new Map([...files].map(([name, data]) => [name, { data, syncedBytes: data.length }]));
    this.#durableNames = new Map(this.#names);
  }

  /** What is there, in order. */
  get paths(): readonly string[] {
    return [...this.#names.keys()].sort();
  }

  read(path: string): Uint8Array | undefined {
    return this.#names.get(path)?.data;
  }

  open(path: string, how: "append" | "empty"): DiskFile {
    this.#spend(1);
    let inode = this.#names.get(path);
    if (inode === undefined || how === "empty") {
      inode = { data: new Uint8Array(0), syncedBytes: 0 };
      this.#name(path, inode);
    }
    return this.#file(inode);
  }

  rename(from: string, to: string): void {
    this.#spend(1);
    const inode = this.#names.get(from);
    if (inode === undefined) throw new Error(`no file ${from}`);
    this.#name(to, inode);
    this.#name(from, undefined);
  }

  remove(path: string): void {
    this.#spend(1);
    if (this.#names.has(path)) this.#name(path, undefined);
  }

  syncFolderOf(_path: string): void {
    this.#spend(1);
    this.#nameChanges = [];
    this.#durableNames = new Map(this.#names);
  }

  /** Power is back: what the disk holds now. @param random 0 ≤ number < 1, decides about what was not synced */
  afterPowerCut(random: () => number): PowerCutDisk {
    const names = new Map(this.#durableNames);
    const survivingChanges = Math.floor(random() * (this.#nameChanges.length + 1));
    for (const { name, inode } of this.#nameChanges.slice(0, survivingChanges)) {
      if (inode === undefined) names.delete(name);
      else names.set(name, inode);
    }
    return new PowerCutDisk(new Map([...names].map(([name, inode]) => [name, survivor(inode, random)])));
  }

  #file(inode: Inode): DiskFile {
    return {
      append: (bytes) => {
        const room = Math.min(bytes.length, Math.max(0, this.unitsLeft), this.isFull ? Math.floor(bytes.length / 2) : Infinity);
        const grown = new Uint8Array(inode.data.length + room);
        grown.set(inode.data);
        grown.set(bytes.subarray(0, room), inode.data.length);
        inode.data = grown;
        this.#spend(bytes.length);
        if (this.isFull) throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
      },
      sync: () => {
        this.#spend(1);
        inode.syncedBytes = inode.data.length;
      },
      close: () => {},
    };
  }

  #name(name: string, inode: Inode | undefined): void {
    if (inode === undefined) this.#names.delete(name);
    else this.#names.set(name, inode);
    this.#nameChanges.push({ name, inode });
  }

  #spend(units: number): void {
    this.unitsLeft -= units;
    if (this.unitsLeft < 0) throw new PowerCut("the power went");
  }
}

const survivor = (inode: Inode, random: () => number): Uint8Array => {
  const unsynced = inode.data.length - inode.syncedBytes;
  const kept = inode.syncedBytes + Math.floor(random() * (unsynced + 1));
  const data = inode.data.slice(0, kept);
  if (random() < 0.7) return data;
  // The file had grown already, but its last bytes had not reached the disk.
  const zeros = new Uint8Array(inode.data.length);
  zeros.set(data);
  return zeros;
};
