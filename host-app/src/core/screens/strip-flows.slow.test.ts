import { contactKeyId, contactPublicKey } from "@window-rating/protocol/contact";
import { pino } from "pino";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";
import { WindowDesks } from "../cases/window-desks.ts";
import { systemClock } from "../clock.ts";
import { PairingDesk } from "../desk/pairing-desk.ts";
import { Pairings } from "../desk/pairings.ts";
import { Screens } from "./screens.ts";
import { axeViolations, BROWSER, isSound, isTold, openBrowser, openPage, says, type WatchedPage } from "./test/screen-browser.ts";

const ZHANG = { staffNo: "1001", name: "张三样例" };
const LI = { staffNo: "1002", name: "李四样例" };
const ITEMS = [
  { itemCode: "110101", itemName: "居民身份证补领（样例）" },
  { itemCode: "220202", itemName: "护照换发（样例）" },
];
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A window with its real database and a clock of its own, a pad played by the test, and the strip of it in a browser: one page for all. */
describe.skipIf(BROWSER === undefined)("A clerk at the strip", () => {
  const folder = temporaryFolder();
  const clock = new TestClock();
  const policy = { idleMs: 0 };
  let rig: ReturnType<typeof openWindow>;
  let pairing: PairingDesk;
  let screens: Screens;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;
  beforeAll(async () => {
    const settings = {
      get idleMs() {
        return policy.idleMs;
      },
      ownTotals: { delayHours: 24 },
    };
    rig = openWindow(folder.path, clock, settings);
    rig.ready();
    pairing = new PairingDesk({ pairings: new Pairings(folder.path), clock: systemClock() });
    screens = new Screens({
      dataDir: folder.path,
      port: 0,
      desks: new WindowDesks([rig.window]),
      lists: {
        paper: () => ({ labels: [], reasons: null }),
        findItems: (text) => ITEMS.filter(({ itemCode, itemName }) => itemCode.includes(text) || itemName.includes(text)),
      },
      consoleParts: () => {
        throw new Error("there is no console here");
      },
      pairing: { desk: pairing, mayDecide: true },
      clock: systemClock(),
      logger: pino({ level: "silent" }),
    });
    browser = await openBrowser();
    watched = await openPage(browser);
    page = watched.page;
    await page.goto((await screens.open("strip", "8")).url);
    await says(page, "无人签到");
  });
  afterAll(async () => {
    await browser?.close();
    await screens?.close();
    rig?.close();
    folder.remove();
  });
  afterEach(() => isSound(watched));

  const sits = async (clerk: { staffNo: string; name: string }): Promise<void> => {
    rig.window.signIn(clerk, rig.caller);
    await page.locator(".line").filter({ hasNotText: "无人签到" }).waitFor();
    await page.keyboard.press("Escape");
    await page.locator(".details").filter({ hasText: clerk.name }).waitFor();
  };
  const opened = async (key: string, name: string): Promise<Locator> => {
    await page.keyboard.press(key);
    const panel = page.getByTestId(`panel-${name}`);
    await panel.locator("form").waitFor();
    return panel;
  };

  const choose = async (contrast: string): Promise<void> => {
    if (!(await page.getByTestId("panel-settings").isVisible())) await opened("Alt+s", "settings");
    const panel = page.getByTestId("panel-settings");
    await panel.getByLabel(contrast).check();
    await panel.getByRole("button", { name: "保存" }).click();
    await panel.waitFor({ state: "detached" });
  };

  test("finds an item by a part of its name, and starts a second visit of a case, which is rated as such", async () => {
    await sits(ZHANG);
    const panel = await opened("Alt+2", "startCase");
    await panel.getByLabel("办件编号").fill("V-1");
    await panel.getByLabel("服务次数").fill("2");
    await panel.getByLabel("事项编码").fill("护照");
    await expect.poll(() => panel.locator("datalist option").evaluateAll((all) => all.map(({ value }) => value))).toEqual(["220202"]);
    // What choosing it from the list types.
    await panel.getByLabel("事项编码").fill("220202");
    await expect.poll(() => panel.getByLabel("事项名称").inputValue()).toBe("护照换发（样例）");
    await page.keyboard.press("Enter");
    await says(page, /正在办理：V-1 .*护照换发（样例）.*第 2 次/);
    await page.keyboard.press("Alt+1");
    await vi.waitUntil(() => rig.window.state().request !== null);
    const { request } = rig.window.state();
    expect(request).toMatchObject({ caseNo: "V-1", visitNo: 2 });
    rig.shows(request?.requestId ?? "");
    await says(page, "请群众评价：办件 V-1");
    rig.press(request?.requestId ?? "", 5);
    await says(page, "已收到评价：办件 V-1");
  });

  test("is told of a key of the pad, which does nothing by itself", async () => {
    rig.window.asked("pause", "f1");
    await isTold(page, "评价器按键：暂停");
    rig.window.asked("callNext", "f2");
    await isTold(page, "评价器按键：呼叫下一位");
    expect(rig.window.state().pause).toBeNull();
  });

  test("types in a paper form with what the citizen wrote, name and phone; they are sealed at once and nobody here reads them", async () => {
    const publicKey = contactPublicKey(new Uint8Array(32).fill(7));
    rig.screen.contactKey = { keyId: contactKeyId(publicKey), publicKey };
    const requestId = rig.serve("P-1");
    rig.shows(requestId);
    rig.timedOut(requestId);
    await sits(LI);
    const panel = await opened("Alt+7", "paperForm");
    await panel.getByLabel("办件编号").fill("P-1");
    await panel.getByLabel("非常满意", { exact: true }).check();
    await panel.getByLabel("文字意见").fill("排队太久，希望多开窗口");
    await panel.getByLabel("评价人姓名").fill("赵六样例");
    await panel.getByLabel("联系电话").fill("13800138000");
    await panel.getByRole("button", { name: "保存" }).click();
    await isTold(page, "评价表已录入：P-1");
    const form = rig.bodies().at(-1);
    expect(form).toMatchObject({ kind: "paper", level: 5, typedBy: LI.staffNo, named: true, sealed: { data: expect.any(String) } });
    expect(JSON.stringify([form, rig.window.state(), rig.logs])).not.toMatch(/排队太久|赵六样例|13800138000/);
  });

  test("changes the own PIN when nobody asks for it; from then on the new one is right, and the old one wrong", async () => {
    rig.clerkDesk.add(LI);
    await rig.clerkDesk.setPin({ staffNo: LI.staffNo, pin: "340786" });
    await rig.window.changePin({ staffNo: LI.staffNo, pin: "340786", newPin: "961427" }, rig.caller);
    const change = await opened("Alt+9", "changeClerk");
    await change.getByRole("button", { name: "修改密码" }).press("Enter");
    const panel = page.getByTestId("panel-changePin");
    // Whose it is stands there already.
    await expect.poll(() => panel.getByLabel("工号").inputValue()).toBe(LI.staffNo);
    await panel.getByLabel("当前密码").fill("961427");
    await panel.getByLabel("新密码（").fill("582913");
    await panel.getByLabel("再输一次").fill("582913");
    await page.keyboard.press("Enter");
    await isTold(page, "密码已修改");
    const again = await opened("Alt+9", "changeClerk");
    const tryPin = async (pin: string): Promise<void> => {
      await again.getByLabel("工号", { exact: true }).fill(LI.staffNo);
      await again.getByLabel("密码", { exact: true }).fill(pin);
      await page.keyboard.press("Enter");
    };
    await tryPin("961427");
    await isTold(page, "工号或密码不正确");
    await tryPin("582913");
    await isTold(page, `已签到：${LI.name}`);
  });

  test("sees the own totals only when asking for them: pooled and late, no single rating", async () => {
    for (let count = 0; count < 21; count++) rig.press(rig.serve(`T-${count}`), count === 0 ? 1 : 5);
    clock.advance(2 * DAY);
    await sits(ZHANG);
    expect(await page.locator("main").innerText()).not.toContain("好评率");
    const panel = await opened("Alt+s", "settings");
    expect(await panel.innerText()).not.toContain("好评率");
    await panel.getByRole("button", { name: ZHANG.name }).click();
    await panel.getByText(/：20 条，好评率 90% 及以上/).waitFor();
    // Twenty are a pool; what is left over waits.
    await panel.getByText("近期评价在凑满一组").waitFor();
    await expect.poll(() => panel.locator("li").filter({ hasText: "好评率" }).count()).toBe(1);
    expect(await axeViolations(page)).toEqual([]);
    await choose("高对比");
    const again = await opened("Alt+s", "settings");
    await again.getByRole("button", { name: ZHANG.name }).click();
    await again.getByText("近期评价在凑满一组").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await choose("普通");
  });

  test("refuses a business system that asks to be paired", async () => {
    const { requestId, secret } = pairing.ask("queue machine", undefined);
    await page.getByRole("button", { name: "有业务系统请求配对" }).press("Enter");
    await page.getByTestId("panel-pairing").getByRole("button", { name: "拒绝" }).press("Enter");
    await isTold(page, "已拒绝：queue machine");
    expect(pairing.collect({ requestId, secret }, undefined)).toMatchObject({ state: "refused" });
    await page.locator(".pairing-asked").waitFor({ state: "detached" });
  });

  test("is warned before being signed out idle, stays by one key, is signed out when that does not come, and the case is kept", async () => {
    rig.window.startCase({ caseNo: "I-1", visitNo: 1, ...(ITEMS[0] as (typeof ITEMS)[0]) }, rig.caller);
    await says(page, "正在办理：I-1");
    policy.idleMs = 10 * MINUTE;
    const stay = page.getByRole("button", { name: "继续在岗" });
    for (const contrast of ["高对比", "普通"]) {
      await choose(contrast);
      clock.advance(9 * MINUTE + 30_000);
      // Central's policy has come; nobody has touched anything since.
      rig.window.siteChanged();
      await page
        .locator(".details")
        .filter({ hasText: /\d+ 秒后自动签退/ })
        .waitFor();
      expect(await axeViolations(page)).toEqual([]);
      if (contrast === "普通") break;
      await stay.press("Enter");
      await stay.waitFor({ state: "detached" });
    }
    await stay.press("Enter");
    await stay.waitFor({ state: "detached" });
    expect(rig.window.state()).toMatchObject({ clerk: ZHANG, signOutInMs: 10 * MINUTE });
    clock.advance(10 * MINUTE);
    rig.window.siteChanged();
    await isTold(page, "长时间无操作，已自动签退；未结束的办件仍在");
    await page.getByLabel("工号", { exact: true }).waitFor();
    expect(rig.window.state()).toMatchObject({ clerk: null, openCase: { caseNo: "I-1" } });
    expect(await axeViolations(page)).toEqual([]);
    await says(page, "正在办理：I-1");
    // What opens a rating needs a clerk.
    await page.keyboard.press("Alt+1");
    await isTold(page, "请先签到");
  });
});
