import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ERRORS, WindowRatingError } from "@window-rating/protocol/error";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { permissionAdvice, permits, readGroups } from "../../pads/port-permission.ts";
import { openDatabase } from "../../store/database.ts";
import { roundTripsOf } from "../round-trips.ts";
import type { HostAnswer } from "../running-host.ts";
import type { HostStatus } from "../status-shape.ts";
import { healthyStatus } from "../test-status.ts";
import { databaseFinding } from "./database-check.ts";
import { codeIn, type Finding } from "./finding.ts";
import { hostFindings } from "./host-check.ts";
import { dataFolderFindings, diskFinding, modemManagerFindings, nodeFinding, processNames } from "./machine-check.ts";
import { portFindings } from "./port-check.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "doctor-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe("The permission of a port", () => {
  const GROUPS = readGroups("root:x:0:\ndialout:x:20:modem,zhang\nuucp:x:14:\n\nbroken line\nplugdev:x:46:li");

  test("is mended by joining the group that really owns the device, whatever it is called", () => {
    expect(permissionAdvice({ path: "/dev/ttyUSB0", gid: 20, mode: 0o660 }, "li", GROUPS)).toMatch(
      /^sudo usermod -aG dialout li, then log out/,
    );
    expect(permissionAdvice({ path: "/dev/ttyUSB0", gid: 14, mode: 0o660 }, "li", GROUPS)).toMatch(/^sudo usermod -aG uucp li,/);
  });

  test("is mended by logging in again where the user is in that group already", () => {
    const advice = permissionAdvice({ path: "/dev/ttyUSB0", gid: 20, mode: 0o660 }, "zhang", GROUPS);
    expect(advice).toMatch(/zhang is in group dialout already/);
    expect(advice).not.toContain("usermod");
  });

  test.each([
    ["belongs to root", { gid: 0, mode: 0o660 }],
    ["denies its group", { gid: 20, mode: 0o600 }],
    ["lets its group read only", { gid: 20, mode: 0o640 }],
    ["belongs to a group without a name", { gid: 999, mode: 0o660 }],
  ])("is mended by a udev rule where the device %s", (_, owned) => {
    expect(permissionAdvice({ path: "/dev/ttyUSB0", ...owned }, "li", GROUPS)).toMatch(/udev rule.*usermod -aG dialout li/);
  });
});

describe("The rights of a port", () => {
  const user = { name: "li", uid: 1000, gids: [1000, 20] };

  test.each([
    ["its owner", { uid: 1000, gid: 5, mode: 0o600 }, true],
    ["its group", { uid: 0, gid: 20, mode: 0o660 }, true],
    ["everybody", { uid: 0, gid: 0, mode: 0o666 }, true],
    ["a group that may read only", { uid: 0, gid: 20, mode: 0o640 }, false],
    ["others, but not the group that the user is in", { uid: 0, gid: 20, mode: 0o606 }, false],
    ["nobody but root", { uid: 0, gid: 0, mode: 0o660 }, false],
  ])("let in %s", (_, rights, expected) => {
    expect(permits(rights, user)).toBe(expected);
    expect(permits(rights, { name: "root", uid: 0, gids: [0] })).toBe(true);
  });
});

