import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Pairings, pairingsPath } from "./pairings.ts";

let dataDir: string;
let pairings: Pairings;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "pairings-"));
  pairings = new Pairings(dataDir);
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const NOW = Date.UTC(2025, 5, 1);

describe("A pairing", () => {
  test("keeps its token nowhere: the file holds a hash, for its owner alone", () => {
    const { token } = pairings.add("hall system", ["https://business.example"], NOW);
    const text = readFileSync(pairingsPath(dataDir), "utf8");
    expect(text).not.toContain(token);
    expect(text).not.toContain(token.slice(7));
    expect(JSON.parse(text).pairings).toEqual([
      {
        name: "hall system",
        tokenHash: expect.stringMatching(/^[0-9a-f]{64}$/),
        origins: ["https://business.example"],
        createdAt: "2025-06-01T00:00:00.000Z",
      },
    ]);
    expect(statSync(pairingsPath(dataDir)).mode & 0o777).toBe(0o600);
    expect(readdirSync(dataDir).sort()).toEqual(["pairings-lock.db", "pairings.json"]);
  });

  test("is found by its own token and by no other text", () => {
    const { token } = pairings.add("one", [], NOW);
    const { token: second } = pairings.add("two", [], NOW);
    expect(pairings.byToken(token)?.name).toBe("one");
    expect(pairings.byToken(second)?.name).toBe("two");
    for (const wrong of ["", token.slice(0, -1), `${token}A`, token.toUpperCase(), pairings.list()[0]?.tokenHash ?? ""]) {
      expect(pairings.byToken(wrong)).toBeUndefined();
    }
  });

  test("has a token that a browser can offer as a subprotocol", () => {
    expect(pairings.add("one", [], NOW).token).toMatch(/^wrdesk_[A-Za-z0-9_-]{43}$/);
  });

  test("has a name of its own", () => {
    pairings.add("one", [], NOW);
    expect(() => pairings.add(" one ", [], NOW)).toThrow(/WR8005/);
    expect(() => pairings.add("  ", [], NOW)).toThrow(/WR8005/);
    expect(() => pairings.revoke("two")).toThrow(/WR8005/);
    expect(pairings.list()).toHaveLength(1);
  });

  test("ends when it is revoked, in a window PC that runs already too", () => {
    const { token } = pairings.add("one", ["http://10.0.0.5:8080"], NOW);
    const running = new Pairings(dataDir);
    const pairing = running.byToken(token);
    expect(pairing?.name).toBe("one");
    pairings.revoke("one");
    expect(running.byToken(token)).toBeUndefined();
    expect(running.allowOrigin("http://10.0.0.5:8080")).toBe(false);
    expect(pairing !== undefined && running.stillHold(pairing)).toBe(false);
  });

  test("made anew under the same name is another one", () => {
    const { pairing } = pairings.add("one", [], NOW);
    pairings.revoke("one");
    pairings.add("one", [], NOW);
    expect(pairings.stillHold(pairing)).toBe(false);
  });

  test("is noticed even if the file keeps its size and its time", () => {
    const { token } = pairings.add("one", [], NOW);
    utimesSync(pairingsPath(dataDir), 1, 1);
    const running = new Pairings(dataDir);
    expect(running.byToken(token)).toBeDefined();
    pairings.revoke("one");
    const { token: next } = pairings.add("two", [], NOW);
    utimesSync(pairingsPath(dataDir), 1, 1);
    expect(running.byToken(token)).toBeUndefined();
    expect(running.byToken(next)?.name).toBe("two");
  });
});

