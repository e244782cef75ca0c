import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import type { Text } from "../calendar/schema.ts";
import { checkPack } from "./pack-check.ts";
import { packHash } from "./pack-hash.ts";
import { type PackProblem, problemText } from "./pack-problem.ts";
import { type Pack, packSchema } from "./pack-schema.ts";

/** The packs that come with central. */
export const PACK_FOLDER = join(import.meta.dirname, "..", "..", "policies");

/** A pack that passed every check. */
export interface LoadedPack {
  readonly pack: Pack;
  readonly hash: string;
  /** Choices of the site that do not fit the pack any more. */
  readonly strays?: readonly Text[];
}

/** @throws WindowRatingError WR7101 for a folder that cannot be read */
export const regionsIn = (folder: string = PACK_FOLDER): string[] => {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith(".json"));
    return names.map((name) => name.slice(0, -".json".length)).sort();
  } catch (error) {
    throw new WindowRatingError("WR7101", `The folder ${folder} cannot be read`, error);
  }
};

/** @throws WindowRatingError WR7101 naming clause and fault, WR7102 for a region without a pack */
export const loadPack = (region: string, folder: string = PACK_FOLDER): LoadedPack => {
  const regions = regionsIn(folder);
  if (!regions.includes(region)) throw new WindowRatingError("WR7102", `"${region}" is none of ${regions.join(", ")}`);
  const read = readPack(region, folder);
  const [first, ...others] = read.problems;
  if (read.loaded !== undefined) return read.loaded;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  throw new WindowRatingError("WR7101", `${region}.json, ${first === undefined ? "" : problemText(first)}${more}`);
};

/** Reads one pack and lists everything that is wrong with it; `loaded` is there only if nothing is. */
export const readPack = (region: string, folder: string): { problems: readonly PackProblem[]; loaded?: LoadedPack } => {
  const content = readJson(join(folder, `${region}.json`));
  if ("problem" in content) return { problems: [content.problem] };
  const parsed = packSchema.safeParse(content.json);
  if (!parsed.success) {
    return { problems: parsed.error.issues.map(({ path, message }) => ({ path: path.join(".") || "pack", message })) };
  }
  const pack = parsed.data;
  if (pack.region !== region) return { problems: [{ path: "region", message: `"${pack.region}" in the file of ${region}` }] };
  const document = readText(join(folder, "sources", pack.document.file));
  if (document === undefined) return { problems: [{ path: "document.file", message: `sources/${pack.document.file} cannot be read` }] };
  const hash = packHash(pack, document);
  const problems = checkPack(pack, document);
  if (pack.signOff !== null && pack.signOff.hash !== hash) {
    problems.push({ path: "signOff.hash", message: `the pack was changed after ${pack.signOff.by} signed it; its hash is now ${hash}` });
  }
  return problems.length === 0 ? { problems, loaded: { pack, hash } } : { problems };
};

const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

const readJson = (path: string): { json: unknown } | { problem: PackProblem } => {
  try {
    return { json: JSON.parse(readFileSync(path, "utf8")) };
  } catch (error) {
    return { problem: { path: "file", message: error instanceof Error ? error.message : String(error) } };
  }
};
