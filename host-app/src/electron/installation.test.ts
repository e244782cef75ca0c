import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { putIn } from "./installation.ts";

// Real files and processes. Programs are scripts that write down how they were started.
let folder: string;
let running: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "installation-"));
});
afterEach(async () => {
  if (running !== undefined) {
    const ended = once(running, "exit");
    running.kill();
    await ended;
    running = undefined;
  }
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => path.join(folder, name);
/** A program that writes its arguments to `<name>.ran`. */
const script = (name: string, code = 0, mode = 0o755): string => {
  writeFileSync(at(name), `#!/bin/sh\necho "$@" > ${at(name)}.tmp\nmv ${at(name)}.tmp ${at(name)}.ran\nexit ${code}\n`);
  chmodSync(at(name), mode);
  return at(name);
};
const ran = async (name: string): Promise<string> => {
  await vi.waitUntil(() => existsSync(at(`${name}.ran`)));
  return readFileSync(at(`${name}.ran`), "utf8").trim();
};

describe("an AppImage", () => {
  test("that runs is replaced under its own name, and the other one starts when this program has ended", async () => {
    const own = at("window-rating-0.2.0.AppImage");
    copyFileSync("/bin/sleep", own);
    chmodSync(own, 0o755);
    running = spawn(own, ["60"], { stdio: "ignore" });
    await once(running, "spawn");
    // What the kernel says to whoever writes into it.
    expect(() => copyFileSync("/bin/true", own)).toThrow(/ETXTBSY/);
    const kept = script("0.1.0.AppImage", 0, 0o644);
    const end = vi.fn<(last?: () => Promise<unknown>) => void>();
    await putIn(kept, { appImage: own, resources: folder, end });
    expect(readFileSync(own, "utf8")).toBe(readFileSync(kept, "utf8"));
    expect(running.exitCode).toBeNull();
    expect(existsSync(at("0.1.0.AppImage.ran"))).toBe(false);
    expect(end).toHaveBeenCalledOnce();
    await end.mock.calls[0]?.[0]?.();
    expect(await ran("0.1.0.AppImage")).toBe("");
  });

  test("stays as it is, with nothing beside it, where the other one cannot be put in; this program goes on", async () => {
    mkdirSync(at("full"));
    writeFileSync(at("full/own.AppImage"), "this version");
    const end = vi.fn();
    await expect(putIn(at("gone"), { appImage: at("full/own.AppImage"), resources: folder, end })).rejects.toThrow(/ENOENT/);
    expect(readdirSync(at("full"))).toEqual(["own.AppImage"]);
    expect(readFileSync(at("full/own.AppImage"), "utf8")).toBe("this version");
    expect(end).not.toHaveBeenCalled();
  });
});

describe("an installer", () => {
  const flags = "--updated /S --force-run";

  test("is started silently, and this program ends", async () => {
    const end = vi.fn();
    await putIn(script("setup.exe"), { appImage: undefined, resources: folder, end });
    expect(end).toHaveBeenCalledOnce();
    expect(await ran("setup.exe")).toBe(flags);
  });

  test("that may not be started without an administrator's rights is started by elevate.exe, which asks for them", async () => {
    const installer = script("setup.exe", 0, 0o644);
    script("elevate.exe");
    const end = vi.fn();
    await putIn(installer, { appImage: undefined, resources: folder, end });
    expect(end).toHaveBeenCalledOnce();
    expect(await ran("elevate.exe")).toBe(`${installer} ${flags}`);
  });

  test.each([
    ["nobody consents", () => void script("elevate.exe", 1), /did not consent/],
    ["there is no elevate.exe", () => undefined, /ENOENT/],
  ])("that does not start because %s leaves this program running", async (_why, prepare, why) => {
    prepare();
    const end = vi.fn();
    await expect(putIn(script("setup.exe", 0, 0o644), { appImage: undefined, resources: folder, end })).rejects.toThrow(why);
    expect(end).not.toHaveBeenCalled();
  });
});
