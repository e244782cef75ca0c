import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readOidcFile } from "../../src/access/oidc/oidc-file.ts";
import { OIDC_CALLBACK } from "../../src/access/oidc/oidc-sign-in.ts";
import { newAccount, PASSWORD } from "../access-world.ts";
import { browserPath } from "../browser.ts";
import { BusinessWorld } from "../business-world.ts";
import { CLIENT, startProvider, type TestProvider } from "../oidc-provider.ts";
import { STORAGES, type TestStorage } from "../storages.ts";
import { ConsoleBrowser } from "./console-browser.ts";
import { openFront } from "./front.ts";

const path = browserPath();
const OWN = "Vier Worte zum Merken 7";

describe.skipIf(path === undefined)("signing in to the console (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  let storage: TestStorage;
  let world: BusinessWorld;
  let browser: ConsoleBrowser;

  beforeAll(async () => {
    storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
    world = await BusinessWorld.open(storage);
    browser = await ConsoleBrowser.open(path ?? "", world);
  });
  afterAll(async () => {
    await browser.close();
    await world.close();
    await storage.remove();
  });
  afterEach(() => browser.expectQuiet());

  test("opens the page that was asked for, by keyboard alone", async () => {
    await newAccount(world, { name: "keyboard", role: "it", first: { is: "given", password: PASSWORD } });
    const page = await browser.stranger();
    await browser.go(page, "/calendar");
    await page.getByRole("heading", { name: "登录" }).waitFor();
    await browser.picture(page, "login");
    expect(await browser.faults(page)).toEqual([]);
    // The cursor stands in the first field.
    await page.keyboard.type("keyboard");
    await page.keyboard.press("Tab");
    await page.keyboard.type(PASSWORD);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "工作日历", level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/console/calendar");
    // Signing out leads back, and the way back in is closed.
    await page.getByRole("button", { name: "退出登录" }).click();
    await page.getByRole("heading", { name: "登录" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "登录" }).waitFor();
    await page.context().close();
  });

  test("says which field is empty, and of a wrong password no more than that name or password is wrong", async () => {
    const page = await browser.stranger();
    await browser.go(page, "/");
    await page.getByRole("button", { name: "登录" }).click();
    await page.getByText("请填写账号").waitFor();
    await page.getByLabel("账号").fill("nobody-here");
    await page.getByRole("button", { name: "登录" }).click();
    await page.getByText("请填写密码").waitFor();
    await page.getByLabel("密码", { exact: true }).fill("not this one");
    await page.getByRole("button", { name: "登录" }).click();
    await page.getByRole("alert").getByText("账号或密码不对").waitFor();
    await browser.picture(page, "login-wrong");
    expect(await browser.faults(page)).toEqual([]);
    await page.getByRole("button", { name: "English" }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByText("Account or password is wrong").waitFor();
    await expect.poll(() => page.locator("html").getAttribute("lang")).toBe("en");
    await page.context().close();
  });

  test("tells after too many wrong passwords how long the account is locked", async () => {
    await newAccount(world, { name: "locked", role: "it", first: { is: "given", password: PASSWORD } });
    const page = await browser.stranger();
    await browser.go(page, "/");
    const locked = page.getByRole("alert").getByText("输错次数过多，暂时不能登录");
    const wrong = page.getByRole("alert").getByText("账号或密码不对");
    await page.getByLabel("账号").fill("locked");
    for (let tries = 0; tries < 12 && !(await locked.isVisible()); tries++) {
      await page.getByLabel("密码", { exact: true }).fill(`wrong ${tries}`);
      const answered = page.waitForResponse((response) => response.url().endsWith("/console/v1/session"));
      await page.getByRole("button", { name: "登录" }).click();
      await answered;
      await wrong.or(locked).first().waitFor();
    }
    await locked.waitFor();
    await expect.poll(() => page.getByRole("alert").innerText()).toMatch(/请在 \d+ (秒|分钟) 后再试，或请信息技术人员解锁/);
    await browser.picture(page, "login-locked");
    await page.context().close();
  });

  test("with a start password lets nobody further before an own password is chosen", async () => {
    // Past the locks of the test before.
    world.nowMs += 3_600_000 * 24;
    const { startPassword } = await newAccount(world, { name: "fresh", role: "supervisor", first: { is: "start" } });
    const page = await browser.stranger();
    await browser.go(page, "/policy");
    await page.getByLabel("账号").fill("fresh");
    await page.getByLabel("密码", { exact: true }).fill(startPassword);
    await page.getByRole("button", { name: "登录" }).click();
    await page.getByRole("heading", { name: "请设置您自己的密码" }).waitFor();
    await browser.picture(page, "password");
    expect(await browser.faults(page)).toEqual([]);
    await expect.poll(() => page.getByRole("navigation").count()).toBe(0);
    const fill = async (old: string, next: string, repeat: string): Promise<void> => {
      await page.getByLabel("现在的密码").fill(old);
      await page.getByLabel("新密码", { exact: true }).fill(next);
      await page.getByLabel("再输一遍新密码").fill(repeat);
      await page.getByRole("button", { name: "保存新密码" }).click();
    };
    await fill(startPassword, "short", "short");
    await page.getByText("新密码至少 12 个字符").waitFor();
    await fill(startPassword, OWN, `${OWN}!`);
    await page.getByText("两次输入不一样").waitFor();
    await fill(startPassword, "fresh fresh fresh", "fresh fresh fresh");
    await page.getByRole("alert").getByText("WR7055").waitFor();
    await fill(startPassword, OWN, OWN);
    await page.getByRole("heading", { name: "规则", level: 1 }).waitFor();
    await page.context().close();
  });

  test("ends everywhere when the session ends: the page says so, and opens again after signing in", async () => {
    await newAccount(world, { name: "ended", role: "it", first: { is: "given", password: PASSWORD } });
    const page = await browser.stranger();
    const signIn = async (): Promise<void> => {
      await page.getByLabel("账号").fill("ended");
      await page.getByLabel("密码", { exact: true }).fill(PASSWORD);
      await page.getByRole("button", { name: "登录" }).click();
    };
    await browser.go(page, "/mine");
    await signIn();
    await page.getByRole("heading", { name: "我的账号", level: 1 }).waitFor();
    await world.db.deleteFrom("sessions").execute();
    await page.getByRole("link", { name: "账号", exact: true }).click();
    await page.getByText("登录已结束，请重新登录").waitFor();
    await signIn();
    await page.getByRole("heading", { name: "账号", level: 1 }).waitFor();
    await page.context().close();
  });
});

