import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { SimulatedKeypad } from "@window-rating/firmware-sim";
import type { Level } from "@window-rating/protocol/rating";

const MAIN = join(import.meta.dirname, "../src/core/main.ts");

export interface ChildResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs window-host with these arguments, input and a listener to what it says to people. */
export const runWindowHost = async (
  args: readonly string[],
  { input, onLine }: { input?: string; onLine?: (line: string) => void } = {},
): Promise<ChildResult> => {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["pipe", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  createInterface({ input: child.stderr }).on("line", (line) => {
    stderr += `${line}\n`;
    onLine?.(line);
  });
  // A terminal would stay; what is piped in ends.
  child.stdin.end(input ?? "");
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
};

/** Presses the keys of a simulated pad as `profile learn` asks for them. */
export const presserOf =
  (pad: SimulatedKeypad, keys: readonly { readonly key: string; readonly level?: Level | undefined }[]) =>
  (line: string): void => {
    const asked = /Now press key (?<place>\S+)/.exec(line)?.groups?.place?.replace(/\.$/, "");
    if (asked === undefined) return;
    // A key that is a clerk's is called by what it asks for, all others by their place.
    const key = keys[Number(asked) - 1] ?? keys.find((one) => one.key === asked || ("action" in one && one.action === asked));
    if (key === undefined) throw new Error(`asked for ${asked}`);
    void pad.press(key.level ?? key.key);
  };
