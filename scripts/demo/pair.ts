import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { SimulatedPad } from "@window-rating/firmware-sim";
import { until } from "../rig/until.ts";

const HOST = join(import.meta.dirname, "..", "..", "host-app", "src", "core", "main.ts");
/** Key 3 is held for so long, milliseconds. */
const HOLD_MS = 5200;
const PATIENCE = 20_000;

/**
 * Pairs a pad with a running window PC as a person does it with two hands: `window-host pad pair` in one, the pad's key in the other.
 * @throws Error with what the command said if it fails
 */
export const pairPad = async (pad: SimulatedPad, dataDir: string): Promise<void> => {
  const command = spawn(process.execPath, [HOST, "pad", "pair", "--data", dataDir], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  for (const stream of [command.stdout, command.stderr]) stream.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(command, "exit");
  const hasSaid = (words: string) =>
    until(`"${words}" of window-host pad pair`, PATIENCE, () => {
      if (command.exitCode !== null) throw new Error(said);
      return said.includes(words);
    });
  try {
    await hasSaid("Hold key 3");
    await pad.press(3, HOLD_MS);
    await hasSaid("Type the eight digits");
    const code = await until("the code on the pad", PATIENCE, () => (pad.face.pairing?.is === "code" ? pad.face.pairing.code : undefined));
    command.stdin.write(`${code}\n`);
    await hasSaid("press key 3");
    await until("the pad to ask for a press", PATIENCE, () => pad.face.pairing?.is === "press");
    await pad.press(3);
    const [status] = (await ended) as [number | null];
    if (status !== 0) throw new Error(said);
  } finally {
    command.kill();
  }
};
