import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { builderConfig } from "@window-rating/host-app/electron-builder";
import { describe, expect, test } from "vitest";
import { controlFile } from "./deb.ts";

const shipped = (name: string) => readFileSync(path.join(import.meta.dirname, "debian", name), "utf8");
const unit = shipped("window-host.service");

describe("the Debian package", () => {
  test("says what it is for, and for which processor and C library", () => {
    const needs = { glibc: "2.34", libstdcxx: null, files: new Map() };
    const control = controlFile({ version: "1.2.3", machine: { os: "linux", cpu: "arm64" }, needs }, 4711);
    expect(control).toContain("\nVersion: 1.2.3\nArchitecture: arm64\n");
    expect(control).toContain("\nDepends: libc6 (>= 2.34), ");
    // Every line after the description's first is part of it.
    expect(control.split("\n").filter((line) => !/^( \S|[A-Z][A-Za-z-]+: \S)/.test(line))).toEqual([""]);
  });

  // dpkg asks at an upgrade only where both the shipped file and the installed one have changed.
  test("never changes its one file of settings, because then dpkg would ask at an upgrade", () => {
    expect(createHash("sha256").update(shipped("default")).digest("hex")).toBe(
      "6213fd2231aed54d397a7669b2da221a5265b0c56c290217710e08a3d1f5f070",
    );
  });

  test.each(["postinst", "prerm", "postrm", "window-host.sh", "program.sh"])(
    "%s is plain sh, reads nobody's answer and deletes no data",
    (name) => {
      const text = shipped(name);
      execFileSync("sh", ["-n"], { input: text });
      expect(text.startsWith("#!/bin/sh\n")).toBe(true);
      expect(text).not.toMatch(/\bread\b(?! by)|debconf/);
      for (const [, target] of text.matchAll(/\brm -r?f? *(\S+)/g)) expect(target).toBe("/var/cache/window-rating");
    },
  );
});

describe("window-rating:// links", () => {
  test("are opened by the command that window-host open-link --handler prints, from both packages and for every user", () => {
    const main = path.join(import.meta.dirname, "../../host-app/src/core/main.ts");
    const printed = execFileSync(process.execPath, [main, "open-link", "--handler", "linux"], { encoding: "utf8" });
    expect(shipped("window-rating-link.desktop")).toBe(printed);
    expect(unit).toMatch(/^RuntimeDirectory=window-rating$/m);
    const { protocols } = builderConfig({
      command: "/command",
      app: "",
      out: "",
      electronVersion: "0.0.0",
      afterPack: () => Promise.resolve(),
    });
    expect(protocols).toMatchObject({ schemes: ["window-rating"] });
    const installer = readFileSync(path.join(import.meta.dirname, "electron/installer.nsh"), "utf8");
    const [install = "", uninstall = ""] = installer.split("!macro customUnInstall");
    expect(install).toContain(String.raw`"Software\Classes\window-rating\shell\open\command" "" '"$INSTDIR\window-rating.exe" "%1"'`);
    expect(uninstall).toContain(String.raw`DeleteRegKey HKLM "Software\Classes\window-rating"`);
  });
});

describe("the service", () => {
  test("runs as a user of its own that may open serial ports, now and when one is plugged in later", () => {
    expect(unit).toMatch(/^User=window-rating$/m);
    expect(unit).toMatch(/^SupplementaryGroups=dialout$/m);
    expect(unit).toMatch(/^DevicePolicy=closed$/m);
    const allowed = [...unit.matchAll(/^DeviceAllow=(.*)$/gm)].map(([, rule]) => rule);
    // By name a rule would count only for drivers that are loaded when the service starts.
    expect(allowed).toEqual(["char-188 rw", "char-166 rw", "char-4 rw", "char-204 rw"]);
  });

  test("comes back whatever ends it, except a configuration that cannot work", () => {
    expect(unit).toMatch(/^Restart=always$/m);
    expect(unit).toMatch(/^StartLimitIntervalSec=0$/m);
    expect(unit).toMatch(/^RestartPreventExitStatus=2$/m);
  });
});
