import { closeSync, fdatasyncSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** A file open for appending. */
export interface DiskFile {
  append(bytes: Uint8Array): void;
  /** When it returns, everything appended survives a loss of power. */
  sync(): void;
  close(): void;
}

/** The little of a disk that an event store needs; tests put one here whose power can be cut. All calls throw the system's errors. */
export interface Disk {
  /** What is in a file; undefined if there is none. */
  read(path: string): Uint8Array | undefined;
  /** Opens a file behind its end, or empty; makes it if there is none. */
  open(path: string, how: "append" | "empty"): DiskFile;
  /** Takes the place of `to` in one step. */
  rename(from: string, to: string): void;
  /** Removes a file; nothing happens if there is none. */
  remove(path: string): void;
  /** When it returns, what was made, renamed or removed in the folder of this file survives a loss of power. */
  syncFolderOf(path: string): void;
}

const openFile = (path: string, flags: "a" | "w"): DiskFile => {
  const file = openSync(path, flags);
  return {
    append(bytes) {
      for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    },
    sync: () => fdatasyncSync(file),
    close: () => closeSync(file),
  };
};

/** The disk of this machine, written at once and in order. */
export const realDisk: Disk = {
  read(path) {
    try {
      return readFileSync(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  },
  open: (path, how) => openFile(path, how === "append" ? "a" : "w"),
  rename: renameSync,
  remove: (path) => rmSync(path, { force: true }),
  syncFolderOf(path) {
    // Windows has no such call, and keeps names with its own journal.
    if (process.platform === "win32") return;
    const folder = openSync(dirname(path), "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  },
};
