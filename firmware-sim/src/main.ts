import { runCommandLine } from "./command-line/run.ts";

process.exitCode = await runCommandLine(process.argv.slice(2), {
  input: process.stdin,
  output: process.stdout,
  err: (text) => process.stderr.write(text),
  untilStopped: () =>
    new Promise((resolve) => {
      // A second signal finds no listener and ends the process at once.
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
    }),
});
