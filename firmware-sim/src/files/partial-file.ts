import { crc32c, type TransferFile } from "@window-rating/protocol/pad";
import type { Disk, DiskFile } from "../store/disk.ts";
import { fileSchema, recordText } from "./file-record.ts";

/** No more than this is lost with the power, bytes; a sync for each chunk would wear a flash out. */
const SYNC_EVERY = 16 * 1024;
const HEAD = 8;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

const record = (data: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(HEAD + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(4, crc32c(data, 0, data.length), true);
  bytes.set(data, HEAD);
  return bytes;
};

/** The records from the first on that are whole, and where the last of them ends. */
const wholeRecords = (bytes: Uint8Array): { readonly records: readonly Uint8Array[]; readonly end: number } => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const records: Uint8Array[] = [];
  let end = 0;
  while (end + HEAD < bytes.length) {
    const length = view.getUint32(end, true);
    const data = bytes.subarray(end + HEAD, end + HEAD + length);
    if (length === 0 || data.length < length || crc32c(data, 0, length) !== view.getUint32(end + 4, true)) break;
    records.push(data);
    end += HEAD + length;
  }
  return { records, end };
};

const fileOfRecord = (data: Uint8Array | undefined): TransferFile | undefined => {
  if (data === undefined) return undefined;
  try {
    return fileSchema.parse(JSON.parse(decoder.decode(data)));
  } catch {
    return undefined;
  }
};

/**
 * A file that is half there: a record that says which, and one for each chunk, each with its length and CRC-32C. So after a loss of power
 * it is known how many bytes surely are there, whatever the disk made of the last ones.
 */
export class PartialFile {
  readonly file: TransferFile;
  readonly #path: string;
  readonly #disk: Disk;
  #open: DiskFile;
  #received: number;
  #unsynced = 0;

  private constructor(path: string, disk: Disk, file: TransferFile, open: DiskFile, received: number) {
    this.#path = path;
    this.#disk = disk;
    this.file = file;
    this.#open = open;
    this.#received = received;
  }

  get received(): number {
    return this.#received;
  }

  /** Begins a file in the place of any other. @throws the disk's errors */
  static begin(path: string, disk: Disk, file: TransferFile): PartialFile {
    const open = disk.open(path, "empty");
    try {
      open.append(record(encoder.encode(recordText(file))));
      open.sync();
      disk.syncFolderOf(path);
    } catch (error) {
      open.close();
      throw error;
    }
    return new PartialFile(path, disk, file, open, 0);
  }

  /** What a loss of power has left; undefined if there is nothing that can be gone on with. @throws the disk's errors */
  static find(path: string, disk: Disk): PartialFile | undefined {
    const bytes = disk.read(path) ?? new Uint8Array(0);
    const { records, end } = wholeRecords(bytes);
    const file = fileOfRecord(records[0]);
    if (file === undefined) return undefined;
    const received = records.slice(1).reduce((sum, { length }) => sum + length, 0);
    if (received > file.size) return undefined;
    if (end < bytes.length) {
      // What is torn must go before anything is appended behind it.
      const whole = disk.open(`${path}.new`, "empty");
      try {
        whole.append(bytes.slice(0, end));
        whole.sync();
      } finally {
        whole.close();
      }
      disk.rename(`${path}.new`, path);
      disk.syncFolderOf(path);
    }
    return new PartialFile(path, disk, file, disk.open(path, "append"), received);
  }

  /** @throws the disk's errors; the file must then be given up */
  append(data: Uint8Array): void {
    this.#open.append(record(data));
    this.#received += data.length;
    this.#unsynced += data.length;
    if (this.#unsynced < SYNC_EVERY) return;
    this.#open.sync();
    this.#unsynced = 0;
  }

  /** The bytes, read back from the disk. @throws the disk's errors */
  bytes(): Uint8Array {
    const [, ...chunks] = wholeRecords(this.#disk.read(this.#path) ?? new Uint8Array(0)).records;
    const whole = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
    let end = 0;
    for (const chunk of chunks) {
      whole.set(chunk, end);
      end += chunk.length;
    }
    return whole;
  }

  close(): void {
    this.#open.close();
  }
}
