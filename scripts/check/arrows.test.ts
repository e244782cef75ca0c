import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkArrows } from "./import-graph.ts";
import { importsOf } from "./imports.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), "arrows-"));
  const exported: Record<string, Record<string, string>> = {
    protocol: {
      "./rating": "./src/rating.ts",
      "./error": "./src/errors/index.ts",
      "./pad": "./src/pad/index.ts",
      "./sync": "./src/sync/index.ts",
    },
    "device-profiles": { ".": "./src/index.ts" },
    "firmware-sim": { ".": "./src/index.ts" },
    "host-app": { "./core": "./src/core/index.ts" },
    central: { ".": "./src/index.ts" },
    scripts: {},
  };
  write("package.json", JSON.stringify({ workspaces: Object.keys(exported) }));
  for (const [folder, paths] of Object.entries(exported)) {
    write(`${folder}/package.json`, JSON.stringify({ name: `@window-rating/${folder}`, exports: paths }));
  }
});

afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

function breachesOf(file: string, text: string): readonly string[] {
  write(file, text);
  return checkArrows(root).breaches;
}

test("every form of import in TypeScript is seen, with its line", () => {
  const source = [
    'import { a } from "./a.ts";',
    'import type { B } from "./b.ts";',
    'import { type C } from "./c.ts";',
    'import { type D, d } from "./d.ts";',
    'import "./e.ts";',
    'export * from "./f.ts";',
    'export type { G } from "./g.ts";',
    'const h = await import("./h.ts");',
    "const i = await import(`./i.ts`);",
    'type J = import("./j.ts").J;',
    'import k = require("./k.ts");',
    'const l = require("./l.ts");',
    "const computed = await import(`./$" + "{h}.ts`);",
    "const text = \"import x from './not-an-import.ts'\" satisfies string;",
  ].join("\n");
  const seen = importsOf("x.ts", source).map(({ specifier, line }) => [specifier, line]);
  expect(seen.sort()).toEqual(
    ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"].map((name, index) => [`./${name}.ts`, index + 1]),
  );
});

test("a file that cannot be parsed is an error, not a file without imports", () => {
  expect(() => importsOf("x.ts", "import { from nowhere")).toThrow(/x\.ts cannot be parsed/);
});

test("imports along the arrows are allowed", () => {
  write("device-profiles/src/index.ts", 'import "@window-rating/protocol/pad"; import "node:fs"; import "zod";');
  write("firmware-sim/src/index.ts", 'import "@window-rating/protocol/pad"; import "@window-rating/device-profiles";');
  write("host-app/src/core/index.ts", 'import "@window-rating/protocol/sync"; import "better-sqlite3"; import "./clock.ts";');
  write("host-app/src/core/pads.test.ts", 'import "@window-rating/firmware-sim";');
  write(
    "central/src/index.ts",
    'import "@window-rating/protocol/sync"; import "@window-rating/protocol/rating"; import "@window-rating/protocol/error";',
  );
  write(
    "scripts/demo/start.ts",
    'import "@window-rating/host-app/core"; import "@window-rating/central"; import "@window-rating/firmware-sim";',
  );
  write("host-app/bin/window-host.mjs", 'import "../../scripts/launch/launch.mjs";');
  expect(checkArrows(root)).toEqual({ files: 7, imports: 16, breaches: [] });
});

test.each([
  ["protocol/src/rating.ts", "@window-rating/device-profiles", "protocol may not import device-profiles/src/index.ts"],
  ["device-profiles/src/index.ts", "@window-rating/firmware-sim", "device-profiles may not import firmware-sim/src/index.ts"],
  ["firmware-sim/src/index.ts", "@window-rating/host-app/core", "firmware-sim may not import host-app/src/core/index.ts"],
  ["host-app/src/core/index.ts", "@window-rating/firmware-sim", "host-app may not import firmware-sim/src/index.ts"],
  ["host-app/src/core/x.test.ts", "@window-rating/central", "host-app may not import central/src/index.ts"],
  ["central/src/index.ts", "@window-rating/protocol/pad", "central may not import protocol/src/pad/index.ts"],
  ["central/src/index.ts", "@window-rating/device-profiles", "central may not import device-profiles/src/index.ts"],
  ["central/src/x.test.ts", "@window-rating/host-app/core", "central may not import host-app/src/core/index.ts"],
  ["central/src/index.ts", "../../scripts/launch/launch.mjs", "central may not import scripts/launch/launch.mjs"],
  ["host-app/src/core/index.ts", "electron", "runs as plain Node"],
  ["host-app/src/core/index.ts", "electron/main", "runs as plain Node"],
  ["host-app/src/core/index.ts", "../ui/app.tsx", "runs as plain Node"],
  ["host-app/src/core/index.ts", "../electron/main.ts", "runs as plain Node"],
  ["host-app/src/core/index.ts", "../../../protocol/src/rating.ts", "by its package name"],
  ["host-app/src/core/index.ts", "@window-rating/protocol/src/rating.ts", "exports no such path"],
  ["protocol/src/pad/frame.ts", "node:buffer", "must run anywhere"],
  ["protocol/src/pad/frame.ts", "events", "must run anywhere"],
  ["protocol/src/pad/frame.ts", "zod", "must run anywhere"],
  ["protocol/src/sync/entry.ts", "node:crypto", "protocol is pure"],
])("%s may not import %s", (file, specifier, why) => {
  const [breach, ...others] = breachesOf(file, `\nimport type { X } from "${specifier}";`);
  expect(breach).toContain(`${file}:2 imports ${specifier}: `);
  expect(breach).toContain(why);
  expect(others).toEqual([]);
});

test("a circle of imports is reported with its path, also one that a type closes", () => {
  write("central/src/a.ts", 'import { b } from "./b.ts";');
  write("central/src/b.ts", 'export * from "./c.ts";');
  write("central/src/c.ts", 'import { d } from "./d.ts";');
  expect(checkArrows(root).breaches).toEqual([]);
  const circle = "central/src/a.ts → central/src/b.ts → central/src/c.ts → central/src/a.ts: a circle of imports";
  for (const closes of ['import { a } from "./a.ts";', 'import type { a } from "./a.ts";'])
    expect(breachesOf("central/src/c.ts", closes)).toEqual([circle]);
});

test("this repository's own imports are seen across its folders", () => {
  const { files, imports } = checkArrows(path.resolve(import.meta.dirname, "../.."));
  expect(files).toBeGreaterThan(30);
  expect(imports).toBeGreaterThan(files);
});