describe.skipIf(path === undefined)("signing in through the organisation's provider (needs a browser)", () => {
  let storage: TestStorage;
  let world: BusinessWorld;
  let browser: ConsoleBrowser;
  let provider: TestProvider;
  let front: Awaited<ReturnType<typeof openFront>>;

  beforeAll(async () => {
    storage = await (STORAGES[0] as (typeof STORAGES)[number]).create();
    front = await openFront();
    provider = await startProvider(() => `${front.url}${OIDC_CALLBACK}`);
    const folder = mkdtempSync(join(tmpdir(), "window-central-oidc-"));
    const file = join(folder, "oidc.json");
    const content = {
      issuer: provider.issuer,
      clientId: CLIENT.id,
      clientSecretEnv: "SECRET",
      publicUrl: `${front.url}/`,
      label: "市统一认证",
    };
    writeFileSync(file, JSON.stringify({ ...content, create: [] }));
    const oidc = readOidcFile(file, { SECRET: CLIENT.secret });
    rmSync(folder, { recursive: true, force: true });
    world = await BusinessWorld.open(storage, { oidc });
    front.leadTo(world.url);
    browser = await ConsoleBrowser.open(path ?? "", world);
  });
  afterAll(async () => {
    await browser.close();
    await front.close();
    await world.close();
    await provider.close();
    await storage.remove();
  });

  /** Presses the provider's button, and fills in the provider's own form. */
  const comeAs = async (page: Page, login: string): Promise<void> => {
    await page.goto(`${front.url}/console/`);
    await page.getByRole("link", { name: "市统一认证" }).click();
    await page.locator('input[name="login"]').fill(login);
    await page.locator('input[name="password"]').fill("any");
    await page.locator('button[type="submit"]').click();
  };

  test("who has an account comes in by the button, consents there once, and is who the account says", async () => {
    await newAccount(world, { name: "li.hua", role: "supervisor", first: { is: "start" } });
    provider.people.set("lihua", { sub: "lihua", preferred_username: "li.hua", name: "李华样例" });
    const page = await browser.stranger();
    await comeAs(page, "lihua");
    await page.locator('input[name="prompt"][value="consent"]').waitFor({ state: "attached" });
    await page.locator('button[type="submit"]').click();
    await page.getByRole("navigation").first().waitFor();
    expect(new URL(page.url()).origin).toBe(front.url);
    await page.goto(`${front.url}/console/mine`);
    await page.getByRole("heading", { name: "我的账号", level: 1 }).waitFor();
    await page.getByText("li.hua").first().waitFor();
    await page.context().close();
  });

  test("who has none is sent back to the sign-in page, which says so and what to do", async () => {
    provider.people.set("nobody", { sub: "nobody", preferred_username: "nobody", name: "王五样例" });
    const page = await browser.stranger();
    await comeAs(page, "nobody");
    await page.locator('input[name="prompt"][value="consent"]').waitFor({ state: "attached" });
    await page.locator('button[type="submit"]').click();
    await page.getByRole("alert").getByText("WR7062").waitFor();
    await page.getByRole("link", { name: "市统一认证" }).waitFor();
    expect(await browser.faults(page)).toEqual([]);
    await page.context().close();
  });
});
