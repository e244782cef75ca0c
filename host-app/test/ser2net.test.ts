import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findSer2net } from "./ser2net.ts";
import { temporaryFolder } from "./window-rig.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** A folder with that program in it. */
const bin = (program: string): string => {
  const path = join(folder.path, program);
  mkdirSync(path);
  writeFileSync(join(path, program), "");
  return path;
};

describe("a machine without ser2net", () => {
  test("fails where CI could have installed it, as root on a Debian", () => {
    const debian = { env: { CI: "true", PATH: bin("apt-get") }, isRoot: true, folders: [] };
    expect(() => findSer2net(debian)).toThrow("apt-get install ser2net");
  });

  test("skips the tests of it everywhere else", () => {
    const PATH = bin("apt-get");
    expect(findSer2net({ env: { PATH }, isRoot: true, folders: [] })).toBeUndefined();
    expect(findSer2net({ env: { CI: "true", PATH }, isRoot: false, folders: [] })).toBeUndefined();
    expect(findSer2net({ env: { CI: "true", PATH: "" }, isRoot: true, folders: [] })).toBeUndefined();
  });
});

test("ser2net is found on PATH, and where Debian keeps it", () => {
  const [apt, ser2net] = [bin("apt-get"), bin("ser2net")];
  const path = join(ser2net, "ser2net");
  expect(findSer2net({ env: { CI: "true", PATH: [apt, ser2net].join(delimiter) }, isRoot: true, folders: [] })).toBe(path);
  expect(findSer2net({ env: { CI: "true", PATH: apt }, isRoot: true, folders: [ser2net] })).toBe(path);
});
