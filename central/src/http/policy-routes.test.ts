import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, launchBrowser } from "../../test/browser.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { answerErrors } from "./errors.ts";
import { policyRoutes } from "./policy-routes.ts";

const OCTOBER = Date.UTC(2026, 9, 1);
let now = OCTOBER;
let app: FastifyInstance;

beforeAll(async () => {
  app = Fastify();
  answerErrors(app);
  policyRoutes(app, { book: openRuleBook(), now: () => now });
  await app.ready();
});
afterAll(() => app.close());

const QUESTION = { region: "weihai-lingang", rule: "rectification", class: "complex", channel: "online", at: "2022-03-01T10:00+08:00" };
const get = (path: string, query: Readonly<Record<string, string>> = {}) => app.inject({ url: path, query });

describe("GET /api/v1/policy/explain", () => {
  test("says until when and why", async () => {
    const answer = await get("/api/v1/policy/explain", QUESTION);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ due: "2022-03-22T24:00+08:00", dueDate: "2022-03-22", ask: false, reading: "as-written" });
  });

  test("reads a time whose plus sign was not escaped", async () => {
    const query = Object.entries(QUESTION).map(([key, value]) => `${key}=${value}`);
    const answer = await app.inject({ url: `/api/v1/policy/explain?${query.join("&")}` });
    expect(answer.json()).toMatchObject({ due: "2022-03-22T24:00+08:00" });
  });

  test.each([
    ["a year without a paper", { ...QUESTION, at: "2026-12-31T10:00+08:00" }, 422, "WR7104"],
    ["an unknown region", { ...QUESTION, region: "nowhere" }, 404, "WR7102"],
    ["an unknown reading", { ...QUESTION, reading: "other" }, 400, "WR7103"],
    ["a missing class", { region: "linxia", rule: "rectification", at: QUESTION.at }, 400, "WR7106"],
    ["a time that is none", { ...QUESTION, at: "2022-02-30T10:00" }, 400, "WR7001"],
    ["an unknown field", { ...QUESTION, colour: "red" }, 400, "WR7001"],
    ["an unknown rule", { ...QUESTION, rule: "toString" }, 400, "WR7001"],
    ["a path for a region", { ...QUESTION, region: "../policies/linxia" }, 404, "WR7102"],
  ])("refuses %s", async (_, query, status, code) => {
    const answer = await get("/api/v1/policy/explain", query);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ error: { code } });
  });

  test("refuses a field that is given twice", async () => {
    const answer = await app.inject({ url: "/api/v1/policy/explain?region=linxia&region=yantai" });
    expect(answer.statusCode).toBe(400);
  });

  test("warns of next year's missing paper from November on", async () => {
    const warnings = async () => ((await get("/api/v1/policy/explain", QUESTION)).json() as { warnings: { en: string }[] }).warnings;
    expect((await warnings()).filter(({ en }) => en.includes("2027"))).toEqual([]);
    now = Date.UTC(2026, 9, 31, 16);
    expect((await warnings()).filter(({ en }) => en.includes("2027"))).toHaveLength(1);
    now = OCTOBER;
  });
});

test("rules and packs are listed, with the whole pack for those who build on it", async () => {
  const rules = (await get("/api/v1/policy/rules", { region: "linxia" })).json() as { rules: { rule: string }[]; pack: { batch: unknown } };
  expect(new Set(rules.rules.map(({ rule }) => rule)).size).toBe(14);
  expect(rules.pack.batch).toMatchObject({ said: true, minCases: 2 });
  expect((await get("/api/v1/policy/packs")).json()).toMatchObject([
    { region: "linxia" },
    { region: "siping", status: "draft" },
    {},
    {},
    {},
  ]);
});

describe("the page /policy", () => {
  test("asks without an answer first, and loads nothing but its style", async () => {
    const page = await get("/policy");
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(page.body).toContain('<option value="siping">');
    expect(page.body).not.toContain("<script");
    expect(page.body).not.toContain("<svg");
    expect((await get("/policy.css")).headers["content-type"]).toContain("text/css");
  });

  test("shows the due date, the clause and a calendar with every counted and skipped day marked", async () => {
    const { body } = await get("/policy", QUESTION);
    expect(body).toContain("2022-03-22 24:00");
    expect(body).toContain("三(二)3 (L63)");
    expect(body).toContain('<option value="weihai-lingang" selected>');
    expect(body.match(/class="cell counted[^"]*"/g)).toHaveLength(15);
    expect(body.match(/class="cell skipped[^"]*"/g)).toHaveLength(6);
    expect(body).toMatch(/class="cell counted due" data-date="2022-03-22"/);
    expect(body).toMatch(/class="cell plain start" data-date="2022-03-01"/);
  });

  test("says why it refuses, in the page", async () => {
    const page = await get("/policy", { ...QUESTION, at: "2026-12-20T10:00" });
    expect(page.statusCode).toBe(422);
    expect(page.body).toContain("还没有放假通知");
    expect(page.body).toContain("WR7104");
  });

  test("shows what was typed as text, never as markup", async () => {
    const { body } = await get("/policy", { ...QUESTION, reading: '"><script>alert(1)</script>' });
    expect(body).not.toContain("<script>");
    expect(body).toContain("&lt;script&gt;");
  });

  const path = browserPath();
  test.skipIf(path === undefined)("fits a narrow screen and a wide one without scrolling sideways (needs a browser)", async () => {
    await app.listen({ port: 0, host: "127.0.0.1" });
    const address = app.server.address();
    const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}/policy?${new URLSearchParams(QUESTION)}`;
    const browser = await launchBrowser(path ?? "");
    try {
      for (const width of [390, 1200]) {
        const page = await browser.newPage({ viewport: { width, height: 900 } });
        const complaints: string[] = [];
        page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
        await page.goto(url);
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
        expect(complaints.filter((text) => !text.includes("favicon"))).toEqual([]);
        await page.close();
      }
    } finally {
      await browser.close();
    }
  });
});
