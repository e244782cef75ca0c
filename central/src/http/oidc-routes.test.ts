import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { newAccount } from "../../test/access-world.ts";
import { CLIENT, RoamingBrowser, startProvider, type TestProvider } from "../../test/oidc-provider.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { readOidcFile } from "../access/oidc/oidc-file.ts";
import { OIDC_CALLBACK, OIDC_TRY_MS } from "../access/oidc/oidc-sign-in.ts";
import { sessionSchema, signInSchema } from "../access/session-schema.ts";
import { type OpenStorage, openStorage } from "../central.ts";
import { createLiveFeed } from "../live-feed.ts";
import { readCounts } from "../reading/counts.ts";
import { createServer } from "./server.ts";

const SECRET_ENV = "WINDOW_CENTRAL_OIDC_SECRET";
let folder = "";
let storage: TestStorage;
let opened: OpenStorage;
let provider: TestProvider;
/** Two instances of one central: a sign-in may begin at one and end at the other. */
let apps: ReturnType<typeof createServer>[] = [];
let url = "";
let otherUrl = "";
let nowMs = Date.parse("2026-03-02T09:00:00+08:00");

const file = (name: string, content: object): string => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "window-central-oidc-"));
  storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
  const log = pino({ level: "silent" });
  opened = await openStorage(storage.storage, () => nowMs, log);
  // The port of central must be known to the provider, and that of the provider to central.
  provider = await startProvider(() => `http://127.0.0.1:7/${OIDC_CALLBACK.slice(1)}`);
  const content = {
    issuer: provider.issuer,
    clientId: CLIENT.id,
    clientSecretEnv: SECRET_ENV,
    publicUrl: "http://127.0.0.1:7/",
    label: "市统一认证",
    create: [
      { claim: "groups", is: "hall-2-leaders", role: "hall", scope: { is: "hall", hallNo: "H-2" } },
      { claim: "groups", is: "auditors", role: "auditor", scope: { is: "all" } },
    ],
  };
  const oidc = readOidcFile(file("oidc.json", content), { [SECRET_ENV]: CLIENT.secret });
  const feed = createLiveFeed(
    () => readCounts(opened.db),
    () => {},
  );
  apps = [1, 2].map(() => createServer({ db: opened.db, now: () => nowMs, log, feed, administrationToken: undefined, oidc }));
  [url = "", otherUrl = ""] = await Promise.all(apps.map((app) => app.listen({ port: 0, host: "127.0.0.1" })));
});
afterAll(async () => {
  for (const app of apps) await app.close();
  await opened.close();
  await storage.remove();
  await provider.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  // Past the limit of requests of the test before.
  nowMs += 3_600_000;
});

/** The provider knows central by a port where nobody listens; here is the instance to which a proxy would lead. */
const throughProxy = (address: string, to: string): string => address.replace("http://127.0.0.1:7", to);

const begin = async (browser: RoamingBrowser): Promise<string> => {
  const response = await browser.go(`${url}/console/v1/oidc/start`);
  expect(response.status).toBe(303);
  return response.headers.get("location") ?? "";
};
/** Cookies do not know ports: the browser has at the second instance what it got at the first. */
const comeBack = async (browser: RoamingBrowser, address: string, to = url): Promise<string> => {
  const headers = { cookie: browser.cookieFor(url) };
  const response =
    to === url ? await browser.go(throughProxy(address, to)) : await fetch(throughProxy(address, to), { redirect: "manual", headers });
  expect(response.status).toBe(303);
  return response.headers.get("location") ?? "";
};
const signIn = async (login: string, browser = new RoamingBrowser()) => {
  const place = await comeBack(browser, await browser.signInAt(provider, await begin(browser), login));
  return { browser, place };
};
const session = async (browser: RoamingBrowser) => sessionSchema.parse(await (await browser.go(`${url}/console/v1/session`)).json());
const FAILED = (code: string): string => `/console/?sign-in-failed=${code}`;

test("the sign-in page offers it, and who has an account comes in with it by name, with the account's role", async () => {
  expect(signInSchema.parse(await (await fetch(`${url}/console/v1/sign-in`)).json()).oidc).toEqual({
    label: "市统一认证",
    path: "/console/v1/oidc/start",
  });
  await newAccount({ db: opened.db, nowMs }, { name: "li.hua", role: "supervisor", first: { is: "start" } });
  provider.people.set("lihua", { sub: "lihua", preferred_username: "Li.Hua", name: "李华样例", groups: ["auditors"] });
  const { browser, place } = await signIn("lihua");
  expect(place).toBe("/console/");
  expect(await session(browser)).toMatchObject({ viewer: { name: "li.hua", role: "supervisor" }, way: "oidc", mustChangePassword: false });
});

