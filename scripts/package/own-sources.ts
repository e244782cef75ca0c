import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { javascriptOf } from "./javascript.ts";

const manifestSchema = z.object({
  name: z.string(),
  version: z.string(),
  type: z.literal("module"),
  license: z.string(),
  description: z.string(),
  exports: z.record(z.string(), z.string()).default({}),
});

/** One of our workspaces as it goes into a package. */
export interface Workspace {
  readonly folder: string;
  readonly name: string;
  /** The package.json that is shipped: its exports name JavaScript. */
  readonly manifest: object;
  /** The file behind each module that it exports, from the root of the repository: `@window-rating/protocol/pad`. */
  readonly modules: ReadonlyMap<string, string>;
}

/** @throws Error if its package.json is not as our workspaces' are */
export const readWorkspace = (root: string, folder: string): Workspace => {
  const { exports, ...rest } = manifestSchema.parse(JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8")));
  const entries = Object.entries(exports);
  return {
    folder,
    name: rest.name,
    manifest: { ...rest, exports: Object.fromEntries(entries.map(([subpath, file]) => [subpath, file.replace(/\.ts$/, ".js")])) },
    modules: new Map(entries.map(([subpath, file]) => [path.posix.join(rest.name, subpath), path.posix.join(folder, file)])),
  };
};

/**
 * All of our own files that run when the entries do, found by following what each of them names.
 *
 * @param entries from the root of the repository, with forward slashes
 * @returns content by path from the root of the repository; TypeScript has become JavaScript, in the path too
 * @throws Error if a file names one that is not there
 */
export const ownSources = (root: string, workspaces: readonly Workspace[], entries: readonly string[]): Map<string, string> => {
  const modules = new Map(workspaces.flatMap((workspace) => [...workspace.modules]));
  const found = new Map<string, string>();
  const visit = (file: string): void => {
    const shipped = file.replace(/\.ts$/, ".js");
    if (found.has(shipped)) return;
    const source = readFileSync(path.join(root, file), "utf8");
    const { text, uses } = file.endsWith(".json") ? { text: source, uses: [] } : javascriptOf(file, source);
    found.set(shipped, text);
    for (const use of uses) {
      const next = use.startsWith(".") ? path.posix.join(path.posix.dirname(file), use) : modules.get(use);
      if (next === undefined || path.posix.extname(next) === "" || path.posix.basename(next) === "package.json") continue;
      if (!existsSync(path.join(root, next))) throw new Error(`${file} names ${use}, which is not there`);
      visit(next);
    }
  };
  for (const entry of entries) visit(entry);
  return found;
};
