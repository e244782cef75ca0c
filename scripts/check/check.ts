// Everything that can be said about the code without running it: `npm run check`. All steps run, also after one has failed.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { closingLine } from "./closing-line.ts";
import { checkArrows } from "./import-graph.ts";

const root = path.resolve(import.meta.dirname, "../..");

interface Step {
  readonly title: string;
  /** @returns what is wrong; empty when nothing is */
  readonly complaints: () => string;
}

/** A step that runs a program, which complains by its exit code. */
function program(title: string, command: string, ...args: string[]): Step {
  return {
    title,
    complaints: () => {
      // npm run has put node_modules/.bin first on PATH. On Windows the programs there are .cmd files, which need a shell.
      const { status, stdout, stderr, error } = spawnSync(command, args, {
        cwd: root,
        encoding: "utf8",
        shell: process.platform === "win32",
      });
      if (error !== undefined) return `${command} cannot be started: ${error.message}. Run this as npm run check`;
      return status === 0 ? "" : stdout + stderr || `${command} ended with ${status}`;
    },
  };
}

/** The same for a TypeScript file of ours. */
function script(title: string, file: string, ...args: string[]): Step {
  if (existsSync(path.join(root, file))) return program(title, "node", file, ...args);
  return { title, complaints: () => `${file} is missing` };
}

const arrows: Step = {
  title: "arrows between folders",
  complaints: () => checkArrows(root).breaches.join("\n"),
};

const STEPS: readonly Step[] = [
  program("types", "tsc", "--project", "tsconfig.json"),
  program("types of the screens", "tsc", "--project", "tsconfig.screens.json"),
  program("lint and format", "biome", "ci", "--colors=off"),
  arrows,
  program("dead code and dependencies", "knip", "--no-progress"),
  script("device profiles", "device-profiles/src/check.ts"),
  script("udev rules of the profiles", "scripts/udev/write-rules.ts", "--check"),
  script("tables of SPEC.md", "protocol/src/pad/spec-tables.ts", "--check"),
  script("test vectors of the pad protocol", "protocol/src/pad/testing/vectors.ts", "--check"),
  script("table of error codes", "scripts/docs/error-table.ts", "--check"),
  script("table of the simulated pad's faults", "firmware-sim/src/faults/fault-table.ts", "--check"),
  script("documents of window-host", "host-app/src/core/commands/write-docs.ts", "--check"),
];

let failed = 0;
for (const { title, complaints } of STEPS) {
  const started = performance.now();
  const found = complaints();
  if (found !== "") failed++;
  console.log(`${found === "" ? "ok    " : "failed"} ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (found !== "") console.log(found.trimEnd());
}
console.log(closingLine({ passed: STEPS.length - failed, failed, skipped: 0 }));
process.exitCode = failed === 0 ? 0 : 1;
