import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, globSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import pty from "@lydell/node-pty";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findOtherNode } from "./other-node.ts";

const root = path.resolve(import.meta.dirname, "../..");
const pinned: string = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).devDependencies.node;
const otherNode = findOtherNode(pinned);

/** A command like ours: a bin file that launches a `main.ts`. What it does, its first argument says. */
const MAIN = `
import { getCompileCacheDir } from "node:module";
import { createInterface } from "node:readline";

const [deed, ...args]: string[] = process.argv.slice(2);
const say = (what: object) => console.log(JSON.stringify(what));

if (deed === "tell") say({ version: process.version, args, main: process.argv[1], tty: process.stdin.isTTY === true, cache: getCompileCacheDir() });
if (deed === "exit") process.exitCode = Number(args[0]);
if (deed === "die") process.kill(process.pid, args[0]);
if (deed === "echo") createInterface({ input: process.stdin }).on("line", (line) => say({ line }));
if (deed === "wait") {
  let signals = 0;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      signals++;
      say({ signal, signals });
      // Were a second signal on its way, it would be told of before the end.
      setTimeout(() => process.exit(7), 200);
    });
  }
  const alive = setInterval(() => {}, 60_000);
  alive.ref();
  say({ ready: process.pid });
}
`;

let folder: string;
let bin: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "launch-")));
  bin = path.join(folder, "command.mjs");
  const launcher = pathToFileURL(path.join(root, "scripts/launch/launch.mjs"));
  writeFileSync(bin, `import { launch } from ${JSON.stringify(launcher)};\nawait launch(new URL("./main.ts", import.meta.url));\n`);
  writeFileSync(path.join(folder, "main.ts"), MAIN);
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** The compile cache is the launcher's doing: the one that all tests have must not stand in for it. */
const { NODE_COMPILE_CACHE: _, ...environment } = process.env;

/** Starts the command, in a process group of its own, and collects the JSON lines it prints. */
function start(node: string, args: readonly string[], file = bin) {
  const child = spawn(node, [file, ...args], { cwd: tmpdir(), env: environment, detached: true, stdio: ["pipe", "pipe", "pipe"] });
  children.push(child);
  let [text, errors] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (chunk) => (errors += chunk));
  child.stdout.setEncoding("utf8").on("data", (chunk) => (text += chunk));
  const lines = () =>
    text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  const line = async (index: number) => {
    while (lines().length <= index) await once(child.stdout, "data");
    return lines()[index];
  };
  /** Waits until the command and all that hold its output are gone. */
  const end = async () => {
    if (!child.stdout.closed) await once(child, "close");
    return { code: child.exitCode, signal: child.signalCode, lines: lines(), errors };
  };
  return { child, line, end };
}

const runtimes = [
  { name: "the pinned Node", node: process.execPath, missing: false },
  {
    name: `another Node (${otherNode?.version ?? "none is installed here, so this is skipped"})`,
    node: otherNode?.path ?? "",
    missing: otherNode === undefined,
  },
];

