import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type LockedPlace, lockClosure, type Machine } from "./lock-closure.ts";

const PC: Machine = { os: "linux", cpu: "x64" };
const LOCK = path.resolve(import.meta.dirname, "../../package-lock.json");

describe("the places a workspace needs", () => {
  test("are those that Node finds: nearest first, through links to our own workspaces", () => {
    const locked: Record<string, LockedPlace> = {
      app: { dependencies: { "@ours/words": "1", a: "1" } },
      words: { dependencies: { b: "1" } },
      "node_modules/@ours/words": { link: true, resolved: "words" },
      "node_modules/a": { dependencies: { b: "2" } },
      "node_modules/a/node_modules/b": { dependencies: { c: "1" } },
      "node_modules/b": {},
      "node_modules/c": {},
      "node_modules/unused": {},
    };
    expect(lockClosure(locked, "app", PC)).toEqual([
      "app",
      "node_modules/a",
      "node_modules/a/node_modules/b",
      "node_modules/b",
      "node_modules/c",
      "words",
    ]);
  });

  test("leave out what is for other machines, what is named as left out, and optional packages that are not locked", () => {
    const locked: Record<string, LockedPlace> = {
      app: { dependencies: { a: "1", updater: "1" }, optionalDependencies: { mac: "1", absent: "1" } },
      "node_modules/a": { optionalDependencies: { "a-linux": "1", "a-arm": "1" } },
      "node_modules/a-linux": { os: ["linux"] },
      "node_modules/a-arm": { os: ["linux"], cpu: ["arm64"] },
      "node_modules/mac": { os: ["darwin"] },
      "node_modules/updater": {},
    };
    expect(lockClosure(locked, "app", PC, ["updater"])).toEqual(["app", "node_modules/a", "node_modules/a-linux"]);
    expect(lockClosure(locked, "app", { os: "linux", cpu: "arm64" }, ["updater"])).toContain("node_modules/a-arm");
  });

  test("end in a sentence when the lock file does not fit", () => {
    expect(() => lockClosure({ app: { dependencies: { gone: "1" } } }, "app", PC)).toThrow(
      /no gone, which app depends on: run npm install/,
    );
  });

  test("of the window PC hold its packages and none of central's, the screens' or the tools'", () => {
    const locked: Record<string, LockedPlace> = JSON.parse(readFileSync(LOCK, "utf8")).packages;
    const places = lockClosure(locked, "host-app", PC, ["electron-updater"]);
    for (const wanted of ["protocol", "device-profiles", "node_modules/better-sqlite3", "node_modules/serialport", "node_modules/zod"])
      expect(places).toContain(wanted);
    const names = places.map((place) => place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length));
    for (const other of ["react", "antd", "vite", "electron", "electron-updater", "kysely", "vitest"]) expect(names).not.toContain(other);
  });
});
