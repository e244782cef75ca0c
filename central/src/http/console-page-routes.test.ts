import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BUILT_CONSOLE, consolePageRoutes } from "./console-page-routes.ts";
import { answerErrors } from "./errors.ts";

const INDEX = `<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><script type="module" src="/console/assets/index-abc.js"></script>`;

const serving = (built: string): FastifyInstance => {
  const app = Fastify();
  answerErrors(app);
  app.register((scope, _options, done) => {
    consolePageRoutes(scope, { built });
    done();
  });
  return app;
};

describe("the console's pages", () => {
  let built: string;
  let app: FastifyInstance;
  beforeAll(() => {
    built = mkdtempSync(join(tmpdir(), "console-"));
    mkdirSync(join(built, "assets"));
    writeFileSync(join(built, "index.html"), INDEX);
    writeFileSync(join(built, ".made-of.json"), "{}");
    writeFileSync(join(built, "assets", "index-abc.js"), "export {};");
    app = serving(built);
  });
  afterAll(async () => {
    await app.close();
    rmSync(built, { recursive: true });
  });
  const get = (url: string, host = "central.example") => app.inject({ url, headers: { host } });

  test("are one page for every address, so that each can be opened and reloaded", async () => {
    for (const url of ["/console/", "/console/ratings", "/console/ratings/12", "/console/cases/B%2F1"]) {
      const answer = await get(url);
      expect([url, answer.statusCode, answer.headers["content-type"]]).toEqual([url, 200, "text/html; charset=utf-8"]);
      expect(answer.headers["cache-control"]).toBe("no-store");
    }
    expect((await get("/")).headers.location).toBe("/console/");
    expect((await get("/console")).headers.location).toBe("/console/");
  });

  test("let nothing run but their own files, with a nonce of its own in every answer", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => get("/console/live")));
    const nonces = answers.map(({ body, headers }) => {
      const policy = String(headers["content-security-policy"]);
      const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? "";
      expect(nonce).toMatch(/^[A-Za-z0-9+/]{24}$/);
      expect(body).toContain(`content="${nonce}"`);
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; /);
      expect(policy).not.toMatch(/unsafe|\*/);
      expect(policy).toContain("frame-ancestors 'none'");
      return nonce;
    });
    expect(new Set(nonces).size).toBe(20);
  });

  test("may be framed by pages of the machine itself alone, and only under its own name", async () => {
    const framers = async (host: string) =>
      String((await get("/console/", host)).headers["content-security-policy"])
        .split("; ")
        .at(-1);
    expect(await framers("127.0.0.1:7300")).toBe("frame-ancestors http://127.0.0.1:* http://localhost:*");
    expect(await framers("localhost")).toBe("frame-ancestors http://127.0.0.1:* http://localhost:*");
    for (const host of ["10.0.0.8:7300", "central.example", "127.0.0.1.example", "localhost.example"])
      expect(await framers(host)).toBe("frame-ancestors 'none'");
  });

  test("keep their files for good, because a changed file has another name", async () => {
    const answer = await get("/console/assets/index-abc.js");
    expect([answer.statusCode, answer.headers["cache-control"]]).toEqual([200, "public, max-age=31536000, immutable"]);
    expect(answer.headers["content-type"]).toMatch(/javascript/);
  });

  test("answer what is not there as not found, never with the page: files of an older build, unknown requests, the list of sources", async () => {
    for (const url of [
      "/console/assets/index-old.js",
      "/console/v1/nothing",
      "/console/assets/",
      "/console/v1",
      "/console/assets/..%2f.made-of.json",
    ]) {
      const answer = await get(url);
      expect([url, answer.statusCode >= 400 && answer.statusCode < 500, answer.body.includes("<!doctype")]).toEqual([url, true, false]);
    }
    expect((await get("/console/.made-of.json")).body).toContain("<!doctype");
  });

  test("say what to do where they were never built", async () => {
    const bare = serving(join(built, "nowhere"));
    const answer = await bare.inject({ url: "/console/" });
    expect([answer.statusCode, answer.body]).toEqual([503, expect.stringContaining("npm run setup")]);
    await bare.close();
  });
});

test("what is loaded before the first page is at most 350 KB of script, compressed, and no script stands in the page itself", () => {
  expect(existsSync(BUILT_CONSOLE), "not built: npm run setup").toBe(true);
  const index = readFileSync(join(BUILT_CONSOLE, "index.html"), "utf8");
  const names = [...index.matchAll(/(?:src|href)="\/console\/(assets\/[^"]+\.js)"/g)].map(([, name = ""]) => name);
  const bytes = names.reduce((sum, name) => sum + gzipSync(readFileSync(join(BUILT_CONSOLE, name))).length, 0);
  expect(names.length).toBeGreaterThan(0);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThanOrEqual(350 * 1024);
  expect(index.replaceAll(/<script [^>]*src="[^"]+"[^>]*><\/script>/g, "")).not.toMatch(/<script|<style|\son\w+=/);
});
