import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a whole file so that a reader, and whoever comes after a power cut, finds either the old content or the new,
 * never half of one. The file may be read by its owner alone.
 */
export const replaceFile = (path: string, text: string): void => replaceBytes(path, Buffer.from(text));

/** `replaceFile` for what is no text. */
export const replaceBytes = (path: string, content: Uint8Array): void => {
  const temporary = `${path}.${process.pid}.new`;
  try {
    const file = openSync(temporary, "w", 0o600);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw cause;
  }
  syncFolder(dirname(path));
};

/** The rename itself is on disk only when its folder is. */
const syncFolder = (path: string): void => {
  // Windows cannot open a folder as a file, and NTFS keeps renames in its journal.
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

/** The text of a file, or null if there is none. Any other failure is thrown: "absent" and "unreadable" are not the same. */
export const readIfPresent = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    if (isAbsent(cause)) return null;
    throw cause;
  }
};

/** Changes whenever the file was replaced; "absent" while there is none. */
export const fingerprintOf = (path: string): string => {
  try {
    const { ctimeNs, size, ino } = statSync(path, { bigint: true });
    // The inode of a deleted file is soon given again, and mtime can be set by anyone: ctime cannot.
    return `${ctimeNs}-${size}-${ino}`;
  } catch (cause) {
    if (isAbsent(cause)) return "absent";
    throw cause;
  }
};

const isAbsent = (cause: unknown): boolean => (cause as NodeJS.ErrnoException).code === "ENOENT";
