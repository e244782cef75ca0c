import type { Disk, DiskFile } from "../store/disk.ts";

/** A disk in memory: outlives the pad's power cuts, not the process. */
export class MemoryDisk implements Disk {
  readonly #files = new Map<string, { data: Uint8Array }>();

  read(path: string): Uint8Array | undefined {
    return this.#files.get(path)?.data;
  }

  open(path: string, how: "append" | "empty"): DiskFile {
    let file = this.#files.get(path);
    if (file === undefined || how === "empty") {
      file = { data: new Uint8Array(0) };
      this.#files.set(path, file);
    }
    const open = file;
    return {
      append(bytes) {
        const grown = new Uint8Array(open.data.length + bytes.length);
        grown.set(open.data);
        grown.set(bytes, open.data.length);
        open.data = grown;
      },
      sync() {},
      close() {},
    };
  }

  rename(from: string, to: string): void {
    const file = this.#files.get(from);
    if (file === undefined) throw new Error(`no file ${from}`);
    this.#files.set(to, file);
    this.#files.delete(from);
  }

  remove(path: string): void {
    this.#files.delete(path);
  }

  syncFolderOf(): void {}
}
