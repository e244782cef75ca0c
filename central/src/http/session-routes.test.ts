import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newAccount, newSession, PASSWORD, signedIn, TestBrowser } from "../../test/access-world.ts";
import { BusinessWorld, errorOf } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { countTry } from "../access/failures.ts";
import { CONSOLE_HEADER, type SessionAnswer, sessionListSchema, sessionSchema, signInSchema } from "../access/session-schema.ts";
import { IDLE_MS, LONGEST_MS } from "../access/sessions.ts";
import { inTransaction } from "../database/transaction.ts";

const MINUTE = 60_000;
const given = { is: "given", password: PASSWORD } as const;

describe.each(STORAGES)("signing in on $name", ({ create }) => {
  let storage: TestStorage;
  let world: BusinessWorld;
  beforeAll(async () => {
    storage = await create();
    world = await BusinessWorld.open(storage);
  });
  afterAll(async () => {
    await world.close();
    await storage.remove();
  });
  const browser = () => new TestBrowser(world.url);
  const events = (kind: string) => world.db.selectFrom("access_events").selectAll().where("kind", "=", kind).orderBy("event_no").execute();
  /** Past the limits of the test before. */
  const later = () => {
    world.nowMs += 25 * 60 * MINUTE;
  };

  test("with name and password begins a session in a cookie that no script and no other site gets, and its token is nowhere in the database", async () => {
    await newAccount(world, { name: "lihua", role: "supervisor", first: given });
    const visitor = browser();
    expect(signInSchema.parse(await (await visitor.get("sign-in")).json())).toEqual({ oidc: null, passwordLeast: 12 });
    expect(await errorOf(await visitor.get("session"))).toMatchObject({ status: 401, code: "WR7050" });
    const answer = await visitor.signIn(" LiHua ", PASSWORD);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^window-rating=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    const session = sessionSchema.parse(await answer.json());
    expect(session).toMatchObject({
      viewer: { name: "lihua", role: "supervisor", scope: { is: "all" } },
      mustChangePassword: false,
      way: "password",
      idleEndsAtMs: world.nowMs + IDLE_MS,
      endsAtMs: world.nowMs + LONGEST_MS,
    });
    expect(session.permissions).toContain("see:personal");
    expect(session.permissions).not.toContain("do:accounts");
    expect(await (await visitor.get("session")).json()).toEqual(session);
    const kept = JSON.stringify(await world.db.selectFrom("sessions").selectAll().execute());
    expect(kept).not.toContain(visitor.cookie.split("=")[1]);
  });

  test("a name that nobody has, a wrong password, a disabled account and one without a password get the very same answer", async () => {
    await newAccount(world, { name: "disabled", first: given });
    await world.db.updateTable("accounts").set({ disabled_at_ms: 1 }).where("name", "=", "disabled").execute();
    await newAccount(world, { name: "without" });
    const answers: unknown[] = [];
    for (const name of ["lihua", "nobody", "disabled", "without"]) {
      const response = await browser().signIn(name, name === "lihua" ? "not the password" : PASSWORD);
      answers.push([response.status, await response.text(), response.headers.getSetCookie()]);
    }
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]).toMatchObject([401, expect.stringContaining("WR7052"), []]);
    expect((await events("wrong-password")).map(({ name, detail }) => [name, detail])).toEqual([
      ["lihua", null],
      [null, "no such account"],
      ["disabled", "the account is disabled"],
      ["without", null],
    ]);
  });

  test("five wrong passwords lock a name for everybody, known or not, for longer each time; a right one in time begins anew", async () => {
    later();
    await newAccount(world, { name: "locked", first: given });
    for (const name of ["locked", "unheard-of"]) {
      for (let tries = 1; tries <= 4; tries++) expect((await browser().signIn(name, "wrong")).status).toBe(401);
      if (name === "locked") {
        expect((await browser().signIn(name, PASSWORD)).status).toBe(200);
        for (let tries = 1; tries <= 4; tries++) await browser().signIn(name, "wrong");
      }
      world.nowMs += MINUTE;
      expect((await browser().signIn(name, "wrong")).status).toBe(401);
      const refused = await browser().signIn(name, PASSWORD);
      expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
      expect(await refused.json()).toMatchObject({ error: { code: "WR7053" } });
      // A try while it is locked makes it no longer.
      world.nowMs += MINUTE;
      expect((await browser().signIn(name, "wrong")).status).toBe(401);
      expect((await browser().signIn(name, "wrong")).headers.get("retry-after")).toBe("120");
      world.nowMs += 2 * MINUTE;
    }
    expect((await browser().signIn("locked", PASSWORD)).status).toBe(200);
    expect((await events("locked-out")).map(({ name, detail }) => `${name} ${detail}`)).toEqual([
      ...["locked name", "locked name", "null name", "null name"],
    ]);
  });

  test("many tries at the same moment get no more than their number", async () => {
    later();
    await newAccount(world, { name: "crowd", first: given });
    const statuses = await Promise.all(Array.from({ length: 12 }, async () => (await browser().signIn("crowd", "wrong")).status));
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(7);
  });

  test("an address that tries many names is locked, whatever name it tries next", async () => {
    later();
    await newAccount(world, { name: "bystander", first: given });
    for (let tries = 1; tries <= 29; tries++)
      await inTransaction(world.db, (tx) => countTry(tx, `guess-${tries}`, "127.0.0.1", world.nowMs));
    expect((await browser().signIn("guess-30", "wrong")).status).toBe(401);
    expect(await errorOf(await browser().signIn("bystander", PASSWORD))).toMatchObject({ status: 429, code: "WR7053" });
    expect((await events("locked-out")).at(-1)).toMatchObject({ detail: "address", address: "127.0.0.1" });
    world.nowMs += MINUTE;
    expect((await browser().signIn("bystander", PASSWORD)).status).toBe(200);
  });

  test("a start password is good for choosing one's own and for nothing else, and for a week", async () => {
    later();
    const { startPassword } = await newAccount(world, { name: "fresh", role: "it", first: { is: "start" } });
    const owner = browser();
    expect(sessionSchema.parse(await (await owner.signIn("fresh", startPassword)).json()).mustChangePassword).toBe(true);
    expect(await errorOf(await owner.get("accounts"))).toMatchObject({ status: 403, code: "WR7054" });
    const change = (old: string, wanted: string) => owner.post("password", { old, new: wanted });
    expect(await errorOf(await change("not it", PASSWORD))).toMatchObject({ status: 401, code: "WR7052" });
    expect(await errorOf(await change(startPassword, "short"))).toMatchObject({ status: 422, code: "WR7055" });
    expect(await errorOf(await change(startPassword, "fresh fresh fresh 1"))).toMatchObject({ code: "WR7055" });
    expect(await errorOf(await change(startPassword, startPassword))).toMatchObject({ code: "WR7055" });
    expect(((await (await change(startPassword, PASSWORD)).json()) as SessionAnswer).mustChangePassword).toBe(false);
    expect((await owner.get("accounts")).status).toBe(200);
    expect(await errorOf(await browser().signIn("fresh", startPassword))).toMatchObject({ code: "WR7052" });

    const slow = await newAccount(world, { name: "slow", first: { is: "start" } });
    world.nowMs += 8 * 24 * 60 * MINUTE;
    expect(await errorOf(await browser().signIn("slow", slow.startPassword))).toMatchObject({ status: 401, code: "WR7052" });
  });

  test("a session ends when nothing is asked for half an hour, and after twelve hours in any case", async () => {
    later();
    const { browser: idle } = await signedIn(world, { name: "idle" });
    for (let passed = 0; passed < LONGEST_MS - 20 * MINUTE; passed += 20 * MINUTE) {
      world.nowMs += 20 * MINUTE;
      expect([passed, (await idle.get("session")).status]).toEqual([passed, 200]);
    }
    world.nowMs += 20 * MINUTE;
    expect((await idle.get("session")).status).toBe(401);
    const { browser: away } = await signedIn(world, { name: "away" });
    world.nowMs += IDLE_MS;
    expect((await away.get("session")).status).toBe(401);
  });

  test("whoever is signed in sees the own sessions and ends one, all others, or this one; nobody ends those of another", async () => {
    later();
    const { browser: here } = await signedIn(world, { name: "several" });
    await world.db.updateTable("accounts").set({ password: null }).where("name", "=", "several").execute();
    const { accountNo } = ((await (await here.get("session")).json()) as SessionAnswer).viewer;
    const others = await Promise.all([1, 2, 3].map(() => newSession(world, accountNo, "several")));
    const there = browser();
    there.cookie = `window-rating=${others[0]}`;
    const list = async (of: TestBrowser) => sessionListSchema.parse(await (await of.get("sessions")).json()).sessions;
    expect((await list(here)).map(({ isThis }) => isThis).filter(Boolean)).toHaveLength(1);
    expect(await list(here)).toHaveLength(4);
    const own = (await list(there)).find(({ isThis }) => isThis)?.sessionNo;
    const { browser: stranger } = await signedIn(world, { name: "stranger" });
    expect(await errorOf(await stranger.delete(`sessions/${own}`))).toMatchObject({ status: 404, code: "WR7057" });
    expect((await here.delete(`sessions/${own}`)).status).toBe(200);
    expect((await there.get("session")).status).toBe(401);
    expect(await (await here.delete("sessions")).json()).toEqual({ ended: 2 });
    expect(await list(here)).toHaveLength(1);
    const before = here.cookie;
    expect((await here.delete("session")).status).toBe(200);
    expect(here.cookie).toBe("");
    here.cookie = before;
    expect((await here.get("session")).status).toBe(401);
  });

  test("a new password ends the sessions that were there, but not the one it was changed in", async () => {
    later();
    await newAccount(world, { name: "changer", first: given });
    const [one, other] = [browser(), browser()];
    await one.signIn("changer", PASSWORD);
    await other.signIn("changer", PASSWORD);
    expect((await one.post("password", { old: PASSWORD, new: `${PASSWORD} neu` })).status).toBe(200);
    expect([(await one.get("session")).status, (await other.get("session")).status]).toEqual([200, 401]);
  });

  test("no request that changes something is taken from another page, with or without the cookie", async () => {
    later();
    await newAccount(world, { name: "victim", first: given });
    const victim = browser();
    await victim.signIn("victim", PASSWORD);
    const header = { [CONSOLE_HEADER.name]: CONSOLE_HEADER.value };
    const host = new URL(world.url).host;
    const attacks: Record<string, string>[] = [
      {},
      { [CONSOLE_HEADER.name]: "1" },
      { origin: `http://${host}` },
      { ...header, origin: "http://127.0.0.1:1" },
      { ...header, origin: "https://evil.example" },
      { ...header, origin: `http://evil.example@${host}` },
      { ...header, origin: "null" },
      { ...header, "sec-fetch-site": "same-site" },
      { ...header, "sec-fetch-site": "cross-site" },
    ];
    const requests: [string, string, unknown][] = [
      ["POST", "session", { name: "victim", password: PASSWORD }],
      ["POST", "password", { old: PASSWORD, new: "Des Angreifers Wort 1" }],
      ["POST", "accounts", { name: "evil", displayName: "x", role: "it", scope: { is: "all" } }],
      ["POST", "accounts/1/disable", undefined],
      ["POST", "personal/ratings/1", { purpose: "complaint", reason: "no good reason at all" }],
      ["DELETE", "sessions", undefined],
      ["DELETE", "session", undefined],
    ];
    for (const [method, path, body] of requests)
      for (const headers of attacks)
        expect([path, headers, (await errorOf(await victim.ask(method, path, body, headers))).code]).toEqual([path, headers, "WR7056"]);
    expect((await victim.get("session")).status).toBe(200);
    expect(
      (await victim.ask("DELETE", "session", undefined, { ...header, origin: `http://${host}`, "sec-fetch-site": "same-origin" })).status,
    ).toBe(200);
  });

  test("a form of another site cannot send what is taken, and what is sent is checked field by field", async () => {
    later();
    const header = { [CONSOLE_HEADER.name]: CONSOLE_HEADER.value };
    const form = await fetch(`${world.url}/console/v1/session`, {
      method: "POST",
      headers: { ...header, "content-type": "application/x-www-form-urlencoded" },
      body: "name=victim&password=x",
    });
    expect(form.status).toBe(400);
    for (const body of [
      {},
      { name: "x" },
      { name: "x", password: "" },
      { name: "x", password: "y".repeat(129) },
      { name: ["x"], password: "y" },
      [],
    ])
      expect(await errorOf(await browser().post("session", body))).toMatchObject({ status: 400, code: "WR7001" });
  });

  test("cookies that are no token, or another's name for one, are nobody's", async () => {
    for (const cookie of [
      "window-rating=x",
      "window-rating=",
      `window-rating=${"A".repeat(43)}`,
      `__Host-window-rating=${"A".repeat(43)}`,
      "%",
      "window-rating=%zz",
    ]) {
      const visitor = browser();
      visitor.cookie = cookie;
      expect([cookie, (await visitor.get("session")).status]).toEqual([cookie, 401]);
    }
  });
});
