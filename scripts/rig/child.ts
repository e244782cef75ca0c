import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(import.meta.dirname, "..", "..");

/** Entry of each command, relative to the root of the repository. */
const COMMANDS = {
  "window-host": "host-app/src/core/main.ts",
  "window-central": "central/src/main.ts",
  "pad-sim": "firmware-sim/src/main.ts",
  "pressing-pad": "scripts/soak/pressing-pad.ts",
  "echo-host": "scripts/bench/echo-host.ts",
  "echo-relay": "scripts/bench/echo-relay.ts",
} as const;
type CommandName = keyof typeof COMMANDS;

/** One of our commands from its sources, or a program that was packaged. */
type Command = CommandName | { readonly program: string };

const commandLine = (command: Command): [string, ...string[]] =>
  typeof command === "string" ? [process.execPath, join(ROOT, COMMANDS[command])] : [command.program];
const nameOf = (command: Command): string => (typeof command === "string" ? command : command.program);

/** A command of ours as a process of its own, started with `--json`: its first line of JSON says that it is ready. */
export interface Child {
  readonly process: ChildProcess;
  /** The first line of JSON it printed. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Sends a signal and waits until the process has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
}

const environment = (extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...process.env,
  // The second start of a command reads its compiled form from here.
  NODE_COMPILE_CACHE: join(ROOT, "node_modules", ".cache", "compile"),
  ...extra,
});

/** Starts a command on the Node that runs this and waits until it is ready. @throws Error with all it printed if it ends before */
export const startChild = async (command: Command, args: readonly string[], extra: NodeJS.ProcessEnv = {}): Promise<Child> => {
  const [file, ...before] = commandLine(command);
  const child = spawn(file, [...before, ...args], {
    env: environment(extra),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  child.stderr.on("data", (chunk: Buffer) => {
    said.push(chunk.toString());
    if (said.length > 50) said.shift();
  });
  const ready = await new Promise<Record<string, unknown>>((resolve, reject) => {
    child.once("exit", (code, signal) =>
      reject(new Error(`${nameOf(command)} ended (${signal ?? code}) before it was ready: ${said.join("")}`)),
    );
    createInterface({ input: child.stdout }).on("line", (line) => {
      said.push(`${line}\n`);
      if (line.startsWith("{")) resolve(JSON.parse(line) as Record<string, unknown>);
    });
  });
  return {
    process: child,
    ready,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    },
  };
};

/** Runs a command to its end and reads the JSON it printed. @throws Error with all it printed if it fails */
export const runCommand = async (
  command: Command,
  args: readonly string[],
  extra: NodeJS.ProcessEnv = {},
): Promise<Record<string, unknown>> => {
  const [file, ...before] = commandLine(command);
  const child = spawn(file, [...before, ...args, "--json"], {
    env: environment(extra),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${nameOf(command)} ${args.join(" ")} failed (${code}): ${out}${err}`);
  return JSON.parse(out) as Record<string, unknown>;
};
