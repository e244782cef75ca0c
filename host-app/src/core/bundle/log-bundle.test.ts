import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bundleCommand } from "../commands/bundle-command.ts";
import { fail, ok } from "../commands/doctor/finding.ts";
import { healthyStatus } from "../commands/test-status.ts";
import { openDatabase } from "../store/database.ts";
import { type BundleOptions, makeBundle } from "./log-bundle.ts";

/** Each is invented, and must be in no bundle. */
const SECRETS = {
  phone: "13800001234",
  idNo: "11010119900101123X",
  chineseName: "张三样例",
  rosterName: "Anna Example",
  clerkName: "Bea Example",
  comment: "态度生硬，等了很久",
  deskToken: `wrdesk_${"q".repeat(43)}`,
  controlToken: "Zk3-pQ9_xY7wV5uT3sR1nM8lK6jH4gF2dS0aP7oI5uY",
  bearer: "bearer-kk77",
  pin: "730518",
  card: "0004721935",
  privateKey: "MC4CAQAwBQYDK2VwBCIEIFzG/qX9Qm2Yb0s1Yk5pT7wR3eA8uJ6hN4vB2cD0fGhi",
  padKey: "9f".repeat(32),
  ticket: "k3JqTicket",
  caseNo: "SL2026-SAMPLE-0007",
} as const;

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "bundle-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const everySecret = (): string =>
  Object.entries(SECRETS)
    .map(([name, secret]) => `${name} ${secret}`)
    .join("; ");

const plantFiles = (): void => {
  const json = (name: string, value: unknown): void => writeFileSync(join(dataDir, name), JSON.stringify(value));
  json("config.json", {
    screen: { hall: `${SECRETS.chineseName}的大厅`, windowQr: `https://hall.example/?t=${SECRETS.ticket}` },
    contactKey: SECRETS.padKey,
  });
  json("roster.json", {
    clerks: [
      { staffNo: "1001", name: SECRETS.rosterName },
      { staffNo: "1003", name: SECRETS.chineseName },
    ],
  });
  json("identity.json", { privateKey: SECRETS.privateKey });
  json("control.json", { pid: 1, deskPort: 1, token: SECRETS.controlToken });
  json("pad-keys.json", { key: SECRETS.padKey });
  mkdirSync(join(dataDir, "logs"));
  const line = (about: object): string => `${JSON.stringify({ level: 30, time: 1_760_000_000_000, ...about })}\n`;
  const nested = { call: { request: SECRETS, deep: [{ ...SECRETS }] }, level: 5, ...SECRETS };
  const err = { type: "Error", message: everySecret(), stack: `Error: ${everySecret()}\n    at sign (/opt/window-host/sign.ts:7:3)` };
  const log = [
    line({ msg: "desk API listens", port: 7100, windowNo: "12" }),
    line({ msg: everySecret().replace(`caseNo ${SECRETS.caseNo}`, "") }),
    line({ msg: "nested", ...nested }),
    line({
      msg: "failed",
      err: { ...err, message: err.message.replace(SECRETS.caseNo, ""), stack: err.stack.replace(SECRETS.caseNo, "") },
    }),
    line({ msg: "numbers", code: 730_518, eventNo: 13_800_001_234, phone: 1380, rating: { level: 2 } }),
    `no JSON: ${everySecret().replace(SECRETS.caseNo, "")}\n`,
  ].join("");
  writeFileSync(join(dataDir, "logs", "window-host.log"), log);
  writeFileSync(join(dataDir, "logs", "window-host.log.1"), log);
};

