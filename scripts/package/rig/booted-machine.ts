import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { until } from "../../rig/until.ts";

const PATIENCE = 60_000;

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What this machine lacks for booting itself once more; null if nothing. */
export const missingForBoot = (): string | null => {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "needs root on Linux";
  const programs = ["/lib/systemd/systemd", "/usr/bin/dpkg", "/usr/bin/nsenter", "/usr/bin/setpriv", "/usr/bin/unshare"];
  const missing = programs.filter((program) => !existsSync(program));
  if (missing.length > 0) return `needs ${missing.join(", ")}`;
  if (!readFileSync("/proc/filesystems", "utf8").includes("\toverlay\n")) return "needs overlayfs";
  try {
    execFileSync("unshare", ["--mount", "--propagation", "private", "mount", "-t", "tmpfs", "tmpfs", "/mnt"], { stdio: "ignore" });
    return null;
  } catch {
    return "may not mount";
  }
};

/**
 * This machine's own Debian with systemd as its first process, apart from the machine itself in everything but the network: for packages
 * to be installed, started and removed as in a hall.
 */
export class BootedMachine {
  /** Seen inside as /shared. */
  readonly shared: string;
  readonly #group: string;
  readonly #boot: ChildProcess;
  #init = 0;

  private constructor() {
    this.shared = mkdtempSync(path.join(tmpdir(), "booted-"));
    this.#group = path.basename(this.shared);
    this.#boot = spawn("sh", [path.join(import.meta.dirname, "boot.sh"), this.#group, this.shared], {
      stdio: ["ignore", "ignore", "inherit"],
    });
  }

  static async boot(): Promise<BootedMachine> {
    const machine = new BootedMachine();
    await until("the first process", PATIENCE, () => {
      const { pid = 0, exitCode } = machine.#boot;
      if (exitCode !== null) throw new Error(`boot.sh ended with ${exitCode}`);
      machine.#init = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
      return machine.#init > 0 && readFileSync(`/proc/${machine.#init}/comm`, "utf8").trim() === "systemd";
    });
    await until("systemd", PATIENCE, async () => (await machine.run("systemctl is-active trial.target")).code === 0);
    return machine;
  }

  /** Runs a line of sh in it as root, with nobody to answer questions. */
  run(line: string): Promise<Outcome> {
    const inside = ["--target", String(this.#init), "--mount", "--uts", "--ipc", "--pid", "--cgroup", "--root", "--wd"];
    const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", LC_ALL: "C.UTF-8" };
    return new Promise((resolve) => {
      const child = execFile("nsenter", [...inside, "sh", "-c", line], { env, maxBuffer: 1e8 }, (error, out, err) => {
        resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, out, err });
      });
      child.stdin?.end();
    });
  }

  /** @returns what it printed @throws Error with all it printed if it fails */
  async must(line: string): Promise<string> {
    const { code, out, err } = await this.run(line);
    if (code !== 0) throw new Error(`${line} failed (${code}): ${out}${err}`);
    return out.trim();
  }

  /** Pulls its plug. */
  async end(): Promise<void> {
    if (this.#boot.exitCode === null && this.#boot.signalCode === null) {
      const ended = once(this.#boot, "exit");
      this.#boot.kill("SIGKILL");
      await ended;
    }
    const controllers = existsSync("/sys/fs/cgroup/cgroup.controllers") ? [""] : readdirSync("/sys/fs/cgroup");
    for (const controller of controllers) {
      const group = path.join("/sys/fs/cgroup", controller, this.#group);
      await until("its control groups to be empty", PATIENCE, () => removeGroup(group));
    }
    rmSync(this.shared, { recursive: true, force: true });
  }
}

/** @returns false while a process is still in it */
const removeGroup = (group: string): boolean => {
  if (!existsSync(group)) return true;
  const folders = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (!folders.every(({ name }) => removeGroup(path.join(group, name)))) return false;
  try {
    rmdirSync(group);
    return true;
  } catch {
    return false;
  }
};