describe("The ports", () => {
  const device = (): string => {
    const path = join(dataDir, "ttyUSB0");
    writeFileSync(path, "");
    return path;
  };

  test("are listed if they are adapters, each with whether it may be opened", async () => {
    const ports = [{ path: device(), vendorId: "1a86", productId: "7523" }, { path: "/dev/ttyS0" }];
    expect(await portFindings(["auto"], null, () => Promise.resolve(ports))).toMatchObject([
      { level: "ok", text: expect.stringContaining("ttyUSB0") },
    ]);
  });

  test("include the one that is configured, once, and fail if that is missing", async () => {
    const path = device();
    expect(await portFindings([path], null, () => Promise.resolve([{ path }]))).toMatchObject([
      { level: "ok", text: expect.stringContaining(path) },
    ]);
    expect(await portFindings([path], null, () => Promise.resolve([]))).toMatchObject([
      { level: "ok", text: expect.stringContaining("as configured") },
    ]);
    rmSync(path);
    expect(await portFindings([path], null, () => Promise.resolve([]))).toMatchObject([{ level: "fail", code: "WR3001" }]);
    expect(await portFindings(["tcp://pad.example:4001"], null, () => Promise.resolve([]))).toMatchObject([{ level: "ok" }]);
  });

  test("are to be looked at where there are none, or none can be listed", async () => {
    expect(await portFindings(["auto"], null, () => Promise.resolve([]))).toMatchObject([{ level: "warn", code: "WR3001" }]);
    expect(await portFindings(["auto"], null, () => Promise.reject(new Error("udevadm missing")))).toMatchObject([
      { level: "warn", text: expect.stringContaining("udevadm missing") },
    ]);
  });

  test("of every window are looked at, whatever else is plugged in", async () => {
    const path = device();
    const findings = await portFindings([path, "/dev/none", "rfc2217://moxa:4001"], null, () => Promise.resolve([]));
    expect(findings.map(({ level, code }) => [level, code])).toEqual([
      ["ok", undefined],
      ["fail", "WR3001"],
      ["ok", undefined],
    ]);
  });

  test.skipIf(process.platform !== "linux")("are judged by who the service is, not by who asks", async () => {
    const path = device();
    chmodSync(path, 0o600);
    const service = { name: "window-rating", uid: 4711, gids: [4711] };
    const [finding] = await portFindings([path], service, () => Promise.resolve([]));
    expect(finding).toMatchObject({ level: "fail", code: "WR3002", text: expect.stringContaining("may not be opened by window-rating") });
    expect(finding?.todo).toContain("window-rating");
    chmodSync(path, 0o666);
    expect(await portFindings([path], service, () => Promise.resolve([]))).toMatchObject([{ level: "ok" }]);
  });

  test("of this machine can be listed", async () => {
    expect((await portFindings(["auto"])).length).toBeGreaterThan(0);
  });
});

describe("The machine", () => {
  test("fails with a Node that is too old and with a full disk, and warns of little space", () => {
    expect(nodeFinding("20.11.0")).toMatchObject({ level: "fail", code: "WR8008" });
    expect(nodeFinding(process.versions.node).level).toBe("ok");
    expect(diskFinding(1_000_000)).toMatchObject({ level: "fail", code: "WR4003" });
    expect(diskFinding(100_000_000)).toMatchObject({ level: "warn", code: "WR4003" });
    expect(diskFinding(10_000_000_000).level).toBe("ok");
  });

  test("tells a data folder that is absent from one that may be used", () => {
    expect(dataFolderFindings(join(dataDir, "none"))).toMatchObject([{ level: "warn", code: "WR8006" }]);
    expect(dataFolderFindings(dataDir)).toMatchObject([{ level: "ok" }, { subject: "Disk" }]);
    chmodSync(dataDir, 0o755);
    expect(dataFolderFindings(dataDir)).toMatchObject([{ level: "warn", todo: expect.stringContaining("chmod 700") }, { subject: "Disk" }]);
    chmodSync(dataDir, 0o700);
  });

  test.skipIf(process.getuid?.() === 0)("fails with a data folder that may not be written to", () => {
    chmodSync(dataDir, 0o500);
    expect(dataFolderFindings(dataDir)).toMatchObject([{ level: "fail", code: "WR8006" }]);
  });

  test("warns of ModemManager, which talks to pads", () => {
    expect(modemManagerFindings(["systemd", "ModemManager"])).toMatchObject([
      { level: "warn", todo: expect.stringContaining("ID_MM_DEVICE_IGNORE") },
    ]);
    expect(modemManagerFindings(["systemd"])).toEqual([]);
  });

  test.skipIf(process.platform !== "linux")("names the processes that run", () => {
    expect(processNames().length).toBeGreaterThan(0);
  });
});