const plantDatabase = (): void => {
  const database = openDatabase(join(dataDir, "window.db"));
  database
    .prepare("INSERT INTO sign_ins (staff_no, clerk_name, caller, signed_in_ms, window_no) VALUES ('1002', ?, 'hall', 1, '12')")
    .run(SECRETS.clerkName);
  database
    .prepare(
      "INSERT INTO entries (number, entry_id, kind, request_id, previous_hash, hash, signature, body, written_ms) VALUES (1, 'e', 'rating', NULL, '', ?, '', ?, 5)",
    )
    .run(SECRETS.padKey, JSON.stringify({ level: 2, comment: SECRETS.comment, caseNo: SECRETS.caseNo }));
  database.prepare("INSERT INTO outbox (number, bytes) VALUES (1, 10)").run();
  database.prepare("INSERT INTO set_aside (number, code, detail, refused_ms) VALUES (1, 'WR7004', ?, 6)").run(everySecret());
  database.close();
};

const plantedStatus = () => {
  const status = healthyStatus();
  const detail = everySecret().replace(SECRETS.caseNo, "");
  Object.assign(status.queue, {
    setAside: 1,
    setAsideNewest: [{ number: 1, kind: "rating", code: "WR7004", detail, atMs: 6 }],
    cause: detail,
  });
  return status;
};

const options = (more: Partial<BundleOptions> = {}): BundleOptions => ({
  dataDir,
  env: {},
  wallMs: 1_760_000_000_000,
  status: () => Promise.resolve(plantedStatus()),
  examine: () =>
    Promise.resolve([
      ok("nodeFine", { version: "24.1.0" }),
      fail("padFailed", "WR1005", { detail: everySecret().replace(SECRETS.caseNo, "") }),
    ]),
  ...more,
});

const unpacked = (path: string): { text: string; of: (name: string) => string } => {
  const folder = mkdtempSync(join(dataDir, "unpacked-"));
  execFileSync("tar", ["-xzf", path, "-C", folder]);
  return { text: gunzipSync(readFileSync(path)).toString("utf8"), of: (name) => readFileSync(join(folder, name), "utf8") };
};

