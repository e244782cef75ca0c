import type { Disk, DiskFile } from "../store/disk.ts";

/** What has changed of a page's files; in their order they lead from what was kept to what is. */
export type DiskChange =
  | { readonly is: "append"; readonly path: string; readonly bytes: Uint8Array }
  /** The file is there and empty. */
  | { readonly is: "empty"; readonly path: string }
  | { readonly is: "rename"; readonly path: string; readonly to: string }
  | { readonly is: "remove"; readonly path: string };

/**
 * The disk of a pad that is a page, for pictures, voices and lists: everything is in memory, and what changes is kept behind, in its order.
 * So a loss of power may take the newest changes back, never one without those behind it; the window PC then brings the files anew.
 * Ratings are not kept so (EventKeeper).
 */
export class KeptDisk implements Disk {
  readonly #files: Map<string, Uint8Array[]>;
  readonly #keep: (changes: readonly DiskChange[]) => Promise<void>;
  #waiting: DiskChange[] = [];
  #keeping: Promise<void> | undefined;
  #failure: Error | undefined;

  /** @param keep makes the changes in their order, all of them or none */
  constructor(files: ReadonlyMap<string, Uint8Array>, keep: (changes: readonly DiskChange[]) => Promise<void>) {
    this.#files = new Map([...files].map(([path, bytes]) => [path, [bytes]]));
    this.#keep = keep;
  }

  /** Resolves when everything is kept that was changed so far, or cannot be. */
  get settled(): Promise<void> {
    return this.#keeping ?? Promise.resolve();
  }

  read(path: string): Uint8Array | undefined {
    const parts = this.#files.get(path);
    if (parts === undefined) return undefined;
    const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let end = 0;
    for (const part of parts) {
      whole.set(part, end);
      end += part.length;
    }
    return whole;
  }

  open(path: string, how: "append" | "empty"): DiskFile {
    const known = this.#files.get(path);
    const parts = known === undefined || how === "empty" ? [] : known;
    if (parts !== known) {
      this.#files.set(path, parts);
      this.#changed({ is: "empty", path });
    }
    return {
      append: (bytes) => {
        if (this.#failure !== undefined) throw this.#failure;
        const part = bytes.slice();
        parts.push(part);
        this.#changed({ is: "append", path, bytes: part });
      },
      sync: () => {},
      close: () => {},
    };
  }

  rename(path: string, to: string): void {
    const parts = this.#files.get(path);
    if (parts === undefined) throw new Error(`there is no file ${path}`);
    this.#files.delete(path);
    this.#files.set(to, parts);
    this.#changed({ is: "rename", path, to });
  }

  remove(path: string): void {
    if (this.#files.delete(path)) this.#changed({ is: "remove", path });
  }

  syncFolderOf(): void {}

  #changed(change: DiskChange): void {
    this.#waiting.push(change);
    this.#keeping ??= Promise.resolve().then(() => this.#keepAll());
  }

  async #keepAll(): Promise<void> {
    while (this.#waiting.length > 0 && this.#failure === undefined) {
      const changes = this.#waiting;
      this.#waiting = [];
      try {
        await this.#keep(changes);
      } catch (error) {
        // Nothing may be kept behind what is not: from here on the files are as they are until the page is loaded anew.
        this.#failure = Object.assign(new Error("the browser keeps no more", { cause: error }), { code: "ENOSPC" });
      }
    }
    this.#keeping = undefined;
  }
}
