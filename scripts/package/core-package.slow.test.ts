import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { PtyPort, SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import type { RunningHost } from "@window-rating/host-app/core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { deskClient } from "../rig/desk-client.ts";
import { until } from "../rig/until.ts";
import { findOnPath } from "../setup/program.mjs";
import { layCoreTree } from "./core-tree.ts";
import { buildDeb, debName } from "./deb.ts";
import type { Machine } from "./lock-closure.ts";
import { stampTimes } from "./reproducible.ts";
import { BootedMachine, missingForBoot } from "./rig/booted-machine.ts";
import { packTarball } from "./tarball.ts";

const root = path.resolve(import.meta.dirname, "../..");
const MACHINE: Machine = { os: "linux", cpu: process.arch === "arm64" ? "arm64" : "x64" };
const FIRST = "0.1.0";
const SECONDS = 1_700_000_000;
const PATIENCE = 60_000;
const CLERK = { staffNo: "1001", name: "张三样例" };
const ITEM = { itemCode: "110101", itemName: "居民身份证补领" };
const noDpkg = findOnPath(["dpkg-deb"]) === undefined;
const lacking = missingForBoot();

interface Made {
  readonly tarball: string;
  readonly deb: string;
}

/** The packages of a version, in a folder of their own; a tarball of the first alone. */
const make = async (folder: string, version: string): Promise<Made> => {
  mkdirSync(folder);
  const tree = await layCoreTree(root, path.join(folder, `window-host-${version}`), MACHINE, version);
  stampTimes(tree.folder, SECONDS);
  const made = { tarball: path.join(folder, "core.tar.gz"), deb: path.join(folder, debName(tree)) };
  if (version === FIRST) await packTarball(tree.folder, made.tarball, SECONDS);
  if (!noDpkg) buildDeb(root, tree, path.join(folder, "stage"), made.deb, SECONDS);
  return made;
};

const sha256 = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");

let work: string;
let first: Made;
let second: Made;
beforeAll(async () => {
  work = mkdtempSync(path.join(tmpdir(), "core-package-"));
  first = await make(path.join(work, "first"), FIRST);
  second = await make(path.join(work, "second"), "0.2.0");
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

test("the same files make the same bytes, under another umask and in another folder too", async () => {
  const umask = process.umask(0o077);
  try {
    const again = await make(path.join(work, "again"), FIRST);
    expect(sha256(again.tarball)).toBe(sha256(first.tarball));
    if (!noDpkg) expect(sha256(again.deb)).toBe(sha256(first.deb));
  } finally {
    process.umask(umask);
  }
});

test("of every npm package that it holds or has bundled, the version and the licence are in it", () => {
  const tree = path.join(work, "first", `window-host-${FIRST}`);
  const manifests = globSync("app/node_modules/{*,@*/*}/package.json", { cwd: tree });
  const names = manifests.map((file) => path.posix.dirname(file).replace("app/node_modules/", ""));
  expect(names).toEqual(expect.arrayContaining(["zod", "fastify", "pino", "@noble/curves", "better-sqlite3"]));
  const without = names.filter((name) => !name.startsWith("@window-rating/") && !hasLicence(path.join(tree, "app/node_modules", name)));
  const inRepository = without.filter((name) => hasLicence(path.join(root, "node_modules", name)));
  expect(inRepository).toEqual([]);
});

const hasLicence = (folder: string): boolean => readdirSync(folder).some((file) => /licen[cs]e|copying/i.test(file));

describe("the tarball", () => {
  test("runs where it is unpacked, with no Node on the machine: a press behind a kernel tty is bound to its case", async () => {
    const undo = new AsyncDisposableStack();
    try {
      const place = path.join(work, "a place with 空格");
      mkdirSync(place);
      execFileSync("tar", ["-xzf", first.tarball, "-C", place]);
      const program = path.join(place, "window-host-0.1.0/bin/window-host");
      const data = path.join(place, "data");
      const env = { PATH: "/usr/bin:/bin" };
      const port = new PtyPort(path.join(work, "pad"));
      const pad = new SimulatedPad({ port, storeFile: path.join(place, "pad.store"), serialNumber: "TARBALL-1" });
      undo.defer(() => pad.close());
      const { token } = JSON.parse(execFileSync(program, ["pair", "--name", "hall", "--data", data, "--json"], { env, encoding: "utf8" }));
      const host = spawn(
        program,
        ["--data", data, "--pad", pad.path, "--pad-unpaired", "admit", "--desk-port", "0", "--screens-port", "0", "--json"],
        {
          env,
          stdio: ["ignore", "pipe", "ignore"],
        },
      );
      undo.defer(() => ended(host));
      const deskPort = await readyAt(host);
      const desk = deskClient(deskPort, token);
      await rate(desk, pad, "TAR-1");
      expect((await desk.state()).queue.waiting).toBe(1);
      expect(globSync("**/*.ts", { cwd: path.join(place, "window-host-0.1.0") })).toEqual([]);
      // What is loaded only when it is asked for, and what reads files beside itself.
      const say = (...args: string[]): string => execFileSync(program, args, { env, encoding: "utf8" });
      for (const line of say("help").matchAll(/^(?:Usage:| {6}) window-host ([a-z-]+) /gm))
        expect(say(line[1] ?? "", "--help")).toContain("window-host");
      expect(JSON.parse(say("profile", "list", "--json")).profiles.length).toBeGreaterThan(5);
      expect(say("screen", "strip", "--print", "--data", data)).toContain("http://127.0.0.1:");
    } finally {
      await undo.disposeAsync();
    }
  });
});

// Debian once more, with a systemd of its own; skipped where this machine may not boot it.
describe.skipIf(noDpkg || lacking !== null)(`the Debian package${lacking === null ? "" : ` (not tried: ${lacking})`}`, () => {
  const undo = new AsyncDisposableStack();
  let pc: BootedMachine;
  let pad: SimulatedPad;
  let token: string;
  beforeAll(async () => {
    pc = await BootedMachine.boot();
    undo.defer(() => pc.end());
    for (const { deb } of [first, second]) copyFileSync(deb, path.join(pc.shared, path.basename(deb)));
    pad = new SimulatedPad({ port: await TcpPort.open(0), storeFile: path.join(work, "pad.store"), serialNumber: "DEB-1" });
    undo.defer(() => pad.close());
  });
  afterAll(() => undo.disposeAsync());

  /** The service as it runs now, once it answers. */
  const running = (): Promise<ReturnType<RunningHost["status"]>> =>
    until("the service to answer", PATIENCE, async () => {
      const { code, out } = await pc.run("window-host status --json");
      return code === 0 && JSON.parse(out);
    });
  const desk = async (): Promise<Desk> => {
    await running();
    const { deskPort } = JSON.parse(await pc.must("cat /var/lib/window-rating/window/control.json"));
    return deskClient(deskPort, token);
  };
  const waiting = async (): Promise<number> => (await running()).queue.waiting;

  test("installs without a question and starts a service of its own user, in a unit that systemd has nothing against", async () => {
    await pc.must(`dpkg -i /shared/${path.basename(first.deb)}`);
    await running();
    const shown = await pc.must("systemctl show window-host -p ActiveState -p User -p DevicePolicy -p UnitFileState");
    expect(shown.split("\n").sort()).toEqual(["ActiveState=active", "DevicePolicy=closed", "UnitFileState=enabled", "User=window-rating"]);
    const { code, out, err } = await pc.run("systemd-analyze verify window-host.service");
    expect({ code, out, err }).toEqual({ code: 0, out: "", err: "" });
    // 0 is best, 10 worst; of 100.
    await pc.must("systemd-analyze security --threshold=25 window-host.service");
    expect(await pc.must("stat -c '%U %a' /var/lib/window-rating/window")).toBe("window-rating 700");
    expect(await pc.must("window-host --version")).toBe("0.1.0");
  });

  test("is set up by root at the command line, and what root writes the service can read", async () => {
    const settings = { windowNo: "12", deskPort: "0", "pad.port": pad.path, "pad.unpaired": "admit", central: "http://127.0.0.1:9" };
    await pc.must(
      `window-host config ${Object.entries(settings)
        .map(([key, value]) => `--set ${key}=${value}`)
        .join(" ")}`,
    );
    token = JSON.parse(await pc.must("window-host pair --name hall --json")).token;
    expect(await pc.must("stat -c %U /var/lib/window-rating/window/*.json | sort -u")).toBe("window-rating");
    await pc.must("systemctl restart window-host");
    expect((await running()).windows.map(({ windowNo }) => windowNo)).toEqual(["12"]);
    // Whoever sits at the PC opens links: the port is found without the data folder, and the service looks at the ticket.
    await pc.must("grep -q x-scheme-handler/window-rating /usr/share/applications/window-rating-link.desktop");
    const link = "window-host open-link 'window-rating://end-case?ticket=7b22'";
    expect((await pc.run(`runuser -u nobody -- ${link}`)).err).toContain("WR5036");
  });

  test("keeps a rating with the service killed outright: it comes back by itself, and the rating still waits for central", async () => {
    await rate(await desk(), pad, "DEB-1");
    expect(await waiting()).toBe(1);
    const before = await pc.must("systemctl show window-host -p MainPID");
    await pc.must("systemctl kill -s KILL window-host");
    await until("another process", PATIENCE, async () => {
      const now = await pc.must("systemctl show window-host -p MainPID");
      return now !== before && now !== "MainPID=0";
    });
    expect(await waiting()).toBe(1);
  });

  test("lets the service open serial ports and no other device", async () => {
    // A device number that no driver has: opened, it is "no such device" where the service may, and not permitted where it may not.
    await pc.must("mknod -m 666 /dev/ttyUSB9 c 188 9 && mknod -m 666 /dev/other c 240 9");
    for (const [device, answer] of [
      ["/dev/other", "may not be opened"],
      ["/dev/ttyUSB9", "No such device"],
    ] as const) {
      await pc.must(`window-host config --set pad.port=${device} && systemctl restart window-host`);
      await vi.waitUntil(async () => (await running()).windows[0]?.pad.cause?.includes(answer), { interval: 500, timeout: PATIENCE });
    }
    await pc.must(`window-host config --set pad.port=${pad.path} && systemctl restart window-host`);
    await running();
  });

  test("is upgraded without a question, with changed settings kept, the service started anew, and the queue where it was", async () => {
    await pc.must("echo NODE_EXTRA_CA_CERTS=/etc/ssl/certs/hall.pem >> /etc/default/window-host");
    await pc.must(`dpkg -i /shared/${path.basename(second.deb)}`);
    expect(await pc.must("window-host --version")).toBe("0.2.0");
    expect(await pc.must("tail -n 1 /etc/default/window-host")).toBe("NODE_EXTRA_CA_CERTS=/etc/ssl/certs/hall.pem");
    expect(await waiting()).toBe(1);
    await rate(await desk(), pad, "DEB-2");
    expect(await waiting()).toBe(2);
  });

  test("stays stopped where the administrator has switched it off, also through an upgrade", async () => {
    await pc.must("systemctl disable --now window-host");
    await pc.must(`dpkg -i /shared/${path.basename(second.deb)}`);
    expect((await pc.run("systemctl is-enabled window-host")).out.trim()).toBe("disabled");
    expect((await pc.run("systemctl is-active window-host")).out.trim()).toBe("inactive");
    await pc.must("systemctl enable --now window-host");
    await running();
  });

  test("leaves the ratings when it is removed, and when it is purged; installed again it goes on with them", async () => {
    await pc.must("dpkg -r window-host");
    expect((await pc.run("systemctl is-active window-host")).out.trim()).toBe("inactive");
    await pc.must("test -s /var/lib/window-rating/window/window.db && test ! -e /opt/window-host");
    const { err } = await pc.run("dpkg -P window-host");
    expect(err).toContain("the ratings stay in /var/lib/window-rating");
    await pc.must("test -s /var/lib/window-rating/window/window.db && test ! -e /etc/default/window-host");
    await pc.must(`dpkg -i /shared/${path.basename(first.deb)}`);
    expect(await waiting()).toBe(2);
  });
});

/** The port of its desk API, once it says that it is ready; log lines come before that too. */
const readyAt = async (host: ChildProcess): Promise<number> => {
  if (host.stdout === null) throw new Error("its standard output is read");
  for await (const line of createInterface({ input: host.stdout })) {
    const said = JSON.parse(line) as { ready?: true; deskPort?: number };
    if (said.ready && said.deskPort !== undefined) return said.deskPort;
  }
  throw new Error("window-host ended before it was ready");
};

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
};

type Desk = ReturnType<typeof deskClient>;

/** One visit from sign-in to the citizen's press, which the pad has given up only when it is on the PC's disk. */
const rate = async (desk: Desk, pad: SimulatedPad, caseNo: string): Promise<void> => {
  await vi.waitUntil(async () => (await desk.state()).pad.connection === "ready", { interval: 500, timeout: PATIENCE });
  await desk.signIn(CLERK);
  await desk.startCase({ caseNo, ...ITEM });
  const { requestId } = await desk.endCase(caseNo);
  await until("the invitation", PATIENCE, () => pad.face.phase === "inviting" && pad.face.requestId === requestId);
  await pad.press(5);
  await until("the press to be stored", PATIENCE, () => pad.face.pendingEvents === 0);
};
