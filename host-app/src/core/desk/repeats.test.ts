import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ORIGIN, openTestDesk, type TestDesk } from "./test-desk-api.ts";

let host: TestDesk;
beforeEach(async () => {
  host = await openTestDesk();
});
afterEach(() => host.close());

const NOTICE = "/desk/v1/notice";
const send = (key: string, body: unknown, path = NOTICE, token?: string) =>
  host.call("POST", path, { headers: { "idempotency-key": key }, body, ...(token === undefined ? {} : { token }) });

describe("Attack: replay", () => {
  test("the same request with the same key has one effect and one answer, at the same moment too", async () => {
    await host.call("POST", "/desk/v1/clerk/sign-in", { body: { staffNo: "1001", name: "张三样例" } });
    await host.call("POST", "/desk/v1/cases", { body: { caseNo: "C-1", itemCode: "A-01", itemName: "身份证补领" } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => send("end-C-1", {}, "/desk/v1/cases/C-1/end")));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(host.desk.asked.filter(({ verb }) => verb === "endCase")).toHaveLength(1);
  });

  test("without a key a replayed end of a case is told that the case has ended, and opens nothing", async () => {
    await host.call("POST", "/desk/v1/clerk/sign-in", { body: { staffNo: "1001", name: "张三样例" } });
    await host.call("POST", "/desk/v1/cases", { body: { caseNo: "C-1", itemCode: "A-01", itemName: "身份证补领" } });
    expect((await host.call("POST", "/desk/v1/cases/C-1/end", { body: {} })).status).toBe(200);
    expect(await host.call("POST", "/desk/v1/cases/C-1/end", { body: {} })).toMatchObject({ status: 409 });
  });

  test("the same key with other content, or for another verb, is refused", async () => {
    expect((await send("key-1", { text: "请稍候" })).status).toBe(200);
    expect(await send("key-1", { text: "请到三号窗口" })).toMatchObject({ status: 409, code: "WR5035" });
    expect(await send("key-1", { text: "请稍候" }, "/desk/v1/pause")).toMatchObject({ status: 409, code: "WR5035" });
    expect(host.desk.asked).toHaveLength(1);
  });

  test("a key belongs to its pairing: another system may use the same", async () => {
    const { token } = host.pairings.add("queue machine", [], 0);
    await send("key-1", { text: "请稍候" });
    expect((await send("key-1", { text: "叫号" }, NOTICE, token)).status).toBe(200);
    expect(host.desk.asked.map(({ caller }) => caller)).toEqual(["business system", "queue machine"]);
  });

  test("a recorded request is worth nothing once its pairing is revoked, nor from another page", async () => {
    await send("key-1", { text: "请稍候" });
    const elsewhere = { headers: { "idempotency-key": "key-1", origin: "https://attacker.example" }, body: { text: "请稍候" } };
    expect((await host.call("POST", NOTICE, elsewhere)).code).toBe("WR5002");
    host.pairings.revoke("business system");
    expect((await send("key-1", { text: "请稍候" })).code).toBe("WR5001");
  });

  test("what was refused may be tried again with its key; a key is forgotten after ten minutes", async () => {
    host.desk.failure = new Error("once");
    expect((await send("key-1", { text: "请稍候" })).status).toBe(500);
    host.desk.failure = null;
    expect((await send("key-1", { text: "请稍候" })).status).toBe(200);
    host.time.ms += 600_001;
    expect((await send("key-1", { text: "请到三号窗口" })).status).toBe(200);
  });

  test.each(["", "a b", "鍵", "x".repeat(129)])("the key %j is refused", async (key) => {
    const answer = await send(encodeURI(key) === key ? key : "a b", { text: "请稍候" });
    expect([answer.status, answer.code]).toEqual([400, "WR5003"]);
  });

  test("GET with effect: a key makes none of it, and a page may send its key", async () => {
    expect((await host.call("GET", "/desk/v1/state", { headers: { "idempotency-key": "key-1", origin: ORIGIN } })).status).toBe(200);
    expect(host.desk.asked).toEqual([]);
  });
});

describe("The record of the way (I12)", () => {
  test.each(["push", "link"])("what comes by the desk API cannot say that it was a %s", async (trigger) => {
    await host.call("POST", "/desk/v1/clerk/sign-in", { body: { staffNo: "1001", name: "张三样例" } });
    const before = host.desk.asked.length;
    for (const path of ["cases/C-1/end", "cases/C-1/invite-again"])
      expect((await host.call("POST", `/desk/v1/${path}`, { body: { trigger } })).code, path).toBe("WR5003");
    expect(host.desk.asked).toHaveLength(before);
  });
});
