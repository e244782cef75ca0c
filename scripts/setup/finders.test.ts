import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ensureBrowser, findBrowser } from "./browser.mjs";
import { findPostgres } from "./postgres.mjs";
import { ensureSer2net, findSer2net } from "./ser2net.mjs";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "finders-"));
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function program(name: string, mode = 0o755, text = ""): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

test("the browser is the first on PATH in the order Chromium, Chrome, Edge", () => {
  const env = { PATH: ["/nowhere", folder].join(path.delimiter) };
  expect(findBrowser(env, "linux")).toBeUndefined();
  const edge = program("microsoft-edge");
  expect(findBrowser(env, "linux")).toBe(edge);
  const chromium = program("chromium");
  expect(findBrowser(env, "linux")).toBe(chromium);
});

test("a browser that may not be run is none", () => {
  program("chromium", 0o644);
  expect(findBrowser({ PATH: folder }, "linux")).toBeUndefined();
});

test("the environment may name the browser and the PostgreSQL programs", () => {
  expect(findBrowser({ PATH: "", WINDOW_RATING_BROWSER: "/opt/edge" })).toBe("/opt/edge");
  expect(findPostgres({ PATH: "", WINDOW_RATING_POSTGRES: "/opt/pg/bin" }, folder)).toBe("/opt/pg/bin");
});

test("of several PostgreSQL servers the newest is taken, by number and not by letters", () => {
  for (const version of ["9.6", "15", "17"]) for (const name of ["initdb", "pg_ctl", "postgres"]) program(`${version}/bin/${name}`);
  expect(findPostgres({ PATH: "" }, folder)).toBe(path.join(folder, "17/bin"));
});

test("a folder with the client programs alone is no server, and a pg_ctl on PATH leads to one", () => {
  program("18/bin/psql");
  expect(findPostgres({ PATH: "" }, folder)).toBeUndefined();
  for (const name of ["initdb", "pg_ctl", "postgres"]) program(`own/${name}`);
  expect(findPostgres({ PATH: path.join(folder, "own") }, folder)).toBe(path.join(folder, "own"));
  expect(findPostgres({ PATH: path.join(folder, "own") }, path.join(folder, "missing"))).toBe(path.join(folder, "own"));
});

test("the serial server of the tests is found beside the programs of everybody too, as Debian keeps it", () => {
  const bin = path.join(folder, "bin");
  mkdirSync(bin);
  expect(findSer2net({ PATH: bin })).toBeUndefined();
  const server = program("sbin/ser2net");
  expect(findSer2net({ PATH: bin })).toBe(path.join(bin, "../sbin/ser2net"));
  expect(path.resolve(findSer2net({ PATH: bin }) ?? "")).toBe(server);
});

describe.skipIf(process.getuid?.() !== 0)(
  "set-up for the tests, as root on a machine without a browser (skipped for other users: they may not install)",
  () => {
    const calls = () => readFileSync(path.join(folder, "calls"), "utf8").trimEnd().split("\n");

    beforeEach(() => {
      vi.stubEnv("PATH", folder);
      vi.stubEnv("WINDOW_RATING_BROWSER", undefined);
      vi.spyOn(process.stderr, "write").mockReturnValue(true);
    });

    test("installs Chromium and the Chinese letters where there is apt-get", async () => {
      const install = `: > "${folder}/chromium"; /bin/chmod +x "${folder}/chromium"`;
      program("apt-get", 0o755, `#!/bin/sh\necho "$*" >> "${folder}/calls"\ncase "$1" in install) ${install};; esac\n`);
      expect(await ensureBrowser()).toBeUndefined();
      expect(calls()).toEqual(["update", "install -y --no-install-recommends chromium fonts-noto-cjk"]);
      expect(findBrowser()).toBe(path.join(folder, "chromium"));
      expect(await ensureBrowser()).toBeUndefined();
      expect(calls()).toHaveLength(2);
    });

    test("installs the serial server where there is apt-get, and says what to install where there is none", async () => {
      expect(await ensureSer2net()).toMatch(/skipped\. On Debian: apt-get install ser2net/);
      const install = `: > "${folder}/ser2net"; /bin/chmod +x "${folder}/ser2net"`;
      program("apt-get", 0o755, `#!/bin/sh\necho "$*" >> "${folder}/calls"\ncase "$1" in install) ${install};; esac\n`);
      expect(await ensureSer2net()).toBeUndefined();
      expect(calls()).toEqual(["update", "install -y --no-install-recommends ser2net"]);
      expect(await ensureSer2net()).toBeUndefined();
      expect(calls()).toHaveLength(2);
    });

    test("goes on without a browser when apt-get fails, and says what to install", async () => {
      program("apt-get", 0o755, "#!/bin/sh\nexit 100\n");
      expect(await ensureBrowser()).toMatch(/tests of pages are skipped\. .*apt-get install chromium fonts-noto-cjk/);
    });

    test("says what to install where there is no apt-get", async () => {
      expect(await ensureBrowser()).toMatch(/Install Chromium, Chrome or Edge/);
    });
  },
);
