import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";

const MAIN = join(import.meta.dirname, "..", "main.ts");

test("A window-host of which nobody asked a screen loads none of what screens need, so that its memory does not grow", async () => {
  const folder = mkdtempSync(join(tmpdir(), "unasked-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const list = join(folder, "loaded.txt");
  const writeDown = `import { registerHooks } from "node:module"; import { appendFileSync } from "node:fs";
    registerHooks({ load: (url, context, next) => { appendFileSync(${JSON.stringify(list)}, url + "\\n"); return next(url, context); } });`;
  const host = spawn(
    process.execPath,
    [
      "--import",
      `data:text/javascript,${encodeURIComponent(writeDown)}`,
      MAIN,
      "--data",
      join(folder, "data"),
      "--desk-port",
      "0",
      "--json",
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const ended = once(host, "exit");
  const [line] = (await once(createInterface({ input: host.stdout }), "line")) as [string];
  host.kill("SIGTERM");
  await ended;
  expect(JSON.parse(line)).toMatchObject({ ready: true });
  const loaded = readFileSync(list, "utf8").trim().split("\n");
  expect(loaded.some((url) => url.endsWith("/core/screens/screens.ts"))).toBe(true);
  expect(loaded.filter((url) => /\/screens\/screen-(hub|server|pages)|\/src\/messages\/|@fastify\/static/.test(url))).toEqual([]);
});
