import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  BROWSER,
  isSound,
  isTold,
  openBrowser,
  openPage,
  says,
  signIn,
  swipe,
  typeByHand,
  type WatchedPage,
} from "./test/screen-browser.ts";
import { LI, type ScreenStage, setScreenStage, ZHANG } from "./test/screen-stage.ts";

describe.skipIf(BROWSER === undefined)("Clerks at the strip (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  let browser: Browser;
  let stage: ScreenStage;
  let watched: WatchedPage;
  beforeAll(async () => {
    browser = await openBrowser();
    stage = await setScreenStage();
    await stage.hire(ZHANG);
    await stage.hire(LI);
  });
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });
  beforeEach(async () => {
    watched = await openPage(await browser.newContext());
    await watched.page.goto(await stage.openStrip());
  });
  afterEach(async () => {
    await isSound(watched);
    await stage.desk("/clerk/sign-out");
    await watched.page.context().close();
  });

  test("open it by an address that works once, in one browser, and that leaves nothing of itself in the address bar", async () => {
    const { page } = watched;
    await says(page, "无人签到");
    expect(page.url()).toMatch(/\/strip\.html\?window=12$/);
    const url = await stage.openStrip();
    const other = await browser.newContext();
    const second = await other.newPage();
    await second.goto(url);
    await second.locator("h1").filter({ hasText: "无人签到" }).waitFor();
    await page.goto(url);
    await page.getByText("没有打开").waitFor();
    expect(page.url()).not.toContain("#");
    await other.close();
  });

  test("sign in by number and PIN without a mouse, and are told by name; a wrong PIN is told in words, and its field is empty again", async () => {
    const { page } = watched;
    await says(page, "无人签到");
    await page.keyboard.press("Tab");
    await typeByHand(page, ZHANG.staffNo);
    // On to the PIN, as Tab does; nothing was wrong yet.
    await page.keyboard.press("Enter");
    await typeByHand(page, "000000");
    await page.keyboard.press("Enter");
    await isTold(page, "工号或密码不正确");
    await expect.poll(() => page.getByLabel("密码", { exact: true }).inputValue()).toBe("");
    await typeByHand(page, ZHANG.pin);
    await page.keyboard.press("Enter");
    await says(page, "空闲");
    await isTold(page, `已签到：${ZHANG.name}`);
    await expect.poll(() => page.locator(".details").innerText()).toContain(`${ZHANG.name}（${ZHANG.staffNo}）`);
  });

  test("sign in by a card wherever the focus is, and an unknown card is told in words", async () => {
    const { page } = watched;
    await says(page, "无人签到");
    await swipe(page, "9999999999");
    await isTold(page, "不认识此卡");
    await page.getByRole("button", { name: "首次使用或忘记密码" }).focus();
    await swipe(page, LI.card);
    await says(page, "空闲");
    await expect.poll(() => page.locator(".details").innerText()).toContain(LI.name);
  });

  test("choose their first PIN with a code of IT staff, and one that is too easy is refused", async () => {
    const { page } = watched;
    await stage.it("/clerks/add", { staffNo: "1003", name: "王五样例" });
    const { code } = await stage.it<{ code: string }>("/clerks/code", { staffNo: "1003" });
    await says(page, "无人签到");
    await page.getByRole("button", { name: "首次使用或忘记密码" }).click();
    const fill = async (newPin: string, again = newPin): Promise<void> => {
      await page.getByTestId("panel-setPin").getByLabel("工号").fill("1003");
      await page.getByLabel("一次性代码").fill(code);
      await page.getByLabel("新密码（").fill(newPin);
      await page.getByLabel("再输一次").fill(again);
      await page.keyboard.press("Enter");
    };
    await fill("123456");
    await isTold(page, "密码不符合要求");
    await fill("580217", "580218");
    await isTold(page, "两次输入的新密码不同");
    await fill("580217");
    await isTold(page, "密码已设置");
    await signIn(page, { staffNo: "1003", pin: "580217" });
    await says(page, "空闲");
  });

  test("must change a PIN that IT staff set before they can use it", async () => {
    const { page } = watched;
    await stage.it("/clerks/add", { staffNo: "1004", name: "赵六样例" });
    await stage.it("/clerks/pin", { staffNo: "1004", pin: "340786" });
    await says(page, "无人签到");
    await signIn(page, { staffNo: "1004", pin: "340786" });
    await isTold(page, "请先修改密码");
    const panel = page.getByTestId("panel-changePin");
    await panel.getByLabel("工号").fill("1004");
    await panel.getByLabel("当前密码").fill("340786");
    await panel.getByLabel("新密码（").fill("786034");
    await panel.getByLabel("再输一次").fill("786034");
    await page.keyboard.press("Enter");
    await isTold(page, "密码已修改");
    await signIn(page, { staffNo: "1004", pin: "786034" });
    await says(page, "空闲");
  });

  test("change the shift in one step: the next signs in, the one before is out, and the case stays", async () => {
    const { page } = watched;
    await stage.desk("/clerk/sign-in", { staffNo: ZHANG.staffNo, name: ZHANG.name });
    await stage.desk("/cases", { caseNo: "S-1", itemCode: "1", itemName: "护照换发" });
    await says(page, "正在办理：S-1");
    await page.keyboard.press("Alt+9");
    await swipe(page, LI.card);
    await isTold(page, `已签到：${LI.name}`);
    await says(page, "正在办理：S-1");
    const details = await page.locator(".details").innerText();
    expect([details.includes(LI.name), details.includes(ZHANG.name)]).toEqual([true, false]);
    // Who served it is not guessed, and nobody is chosen beforehand.
    await page.keyboard.press("Alt+1");
    const panel = page.getByTestId("panel-whoServed");
    await panel.waitFor();
    expect(await panel.locator("input:checked").count()).toBe(0);
    await page.keyboard.press("Enter");
    await isTold(page, "这件是谁办理的");
    // Another case took its place: who was about to be chosen served that one, not this.
    await stage.desk("/cases/S-1/cancel");
    await isTold(page, "情况刚刚变了");
    await stage.desk("/clerk/sign-in", { staffNo: ZHANG.staffNo, name: ZHANG.name });
    await stage.desk("/cases", { caseNo: "S-1", visitNo: 2, itemCode: "1", itemName: "护照换发" });
    await stage.desk("/clerk/sign-in", { staffNo: LI.staffNo, name: LI.name });
    await says(page, "正在办理：S-1");
    await page.keyboard.press("Alt+1");
    await panel.getByLabel(ZHANG.staffNo).check();
    await page.keyboard.press("Enter");
    await isTold(page, "已结束：S-1");
    await stage.desk("/cases/S-1/cancel");
  });

  test("sit at one window in twos, say who served each case, and leave one by one", async () => {
    const { page } = watched;
    await says(page, "无人签到");
    await signIn(page, ZHANG);
    await isTold(page, `已签到：${ZHANG.name}`);
    await page.keyboard.press("Alt+9");
    await page.getByLabel("同窗").check();
    await signIn(page, LI);
    await page.locator(".details").filter({ hasText: ZHANG.name }).filter({ hasText: LI.name }).waitFor();
    await stage.desk("/cases", { caseNo: "S-2", itemCode: "1", itemName: "护照换发" });
    await says(page, "正在办理：S-2");
    await page.keyboard.press("Alt+1");
    await page.getByTestId("panel-whoServed").getByLabel(LI.name).check();
    await page.keyboard.press("Enter");
    await says(page, /请群众评价|正在点亮/);
    const state = await stage.state();
    expect(state.request).toMatchObject({ caseNo: "S-2", staffNo: LI.staffNo });
    await stage.desk("/cases/S-2/cancel");
    await page.keyboard.press("Alt+0");
    await page.getByTestId("panel-signOut").getByRole("button", { name: LI.name }).click();
    await isTold(page, "已签退");
    await page.locator(".details").filter({ hasNotText: LI.name }).waitFor();
    expect((await stage.state()).clerks).toEqual([{ staffNo: ZHANG.staffNo, name: ZHANG.name }]);
    // The one who leaves last leaves the field to the next.
    await page.keyboard.press("Alt+0");
    await page.getByTestId("panel-signOut").waitFor();
    await page.keyboard.press("Enter");
    await says(page, "无人签到");
    await expect.poll(() => page.evaluate("document.activeElement.labels?.[0]?.textContent")).toBe("工号");
  });

  test("are locked out after wrong PINs, for a while, and told so", async () => {
    const { page } = watched;
    await stage.it("/clerks/add", { staffNo: "1005", name: "钱七样例" });
    await stage.it("/clerks/pin", { staffNo: "1005", pin: "340786" });
    await says(page, "无人签到");
    for (let turn = 0; turn < 3; turn++) {
      await signIn(page, { staffNo: "1005", pin: "111222" });
      await page.locator(".message[data-is=refused]").waitFor();
      await page.keyboard.press("Escape");
    }
    await signIn(page, { staffNo: "1005", pin: "340786" });
    await isTold(page, "已暂时锁定");
  });
});
