import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import { z } from "zod";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";

/** The pack of a large language has 8 kB. */
const LARGEST_PACK = 65_536;
const FOLDER = join("assets", "language");
/** Becomes the name of a file: letters, digits and hyphens alone. */
const TAG = /^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$/;

/** A language pack as protocol/SPEC.md, section 12, has it; its texts are the pad's own business. */
export const languagePackSchema = z
  .looseObject({ format: z.literal(1), tag: z.string().max(16).regex(TAG), name: z.string().min(1).max(32) })
  .refine((pack) => Buffer.byteLength(JSON.stringify(pack)) <= LARGEST_PACK, `a language pack has at most ${LARGEST_PACK} bytes`);
export type SiteLanguage = z.infer<typeof languagePackSchema>;

const textOf = (pack: SiteLanguage): string => `${JSON.stringify(pack, null, 2)}\n`;

/** The language packs of a model PC. @throws WR8012 naming the file that is none */
export const carriedLanguages = (dataDir: string): SiteLanguage[] => {
  const folder = join(dataDir, FOLDER);
  return filesOf(folder).map((file) => {
    const path = join(folder, file);
    let pack: unknown;
    try {
      pack = JSON.parse(readFileSync(path, "utf8"));
    } catch (cause) {
      throw new WindowRatingError("WR8012", `${path} is no language pack: ${(cause as Error).message}`, cause);
    }
    const parsed = languagePackSchema.safeParse(pack);
    if (!parsed.success || `${parsed.data.tag}.json` !== file) {
      const why = parsed.error?.issues[0]?.message ?? "the file is not called by its tag";
      throw new WindowRatingError("WR8012", `${path} is no language pack: ${why}`);
    }
    return parsed.data;
  });
};

const filesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".json"))
      .sort();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new WindowRatingError("WR8006", `${folder}: ${(cause as Error).message}`, cause);
  }
};

/** Tags of the packs that the data folder has not, or has otherwise. @throws WR8006 */
export const newLanguages = (dataDir: string, packs: readonly SiteLanguage[]): string[] =>
  packs.filter((pack) => readPresent(join(dataDir, FOLDER, `${pack.tag}.json`)) !== textOf(pack)).map(({ tag }) => tag);

/** Writes the packs where pads are given their files from; others that are there stay. @throws WR8006 */
export const keepLanguages = (dataDir: string, packs: readonly SiteLanguage[]): void => {
  const folder = join(dataDir, FOLDER);
  const missing = newLanguages(dataDir, packs);
  try {
    if (missing.length > 0) mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const pack of packs) if (missing.includes(pack.tag)) replaceFile(join(folder, `${pack.tag}.json`), textOf(pack));
  } catch (cause) {
    throw new WindowRatingError("WR8006", `${folder} cannot be written: ${(cause as Error).message}`, cause);
  }
};

const readPresent = (path: string): string | null => {
  try {
    return readIfPresent(path);
  } catch (cause) {
    throw new WindowRatingError("WR8006", `${path}: ${(cause as Error).message}`, cause);
  }
};
