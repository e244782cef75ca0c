import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { DEFAULT_PREFERENCES, type Preferences, preferencesSchema } from "../../messages/preferences.ts";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";

const fileSchema = z.strictObject({ format: z.literal(1), preferences: z.record(z.string(), z.unknown()) });

/** More people than serve at one PC in years; the one who set theirs longest ago goes first. */
const MOST = 500;

/**
 * How each clerk likes the strip, in `screen-preferences.json` of the data folder. Nothing depends on it: a file that cannot be read
 * means the usual ones, and is replaced when somebody sets theirs.
 */
export class PreferenceBook {
  readonly #path: string;
  #known: Map<string, unknown> | undefined;

  constructor(dataDir: string) {
    this.#path = join(dataDir, "screen-preferences.json");
  }

  /** @param owner a clerk, or a window while nobody is signed in there */
  of(owner: string): Preferences {
    const kept = preferencesSchema.safeParse(this.#all().get(owner));
    return kept.success ? kept.data : DEFAULT_PREFERENCES;
  }

  /** @throws WR8006 if it cannot be written */
  keep(owner: string, liked: Preferences): void {
    const known = new Map(this.#all());
    known.delete(owner);
    known.set(owner, liked);
    for (const oldest of [...known.keys()].slice(0, Math.max(0, known.size - MOST))) known.delete(oldest);
    try {
      replaceFile(this.#path, `${JSON.stringify({ format: 1, preferences: Object.fromEntries(known) })}\n`);
    } catch (cause) {
      throw new WindowRatingError("WR8006", `${this.#path} cannot be written: ${(cause as Error).message}`, cause);
    }
    this.#known = known;
  }

  #all(): ReadonlyMap<string, unknown> {
    this.#known ??= this.#read();
    return this.#known;
  }

  #read(): Map<string, unknown> {
    try {
      const text = readIfPresent(this.#path);
      return new Map(text === null ? [] : Object.entries(fileSchema.parse(JSON.parse(text)).preferences));
    } catch {
      return new Map();
    }
  }
}
