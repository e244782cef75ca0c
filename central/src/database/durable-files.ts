import { closeSync, fsyncSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { NodeFS } from "@electric-sql/pglite/nodefs";

/**
 * PGlite as it comes does not survive a power cut: it starts PostgreSQL with `-F` (fsync off), its `fdatasync` does nothing, and
 * its file system on disk has no `fsync` (read in 0.5.16: `defaultStartParams`, `__syscall_fdatasync`, `NODEFS.stream_ops`).
 * So we start it with fsync on and by the way of `fsync`, and give the file system the missing call.
 */
export const DURABLE_START = [...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"), "-c", "wal_sync_method=fsync"];

/** What Emscripten calls EIO. PostgreSQL stops on a failed fsync rather than believe what it wrote. */
const EIO = 29;

interface OpenFile {
  /** The file's descriptor; directories have none. */
  readonly nfd?: number;
  readonly node: unknown;
}

/** The part of Emscripten's NODEFS that we add to. */
interface EmscriptenModule {
  readonly NODEFS: {
    readonly stream_ops: { fsync?: (file: OpenFile) => number };
    realPath(node: unknown): string;
  };
}

/** Brings a file or directory to the disk. Windows cannot sync a directory, and need not: NTFS journals names. */
export const syncPath = (path: string, sync: (descriptor: number) => void): void => {
  if (process.platform === "win32") return;
  const descriptor = openSync(path, "r");
  try {
    sync(descriptor);
  } finally {
    closeSync(descriptor);
  }
};

/** PGlite's files in a folder, with an `fsync` that reaches the disk. */
export class DurableFiles extends NodeFS {
  readonly #sync: (descriptor: number) => void;

  /** @param sync brings one open file to the disk; tests count its calls */
  constructor(folder: string, sync: (descriptor: number) => void = fsyncSync) {
    super(folder);
    this.#sync = sync;
  }

  override async init(...given: Parameters<NodeFS["init"]>): ReturnType<NodeFS["init"]> {
    const answer = await super.init(...given);
    const addFsync = (module: unknown): void => {
      const { NODEFS } = module as EmscriptenModule;
      NODEFS.stream_ops.fsync = (file) => {
        try {
          if (file.nfd !== undefined) this.#sync(file.nfd);
          else syncPath(NODEFS.realPath(file.node), this.#sync);
          return 0;
        } catch {
          return EIO;
        }
      };
    };
    const preRun = answer.emscriptenOpts.preRun;
    answer.emscriptenOpts.preRun = [...(Array.isArray(preRun) ? preRun : preRun === undefined ? [] : [preRun]), addFsync];
    return answer;
  }

  /** Brings every file of the folder to the disk: PGlite makes a new database without syncing any of it. */
  syncAll(): void {
    syncPath(this.rootDir, this.#sync);
    for (const found of readdirSync(this.rootDir, { recursive: true, withFileTypes: true })) {
      if (found.isFile() || found.isDirectory()) syncPath(join(found.parentPath, found.name), this.#sync);
    }
  }
}
