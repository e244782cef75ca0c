import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
    expect(readdirSync(dataDir)).toEqual(["pairings.json"]);
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
