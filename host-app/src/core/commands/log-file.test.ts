import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LogFile, logFolder } from "./log-file.ts";
import { createLogger } from "./logger.ts";

let dataDir: string;
let now: number;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "log-file-"));
  now = 1000;
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const line = (number: number): string => `${String(number).padStart(9, "0")}\n`;
const read = (name = "window-host.log"): string => readFileSync(join(logFolder(dataDir), name), "utf8");

describe("The log in the data folder", () => {
  test("holds the newest lines in one file and older ones in four more, and nothing older", () => {
    const file = new LogFile(dataDir, () => now, 100);
    for (let number = 0; number < 123; number++) file.write(line(number));
    file.close();
    expect(readdirSync(logFolder(dataDir)).sort()).toEqual(["window-host.log", ...[1, 2, 3, 4].map((place) => `window-host.log.${place}`)]);
    expect(read()).toBe(line(120) + line(121) + line(122));
    expect(read("window-host.log.1").startsWith(line(110))).toBe(true);
    expect(read("window-host.log.4").startsWith(line(80))).toBe(true);
  });

  test("goes on where it ended after a start", () => {
    for (const number of [1, 2]) {
      const file = new LogFile(dataDir, () => now, 100);
      file.write(line(number));
      file.close();
    }
    expect(read()).toBe(line(1) + line(2));
    expect(statSync(join(logFolder(dataDir), "window-host.log")).mode & 0o077).toBe(0);
  });

  test("lets nobody notice a disk that takes nothing, and tries it again after a minute", () => {
    writeFileSync(logFolder(dataDir), "a file where the folder should be");
    const file = new LogFile(dataDir, () => now);
    file.write(line(1));
    rmSync(logFolder(dataDir));
    mkdirSync(logFolder(dataDir));
    file.write(line(2));
    now += 60_000;
    file.write(line(3));
    file.close();
    expect(read()).toBe(line(3));
  });

  test("gets every line of the logger, without secrets and without what tells who a person is", () => {
    const file = new LogFile(dataDir, () => now);
    createLogger("info", file).warn({ pin: "730518", card: "0004721935", clerkName: "张三样例" }, "sign-in refused");
    file.close();
    expect(read()).toContain("sign-in refused");
    expect(read()).not.toMatch(/730518|0004721935|张三样例/);
  });
});
