import type { ReasonList } from "@window-rating/protocol/reasons";
import type { Logger } from "pino";
import type { AssetFile } from "./asset-file.ts";
import type { AssetFolder } from "./asset-folder.ts";

/** What pads are to have, as it was when the folder was last looked at: a line asks at every session, a hall has many. */
export class AssetShelf {
  readonly #folder: AssetFolder;
  readonly #logger: Logger;
  readonly #reasons: () => ReasonList | null;
  #files: readonly AssetFile[] = [];

  /** @param reasons central's list in force; null as long as it has told none */
  constructor(folder: AssetFolder, logger: Logger, reasons: () => ReasonList | null = () => null) {
    this.#folder = folder;
    this.#logger = logger;
    this.#reasons = reasons;
    this.refresh();
  }

  get files(): readonly AssetFile[] {
    return this.#files;
  }

  /** Looks at the folder anew. */
  refresh(): void {
    const { files, unusable } = this.#folder.read(this.#reasons());
    this.#files = files;
    for (const { path, why } of unusable) this.#logger.warn({ code: why.code, path }, why.message);
  }
}
