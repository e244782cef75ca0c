import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserPath, launchBrowser } from "../../test/browser.ts";
import { china, DAY_MS, FRESH_STORAGES, JobWorld } from "../../test/job-world.ts";
import type { TestStorage } from "../../test/storages.ts";
import { createLiveFeed } from "../live-feed.ts";
import { readCounts } from "../reading/counts.ts";
import { httpGateway } from "../sms/http-gateway.ts";
import { type SimulatedPhone, startSimulatedPhone } from "../sms/simulated-phone.ts";
import { createServer } from "./server.ts";

const MONDAY = china("2026-03-02 09:00");
const TOKEN = "token of the gateway";
const FIELDS = { messageId: "msgid", phone: "mobile", text: "content" };

describe.each(FRESH_STORAGES)("reminders and replies over HTTP on $name", ({ start }) => {
  let storages: Awaited<ReturnType<typeof start>>;
  let storage: TestStorage;
  let world: JobWorld;
  let phone: SimulatedPhone;
  let servers: ReturnType<typeof createServer>[];
  let url: string;
  let ownFieldsUrl: string;
  beforeAll(async () => {
    storages = await start();
    storage = await storages.fresh();
    world = await JobWorld.open(storage);
    await world.chooseRegion("linxia");
    await world.set({ quietHours: null });
    const { db, now, keys } = world;
    const log = pino({ level: "silent" });
    const feed = createLiveFeed(
      () => readCounts(db),
      () => {},
    );
    const plain = { messageId: "messageId", phone: "phone", text: "text" };
    servers = [plain, FIELDS].map((fields) =>
      createServer({ db, now, log, feed, administrationToken: undefined, contactKeys: keys, replies: { keys, token: TOKEN, fields } }),
    );
    [url, ownFieldsUrl] = (await Promise.all(servers.map((app) => app.listen({ port: 0, host: "127.0.0.1" })))) as [string, string];
    phone = await startSimulatedPhone({ port: 0, centralUrl: url, token: TOKEN });
  });
  afterAll(async () => {
    await phone.close();
    for (const app of servers) await app.close();
    await world.close();
    await storage.remove();
    await storages.stop();
  });

  const run = () => world.run({ sms: { gateway: httpGateway(phone.gatewayFile, {}), keys: world.keys } });
  const post = (body: unknown, { address = url, token = TOKEN, query = "", type = "application/json" } = {}) =>
    fetch(`${address}/api/v1/sms/replies${query}`, {
      method: "POST",
      headers: { "content-type": type, ...(token === "" ? {} : { authorization: `Bearer ${token}` }) },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  const outcome = async (response: Response): Promise<unknown> => {
    const content = (await response.json()) as { answer?: string; error?: { code: string } };
    return [response.status, content.answer ?? content.error?.code];
  };

  test("from the outbox through the gateway to the phone, and the answer 5 back to a rating and a receipt", async () => {
    const caseNo = await world.tell({ completedAtMs: MONDAY, phone: "13000000001" });
    world.nowMs = MONDAY + DAY_MS;
    await run();
    expect(phone.messages.map(({ phone: to, text }) => [to, text.includes("居民身份证换领")])).toEqual([["13000000001", true]]);
    expect(await phone.reply("13000000001", "5")).toBe("rated");
    expect((await world.ratings(caseNo)).rows).toMatchObject([{ channel: "sms", level: 5 }]);
    await run();
    expect(phone.messages.at(-1)?.text).toContain("感谢您的评价：非常满意");
  });

  test("only who has the token hands in replies, as header or in the address", async () => {
    const reply = { messageId: "t-1", phone: "13000000009", text: "5" };
    expect(await outcome(await post(reply, { token: "" }))).toEqual([401, "WR7038"]);
    expect(await outcome(await post(reply, { token: "another" }))).toEqual([401, "WR7038"]);
    expect(await outcome(await post(reply, { token: "", query: `?token=${encodeURIComponent(TOKEN)}` }))).toEqual([200, "nothing-open"]);
    expect(await outcome(await post(reply))).toEqual([200, "duplicate"]);
  });

  test("a gateway's own names for the fields are taken, as JSON with numbers and as a form", async () => {
    const form = new URLSearchParams({ msgid: "f-1", mobile: "13000000009", content: "5" }).toString();
    const type = "application/x-www-form-urlencoded";
    expect(await outcome(await post(form, { address: ownFieldsUrl, type }))).toEqual([200, "nothing-open"]);
    const numbers = { msgid: 42, mobile: 13_000_000_009, content: 5 };
    expect(await outcome(await post(numbers, { address: ownFieldsUrl }))).toEqual([200, "nothing-open"]);
  });

  test.each<[unknown, string]>([
    ["{", "no JSON"],
    [[], "no object"],
    [{}, "no fields"],
    [{ messageId: "b-1", phone: "nobody", text: "5" }, "no number"],
    [{ messageId: "b-2", phone: "13000000009", text: "5".repeat(3000) }, "too long a text"],
    [{ messageId: "b\u0000", phone: "13000000009", text: "5" }, "a control character in its id"],
    [{ messageId: "b-3", phone: { $gt: "" }, text: "5" }, "an object for a phone"],
  ])("%j is refused: %s", async (body) => {
    expect(await outcome(await post(body))).toEqual([400, "WR7001"]);
  });

  test("a text with a NUL in it is kept and asked back", async () => {
    expect(await outcome(await post({ messageId: "n-1", phone: "13000000001", text: "\u0000好" }))).toEqual([200, "unclear"]);
  });

  test("the jobs and the log of messages are shown without a phone", async () => {
    const shown = async (path: string) => await (await fetch(`${url}${path}`)).text();
    const jobs = JSON.parse(await shown("/api/v1/jobs")) as { rules: { rule: string; state: string }[] };
    expect(jobs.rules.map(({ rule, state }) => [rule, state])).toEqual([
      ["reminder", "runs"],
      ["default-rating", "runs"],
    ]);
    const log = (await shown("/api/v1/sms/messages")) + (await shown("/api/v1/sms/replies"));
    expect(log).toContain('"kind":"reminder"');
    expect(log).not.toContain("13000000001");
  });

  const executable = browserPath();
  test.skipIf(executable === undefined)("the page of the simulated phone shows a message, and its key 5 rates", async () => {
    const caseNo = await world.tell({ completedAtMs: world.nowMs - DAY_MS, phone: "13000000077" });
    await run();
    const browser = await launchBrowser(executable as string);
    try {
      const page = await browser.newPage({ viewport: { width: 420, height: 760 } });
      await page.goto(phone.url);
      await page.getByRole("combobox").selectOption("13000000077");
      await page.getByText("您办理的“居民身份证换领”已办结").waitFor();
      await page.getByRole("button", { name: "5", exact: true }).click();
      await page.getByText("rated").waitFor();
      if (process.env.WINDOW_RATING_SCREENS !== undefined)
        await page.screenshot({ path: `${process.env.WINDOW_RATING_SCREENS}/phone.png` });
    } finally {
      await browser.close();
    }
    expect((await world.ratings(caseNo)).item).toBe("sms");
  });
});
