import { describe, expect, test } from "vitest";
import { isShipped } from "./shipped-file.ts";

const PC = { os: "linux", cpu: "x64" } as const;

describe("of an npm package", () => {
  test.each(["lib/index.js", "package.json", "LICENSE", "license.md", "deps/sqlite3/LICENSE", "dist/schema.json", "build/output.js"])(
    "%s is shipped",
    (file) => expect(isShipped(file, PC)).toBe(true),
  );

  test.each([
    "README.md",
    "index.d.ts",
    "index.js.map",
    "src/better_sqlite3.cpp",
    "deps/sqlite3/sqlite3.c",
    "test/a.js",
    ".eslintrc",
    ".github/workflows/ci.yml",
  ])("%s is not", (file) => expect(isShipped(file, PC)).toBe(false));

  test("machine code is shipped for this machine alone, and for the usual C library", () => {
    const files = [
      "prebuilds/linux-x64.node",
      "prebuilds/linuxmusl-x64.node",
      "prebuilds/linux-arm64.node",
      "prebuilds/win32-x64.node",
      "prebuilds/linux-x64/@serialport+bindings-cpp.glibc.node",
      "prebuilds/linux-x64/@serialport+bindings-cpp.musl.node",
      "prebuilds/linux-arm64/@serialport+bindings-cpp.armv8.glibc.node",
      "prebuilds/darwin-x64+arm64/@serialport+bindings-cpp.node",
      "build/Release/stray.node",
    ];
    expect(files.filter((file) => isShipped(file, PC))).toEqual([
      "prebuilds/linux-x64.node",
      "prebuilds/linux-x64/@serialport+bindings-cpp.glibc.node",
    ]);
    expect(files.filter((file) => isShipped(file, { os: "linux", cpu: "arm64" }))).toEqual([
      "prebuilds/linux-arm64.node",
      "prebuilds/linux-arm64/@serialport+bindings-cpp.armv8.glibc.node",
    ]);
  });
});