test("the address to the provider asks with state, nonce and PKCE, and holds no secret", async () => {
  const [one, other] = [new URL(await begin(new RoamingBrowser())), new URL(await begin(new RoamingBrowser()))];
  expect(Object.fromEntries(one.searchParams)).toMatchObject({
    response_type: "code",
    client_id: CLIENT.id,
    code_challenge_method: "S256",
    redirect_uri: `http://127.0.0.1:7${OIDC_CALLBACK}`,
  });
  for (const name of ["state", "nonce", "code_challenge"]) expect(one.searchParams.get(name)).not.toBe(other.searchParams.get(name));
  expect(one.href).not.toContain(encodeURIComponent(CLIENT.secret));
});

test("who has no account gets none, unless the file says so for what the provider tells of them", async () => {
  provider.people.set("nobody", { sub: "nobody", preferred_username: "nobody", groups: ["others"] });
  expect((await signIn("nobody")).place).toBe(FAILED("WR7062"));
  expect(
    (await opened.db.selectFrom("access_events").select("detail").where("kind", "=", "refused-sign-in").execute()).at(-1)?.detail,
  ).toContain("nobody");
  provider.people.set("leader", { sub: "leader", preferred_username: "leader", name: "王五样例", groups: ["others", "hall-2-leaders"] });
  const { browser } = await signIn("leader");
  expect((await session(browser)).viewer).toMatchObject({
    name: "leader",
    displayName: "王五样例",
    role: "hall",
    scope: { is: "hall", hallNo: "H-2" },
  });
  provider.people.set("nameless", { sub: "nameless", groups: ["auditors"] });
  expect((await signIn("nameless")).place).toBe(FAILED("WR7062"));
});

test("a name that the provider gives to somebody else later opens nothing, and a new name of the same person changes nothing", async () => {
  await newAccount({ db: opened.db, nowMs }, { name: "zhao.liu", role: "auditor" });
  provider.people.set("first", { sub: "first", preferred_username: "zhao.liu" });
  expect((await signIn("first")).place).toBe("/console/");
  provider.people.set("second", { sub: "second", preferred_username: "zhao.liu" });
  expect((await signIn("second")).place).toBe(FAILED("WR7062"));
  provider.people.set("first", { sub: "first", preferred_username: "zhao.liu.new" });
  const { browser } = await signIn("first");
  expect((await session(browser)).viewer.name).toBe("zhao.liu");
});

test("a disabled account stays out", async () => {
  const { accountNo } = await newAccount({ db: opened.db, nowMs }, { name: "left" });
  await opened.db.updateTable("accounts").set({ disabled_at_ms: 1 }).where("account_no", "=", accountNo).execute();
  provider.people.set("left", { sub: "left", preferred_username: "left" });
  expect((await signIn("left")).place).toBe(FAILED("WR7062"));
});

test("a sign-in may begin at one instance and end at another, and ends once", async () => {
  provider.people.set("mover", { sub: "mover", preferred_username: "mover", groups: ["auditors"] });
  const browser = new RoamingBrowser();
  const address = await browser.signInAt(provider, await begin(browser), "mover");
  expect(await comeBack(browser, address, otherUrl)).toBe("/console/");
  expect(await comeBack(browser, address, otherUrl)).toBe(FAILED("WR7061"));
});

