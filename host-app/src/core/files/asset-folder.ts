import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { ReasonList } from "@window-rating/protocol/reasons";
import { type AssetFile, assetOf, endingOf, LARGEST_ASSET } from "./asset-file.ts";
import { reasonAsset, reasonAssets } from "./reason-assets.ts";

/** A file of the folder that no pad can be given. */
export interface UnusableFile {
  readonly path: string;
  readonly why: WindowRatingError;
}

/**
 * The folder `assets` of a data folder: every file in it belongs on every pad that can hold it, under its path without the ending:
 * `logo.png`, `photo/1001.jpg`, `voice/zh-CN/2.wav`, `language/bo.json`. IT staff may copy files into it by any means.
 */
export class AssetFolder {
  readonly #path: string;

  constructor(dataDir: string) {
    this.#path = join(dataDir, "assets");
  }

  /**
   * What pads are to have, with the lists of reasons that this program carries. Of two files with one name the first by name counts.
   * @param told central's list in force: it goes before the program's and before a file of its version, so that a pad offers what
   * every other way to rate at the window offers
   */
  read(told: ReasonList | null = null): { readonly files: readonly AssetFile[]; readonly unusable: readonly UnusableFile[] } {
    const files = new Map<string, AssetFile>(reasonAssets().map((file) => [file.asset.name, file]));
    const unusable: UnusableFile[] = [];
    const inForce = told === null ? undefined : reasonAsset(told);
    if (inForce !== undefined) files.set(inForce.asset.name, inForce);
    const seen = new Set<string>();
    for (const path of this.#paths()) {
      const name = path.replace(/\.[A-Za-z]{3,4}$/, "");
      try {
        if (seen.has(name)) throw new WindowRatingError("WR1031", `${path}: another file stands for ${name}`);
        if (name === inForce?.asset.name)
          throw new WindowRatingError("WR1031", `${path}: central has put this list in force, with its own words`);
        files.set(name, assetOf(name, path, this.#bytesOf(path)));
        seen.add(name);
      } catch (error) {
        if (!(error instanceof WindowRatingError)) throw error;
        unusable.push({ path, why: error });
      }
    }
    return { files: [...files.values()], unusable };
  }

  /** Puts a file into the folder, in the place of any other of that name. @throws WR1031 */
  put(name: string, path: string): AssetFile {
    const file = assetOf(name, path, readGiven(path));
    this.drop(name);
    const target = join(this.#path, `${name}.${endingOf(path)}`);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    writeFileSync(`${target}.new`, file.bytes, { mode: 0o600 });
    renameSync(`${target}.new`, target);
    return file;
  }

  /** @returns whether there was one */
  drop(name: string): boolean {
    const paths = this.#paths().filter((path) => path.replace(/\.[A-Za-z]{3,4}$/, "") === name);
    for (const path of paths) rmSync(join(this.#path, path), { force: true });
    return paths.length > 0;
  }

  /** Paths of all files within the folder, in the order of their names. Files that begin with a dot are not meant. */
  #paths(): readonly string[] {
    try {
      return readdirSync(this.#path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.startsWith(".") && !entry.name.endsWith(".new"))
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(this.#path.length + 1)
            .replaceAll("\\", "/"),
        )
        .sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  #bytesOf(path: string): Uint8Array {
    const full = join(this.#path, path);
    try {
      const { size } = statSync(full);
      if (size > LARGEST_ASSET) throw new WindowRatingError("WR1031", `${path} has ${size} bytes`);
      return new Uint8Array(readFileSync(full));
    } catch (error) {
      if (error instanceof WindowRatingError) throw error;
      throw new WindowRatingError("WR1031", `${path}: ${(error as Error).message}`, error);
    }
  }
}

const readGiven = (path: string): Uint8Array => {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new WindowRatingError("WR1031", `${path}: ${(error as Error).message}`, error);
  }
};
