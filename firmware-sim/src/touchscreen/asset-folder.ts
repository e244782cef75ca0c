import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { WindowRatingError } from "@window-rating/protocol/error";
import type * as z from "zod/mini";
import type { Asset, Assets } from "./assets.ts";
import { languagePackSchema } from "./language-pack.ts";
import { reasonAssetSchema } from "./reason-list.ts";

const KINDS: Readonly<Record<string, Asset["kind"]>> = { png: "png", jpg: "jpeg", jpeg: "jpeg", wav: "wav", json: "json" };
const ENDING = /\.([A-Za-z]{3,4})$/;

/** The schema of a JSON file, and the field that must be what the file is called. */
const SCHEMAS: Readonly<Record<string, { readonly schema: z.ZodMiniType<object>; readonly named: string }>> = {
  language: { schema: languagePackSchema, named: "tag" },
  reasons: { schema: reasonAssetSchema, named: "version" },
};

/**
 * The files of a folder, as a window PC's folder of assets has them: each under its path without the ending, for instance `logo.png`,
 * `photo/1001.jpg`, `language/bo.json`. Files that begin with a dot are not meant.
 * @throws WR9014 naming the file that no pad can use, and in a language pack or a list of reasons the place of the mistake
 */
export const readAssetFolder = (folder: string): Assets => {
  const assets = new Map<string, Asset>();
  for (const path of pathsIn(folder)) {
    const kind = KINDS[ENDING.exec(path)?.[1]?.toLowerCase() ?? ""];
    if (kind === undefined) throw wrong(folder, path, "is no .png, .jpg, .wav or .json");
    const name = path.replace(ENDING, "");
    if (assets.has(name)) throw wrong(folder, path, `another file stands for ${name}`);
    const bytes = new Uint8Array(readFileSync(join(folder, path)));
    if (kind === "json") checkJson(folder, path, name, bytes);
    assets.set(name, { kind, bytes });
  }
  return { find: (name) => assets.get(name) };
};

const wrong = (folder: string, path: string, why: string, cause?: unknown): WindowRatingError =>
  new WindowRatingError("WR9014", `${join(folder, path)}: ${why}`, cause);

const pathsIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.startsWith("."))
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(join(folder, "x").length - 1)
          .replaceAll("\\", "/"),
      )
      .sort();
  } catch (error) {
    throw wrong(folder, "", (error as Error).message, error);
  }
};

const checkJson = (folder: string, path: string, name: string, bytes: Uint8Array): void => {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw wrong(folder, path, (error as Error).message, error);
  }
  const [kind = "", called] = name.split("/");
  const known = SCHEMAS[kind];
  if (known === undefined || called === undefined) return;
  const parsed = known.schema.safeParse(content);
  const issue = parsed.error?.issues[0];
  if (issue !== undefined) throw wrong(folder, path, `${issue.path.join(".")}: ${issue.message}`, parsed.error);
  if ((content as Record<string, unknown>)[known.named] !== called)
    throw wrong(folder, path, `${known.named}: must be ${called}, as the file is called`);
};