describe("The last use of a pairing", () => {
  const used = (): unknown[] => new Pairings(dataDir).shown().map(({ name, lastUsedAt }) => [name, lastUsedAt]);
  const noon = (day: number): number => new Date(2025, 5, day, 12).getTime();

  test("is known by its day, in another process and after a restart too; a token made anew was not used yet", () => {
    const { pairing: one } = pairings.add("one", [], NOW);
    pairings.add("two", [], NOW);
    expect(used()).toEqual([
      ["one", null],
      ["two", null],
    ]);
    pairings.used(one, noon(2));
    pairings.used(one, noon(2) + 1000);
    expect(used()).toEqual([
      ["one", "2025-06-02"],
      ["two", null],
    ]);
    const running = new Pairings(dataDir);
    running.used(one, noon(3));
    expect(used()).toEqual([
      ["one", "2025-06-03"],
      ["two", null],
    ]);
    pairings.revoke("one");
    const { pairing: again } = pairings.add("one", [], NOW);
    expect(used()).toEqual([
      ["two", null],
      ["one", null],
    ]);
    running.used(again, noon(4));
    expect(Object.keys(JSON.parse(readFileSync(join(dataDir, "pairings-used.json"), "utf8")))).toEqual([again.tokenHash]);
  });

  test("is written once a day, and holds nobody up where it cannot be read or written", () => {
    const { pairing, token } = pairings.add("one", [], NOW);
    pairings.used(pairing, noon(2));
    writeFileSync(join(dataDir, "pairings-used.json"), "{");
    pairings.used(pairing, noon(2));
    expect(readFileSync(join(dataDir, "pairings-used.json"), "utf8")).toBe("{");
    expect(used()).toEqual([["one", null]]);
    rmSync(join(dataDir, "pairings-used.json"));
    mkdirSync(join(dataDir, "pairings-used.json"));
    pairings.used(pairing, noon(3));
    expect(pairings.byToken(token)?.name).toBe("one");
  });
});

describe("Pairings that several programs change at the same time", () => {
  /** A process of its own that pairs so many, and says when it is about to. */
  const pairing = (name: string, count: number) => {
    const from = pathToFileURL(join(import.meta.dirname, "pairings.ts")).href;
    const text = `
      const { Pairings } = await import(${JSON.stringify(from)});
      const pairings = new Pairings(${JSON.stringify(dataDir)});
      pairings.list();
      process.stdout.write("ready");
      await new Promise((resolve) => process.stdin.once("data", resolve));
      for (let i = 0; i < ${count}; i++) pairings.add("${name} " + i, [], 0);
      process.exit(0);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", text], { stdio: ["pipe", "pipe", "inherit"] });
    return {
      ready: new Promise<void>((resolve) => child.stdout.once("data", () => resolve())),
      go: () => child.stdin.write("go"),
      ended: new Promise<number | null>((resolve) => child.once("close", resolve)),
    };
  };

  test("are all there afterwards", async () => {
    const programs = ["one", "two"].map((name) => pairing(name, 15));
    await Promise.all(programs.map(({ ready }) => ready));
    for (const { go } of programs) go();
    for (let i = 0; i < 5; i++) pairings.add(`three ${i}`, [], NOW);
    expect(await Promise.all(programs.map(({ ended }) => ended))).toEqual([0, 0]);
    expect(pairings.list()).toHaveLength(35);
  });
});

describe("An origin", () => {
  test.each(["https://business.example", "http://10.0.0.5:8080", "http://[fd00::1]:80801".slice(0, -1), "https://xn--fiqs8s.example"])(
    "%s is taken",
    (origin) => {
      expect(pairings.add("one", [origin], NOW).pairing.origins).toEqual([origin]);
    },
  );

  test.each([
    "*",
    "null",
    "",
    "https://*.example",
    "business.example",
    "file:///index.html",
    "javascript:alert(1)",
    "https://business.example/",
    "https://business.example/page",
    "HTTPS://business.example",
    "https://business.example:443",
    "https://user@business.example",
    "https://政务.example",
  ])("%s is refused", (origin) => {
    expect(() => pairings.add("one", [origin], NOW)).toThrow(/WR8005/);
    expect(pairings.list()).toEqual([]);
  });

  test("that is nearly right is refused with the right one", () => {
    expect(() => pairings.add("one", ["https://business.example/page"], NOW)).toThrow(/it is https:\/\/business\.example\./);
  });
});

describe("A file that is no list of pairings", () => {
  test.each(["", "{", "[]", '{"pairings":[{"name":"x"}]}', '{"pairings":[],"more":1}'])("lets nobody in: %j", (text) => {
    const { token } = pairings.add("one", [], NOW);
    writeFileSync(pairingsPath(dataDir), text);
    expect(() => pairings.byToken(token)).toThrow(/WR8006/);
    expect(() => pairings.byToken(token)).toThrow(/WR8006/);
    expect(() => pairings.add("two", [], NOW)).toThrow(/WR8006/);
    expect(readFileSync(pairingsPath(dataDir), "utf8")).toBe(text);
  });

  test("is told from no file at all, which is no pairing", () => {
    expect(pairings.list()).toEqual([]);
    expect(pairings.byToken("anything")).toBeUndefined();
  });
});
