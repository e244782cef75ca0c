import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findProfile, loadProfiles } from "./index.ts";
import { type ProfileSource, readLibrary } from "./library.ts";
import { PROFILE_FOLDER } from "./profiles.ts";

const GOOD = JSON.parse(readFileSync(join(PROFILE_FOLDER, "generic/five-button.json"), "utf8"));
const profile = (id: string, usb: readonly object[]): string => JSON.stringify({ ...GOOD, id, identity: { usb } });
const own = (more: object = {}) => ({ vendorId: "1209", productId: "5a01", sharedBridgeChip: false, ...more });

const source = (files: Record<string, string>): ProfileSource => ({
  list: () => Object.keys(files),
  read: (file) => files[file] as string,
});
const problemsOf = (files: Record<string, string>): string[] =>
  readLibrary(source(files)).problems.map(({ file, path, message }) => `${file} ${path}: ${message}`);

const folders: string[] = [];
const folderWith = (files: Record<string, string>): string => {
  const folder = mkdtempSync(join(tmpdir(), "profiles-"));
  folders.push(folder);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const thrown = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe("the library", () => {
  it("holds the profiles that come with the system, all good", () => {
    expect(loadProfiles().map(({ id }) => id)).toContain("generic/five-button");
  });

  it("finds a profile by its id", () => {
    expect(findProfile("generic/five-button").limits.eventCapacity).toBe(64);
  });

  it("names the nearest id when there is no such profile", () => {
    expect(thrown(() => findProfile("generic/five-buton"))).toMatchObject({
      code: "WR2002",
      detail: expect.stringContaining('did you mean "generic/five-button"?'),
    });
    expect(thrown(() => findProfile("../../../etc/passwd"))).toMatchObject({
      code: "WR2002",
      detail: expect.stringContaining("there are: generic/five-button"),
    });
  });

  it("reads a folder of one's own", () => {
    const folder = folderWith({ "acme/a.json": profile("acme/a", [own()]), "acme/b.json": profile("acme/b", []) });
    expect(loadProfiles(folder).map(({ id }) => id)).toEqual(["acme/a", "acme/b"]);
    expect(loadProfiles(`${folder}/`)).toHaveLength(2);
  });

  it("is refused with everything that is wrong in any file", () => {
    const folder = folderWith({ "acme/a.json": "{", "acme/b.json": "{}", "acme/notes.txt": "x" });
    expect(thrown(() => loadProfiles(folder))).toMatchObject({
      code: "WR2001",
      detail: expect.stringMatching(
        /acme\/a\.json \$: is not JSON.*acme\/b\.json \$\.id: is missing.*acme\/notes\.txt \$: is not a profile/s,
      ),
    });
  });

  it("is refused when the folder is missing or empty", () => {
    expect(thrown(() => loadProfiles("/nowhere/profiles"))).toMatchObject({ code: "WR2001" });
    expect(problemsOf({})).toEqual([". $: holds no profile"]);
  });

  it("goes on with the others when one file cannot be read", () => {
    const read = (file: string): string => {
      if (file === "acme/a.json") throw new Error("EIO");
      return profile("acme/b", []);
    };
    const library = readLibrary({ list: () => ["acme/a.json", "acme/b.json"], read });
    expect(library.profiles.map(({ id }) => id)).toEqual(["acme/b"]);
    expect(library.problems).toEqual([{ file: "acme/a.json", path: "$", message: "cannot be read: EIO" }]);
  });

  it("refuses two profiles that claim one USB device, whichever two they are", () => {
    const files = {
      "acme/a.json": profile("acme/a", [own({ productId: "5a02" })]),
      "acme/b.json": profile("acme/b", [own()]),
      "zeta/c.json": profile("zeta/c", [own()]),
    };
    expect(problemsOf(files)).toEqual([
      "zeta/c.json $.identity.usb[0]: claims the same USB device as acme/b; add a serialNumber pattern or a product text to one of them",
    ]);
  });

  it("lets profiles share a bridge chip, and share ids that their texts tell apart", () => {
    const shared = { vendorId: "1a86", productId: "7523", sharedBridgeChip: true };
    const files = {
      "acme/a.json": profile("acme/a", [shared, own({ product: "A" })]),
      "acme/b.json": profile("acme/b", [shared, own({ product: "B" })]),
    };
    expect(problemsOf(files)).toEqual([]);
  });
});
