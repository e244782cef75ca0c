import { globSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { judge, type Target } from "./arrows.ts";
import { type Import, importsOf } from "./imports.ts";

export interface ArrowReport {
  readonly files: number;
  readonly imports: number;
  /** One line for each breach: where it is, what it imports, why that is forbidden. */
  readonly breaches: readonly string[];
}

const SOURCES = "**/*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}";
const NOT_OURS = new Set(["node_modules", "dist", ".git", "coverage", "data"]);

/** Holds every source file under `root` against the arrows, and looks for circles. */
export function checkArrows(root: string): ArrowReport {
  const files = globSync(SOURCES, { cwd: root, exclude: (name) => NOT_OURS.has(path.basename(name)) }).map(forwardSlashes);
  const exported = exportsOfWorkspaces(root);
  const names = new Map<string, string[]>();
  const breaches: string[] = [];
  let imports = 0;
  for (const file of files.sort()) {
    const next: string[] = [];
    for (const found of importsOf(file, readFileSync(path.join(root, file), "utf8"))) {
      imports++;
      const where = `${file}:${found.line} imports ${found.specifier}`;
      const target = targetOf(file, found, exported);
      if (target === undefined) {
        breaches.push(`${where}: that package exports no such path`);
        continue;
      }
      const breach = judge(file, target, exported.has(found.specifier));
      if (breach !== undefined) breaches.push(`${where}: ${breach}`);
      if (target.kind === "file") next.push(target.path);
    }
    names.set(file, next);
  }
  breaches.push(...circles(names).map((circle) => `${circle.join(" → ")}: a circle of imports`));
  return { files: files.length, imports, breaches };
}

/** @returns undefined for a path that one of our packages does not export */
function targetOf(file: string, { specifier }: Import, exported: ReadonlyMap<string, string>): Target | undefined {
  if (specifier.startsWith(".")) return { kind: "file", path: path.posix.join(path.posix.dirname(file), specifier) };
  if (isBuiltin(specifier)) return { kind: "builtin", name: specifier };
  const own = exported.get(specifier);
  if (own !== undefined) return { kind: "file", path: own };
  const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  return specifier.startsWith("@window-rating/") ? undefined : { kind: "package", name };
}

/** Every `@window-rating/…` path that may be imported, and the file behind it. */
function exportsOfWorkspaces(root: string): ReadonlyMap<string, string> {
  const readManifest = (folder: string) => JSON.parse(readFileSync(path.join(root, folder, "package.json"), "utf8"));
  const exported = new Map<string, string>();
  for (const folder of readManifest("").workspaces as string[]) {
    const manifest = readManifest(folder) as { name: string; exports?: Record<string, string> };
    for (const [subpath, file] of Object.entries(manifest.exports ?? {})) {
      exported.set(path.posix.join(manifest.name, subpath), path.posix.join(folder, file));
    }
  }
  return exported;
}

/** The circles among files that name each other, if only for a type: neither can be read alone. Each is reported once, as the path that closes it. */
function circles(names: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start !== -1) {
      found.push([...trail.slice(start), file]);
      return;
    }
    if (done.has(file)) return;
    for (const next of names.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of names.keys()) visit(file, []);
  return found;
}

function forwardSlashes(file: string): string {
  return file.split(path.sep).join("/");
}
