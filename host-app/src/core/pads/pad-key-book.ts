import { statSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { PadKeys } from "@window-rating/protocol/pad";
import { z } from "zod";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";

/** A pad as its pairing names it. */
export interface PadName {
  readonly model: string;
  readonly serialNumber: string;
}

const keySchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .transform((text) => Uint8Array.from(Buffer.from(text, "hex")));

const fileSchema = z.strictObject({
  version: z.literal(1),
  pads: z.array(
    z.strictObject({
      model: z.string().max(32),
      serialNumber: z.string().max(32),
      confirmed: keySchema.optional(),
      candidate: keySchema.optional(),
    }),
  ),
});

export const padKeysPath = (dataDir: string): string => join(dataDir, "pad-keys.json");

const idOf = ({ model, serialNumber }: PadName): string => `${model} ${serialNumber}`;

/** Pairing keys by pad, in a file that only the user of window-host can read. */
export class PadKeyBook {
  readonly #path: string;
  readonly #pads: Map<string, { readonly pad: PadName; readonly keys: PadKeys }>;

  /** @throws WR1016 if there is a file that cannot be used, or that others can read; it is left as it is */
  constructor(dataDir: string) {
    this.#path = padKeysPath(dataDir);
    this.#pads = new Map(readPads(this.#path).map((entry) => [idOf(entry.pad), entry]));
  }

  keysOf(pad: PadName): PadKeys {
    return this.#pads.get(idOf(pad))?.keys ?? {};
  }

  /** Pads of which there is a key. */
  get pads(): readonly PadName[] {
    return [...this.#pads.values()].map(({ pad }) => pad);
  }

  /** On disk when it returns. @throws WR1016 if it cannot be written; nothing has changed then */
  set({ model, serialNumber }: PadName, keys: PadKeys): void {
    const pad = { model, serialNumber };
    const pads = new Map(this.#pads);
    if (keys.confirmed === undefined && keys.candidate === undefined) pads.delete(idOf(pad));
    else pads.set(idOf(pad), { pad, keys });
    const entries = [...pads.values()].map((entry) => ({ ...entry.pad, ...hexOf(entry.keys) }));
    try {
      replaceFile(this.#path, `${JSON.stringify({ version: 1, pads: entries }, null, 2)}\n`);
    } catch (cause) {
      throw unusable(this.#path, `cannot be written (${(cause as NodeJS.ErrnoException).code})`, cause);
    }
    this.#pads.clear();
    for (const [id, entry] of pads) this.#pads.set(id, entry);
  }
}

const hexOf = (keys: PadKeys): Record<string, string> =>
  Object.fromEntries(Object.entries(keys).map(([name, key]: [string, Uint8Array]) => [name, Buffer.from(key).toString("hex")]));

const unusable = (path: string, why: string, cause?: unknown) => new WindowRatingError("WR1016", `${path} ${why}`, cause);

const readPads = (path: string): { pad: PadName; keys: PadKeys }[] => {
  let text: string | null;
  try {
    text = readIfPresent(path);
    if (text === null) return [];
    refuseOpenFile(path);
  } catch (cause) {
    if (cause instanceof WindowRatingError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw unusable(path, `cannot be read (${code}); give it to the user that window-host runs as`, cause);
  }
  try {
    return fileSchema.parse(JSON.parse(text)).pads.map(({ model, serialNumber, ...keys }) => ({
      pad: { model, serialNumber },
      keys: Object.fromEntries(Object.entries(keys).filter(([, key]) => key !== undefined)),
    }));
  } catch {
    // Without the cause: its message may quote a key.
    throw unusable(
      path,
      "is no list of pairing keys; put it aside and pair the pads anew, or bring the file back from where it was copied",
    );
  }
};

/** Whoever could read the keys may have them. Windows keeps the rights of a file elsewhere than in its mode. */
const refuseOpenFile = (path: string): void => {
  if (process.platform === "win32") return;
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) === 0) return;
  throw unusable(
    path,
    `may be read by others (mode ${mode.toString(8)}); run: chmod 600 ${path}; and pair anew the pads whose keys they may have`,
  );
};
