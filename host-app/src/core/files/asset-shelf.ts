import type { Logger } from "pino";
import type { AssetFile } from "./asset-file.ts";
import type { AssetFolder } from "./asset-folder.ts";

/** What pads are to have, as it was when the folder was last looked at: a line asks at every session, a hall has many. */
export class AssetShelf {
  readonly #folder: AssetFolder;
  readonly #logger: Logger;
  #files: readonly AssetFile[] = [];

  constructor(folder: AssetFolder, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
    this.refresh();
  }

  get files(): readonly AssetFile[] {
    return this.#files;
  }

  has(name: string): boolean {
    return this.#files.some(({ asset }) => asset.name === name);
  }

  /** Looks at the folder anew. */
  refresh(): void {
    const { files, unusable } = this.#folder.read();
    this.#files = files;
    for (const { path, why } of unusable) this.#logger.warn({ code: why.code, path }, why.message);
  }
}
