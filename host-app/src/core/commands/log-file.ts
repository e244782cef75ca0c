import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** The newest lines are in `window-host.log`, older ones in `.1`, then `.2`, up to the oldest that is kept. */
export const LOG_FILES = ["window-host.log", "window-host.log.1", "window-host.log.2", "window-host.log.3", "window-host.log.4"] as const;
const FILE_BYTES = 2_000_000;
/** A disk that took nothing is tried again after so long; until then lines go to stderr alone. */
const RETRY_MS = 60_000;

export const logFolder = (dataDir: string): string => join(dataDir, "logs");

/**
 * The log in the data folder, for PCs where nobody keeps stderr: at most 10 MB, whatever happens. Each line is with the system when `write`
 * returns, so that a crash loses none. A full or broken disk stops the file, never the window.
 */
export class LogFile {
  readonly #folder: string;
  readonly #fileBytes: number;
  readonly #now: () => number;
  #file: number | undefined;
  #bytes = 0;
  #retryAt = 0;

  /** @param now milliseconds of any clock that goes on */
  constructor(dataDir: string, now: () => number = () => performance.now(), fileBytes = FILE_BYTES) {
    this.#folder = logFolder(dataDir);
    this.#now = now;
    this.#fileBytes = fileBytes;
  }

  write(line: string): void {
    if (this.#now() < this.#retryAt) return;
    try {
      const file = this.#file ?? this.#open();
      this.#bytes += writeSync(file, line);
      if (this.#bytes >= this.#fileBytes) this.#rotate();
    } catch {
      this.close();
      this.#retryAt = this.#now() + RETRY_MS;
    }
  }

  close(): void {
    const file = this.#file;
    this.#file = undefined;
    try {
      if (file !== undefined) closeSync(file);
    } catch {
      // A disk that is gone closes nothing.
    }
  }

  #open(): number {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const file = openSync(join(this.#folder, LOG_FILES[0]), "a", 0o600);
    this.#file = file;
    this.#bytes = fstatSync(file).size;
    return file;
  }

  #rotate(): void {
    this.close();
    const paths = LOG_FILES.map((name) => join(this.#folder, name));
    rmSync(paths.at(-1) as string, { force: true });
    for (let place = paths.length - 2; place >= 0; place--) moveIfThere(paths[place] as string, paths[place + 1] as string);
  }
}

const moveIfThere = (from: string, to: string): void => {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
};
