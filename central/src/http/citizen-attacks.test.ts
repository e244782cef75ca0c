import { openContact } from "@window-rating/protocol/contact";
import { type RequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type CitizenPage, choose, faultOn, fieldsOf, openPage, postForm, rateAt, receiptOn, send } from "../../test/citizen.ts";
import { CitizenWorld } from "../../test/citizen-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS } from "../../test/window-pc.ts";
import { startCentral } from "../central.ts";
import { revokeQrKey, rotateQrKey } from "../channels/qr-keys.ts";
import { inTransaction } from "../database/transaction.ts";

describe.each(STORAGES)("the code of a case, under attack, on $name", ({ create }) => {
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

  test("forged, changed, of another kind or unknown: the same page for all, and nothing is kept", async () => {
    const { url } = await citizen.served();
    const at = (code: string): string => `${url.slice(0, url.lastIndexOf("/") + 1)}${code}`;
    const code = url.slice(url.lastIndexOf("/") + 1);
    const wrong = [
      code.slice(1),
      `${code}0`,
      "0".repeat(32),
      `${code[1]}${code[0]}${code.slice(2)}`,
      "%00",
      "..%2f",
      encodeURIComponent("<script>alert(1)</script>"),
    ];
    const pages = await Promise.all(wrong.map((one) => openPage(at(one))));
    expect(new Set(pages.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect([pages[0]?.status, faultOn(pages[0] as CitizenPage)]).toEqual([404, "WR7040"]);
  });

  test("expired is refused, but who opened its page in time may finish", async () => {
    const report = citizen.world.report();
    await citizen.world.tell([report]);
    const { url, expiresAt } = await citizen.issue({ caseNo: report.caseNo, visitNo: 1, validMinutes: 10 });
    const page = await choose(await openPage(url), 5);
    citizen.world.nowMs = Date.parse(expiresAt);
    expect([(await openPage(url)).status, faultOn(await openPage(url))]).toEqual([410, "WR7041"]);
    expect(receiptOn(await send(page))).toBeDefined();
  });

  test("signed with a key that was taken back is refused; of one that was only followed by another it is taken", async () => {
    const { url: old } = await citizen.served();
    const keyNo = await inTransaction(citizen.world.db, (tx) => rotateQrKey(tx, citizen.world.nowMs));
    const { url: newer } = await citizen.served();
    expect([(await openPage(old)).status, (await openPage(newer)).status]).toEqual([200, 200]);
    await inTransaction(citizen.world.db, (tx) => revokeQrKey(tx, keyNo, citizen.world.nowMs));
    expect([(await openPage(old)).status, faultOn(await openPage(newer))]).toEqual([200, "WR7040"]);
    // The next code is signed with a new key, not with the one taken back nor with an older one.
    await citizen.served();
    const [newest] = await citizen.world.db.selectFrom("qr_keys").select("key_no").orderBy("key_no", "desc").limit(1).execute();
    expect(newest?.key_no).toBe(keyNo + 1);
  });

  test("with the form of another case, of another question or of nobody is refused, and nothing is kept", async () => {
    const [mine, other] = [await citizen.served(), await citizen.served()];
    const stolen = fieldsOf(await choose(await openPage(other.url), 1));
    const own = fieldsOf(await choose(await openPage(mine.url), 1));
    const withForm = (form: string, subject = "staff") => {
      own.set("form", form);
      own.set("subject", subject);
      return postForm(mine.url, own);
    };
    const good = own.get("form") ?? "";
    for (const page of [
      await withForm(stolen.get("form") ?? ""),
      await withForm(""),
      await withForm(good, "item"),
      await withForm(good, "theme"),
    ]) {
      expect([page.status, faultOn(page)]).toEqual([403, "WR7043"]);
    }
    expect([...(await citizen.ratingsOf(mine.caseNo)), ...(await citizen.ratingsOf(other.caseNo))]).toEqual([]);
    expect(receiptOn(await withForm(good))).toBeDefined();
  });

  test("sent twice is one rating, whatever the second sending says, and each shows thanks with a code that works", async () => {
    const { caseNo, url } = await citizen.served();
    const second = await choose(await openPage(url), 2);
    const [one, two] = await Promise.all([send(second), send(second)]);
    const forged = fieldsOf(second);
    forged.set("level", "5");
    const three = await postForm(url, forged);
    expect((await citizen.ratingsOf(caseNo)).map(({ level }) => level)).toEqual([2]);
    for (const page of [one, two, three]) {
      expect([page.status, page.text.includes("不满意")]).toEqual([200, true]);
      expect((await openPage(`${citizen.world.url}/r/${receiptOn(page)}`)).text).toContain("我的评价");
    }
    // Loaded again and again it makes no more codes.
    const again = [await send(second), await send(second), await send(second), await send(second)];
    expect(again.map(receiptOn).filter((code) => code === undefined)).toHaveLength(2);
  });

  test("used by a second person after the first is refused and changes nothing", async () => {
    const { caseNo, url } = await citizen.served({ completedAt: undefined });
    const [first, second] = [await choose(await openPage(url), 5), await choose(await openPage(url), 1)];
    await send(first);
    const late = await send(second);
    expect([late.status, faultOn(late)]).toEqual([409, "WR7042"]);
    expect((await citizen.ratingsOf(caseNo)).map(({ level }) => level)).toEqual([5]);
  });

  test("takes words and contact sealed for this rating alone; nothing of them stands in the database, an address or the log", async () => {
    const { caseNo, url } = await citizen.served();
    const writing = { words: "窗口的<b>椅子</b>坏了\n请修", name: "王五样例", phone: "138 0000 1234" };
    const thanks = await rateAt(url, 2, writing);
    expect(thanks.text).not.toMatch(/椅子|王五样例|13800001234/);
    const [rating] = await citizen.ratingsOf(caseNo);
    expect([rating?.comment, rating?.named, rating?.person]).toEqual([null, "claimed", expect.stringMatching(/^[0-9a-f]{64}$/)]);
    const { sealed } = await citizen.world.db
      .selectFrom("rating_contacts")
      .select("sealed")
      .where("rating", "=", rating?.seq ?? 0)
      .executeTakeFirstOrThrow();
    const bytes = Uint8Array.from(Buffer.from(sealed.split(" ")[1] ?? "", "base64"));
    expect(openContact(bytes, new Uint8Array(32).fill(7), requestIdToBytes(rating?.request_id as RequestId))).toEqual({
      words: "窗口的<b>椅子</b>坏了\n请修",
      name: "王五样例",
      phone: "13800001234",
    });
    const { rows } = await sql<{
      name: string;
    }>`select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`.execute(citizen.world.db);
    for (const { name } of rows) {
      const content = JSON.stringify((await sql`select * from ${sql.table(name)}`.execute(citizen.world.db)).rows);
      expect([name, /椅子|王五样例|13800001234|138 0000 1234/.test(content)]).toEqual([name, false]);
    }
    const log = citizen.log.join("");
    expect(log).toContain('"route":"/Q/:code"');
    for (const secret of ["椅子", "王五样例", "13800001234", caseNo, url.slice(-32), receiptOn(thanks) ?? ""])
      expect(log).not.toContain(secret);
  });

  test("refuses what is no form: too long, in another encoding, with fields nobody asked for", async () => {
    const { caseNo, url } = await citizen.served();
    const fields = fieldsOf(await choose(await openPage(url), 5));
    const huge = await postForm(url, `${fields}&words=${"x".repeat(20_000)}`);
    expect([huge.status, faultOn(huge)]).toEqual([413, "WR7013"]);
    const json = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    expect(json.status).toBe(400);
    // 满意 in GBK.
    for (const body of [
      `${fields}&words=%C2%FA%D2%E2`,
      `${fields}&words=满意`,
      `${fields}&admin=1`,
      `${fields}&level=1`,
      "%",
      "&".repeat(200),
      `level=9`,
    ]) {
      const page = await postForm(url, body);
      expect([body.slice(-20), page.status, faultOn(page)]).toEqual([body.slice(-20), 400, "WR7001"]);
    }
    const upload = await fetch(url, { method: "POST", headers: { "content-type": "text/xml" }, body: "<x/>" });
    expect(upload.status).toBe(400);
    expect(await citizen.ratingsOf(caseNo)).toEqual([]);
  });

  test("flooded from one phone is closed to it for a while, and says for how long", async () => {
    const { url } = await citizen.served();
    const fields = fieldsOf(await choose(await openPage(url), 5));
    fields.set("form", "x");
    const pages: CitizenPage[] = [];
    for (let tries = 0; tries < 30; tries++) pages.push(await postForm(url, fields));
    expect(pages.filter(({ status }) => status === 429)).toHaveLength(11);
    const last = pages.at(-1) as CitizenPage;
    expect([faultOn(last), last.headers.get("retry-after")]).toEqual(["WR7029", "3"]);
    citizen.world.nowMs += 3000;
    expect((await postForm(url, fields)).status).toBe(403);
    const views: number[] = [];
    for (let tries = 0; tries < 70; tries++) views.push((await openPage(url)).status);
    expect(new Set(views)).toEqual(new Set([200, 429]));
  });

  test("is guarded: no script, no frame, no cookie, no cache, no address told to others, all of it below 80 KB", async () => {
    const { url } = await citizen.served();
    const first = await openPage(url);
    expect(first.headers.get("content-security-policy")).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect([first.headers.get("referrer-policy"), first.headers.get("cache-control"), first.headers.get("set-cookie")]).toEqual([
      "no-referrer",
      "no-store",
      null,
    ]);
    const second = await choose(first, 1);
    const thanks = await send(second);
    const stylesheet = new URL(/href="([^"]+\.css)"/.exec(first.text)?.[1] ?? "", url).href;
    const css = await openPage(stylesheet);
    expect(css.headers.get("content-type")).toBe("text/css; charset=utf-8");
    const bytes = [first, second, thanks, css].map(({ text }) => Buffer.byteLength(text));
    expect(bytes.reduce((sum, one) => sum + one)).toBeLessThan(80 * 1024);
    // Nothing is fetched but the stylesheet.
    expect(
      [first, second, thanks].flatMap(({ text }) => text.match(/\b(src|href)="[^"]*"/g) ?? []).filter((one) => /https?:|\/\//.test(one)),
    ).toEqual([]);
  });
});

test("behind a proxy that was named each phone has limits of its own; where none was named nobody is believed to be another", async () => {
  const storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
  const statuses = async (proxies: string | undefined): Promise<number[]> => {
    const central = await startCentral({ ...storage.storage, port: 0, now: () => MORNING_MS, proxies });
    try {
      const answers: number[] = [];
      for (let tries = 0; tries < 25; tries++) {
        const response = await fetch(`${central.url}/r/`, {
          method: "POST",
          headers: { "x-forwarded-for": `203.0.113.${tries}` },
          body: new URLSearchParams({ code: "x" }),
        });
        answers.push(response.status);
      }
      return answers;
    } finally {
      await central.close();
    }
  };
  expect(await statuses("127.0.0.1,::1")).toEqual(Array(25).fill(404));
  expect(await statuses(undefined)).toEqual([...Array(20).fill(404), ...Array(5).fill(429)]);
  await storage.remove();
});
