import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { FuseState, FuseV1Options } from "@electron/fuses";
import { describe, expect, test } from "vitest";
import { FUSES, wrongFuses } from "./fuses.ts";
import { isPermitted, PERMISSIONS } from "./permissions.ts";

const names = Object.values(FuseV1Options).filter((value) => typeof value === "string");

describe("the fuses", () => {
  test("are all decided, every one that @electron/fuses knows", () => {
    expect(Object.keys(FUSES)).toHaveLength(names.length);
    for (const name of names) expect(FUSES[FuseV1Options[name as keyof typeof FuseV1Options]], name).toBeTypeOf("boolean");
  });

  test("leave no way to a Node, an inspector, or code that is not in the signed archive", () => {
    expect(FUSES[FuseV1Options.RunAsNode]).toBe(false);
    expect(FUSES[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(false);
    expect(FUSES[FuseV1Options.EnableNodeCliInspectArguments]).toBe(false);
    expect(FUSES[FuseV1Options.GrantFileProtocolExtraPrivileges]).toBe(false);
    expect(FUSES[FuseV1Options.EnableCookieEncryption]).toBe(true);
    expect(FUSES[FuseV1Options.EnableEmbeddedAsarIntegrityValidation]).toBe(true);
    expect(FUSES[FuseV1Options.OnlyLoadAppFromAsar]).toBe(true);
  });

  test("that are read back are complained about by name when one is wrong, missing or new", () => {
    const wire: Record<string, unknown> = { version: "1" };
    for (const [key, wanted] of Object.entries(FUSES)) wire[key] = wanted ? FuseState.ENABLE : FuseState.DISABLE;
    expect(wrongFuses(wire)).toEqual([]);
    expect(wrongFuses({ ...wire, [FuseV1Options.RunAsNode]: FuseState.ENABLE })).toEqual(["RunAsNode is ENABLE, wanted is DISABLE"]);
    expect(wrongFuses({ ...wire, [FuseV1Options.OnlyLoadAppFromAsar]: FuseState.REMOVED })).toHaveLength(1);
    expect(wrongFuses({ ...wire, 99: FuseState.ENABLE })).toEqual(["fuse 99 is not known here"]);
    expect(wrongFuses({})).toHaveLength(names.length);
  });
});

describe("permissions", () => {
  test("are all refused, those that are not known too", () => {
    for (const permission of [...Object.keys(PERMISSIONS), "teleport", "constructor", "__proto__"])
      expect(isPermitted(permission)).toBe(false);
  });

  test("are named one by one, every one that this Electron knows", () => {
    const types = path.join(path.dirname(createRequire(import.meta.url).resolve("electron/package.json")), "electron.d.ts");
    const union =
      /setPermissionCheckHandler\(handler: .*?permission: ('[^)]+?'), requestingOrigin/.exec(readFileSync(types, "utf8"))?.[1] ?? "";
    const known = [...union.matchAll(/'([\w-]+)'/g)].map(([, name]) => name);
    expect(known.length).toBeGreaterThan(30);
    expect(Object.keys(PERMISSIONS).sort()).toEqual(known.sort());
  });
});
