import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Storage } from "../src/central.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const readySchema = z.object({ ready: z.literal(true), url: z.url() });

/** A central in a process of its own, as an operator runs it. */
export interface CentralProcess {
  readonly url: string;
  /** Ends it. @returns the exit code, null after a kill */
  end(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): Promise<number | null>;
}

const spawnCentral = (given: readonly string[], storage: Storage): ChildProcess => {
  const { DATABASE_URL: _, ...environment } = process.env;
  const byUrl = "databaseUrl" in storage ? { DATABASE_URL: storage.databaseUrl } : {};
  const byFolder = "data" in storage ? ["--data", storage.data] : [];
  return spawn(process.execPath, [MAIN, ...given, ...byFolder], {
    env: { ...environment, ...byUrl },
    stdio: ["ignore", "pipe", "pipe"],
  });
};

/** Starts `window-central serve` on a free port and waits until it listens. */
export const startCentralProcess = async (storage: Storage): Promise<CentralProcess> => {
  const child = spawnCentral(["serve", "--port", "0", "--json", "--log-level", "error"], storage);
  let complaints = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", (code) => resolve(code)));
  const firstLine = new Promise<string>((resolve, reject) => {
    if (child.stdout !== null) createInterface(child.stdout).once("line", resolve);
    void ended.then((code) => reject(new Error(`window-central ended with ${code}: ${complaints}`)));
  });
  const { url } = readySchema.parse(JSON.parse(await firstLine));
  return {
    url,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
};

/** Runs one command of window-central to its end. */
export const runCentralCommand = async (
  given: readonly string[],
  storage: Storage,
): Promise<{ code: number | null; out: string; err: string }> => {
  const child = spawnCentral(given, storage);
  const output = { out: "", err: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output.out += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output.err += text;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, ...output };
};