describe("The log bundle", () => {
  test("holds none of the secrets, names, numbers and comments that were planted in every source, and no level", async () => {
    plantFiles();
    plantDatabase();
    const { path, missing } = await makeBundle(options());
    const { text, of } = unpacked(path);
    expect(missing).toEqual([]);
    for (const [name, secret] of Object.entries(SECRETS)) expect([name, text.includes(secret)]).toEqual([name, false]);
    expect(text).not.toMatch(/730518|"level": ?[1-5]\b|生硬|SAMPLE/);
    // README and our own words aside, nothing Chinese is left.
    expect(of("settings.json") + of("status.json") + of("doctor.json") + of("logs/window-host.log")).not.toMatch(/\p{Script=Han}/u);
  });

  test("still tells what helps: settings with where they come from, what the doctor found, the queue, the log with times and codes", async () => {
    plantFiles();
    plantDatabase();
    const { path, parts } = await makeBundle(options());
    const { of } = unpacked(path);
    expect(parts.map(({ name }) => name)).toEqual([
      ...["README.txt", "database.json", "versions.json", "settings.json", "files.json", "status.json", "doctor.json"],
      ...["logs/window-host.log", "logs/window-host.log.1"],
    ]);
    expect(JSON.parse(of("settings.json"))).toContainEqual({ key: "rating.timeoutSeconds", from: "default", value: 30 });
    expect(JSON.parse(of("doctor.json"))).toMatchObject([
      { tone: "ok", subject: "Node" },
      { tone: "fail", code: "WR1005" },
    ]);
    expect(JSON.parse(of("database.json"))).toMatchObject({
      rows: { entries: 1, sign_ins: 1 },
      queue: { waiting: 1, oldestAtMs: 5, lastNumber: 1, setAside: { WR7004: 1 } },
      failure: null,
    });
    const [first] = of("logs/window-host.log").split("\n");
    expect(JSON.parse(first ?? "")).toEqual({ level: 30, time: 1_760_000_000_000, msg: "desk API listens", port: 7100, windowNo: "12" });
    expect(of("logs/window-host.log")).toContain("/opt/window-host/sign.ts:7:3");
    expect(JSON.parse(of("files.json"))).toContainEqual(expect.objectContaining({ path: "window.db" }));
    expect(JSON.parse(of("status.json"))).toMatchObject({
      windows: [{ windowNo: "12", pad: { serialNumber: "PAD-0001", firmware: "1.0.0" } }],
    });
  });

  test("is made when the database is damaged and window-host does not run, and says what is not in it", async () => {
    plantFiles();
    writeFileSync(join(dataDir, "window.db"), "this is no database, but somebody wrote it: 张三样例 13800001234");
    const printed: string[] = [];
    const out = join(dataDir, "my.tar.gz");
    const code = await bundleCommand(["--data", dataDir, "--out", out, "--json"], { env: {}, print: (text) => printed.push(text) });
    const told = JSON.parse(printed.join("")) as { path: string; missing: { name: string; why: string }[] };
    expect([code, told.path]).toEqual([0, out]);
    expect(told.missing).toEqual([{ name: "status.json", why: expect.stringContaining("does not run") }]);
    const { text, of } = unpacked(out);
    expect(JSON.parse(of("database.json"))).toMatchObject({ queue: null, failure: expect.stringContaining("WR4001") });
    expect(of("doctor.json")).toContain("WR4001");
    // Only the database knew this one, and it is not in Chinese.
    const { clerkName: _, ...others } = SECRETS;
    for (const [name, secret] of Object.entries(others)) expect([name, text.includes(secret)]).toEqual([name, false]);
  });

  test("leaves out a part that fails or takes too long, and is made all the same, also of a data folder that is not there", async () => {
    const { path, missing } = await makeBundle(
      options({
        dataDir: join(dataDir, "nowhere"),
        out: join(dataDir, "out.tar.gz"),
        patienceMs: 1000,
        status: () => new Promise(() => {}),
        examine: () => Promise.reject(new Error(`no doctor for ${SECRETS.chineseName}`)),
      }),
    );
    expect(missing.map(({ name }) => name)).toEqual(["files.json", "status.json", "doctor.json", "logs"]);
    expect(JSON.stringify(missing)).not.toContain(SECRETS.chineseName);
    expect(JSON.parse(unpacked(path).of("manifest.json"))).toMatchObject({ missing });
  });

  test("takes the newest six megabytes of the log, and only whole lines", async () => {
    mkdirSync(join(dataDir, "logs"));
    const line = (number: number): string =>
      `${JSON.stringify({ level: 30, time: number, msg: "x".repeat(20_000 / 1000).padEnd(960, " .") })}\n`;
    const lines = Array.from({ length: 7000 }, (_, number) => line(number));
    writeFileSync(join(dataDir, "logs", "window-host.log"), lines.join(""));
    const { path, bytes } = await makeBundle(options({ patienceMs: 60_000 }));
    const kept = unpacked(path).of("logs/window-host.log").trim().split("\n");
    expect(kept.length).toBeGreaterThan(5000);
    expect(kept.length).toBeLessThan(6500);
    expect((JSON.parse(kept[0] ?? "") as { time: number }).time).toBeGreaterThan(500);
    expect((JSON.parse(kept.at(-1) ?? "") as { time: number }).time).toBe(6999);
    expect(bytes).toBeLessThan(2_000_000);
  });

  test("is kept five times in the data folder, the oldest goes first; a file of one's own is left alone", async () => {
    mkdirSync(join(dataDir, "bundles"));
    writeFileSync(join(dataDir, "bundles", "mine.txt"), "mine");
    const made: string[] = [];
    for (let turn = 0; turn < 7; turn++) made.push((await makeBundle(options({ wallMs: 1_760_000_000_000 + turn * 1000 }))).path);
    const names = readdirSync(join(dataDir, "bundles")).sort();
    expect(names).toEqual(["mine.txt", ...made.slice(-5).map((path) => path.slice(-"window-rating-20251009-165320.tar.gz".length))]);
  });

  test("says so if it cannot be written", async () => {
    writeFileSync(join(dataDir, "bundles"), "a file where the folder should be");
    await expect(makeBundle(options())).rejects.toThrow(/^WR8006 /);
  });
});
