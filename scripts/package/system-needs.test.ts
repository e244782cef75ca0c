import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findOnPath, run } from "../setup/program.mjs";
import { readElf } from "./elf.ts";
import { PINNED } from "./node-runtime.ts";
import { readPe } from "./pe.ts";
import { debianDepends, systemNeeds } from "./system-needs.ts";

const root = path.resolve(import.meta.dirname, "../..");
const packageFolder = (name: string) => path.join(root, "node_modules", name);
const SQLITE = path.join(packageFolder("better-sqlite3"), "prebuilds");
const SERIAL = path.join(packageFolder("@serialport/bindings-cpp"), "prebuilds");
const readelf = findOnPath(["readelf"]);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "needs-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("what machine code asks of the system", () => {
  test.skipIf(readelf === undefined).each(["linux-x64.node", "linux-arm64.node"])("is read from %s as readelf reads it", async (name) => {
    const file = path.join(SQLITE, name);
    const elf = readElf(readFileSync(file));
    const { output } = await run(readelf ?? "", ["--wide", "--dynamic", "--version-info", file], { env: { LC_ALL: "C" } });
    expect(elf?.libraries).toEqual([...output.matchAll(/\(NEEDED\)\s+Shared library: \[(.+)\]/g)].map(([, library]) => library));
    const named = [...output.slice(output.indexOf("Version needs")).matchAll(/Name: (\S+)/g)].map(([, version]) => version);
    expect([...(elf?.versions.values() ?? [])].flat()).toEqual(named);
    expect(elf?.versions.get("libc.so.6")).toContain("GLIBC_2.34");
  });

  test("is nothing for what is no such file, however it begins", () => {
    expect(readElf(Buffer.from("#!/bin/sh\n"))).toBeNull();
    expect(readElf(Buffer.from([0x7f, 0x45, 0x4c, 0x46]))).toBeNull();
    expect(readPe(Buffer.alloc(64))).toBeNull();
    expect(readPe(readFileSync(process.execPath).subarray(0, 4096))).toBeNull();
  });

  test("is summed up over a folder as the newest C library, and as what a Debian package depends on", () => {
    copyFileSync(path.join(SQLITE, "linux-x64.node"), path.join(folder, "a.node"));
    copyFileSync(path.join(SERIAL, "linux-x64/@serialport+bindings-cpp.glibc.node"), path.join(folder, "b.node"));
    const needs = systemNeeds(folder, { os: "linux", cpu: "x64" });
    expect(needs).toMatchObject({ glibc: "2.34", libstdcxx: "3.4.29" });
    expect(needs.files).toEqual(
      new Map([
        ["a.node", "2.34"],
        ["b.node", "2.28"],
      ]),
    );
    expect(debianDepends(needs)).toMatch(/^libc6 \(>= 2\.34\), libstdc\+\+6 \(>= 11\), /);
  });

  test("stops a package with machine code for another processor, or for a library that few systems have", () => {
    copyFileSync(path.join(SQLITE, "linux-arm64.node"), path.join(folder, "a.node"));
    expect(() => systemNeeds(folder, { os: "linux", cpu: "x64" })).toThrow("a.node is for arm64, the package for x64");
    copyFileSync(path.join(SQLITE, "linuxmusl-arm64.node"), path.join(folder, "a.node"));
    expect(() => systemNeeds(folder, { os: "linux", cpu: "arm64" })).toThrow("libc.musl-aarch64.so.1");
  });

  test("on Windows is no more than Windows 8 for anything of ours, below what Electron itself runs on", () => {
    for (const file of ["win32-x64", "win32-arm64"].flatMap((name) => [path.join(SQLITE, `${name}.node`)])) {
      const pe = readPe(readFileSync(file));
      expect(file).toContain(pe?.cpu ?? "none");
      expect(pe?.subsystem.major).toBe(6);
    }
  });
});

describe("docs/packages.md", () => {
  const page = readFileSync(path.join(root, "docs/packages.md"), "utf8");

  test("states the oldest C library that the binaries really need", () => {
    copyFileSync(path.join(SQLITE, "linux-x64.node"), path.join(folder, "sqlite.node"));
    copyFileSync(path.join(SERIAL, "linux-x64/@serialport+bindings-cpp.glibc.node"), path.join(folder, "serial.node"));
    copyFileSync(process.execPath, path.join(folder, "node"));
    const { glibc, files } = systemNeeds(folder, { os: "linux", cpu: process.arch === "arm64" ? "arm64" : "x64" });
    expect(page).toContain(`**glibc ${glibc}**`);
    expect(page).toContain(`Node itself needs ${files.get("node")}`);
    expect(page).toContain(`serialport ${files.get("serial.node")}`);
  });
});

test("the Node that is fetched for another processor is the version that is installed here", () => {
  const { version } = createRequire(import.meta.url)("node/package.json") as { version: string };
  expect(PINNED.version).toBe(version);
});
