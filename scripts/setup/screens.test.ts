import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ensureScreens } from "./screens.mjs";

/** A repository with one small app of screens, built by the real Vite. */
let root: string;

const CONFIG = `export default { root: new URL("src/web", import.meta.url).pathname, base: "/console/" };`;

beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), "screens-")));
  mkdirSync(path.join(root, "scripts/setup"), { recursive: true });
  cpSync(path.join(import.meta.dirname, "build-screens.mjs"), path.join(root, "scripts/setup/build-screens.mjs"));
  symlinkSync(path.resolve(import.meta.dirname, "../../node_modules"), path.join(root, "node_modules"));
  write("package-lock.json", "{}");
  write("central/package.json", `{ "type": "module" }`);
  write("central/vite.config.ts", CONFIG);
  write("central/src/web/index.html", `<script type="module" src="./main.ts"></script>`);
  write("central/src/web/main.ts", `import "./page.css";\nimport { word } from "../word.ts";\ndocument.title = word;`);
  write("central/src/web/page.css", `@import "./more.css";`);
  write("central/src/web/more.css", "p { color: black }");
  write("central/src/word.ts", `export const word: string = "first";`);
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

const place = (): string => path.join(root, "central/dist/web");
const built = (): string =>
  readdirSync(path.join(place(), "assets"))
    .map((name) => readFileSync(path.join(place(), "assets", name), "utf8"))
    .join("\n");
const ensure = (): Promise<void> => ensureScreens(root, process.execPath);
/** Whether a run builds; each build makes the folder anew. */
const builds = async (): Promise<boolean> => {
  const before = existsSync(place()) ? statSync(place()).ino : 0;
  await ensure();
  return statSync(place()).ino !== before;
};

describe("the screens", () => {
  test("are built once, and again whenever a file changed that they are made of, wherever it lies", async () => {
    expect(await builds()).toBe(true);
    expect(built()).toContain("first");
    expect(await builds()).toBe(false);
    const changes: readonly (readonly [string, string, string])[] = [
      ["central/src/word.ts", `export const word: string = "second";`, "second"],
      ["central/src/web/more.css", "p { color: #abcdef }", "#abcdef"],
      ["central/vite.config.ts", `${CONFIG}\n// another`, "second"],
      ["package-lock.json", `{ "another": true }`, "second"],
    ];
    for (const [file, text, shown] of changes) {
      write(file, text);
      expect([file, await builds(), await builds()]).toEqual([file, true, false]);
      expect(built()).toContain(shown);
    }
  });

  test("stay as they were when the sources do not build, and nothing half made is left behind", async () => {
    await ensure();
    write("central/src/word.ts", "export const = ;");
    await expect(ensure()).rejects.toMatchObject({ name: "SetupError", output: expect.stringContaining("word.ts") });
    expect(built()).toContain("first");
    expect(readdirSync(path.join(root, "central/dist"))).toEqual(["web"]);
  });

  test("are whole when two set-ups build them at once", async () => {
    await Promise.all([ensure(), ensureScreens(root, process.execPath)]);
    expect(built()).toContain("first");
    expect(await builds()).toBe(false);
  });

  test("of a folder without them are nobody's business", async () => {
    rmSync(path.join(root, "central/vite.config.ts"));
    await ensure();
    expect(existsSync(place())).toBe(false);
  });
});
