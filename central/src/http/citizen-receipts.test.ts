import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { choose, faultOn, fieldsOf, openPage, postForm, rateAt, receiptOn, send } from "../../test/citizen.ts";
import { CitizenWorld } from "../../test/citizen-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS } from "../../test/window-pc.ts";
import { openStep } from "../policy/policy-step.ts";
import { recordStep } from "../policy/step-store.ts";

const DAY_MS = 86_400_000;

describe.each(STORAGES)("the page of a receipt on $name", ({ create }) => {
  let storage: TestStorage;
  let citizen: CitizenWorld;
  beforeAll(async () => {
    storage = await create();
    citizen = await CitizenWorld.open(storage);
  });
  afterAll(async () => {
    await citizen.close();
    await storage.remove();
  });
  beforeEach(() => citizen.calm());

  test("a receipt code is looked up without its standing in an address, shows what was rated, and corrects it within the time", async () => {
    const { caseNo, url } = await citizen.served({ completedAt: undefined });
    const receipt = receiptOn(await rateAt(url, 1, { reasons: ["115"] })) ?? "";
    const page = await postForm(`${citizen.world.url}/r/`, new URLSearchParams({ code: receipt.toLowerCase() }));
    expect(page.status).toBe(200);
    for (const shown of ["非常不满意", "服务态度差效率低", "办件二维码", "已收到"]) expect(page.text).toContain(shown);
    expect(page.text).not.toMatch(new RegExp(`${caseNo}|张三样例|1001`));
    const thanks = await send(await choose({ ...page, url: `${citizen.world.url}/r/` }, 4));
    expect([thanks.status, thanks.text.includes("已更正")]).toEqual([200, true]);
    expect((await citizen.ratingsOf(caseNo)).map(({ level, standing, channel }) => [level, standing, channel])).toEqual([
      [1, "first", "dynamic-qr"],
      [4, "correction", "web"],
    ]);
    expect((await openPage(`${citizen.world.url}/R/${receipt.replaceAll("-", "")}`)).text).toContain("以这次为准");
    citizen.world.nowMs += 7 * DAY_MS + 1;
    const late = await openPage(`${citizen.world.url}/r/${receipt}`);
    expect(late.text).toContain("更正期限已过");
    expect(late.text).not.toContain('name="level"');
  });

  test("a wrong receipt code leads back to where it was typed, with what was typed as text", async () => {
    const page = await postForm(`${citizen.world.url}/r/`, new URLSearchParams({ code: `"><script>alert(1)</script>` }));
    expect([page.status, page.text.includes("没有这个回执码"), page.text.includes("<script")]).toEqual([404, true, false]);
    const forged = await postForm(
      `${citizen.world.url}/r/correct`,
      new URLSearchParams({ code: "0000-0000-0000", level: "5", form: "x", step: "send" }),
    );
    expect([forged.status, faultOn(forged)]).toEqual([404, "WR7028"]);
    expect((await openPage(`${citizen.world.url}/r`)).status).toBe(308);
    expect((await openPage(`${citizen.world.url}/r/`)).text).toContain("查询回执码");
  });

  test("a receipt code's form is good for that code alone", async () => {
    const [one, two] = [await citizen.served({ completedAt: undefined }), await citizen.served({ completedAt: undefined })];
    const codes = [receiptOn(await rateAt(one.url, 1)) ?? "", receiptOn(await rateAt(two.url, 1)) ?? ""];
    const page = await openPage(`${citizen.world.url}/r/${codes[0]}`);
    const fields = fieldsOf(page);
    fields.set("code", codes[1] ?? "");
    fields.set("level", "5");
    fields.set("step", "send");
    expect(faultOn(await postForm(`${citizen.world.url}/r/correct`, fields))).toBe("WR7043");
    expect(await citizen.ratingsOf(two.caseNo)).toHaveLength(1);
  });

  test("until when and why stands on the receipt's page", async () => {
    const { caseNo, url } = await citizen.served({ completedAt: undefined });
    const receipt = receiptOn(await rateAt(url, 1)) ?? "";
    const [rating] = await citizen.ratingsOf(caseNo);
    const question = { rule: "rectification", class: "complex", channel: "online", at: MORNING_MS } as const;
    const step = openStep(crypto.randomUUID(), `rating ${rating?.seq}`, citizen.book.explain("weihai-lingang", question));
    await recordStep(citizen.world.db, step, citizen.world.nowMs);
    const page = await openPage(`${citizen.world.url}/r/${receipt}`);
    for (const shown of ["整改", "进行中", "期限 2026-03-", "24:00", "为什么是这个期限", "周一，工作日"])
      expect(page.text).toContain(shown);
  });
});
