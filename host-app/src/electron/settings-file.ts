import { mkdirSync } from "node:fs";
import path from "node:path";
import { readIfPresent, replaceFile } from "../core/config/durable-file.ts";
import { type ReadSettings, readShellSettings, type ShellSettings } from "./shell-settings.ts";

/** shell.json of this user, above that of the hall. */
export class SettingsFile {
  readonly #own: string;
  readonly #ofHall: string;
  #read: ReadSettings;

  /**
   * @param own path of the user's file
   * @param ofHall path of the one that came with the hall's site file
   */
  constructor(own: string, ofHall: string) {
    this.#own = own;
    this.#ofHall = ofHall;
    this.#read = this.#readBoth();
  }

  get settings(): ShellSettings {
    return this.#read.settings;
  }

  /** Why the user's file does not hold; null if it does. */
  get trouble(): string | null {
    return this.#read.trouble;
  }

  readAgain(): void {
    this.#read = this.#readBoth();
  }

  /** Keeps only what was chosen here: what the hall says later shall hold for the rest. */
  change(change: Partial<ShellSettings>): void {
    const own = { ...this.#read.own, ...change };
    this.#read = { ...this.#read, settings: { ...this.#read.settings, ...change }, own };
    mkdirSync(path.dirname(this.#own), { recursive: true });
    replaceFile(this.#own, `${JSON.stringify(own, null, 2)}\n`);
  }

  #readBoth(): ReadSettings {
    let ofHall: string | null = null;
    try {
      ofHall = readIfPresent(this.#ofHall);
    } catch {
      // The data folder of a service is closed to whoever is signed in: then the usual settings hold.
    }
    return readShellSettings(readIfPresent(this.#own), ofHall);
  }
}
