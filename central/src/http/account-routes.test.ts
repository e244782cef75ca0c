import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newAccount, newSession, PASSWORD, signedIn, TestBrowser } from "../../test/access-world.ts";
import { BusinessWorld, errorOf } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { countTry } from "../access/failures.ts";
import { type Account, accountListSchema, accountSchema, startPasswordSchema } from "../access/session-schema.ts";
import { inTransaction } from "../database/transaction.ts";

const HALL = { role: "hall", scope: { is: "hall", hallNo: "H-1" } } as const;

describe.each(STORAGES)("accounts on $name", ({ create }) => {
  let storage: TestStorage;
  let world: BusinessWorld;
  let it: TestBrowser;
  let itNo = 0;
  beforeAll(async () => {
    storage = await create();
    world = await BusinessWorld.open(storage);
    ({ browser: it, accountNo: itNo } = await signedIn(world, { name: "it-1" }));
  });
  afterAll(async () => {
    await world.close();
    await storage.remove();
  });

  const change = async (accountNo: number, act: string, body?: unknown): Promise<Account> => {
    const answer = await it.post(`accounts/${accountNo}/${act}`, body);
    expect(answer.status).toBe(200);
    return accountSchema.parse(((await answer.json()) as { account: unknown }).account);
  };
  const browserOf = async (accountNo: number, name: string): Promise<TestBrowser> => {
    const browser = new TestBrowser(world.url);
    browser.cookie = `window-rating=${await newSession(world, accountNo, name)}`;
    return browser;
  };

  test("are made by IT with a start password that is told once, and listed without any", async () => {
    const answer = await it.post("accounts", { name: "Hall-1", displayName: "一厅样例", ...HALL });
    expect(answer.status).toBe(201);
    const { account, startPassword } = startPasswordSchema.parse(await answer.json());
    expect(account).toMatchObject({
      name: "hall-1",
      ...HALL,
      mustChangePassword: true,
      createdBy: "it-1",
      sessions: 0,
      lastSignInAtMs: null,
    });
    expect((await new TestBrowser(world.url).signIn("hall-1", startPassword)).status).toBe(200);
    const text = await (await it.get("accounts")).text();
    const { accounts } = accountListSchema.parse(JSON.parse(text));
    expect(accounts.map(({ name, sessions }) => [name, sessions])).toEqual([
      ["hall-1", 1],
      ["it-1", 1],
    ]);
    expect(text).not.toMatch(/scrypt|startPassword/);
  });

  test("keep their names for good, and have a scope that fits their role", async () => {
    const add = (over: object) =>
      it.post("accounts", { name: "new-one", displayName: "新样例", role: "auditor", scope: { is: "all" }, ...over });
    expect(await errorOf(await add({ name: "hall-1" }))).toMatchObject({ status: 409, code: "WR7058" });
    for (const wrong of [
      { name: "-1x" },
      { name: "ab" },
      { name: "a b c" },
      { name: "王五样例" },
      { name: "x".repeat(65) },
      { displayName: "" },
      { role: "king" },
      { role: "hall" },
      { role: "agency", scope: { is: "hall", hallNo: "H-1" } },
      { scope: { is: "hall" } },
      { scope: { is: "all", hallNo: "H-1" } },
      { password: PASSWORD },
    ])
      expect([wrong, (await errorOf(await add(wrong))).code]).toEqual([wrong, "WR7001"]);
  });

  test("are no business of any other role, nor of IT of one hall", async () => {
    for (const options of [
      { name: "other-1", role: "supervisor" },
      { name: "other-2", role: "auditor" },
      { name: "other-3", role: "it", scope: { is: "hall", hallNo: "H-1" } },
      { name: "other-4", ...HALL },
    ] as const) {
      const { browser } = await signedIn(world, options);
      expect(await errorOf(await browser.get("accounts"))).toMatchObject({ status: 403, code: "WR7051" });
      for (const act of ["disable", "enable", "unlock", "reset", "end-sessions"])
        expect([act, (await browser.post(`accounts/${itNo}/${act}`)).status]).toEqual([act, 403]);
    }
  });

  test("lose their sessions at once when they are disabled, reset, or given other access, on every instance", async () => {
    const { accountNo } = await newAccount(world, { name: "worker", role: "supervisor" });
    for (const [act, body] of [
      ["disable", undefined],
      ["reset", undefined],
      ["access", { displayName: "工作者样例", role: "supervisor", scope: { is: "hall", hallNo: "H-1" } }],
      ["access", { displayName: "工作者样例", role: "auditor", scope: { is: "hall", hallNo: "H-1" } }],
      ["end-sessions", undefined],
    ] as const) {
      await world.db.updateTable("accounts").set({ start_until_ms: null }).where("account_no", "=", accountNo).execute();
      const browser = await browserOf(accountNo, "worker");
      expect([act, (await browser.get("session")).status]).toEqual([act, 200]);
      await change(accountNo, act, body);
      expect([act, (await browser.get("session")).status]).toEqual([act, 401]);
      if (act === "disable") expect((await change(accountNo, "enable")).disabledAtMs).toBeNull();
      expect([act, (await browser.get("session")).status]).toEqual([act, 401]);
    }
    const browser = await browserOf(accountNo, "worker");
    await change(accountNo, "access", { displayName: "另一个名字", role: "auditor", scope: { is: "hall", hallNo: "H-1" } });
    expect(await (await browser.get("session")).json()).toMatchObject({ viewer: { displayName: "另一个名字" } });
  });

  test("are unlocked by IT, with a row of the record for each step", async () => {
    const { accountNo } = await newAccount(world, { name: "forgetful", first: { is: "given", password: PASSWORD } });
    for (let tries = 1; tries <= 4; tries++) await inTransaction(world.db, (tx) => countTry(tx, "forgetful", "127.0.0.1", world.nowMs));
    expect((await new TestBrowser(world.url).signIn("forgetful", "wrong")).status).toBe(401);
    expect((await new TestBrowser(world.url).signIn("forgetful", PASSWORD)).status).toBe(429);
    const listed = accountListSchema.parse(await (await it.get("accounts")).json()).accounts.find(({ name }) => name === "forgetful");
    expect(listed?.lockedUntilMs).toBe(world.nowMs + 60_000);
    expect((await change(accountNo, "unlock")).lockedUntilMs).toBeNull();
    expect((await new TestBrowser(world.url).signIn("forgetful", PASSWORD)).status).toBe(200);
    const kinds = await world.db
      .selectFrom("access_events")
      .select("kind")
      .where("account_no", "=", accountNo)
      .orderBy("event_no")
      .execute();
    expect(kinds.map(({ kind }) => kind)).toEqual(["account-added", "wrong-password", "locked-out", "unlocked", "signed-in"]);
  });

  test("always leave somebody who can make accounts, also when two disable each other at the same moment", async () => {
    expect(await errorOf(await it.post(`accounts/${itNo}/disable`))).toMatchObject({ status: 409, code: "WR7058" });
    const toAuditor = { displayName: "x", role: "auditor", scope: { is: "all" } };
    await world.db.updateTable("accounts").set({ disabled_at_ms: 1 }).where("role", "=", "it").where("account_no", "<>", itNo).execute();
    expect(await errorOf(await it.post(`accounts/${itNo}/access`, toAuditor))).toMatchObject({ status: 409, code: "WR7058" });
    const second = await signedIn(world, { name: "it-2" });
    const answers = await Promise.all([it.post(`accounts/${second.accountNo}/disable`), second.browser.post(`accounts/${itNo}/disable`)]);
    const left = await world.db
      .selectFrom("accounts")
      .select("name")
      .where("role", "=", "it")
      .where("disabled_at_ms", "is", null)
      .execute();
    expect([answers.filter(({ status }) => status === 200).length, left.length]).toEqual([1, 1]);
  });

  test("that are not there are WR7057", async () => {
    const { browser } = await signedIn(world, { name: "it-3" });
    for (const act of ["disable", "enable", "unlock", "reset", "end-sessions"])
      expect([act, (await errorOf(await browser.post(`accounts/999/${act}`))).code]).toEqual([act, "WR7057"]);
    expect((await errorOf(await browser.post("accounts/x/disable"))).code).toBe("WR7001");
  });
});
