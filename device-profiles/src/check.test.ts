import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { isFreshSchema, profileJsonSchema } from "./json-schema.ts";

const folder = mkdtempSync(join(tmpdir(), "profile-check-"));
mkdirSync(join(folder, "acme"));
writeFileSync(join(folder, "acme/a.json"), '{ "ids": 1 }');
writeFileSync(join(folder, "acme/b.json"), "{");
afterAll(() => rmSync(folder, { recursive: true }));

const check = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "check.ts"), ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
};

describe("profiles:check", () => {
  it("passes on the profiles and the schema file that come with the system", () => {
    expect(check("--json")).toMatchObject({ status: 0, stdout: expect.stringContaining('"problems":[]') });
  });

  it("lists every error with code, file and place, and fails", () => {
    const { status, stderr, stdout } = check(folder);
    expect(status).toBe(1);
    expect(stderr).toContain('WR2001 acme/a.json $.ids: unknown key; did you mean "id"?');
    expect(stderr).toContain("WR2001 acme/a.json $.port: is missing");
    expect(stderr).toContain("WR2001 acme/b.json $: is not JSON");
    expect(stdout).toMatch(/^\d+ wrong\n$/);
  });

  it("says so when the folder is missing", () => {
    expect(check("/nowhere")).toMatchObject({ status: 1, stderr: expect.stringContaining("WR2001") });
  });

  it("shows examples with --help and refuses what it does not know", () => {
    expect(check("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("npm run profiles:check") });
    expect(check("--nonsense")).toMatchObject({ status: 2, stderr: expect.stringContaining("--nonsense") });
    expect(check("one", "two").status).toBe(2);
  });
});

describe("the JSON Schema file", () => {
  it("is fresh whatever its layout, and stale after any change or damage", () => {
    const schema = profileJsonSchema() as Record<string, unknown>;
    expect(isFreshSchema(JSON.stringify(schema, null, 7))).toBe(true);
    expect(isFreshSchema(JSON.stringify({ ...schema, title: "other" }))).toBe(false);
    expect(isFreshSchema("{")).toBe(false);
  });

  it("has a description of every key that is not plain", () => {
    const text = readFileSync(join(import.meta.dirname, "../schema/profile.schema.json"), "utf8");
    expect(text).toContain("the handshake decides");
    expect(text).toContain('"additionalProperties": false');
  });
});
