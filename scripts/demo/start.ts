import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startWebPanel } from "@window-rating/firmware-sim/web-panel";
import { servePage } from "./page-server.ts";
import { heldByCentral, heldByHost, reckon } from "./reckoning.ts";
import { rehearse } from "./rehearsal.ts";
import { setStage } from "./stage.ts";

const HELP = `One window from end to end: central, a window PC and a simulated pad, on one page.

  npm start                             start it and open the page (or print its address)
  npm start -- --no-open                do not open a browser
  npm start -- --port 8000              another port for the page (default 7000)
  npm start -- --ratings 20 --exit      play 20 cases with a cable pull, a crash of the window PC and an outage of central,
                                        print one line of JSON, exit with 0 only if nothing was lost, doubled or misbound

Data lie in ./data/demo; delete the folder to begin anew. With --exit they lie in a temporary folder and are removed at the end.`;

const readFlags = () =>
  parseArgs({
    options: {
      ratings: { type: "string" },
      exit: { type: "boolean", default: false },
      port: { type: "string", default: "7000" },
      "no-open": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  }).values;

/** A whole number in a range, or the end of the program with the reason. */
const numberFlag = (name: string, text: string, min: number, max: number): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  process.stderr.write(`--${name} ${text} is not a whole number in ${min}..${max}. Run npm start -- --help for examples.\n`);
  process.exit(2);
};

const openInBrowser = (url: string): void => {
  const opener = { darwin: "open", win32: "explorer" }[process.platform as string] ?? "xdg-open";
  const hasScreen = process.platform !== "linux" || process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined;
  if (!hasScreen || !process.stdout.isTTY) return;
  // Where there is no opener the address is on the screen anyway.
  spawn(opener, [url], { stdio: "ignore", detached: true })
    .on("error", () => {})
    .unref();
};

const main = async (): Promise<void> => {
  let flags: ReturnType<typeof readFlags>;
  try {
    flags = readFlags();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}. Run npm start -- --help for examples.\n`);
    process.exit(2);
  }
  if (flags.help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const cases = flags.ratings === undefined ? 0 : numberFlag("ratings", flags.ratings, 1, 100_000);
  const pagePort = numberFlag("port", flags.port, 0, 65_535);
  // What is told on the way goes to standard error: standard output is for the one line of JSON.
  const say = (line: string): void => {
    process.stderr.write(`  ${line}\n`);
  };
  const folder = flags.exit ? mkdtempSync(join(tmpdir(), "window-rating-demo-")) : join(process.cwd(), "data", "demo");
  mkdirSync(folder, { recursive: true });

  await using undo = new AsyncDisposableStack();
  if (flags.exit) undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const page = await servePage(flags.exit ? 0 : pagePort);
  undo.defer(() => page.close());
  const stage = await setStage({ folder, origin: page.origin, timeoutSeconds: 60, say });
  undo.defer(() => stage.close());
  const panel = await startWebPanel(stage.pad, { port: 0 });
  undo.defer(() => panel.close());
  page.show(stage, panel.url);

  if (!flags.exit) {
    process.stdout.write(`\n  ${page.origin}/  ← the clerk, the pad and central, side by side. Ctrl-C ends it.\n\n`);
    if (!flags["no-open"]) openInBrowser(`${page.origin}/`);
  }
  if (cases > 0) {
    const asked = await rehearse(stage, cases, say);
    const central = await heldByCentral(stage.centralUrl);
    const reckoning = reckon(asked, stage.padStore, heldByHost(stage.hostData), central);
    process.stdout.write(`${JSON.stringify(reckoning)}\n`);
    const { lost, duplicated, misbound } = reckoning;
    if (lost + duplicated + misbound > 0) process.exitCode = 1;
  }
  if (flags.exit) return;
  await new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
};

await main();
