import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "../..");
const bins = {
  "pad-sim": "firmware-sim/bin/pad-sim.mjs",
  "window-central": "central/bin/window-central.mjs",
  "window-host": "host-app/bin/window-host.mjs",
};

let home: string;

beforeEach(() => {
  home = realpathSync(mkdtempSync(path.join(tmpdir(), "commands-")));
});

afterEach(() => rmSync(home, { recursive: true }));

function commands(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [path.join(root, "scripts/setup/commands.mjs"), ...args], {
    env: { ...process.env, HOME: home, npm_config_global_prefix: undefined, ...env },
    encoding: "utf8",
  });
}

test("the commands are linked into the given folder, again without harm, and taken away again", () => {
  const folder = path.join(home, "bin");
  for (const _ of ["first", "second"]) {
    expect(commands(["--into", folder]).status).toBe(0);
    for (const [name, file] of Object.entries(bins)) expect(realpathSync(path.join(folder, name))).toBe(path.join(root, file));
  }
  expect(commands(["--into", folder, "--remove"]).status).toBe(0);
  for (const name of Object.keys(bins)) expect(existsSync(path.join(folder, name))).toBe(false);
});

test("npm's global folder comes first, then ~/.local/bin, each only when shells look there", () => {
  const [npmBin, own] = [path.join(home, "npm/bin"), path.join(home, ".local/bin")];
  for (const folder of [npmBin, own]) mkdirSync(folder, { recursive: true });
  const env = { npm_config_global_prefix: path.join(home, "npm") };
  commands([], { ...env, PATH: own });
  expect([existsSync(path.join(npmBin, "pad-sim")), existsSync(path.join(own, "pad-sim"))]).toEqual([false, true]);
  commands([], { ...env, PATH: [own, npmBin].join(path.delimiter) });
  expect(existsSync(path.join(npmBin, "pad-sim"))).toBe(true);
});

test("with no fit folder it prints the line that puts the commands on PATH", () => {
  const { status, stdout } = commands([], { PATH: "/nowhere" });
  expect(status).toBe(0);
  expect(stdout).toContain(`export PATH="${path.join(root, "node_modules/.bin")}:$PATH"`);
});

test("another program of the same name is left alone, and that is a failure", () => {
  writeFileSync(path.join(home, "pad-sim"), "not ours");
  const { status, stderr } = commands(["--into", home]);
  expect(status).toBe(1);
  expect(stderr).toContain("belongs to another program");
  expect(readFileSync(path.join(home, "pad-sim"), "utf8")).toBe("not ours");
  expect(existsSync(path.join(home, "window-host"))).toBe(true);
});

test("--help shows examples, and an unknown flag is a usage error", () => {
  expect(commands(["--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("npm run commands -- --remove") });
  expect(commands(["--wrong"]).status).toBe(2);
});
