import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findProfile, loadProfiles } from "./index.ts";
import { type ProfileSource, readLibrary } from "./library.ts";

const GOOD = findProfile("generic/five-button");
const profile = (id: string, usb: readonly object[]): string => JSON.stringify({ ...GOOD, id, identity: { usb } });
const KEYPAD = {
  framing: { is: "byte" },
  requests: {},
  keys: [{ key: "5", match: { data: "35" }, level: 5 }],
  repeat: { is: "never" },
  keepAlive: { from: "nobody" },
  guard: { beforeMs: 0, afterMs: 500 },
  examples: [{ bytes: "35", key: "5" }],
};
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
    expect(findProfile("generic/five-button")).toMatchObject({ protocol: "window-rating/1", limits: { eventCapacity: 64 } });
  });

  it("names the nearest id when there is no such profile", () => {
    expect(thrown(() => findProfile("generic/five-buton"))).toMatchObject({
      code: "WR2002",
      detail: expect.stringContaining('did you mean "generic/five-button"?'),
    });
    expect(thrown(() => findProfile("../../../etc/passwd"))).toMatchObject({
      code: "WR2002",
      detail: expect.stringContaining("there are: generic/ascii-keys, "),
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
      "zeta/c.json $.identity.usb[0]: zeta/c claims the same USB device as acme/b; add a serialNumber pattern or a product text to one of them",
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

  it("refuses serial number patterns that one number can fit both, and a repeat within one profile", () => {
    const files = {
      "acme/a.json": profile("acme/a", [own({ serialNumber: "WR5-*" })]),
      "acme/b.json": profile("acme/b", [own({ serialNumber: "*-0*1" })]),
      "acme/c.json": profile("acme/c", [own({ productId: "5a09", serialNumber: "XX*" }), own({ productId: "5a09", serialNumber: "xx*" })]),
    };
    expect(problemsOf(files)).toEqual([
      "acme/b.json $.identity.usb[0]: acme/b claims the same USB device as acme/a; add a serialNumber pattern or a product text to one of them",
      "acme/c.json $.identity.usb[1]: claims the same USB device as another entry of this profile",
    ]);
  });

  it("reads templates of the folder and those that come with the system, and tells of one that nobody uses", () => {
    const file = JSON.stringify({
      extends: ["ours", "keypad-9600"],
      id: "acme/a",
      model: "A",
      port: { baudRate: 4800 },
      keypad: KEYPAD,
    });
    const template = JSON.stringify({
      description: { zh: "样例", en: "Example" },
      identity: { usb: [] },
      port: { baudRate: 1200, parity: "odd" },
    });
    const folder = folderWith({ "acme/a.json": file, "templates/ours.json": template });
    // What stands later in extends lies above what stands earlier, and the file above all.
    expect(findProfile("acme/a", folder)).toMatchObject({ maker: "Generic", port: { baudRate: 4800, parity: "none" } });
    expect(problemsOf({ "acme/a.json": profile("acme/a", []), "templates/ours.json": template })).toEqual([
      "templates/ours.json $: is extended by no profile; delete it, or name it in extends",
    ]);
  });

  it("refuses what a pad of another maker is to say or light beside a rating, and has not", () => {
    const lines = findProfile("generic/ascii-lines");
    if (lines.protocol !== "keypad") throw new Error("is no keypad");
    const moments = { invited: { voice: 4, lamps: 31 }, atRest: { lamps: 8 } };
    const wrong = { ...lines, id: "ours/lines", lamps: { count: 3 }, keypad: { ...lines.keypad, moments } };
    expect(problemsOf({ "ours/lines.json": JSON.stringify(wrong) })).toEqual([
      "ours/lines.json $.keypad.moments.invited.voice: 4 is none of voice.prompts",
      "ours/lines.json $.keypad.moments.invited.lamps: 31 lights more lamps than lamps.count, which is 3",
      "ours/lines.json $.keypad.moments.atRest.lamps: 8 lights more lamps than lamps.count, which is 3",
    ]);
  });

  it("refuses a variant with the id of another profile", () => {
    const variants = [{ id: "acme/a-b", model: "B" }];
    const files = { "acme/a-b.json": profile("acme/a-b", []), "acme/a.json": JSON.stringify({ ...GOOD, id: "acme/a", variants }) };
    expect(problemsOf(files)).toEqual(['acme/a.json $.variants: "acme/a-b" is the id of a profile in acme/a-b.json already']);
  });

  it("finds a profile in a file of any name, and a variant of it behind a #", () => {
    const variants = [{ id: "acme/a-usb", model: "A USB" }];
    const folder = folderWith({ "any.json": JSON.stringify({ ...GOOD, id: "acme/a", variants }), "bad.json": "{" });
    expect(findProfile(join(folder, "any.json")).id).toBe("acme/a");
    expect(findProfile(`${join(folder, "any.json")}#acme/a-usb`).model).toBe("A USB");
    expect(thrown(() => findProfile(`${join(folder, "any.json")}#acme/a-ubs`))).toMatchObject({ code: "WR2002" });
    expect(thrown(() => findProfile(join(folder, "bad.json")))).toMatchObject({ code: "WR2001" });
    expect(thrown(() => findProfile(join(folder, "none.json")))).toMatchObject({ code: "WR2001" });
  });
});