describe("The database", () => {
  const path = (): string => join(dataDir, "window.db");

  test("is sound, or not there yet", async () => {
    expect(await databaseFinding(dataDir)).toMatchObject({ level: "ok", text: expect.stringContaining("none yet") });
    // What cannot be looked at is not called absent.
    writeFileSync(join(dataDir, "no-folder"), "");
    expect(await databaseFinding(join(dataDir, "no-folder"))).toMatchObject({ level: "fail", code: "WR8006" });
    openDatabase(path()).close();
    expect(await databaseFinding(dataDir)).toMatchObject({ level: "ok", text: expect.stringContaining("sound") });
  });

  test("is read while a window-host works with it, without changing or holding it", async () => {
    const inUse = openDatabase(path());
    inUse.exec("CREATE TABLE probe (x); BEGIN IMMEDIATE; INSERT INTO probe VALUES (1)");
    expect(await databaseFinding(dataDir)).toMatchObject({ level: "ok" });
    inUse.exec("COMMIT");
    inUse.close();
  });

  test("fails if it is damaged, wherever the damage is", async () => {
    const database = openDatabase(path());
    database.exec(
      "CREATE TABLE probe (x); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO probe SELECT i FROM n",
    );
    database.close();
    const file = openSync(path(), "r+");
    const pageSize = 4096;
    writeSync(file, Buffer.alloc(pageSize * 3, 0xa5), 0, pageSize * 3, pageSize * 12);
    closeSync(file);
    expect(await databaseFinding(dataDir)).toMatchObject({ level: "fail", code: "WR4001" });
  });

  test("fails if it is no database, or a newer one", async () => {
    writeFileSync(path(), "this is no database at all, but a text that is long enough to be looked at".repeat(20));
    expect(await databaseFinding(dataDir)).toMatchObject({ level: "fail", code: "WR4001" });
    rmSync(path());
    const newer = new Database(path());
    newer.pragma("user_version = 9999");
    newer.close();
    expect(await databaseFinding(dataDir)).toMatchObject({ level: "fail", code: "WR4002", text: expect.stringContaining("9999") });
  });

  test("fails if a folder stands in its place", async () => {
    mkdirSync(path());
    expect(await databaseFinding(dataDir)).toMatchObject({ level: "fail" });
  });
});