describe.each(runtimes)("a command started by $name", ({ node, missing }) => {
  test.skipIf(missing)("runs on the pinned Node, from any folder, with its arguments and the compile cache", async () => {
    const { code, lines, errors } = await start(node, ["tell", "--flag", "张三样例", ""]).end();
    expect(errors).toBe("");
    expect(lines).toEqual([
      {
        version: `v${pinned}`,
        args: ["--flag", "张三样例", ""],
        main: path.join(folder, "main.ts"),
        tty: false,
        cache: expect.stringContaining(path.join(root, "node_modules/.cache/compile")),
      },
    ]);
    expect(code).toBe(0);
  });

  test.skipIf(missing)("runs through a symbolic link as npm makes them", async () => {
    symlinkSync(bin, path.join(folder, "linked"));
    const { lines } = await start(node, ["tell"], path.join(folder, "linked")).end();
    expect(lines[0].version).toBe(`v${pinned}`);
  });

  test.skipIf(missing)("ends with the command's exit code", async () => {
    expect(await start(node, ["exit", "3"]).end()).toMatchObject({ code: 3, signal: null });
  });

  test.skipIf(missing)("dies of the signal that the command died of", async () => {
    expect(await start(node, ["die", "SIGKILL"]).end()).toMatchObject({ code: null, signal: "SIGKILL" });
    expect(await start(node, ["die", "SIGTERM"]).end()).toMatchObject({ code: null, signal: "SIGTERM" });
  });

  test.skipIf(missing)("hands its standard input to the command", async () => {
    const { child, line, end } = start(node, ["echo"]);
    child.stdin?.write("one\n");
    expect(await line(0)).toEqual({ line: "one" });
    child.stdin?.end("two\n");
    expect(await end()).toMatchObject({ code: 0, lines: [{ line: "one" }, { line: "two" }] });
  });

  test.skipIf(missing).each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s shuts the command down once and cleanly", async (signal) => {
    const { child, line, end } = start(node, ["wait"]);
    await line(0);
    child.kill(signal);
    const { code, lines } = await end();
    expect(lines.slice(1)).toEqual([{ signal, signals: 1 }]);
    expect(code).toBe(7);
  });

  test.skipIf(missing)("a signal to its whole process group still shuts the command down only once", async () => {
    const { child, line, end } = start(node, ["wait"]);
    await line(0);
    if (child.pid === undefined) throw new Error("not started");
    process.kill(-child.pid, "SIGINT");
    const { code, lines } = await end();
    expect(lines.slice(1)).toEqual([{ signal: "SIGINT", signals: 1 }]);
    expect(code).toBe(7);
  });

  /** Runs the command at a terminal of its own; each time `key` answers to what the screen shows, it is typed once. */
  async function atTerminal(args: readonly string[], keys: readonly { shown: string; key: string }[]) {
    const terminal = pty.spawn(node, [bin, ...args], { cols: 200, cwd: tmpdir() });
    const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
    const toType = [...keys];
    let screen = "";
    const type = () => {
      const next = toType[0];
      if (next === undefined || !screen.includes(next.shown)) return;
      toType.shift();
      terminal.write(next.key);
    };
    terminal.onData((data) => {
      screen += data;
      type();
    });
    type();
    return { code: await ended, screen };
  }

  test.skipIf(missing)("reads from the terminal it was started at", async () => {
    const { code, screen } = await atTerminal(
      ["echo"],
      [
        { shown: "", key: "typed\r" },
        { shown: '{"line":"typed"}', key: "\x04" },
      ],
    );
    expect(screen).toContain('{"line":"typed"}');
    expect(code).toBe(0);
    expect((await atTerminal(["tell"], [])).screen).toContain('"tty":true');
  });

  test.skipIf(missing)("Ctrl-C at its terminal reaches the command once", async () => {
    const { code, screen } = await atTerminal(["wait"], [{ shown: "ready", key: "\x03" }]);
    expect(screen.match(/"signal":"SIGINT"/g)).toHaveLength(1);
    expect(code).toBe(7);
  });
});

test.skipIf(otherNode === undefined)("a launcher that is killed outright does not leave its command running", async () => {
  const { child, line, end } = start(otherNode?.path ?? "", ["wait"]);
  const { ready } = await line(0);
  expect(ready).not.toBe(child.pid);
  child.kill("SIGKILL");
  expect((await end()).lines.slice(1)).toEqual([{ signal: "SIGTERM", signals: 1 }]);
});

test("without the pinned Node the command says what to do", async () => {
  cpSync(path.join(root, "scripts/launch/launch.mjs"), path.join(folder, "scripts/launch/launch.mjs"));
  writeFileSync(bin, 'import { launch } from "./scripts/launch/launch.mjs";\nawait launch(new URL("./main.ts", import.meta.url));\n');
  const { code, errors } = await start(process.execPath, ["tell"]).end();
  expect(code).toBe(1);
  expect(errors).toBe(`The Node that runs this command is not installed yet. Run once: cd "${folder}" && npm run setup\n`);
});

test("each command of the workspaces has a bin file that launches an entry in the same workspace", () => {
  const bins = globSync("*/bin/*.mjs", { cwd: root }).sort();
  expect(bins).toEqual(["central/bin/window-central.mjs", "firmware-sim/bin/pad-sim.mjs", "host-app/bin/window-host.mjs"]);
  for (const file of bins) {
    const source = readFileSync(path.join(root, file), "utf8");
    expect(source).toMatch(
      /^#!\/usr\/bin\/env node\nimport \{ launch \} from "\.\.\/\.\.\/scripts\/launch\/launch\.mjs";\n\nawait launch\(new URL\("\.\.\/src\/.*main\.ts", import\.meta\.url\)\);\n$/,
    );
  }
});