test("an address to come back to is worth nothing in another browser, in one that began its own, later, or with anything changed", async () => {
  provider.people.set("victim", { sub: "victim", preferred_username: "victim", groups: ["auditors"] });
  const fresh = async (): Promise<{ browser: RoamingBrowser; address: string }> => {
    nowMs += 60_000;
    const browser = new RoamingBrowser();
    return { browser, address: await browser.signInAt(provider, await begin(browser), "victim") };
  };
  const sessions = async () => (await opened.db.selectFrom("sessions").select("session_no").execute()).length;
  const before = await sessions();
  // Somebody is led to the attacker's sign-in, and would work in the attacker's account.
  expect(await comeBack(new RoamingBrowser(), (await fresh()).address)).toBe(FAILED("WR7061"));
  const own = new RoamingBrowser();
  await begin(own);
  expect(await comeBack(own, (await fresh()).address)).toBe(FAILED("WR7061"));
  const late = await fresh();
  nowMs += OIDC_TRY_MS;
  expect(await comeBack(late.browser, late.address)).toBe(FAILED("WR7061"));
  for (const [name, value] of [
    ["state", "another"],
    ["code", "another"],
    ["iss", "http://127.0.0.1:8"],
  ] as const) {
    const { browser, address } = await fresh();
    const changed = new URL(address);
    changed.searchParams.set(name, value);
    expect([name, await comeBack(browser, changed.href)]).toEqual([name, FAILED("WR7061")]);
  }
  const denied = await fresh();
  const state = new URL(denied.address).searchParams.get("state");
  expect(await comeBack(denied.browser, `http://127.0.0.1:7${OIDC_CALLBACK}?error=access_denied&state=${state}`)).toBe(FAILED("WR7061"));
  for (const query of ["", "?", "?state", "?state=x&state=y&code=1", "?code=%zz", `?${"a".repeat(5000)}`])
    expect([query.slice(0, 20), await comeBack(denied.browser, `http://127.0.0.1:7${OIDC_CALLBACK}${query}`)]).toEqual([
      query.slice(0, 20),
      FAILED("WR7061"),
    ]);
  expect(await sessions()).toBe(before);
});

test("a code of another sign-in is refused: it was not asked for with this nonce and this challenge", async () => {
  provider.people.set("twice", { sub: "twice", preferred_username: "twice", groups: ["auditors"] });
  const [one, other] = [new RoamingBrowser(), new RoamingBrowser()];
  const mine = new URL(await one.signInAt(provider, await begin(one), "twice"));
  const theirs = new URL(await other.signInAt(provider, await begin(other), "twice"));
  mine.searchParams.set("code", theirs.searchParams.get("code") ?? "");
  expect(await comeBack(one, mine.href)).toBe(FAILED("WR7061"));
});

test("without its provider central runs, and says that the sign-in failed", async () => {
  const settings = {
    ...readOidcFile(file("gone.json", { issuer: "http://127.0.0.1:9", clientId: "x", publicUrl: "https://pj.example.gov.cn" }), {}),
  };
  const app = createServer({
    db: opened.db,
    now: () => nowMs,
    log: pino({ level: "silent" }),
    feed: createLiveFeed(
      () => readCounts(opened.db),
      () => {},
    ),
    administrationToken: undefined,
    oidc: settings,
  });
  const address = await app.listen({ port: 0, host: "127.0.0.1" });
  try {
    const response = await fetch(`${address}/console/v1/oidc/start`, { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([303, FAILED("WR7061")]);
    expect((await fetch(`${address}/console/v1/sign-in`)).status).toBe(200);
  } finally {
    await app.close();
  }
});

test("a file that would not be safe or does not fit is WR7060 with the field", () => {
  const good = { issuer: "https://login.example.gov.cn", clientId: "x", publicUrl: "https://pj.example.gov.cn/" };
  expect(readOidcFile(file("good.json", good), {})).toMatchObject({
    publicUrl: "https://pj.example.gov.cn",
    clientSecret: undefined,
    claim: "preferred_username",
    create: [],
  });
  for (const [over, why] of [
    [{ issuer: "http://login.example.gov.cn" }, "issuer: an https:// address"],
    [{ issuer: "login" }, "issuer"],
    [{ publicUrl: "http://pj.example.gov.cn" }, "publicUrl"],
    [{ clientId: "" }, "clientId"],
    [{ clientSecret: "written into the file" }, "content"],
    [{ clientSecretEnv: "NOT_SET" }, "NOT_SET"],
    [{ create: [{ claim: "groups", is: "x", role: "king", scope: { is: "all" } }] }, "create.0.role"],
    [{ create: [{ claim: "groups", is: "x", role: "hall", scope: { is: "all" } }] }, "create.0.scope"],
  ] as const)
    expect(() => readOidcFile(file("bad.json", { ...good, ...over }), {})).toThrow(
      expect.objectContaining({ code: "WR7060", message: expect.stringContaining(why) }),
    );
  expect(() => readOidcFile(join(folder, "none.json"), {})).toThrow("WR7060");
});