describe("A running window-host", () => {
  const examine = (change: (status: HostStatus) => void): Finding[] => {
    const status = structuredClone(healthyStatus());
    change(status);
    return hostFindings({ is: "running", pid: 7, deskPort: 7100, status });
  };
  const bad = (findings: Finding[]): Finding[] => findings.filter(({ level }) => level !== "ok");

  test("that is well has nothing to look at", () => {
    expect(bad(examine(() => undefined))).toEqual([]);
  });

  test.each<[string, (status: HostStatus) => void, Partial<Finding>]>([
    [
      "a pad with no permission",
      ({ windows: [window] }) =>
        Object.assign(window?.pad ?? {}, {
          connection: "failed",
          cause: new WindowRatingError("WR3002", "/dev/ttyUSB0 may not be opened").message,
        }),
      { level: "fail", subject: "Pad", code: "WR3002", text: "failed: No permission to open the port: /dev/ttyUSB0 may not be opened" },
    ],
    [
      "a pad that is away",
      ({ windows: [window] }) => Object.assign(window?.pad ?? {}, { connection: "absent", cause: undefined }),
      { level: "warn", subject: "Pad", code: "WR1005" },
    ],
    [
      "bad frames",
      ({ windows: [window] }) => Object.assign(window?.pad.counters.faults ?? {}, { "bad-checksum": 50 }),
      { level: "warn", subject: "Frames", code: "WR3005" },
    ],
    [
      "frames of another version",
      ({ windows: [window] }) => Object.assign(window?.pad.counters.faults ?? {}, { "bad-version": 50 }),
      { level: "warn", subject: "Frames", code: "WR1004" },
    ],
    [
      "slow round trips",
      ({ windows: [window] }) => Object.assign(window?.pad ?? {}, { roundTripMs: roundTripsOf([250, 300]) }),
      { level: "warn", subject: "Round trip" },
    ],
    [
      "a pad with a faulty firmware, though it is ready",
      ({ windows: [window] }) =>
        window?.pad.recovery.push({ rung: "give-up", side: "firmware", code: "WR3010", text: "offers rated.level 9 again", atMs: 1 }),
      { level: "fail", subject: "Pad's firmware", code: "WR3010", text: "offers rated.level 9 again" },
    ],
    [
      "the window that is meant, where there are several",
      (status) => {
        const [first] = structuredClone(status.windows);
        if (first === undefined) return;
        Object.assign(first.pad, { connection: "absent" });
        status.windows.push({ ...first, windowNo: "13" });
      },
      { level: "warn", subject: "Window 13: Pad", code: "WR1005" },
    ],
    [
      "a database that is not safe",
      ({ database }) => Object.assign(database, { synchronous: "NORMAL" }),
      { level: "fail", code: "WR4004" },
    ],
    [
      "a damaged database",
      ({ database }) => Object.assign(database, { lastQuickCheck: { atMs: 0, ok: false, detail: "row 3 missing" } }),
      { level: "fail", code: "WR4001", text: "row 3 missing" },
    ],
    [
      "an old queue",
      ({ queue, clock }) => Object.assign(queue, { waiting: 3, oldestMs: clock.wallMs - 7_300_000 }),
      { level: "warn", subject: "Queue", code: "WR6001" },
    ],
    [
      "a queue that central refuses",
      ({ queue, clock }) => Object.assign(queue, { waiting: 1, oldestMs: clock.wallMs, cause: "WR6005 Central refused this window PC" }),
      { level: "warn", code: "WR6005" },
    ],
    ["set-aside entries", ({ queue }) => Object.assign(queue, { setAside: 2 }), { level: "warn", code: "WR6004" }],
    ["a window PC that is not enrolled", ({ identity }) => Object.assign(identity, { enrolled: false }), { level: "warn", code: "WR6003" }],
    ["ratings for unknown requests", ({ ratings }) => Object.assign(ratings, { unbound: 1 }), { level: "warn", code: "WR4006" }],
    [
      "a wrong clock",
      ({ clock }) => Object.assign(clock, { offsetMs: -86_400_000 }),
      { level: "warn", subject: "Clock", code: "WR8007", text: "24 h ahead of central" },
    ],
  ])("shows %s, with its code and what to do, and nothing else", (_, change, expected) => {
    const findings = bad(examine(change));
    expect(findings).toMatchObject([expected]);
    expect(findings[0]?.todo).toMatch(/\w/);
  });

  test("shows one bad frame as ordinary: the line was joined in the middle of it", () => {
    expect(
      bad(examine(({ windows: [window] }) => Object.assign(window?.pad.counters ?? {}, { frames: 3, faults: { "too-short": 1 } }))),
    ).toEqual([]);
  });

  test("that does not answer fails, and one that does not run is to be looked at", () => {
    const silent: HostAnswer = { is: "silent", pid: 7, why: "timed out" };
    expect(hostFindings(silent)).toMatchObject([{ level: "fail", code: "WR8003" }]);
    expect(hostFindings({ is: "not-running", why: "no control.json" })).toMatchObject([{ level: "warn", code: "WR8003" }]);
  });
});

test("A code is found in a cause told in words, if there is such a code", () => {
  expect(codeIn("WR3002 No permission")).toBe("WR3002");
  expect(codeIn("WR9999 never made")).toBeUndefined();
  expect(codeIn(undefined)).toBeUndefined();
  expect(Object.keys(ERRORS)).not.toContain("WR9999");
});

describe("Round trips", () => {
  test("are told by quantiles that were measured and a histogram that counts each once", () => {
    const trips = roundTripsOf([5, 1, 2, 3, 4, 5000, 16, 17]);
    expect(trips).toMatchObject({ samples: 8, p50: 4, p90: 5000, p99: 5000, max: 5000 });
    expect(trips?.histogram.filter(({ count }) => count > 0)).toEqual([
      { upToMs: 1, count: 1 },
      { upToMs: 2, count: 1 },
      { upToMs: 4, count: 2 },
      { upToMs: 8, count: 1 },
      { upToMs: 16, count: 1 },
      { upToMs: 32, count: 1 },
      { upToMs: null, count: 1 },
    ]);
    expect(roundTripsOf([])).toBeNull();
    expect(roundTripsOf([3])).toMatchObject({ p50: 3, p99: 3, max: 3 });
  });
});
