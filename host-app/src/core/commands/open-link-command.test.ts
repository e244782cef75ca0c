import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openLinkCommand } from "./open-link-command.ts";

const LINK = "window-rating://end-case?ticket=7b22";

/** Says how it ended: only a window-host knows that a ticket is none. */
const open = async (args: readonly string[], env: Readonly<Record<string, string>>): Promise<unknown> => {
  try {
    return await openLinkCommand([LINK, ...args], { env, print: () => undefined });
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

describe("window-host open-link, for a user who can read nothing of the data folder,", () => {
  let folder: string;
  let host: ChildProcess;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "open-link-"));
    for (const name of ["service", "closed", "closed/control.json", "empty"]) mkdirSync(join(folder, name));
    // As systemd starts the service of the package.
    host = spawn(
      process.execPath,
      [join(import.meta.dirname, "../main.ts"), "--data", join(folder, "data"), "--pad", "tcp://127.0.0.1:9", "--desk-port", "0", "--json"],
      { env: { ...process.env, RUNTIME_DIRECTORY: join(folder, "service") }, stdio: ["ignore", "pipe", "ignore"] },
    );
    await once(createInterface({ input: host.stdout as NonNullable<typeof host.stdout> }), "line");
  });
  afterAll(() => {
    host.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });

  test("finds the port that the service has told everybody, which is all that it has told", async () => {
    const RUNTIME_DIRECTORY = join(folder, "service");
    expect(await open([], { RUNTIME_DIRECTORY })).toBe("WR5036");
    // A folder in place of the file cannot be read by anybody, root included.
    expect(await open(["--data", join(folder, "closed")], { RUNTIME_DIRECTORY })).toBe("WR5036");
    expect(readdirSync(RUNTIME_DIRECTORY)).toEqual(["desk-port.json"]);
    const { mode, size } = statSync(join(RUNTIME_DIRECTORY, "desk-port.json"));
    expect([mode & 0o777, size < 40]).toEqual([0o644, true]);
  });

  test("finds it by the data folder, if they may read that after all", async () => {
    expect(await open(["--data", join(folder, "data")], { RUNTIME_DIRECTORY: join(folder, "empty") })).toBe("WR5036");
  });

  test("is told nothing of a service that has stopped", async () => {
    host.kill("SIGTERM");
    await once(host, "exit");
    expect(existsSync(join(folder, "service", "desk-port.json"))).toBe(false);
    expect(await open(["--data", join(folder, "data")], { RUNTIME_DIRECTORY: join(folder, "service") })).not.toBe("WR5036");
  });
});

describe("window-host open-link", () => {
  test("wants a link, and a port that is one", async () => {
    for (const args of [
      ["--port", "0"],
      ["--port", "70000"],
      ["--port", "x"],
    ])
      expect(await open(args, {})).toBe("WR8002");
    await expect(async () => openLinkCommand([], { env: {}, print: () => undefined })).rejects.toMatchObject({ code: "WR8002" });
  });
});
