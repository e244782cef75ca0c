import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { axeViolations, BROWSER, isSound, isTold, openBrowser, openPage, says, signIn, type WatchedPage } from "./test/screen-browser.ts";
import { LI, type ScreenStage, setScreenStage, ZHANG } from "./test/screen-stage.ts";

const SETTINGS = { "screen-case-qr": "https://rate.example/c/{requestId}" };

describe.skipIf(BROWSER === undefined)("The strip (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  let browser: Browser;
  let context: BrowserContext;
  let stage: ScreenStage;
  const watched: WatchedPage[] = [];
  const set = async (...windows: string[]): Promise<void> => {
    browser = await openBrowser();
    context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
    stage = await setScreenStage({ windows: windows.length === 0 ? ["12"] : windows, settings: SETTINGS });
  };
  const open = async (windowNo?: string): Promise<Page> => {
    const own = await openPage(context);
    watched.push(own);
    await own.page.goto(await stage.openStrip(windowNo));
    await own.page.locator("h1").waitFor();
    return own.page;
  };
  const isReady = (page: Page): Promise<void> => page.locator(".details").filter({ hasText: "评价器已连接" }).waitFor();
  const signInAt = (clerk: { staffNo: string; name: string }, windowNo = "12") =>
    stage.desk("/clerk/sign-in", { windowNo, staffNo: clerk.staffNo, name: clerk.name });
  const serve = async (caseNo: string, windowNo = "12"): Promise<void> => {
    await stage.desk("/cases", { windowNo, caseNo, itemCode: "1", itemName: "护照换发（样例）" });
    await stage.desk(`/cases/${caseNo}/end`, { windowNo });
  };
  beforeEach(() => {
    watched.length = 0;
  });
  afterEach(async () => {
    for (const one of watched) await isSound(one);
    await browser?.close();
    await stage?.close();
  });

  test("of each of two windows in one browser tells its own window and nothing of the other", async () => {
    await set("12", "13");
    const [twelve, thirteen] = [await open("12"), await open("13")];
    await signInAt(ZHANG, "12");
    await signInAt(LI, "13");
    await isReady(twelve);
    await isReady(thirteen);
    await serve("W-12", "12");
    await serve("W-13", "13");
    await says(twelve, "请群众评价：办件 W-12");
    await says(thirteen, "请群众评价：办件 W-13");
    await stage.padOf("13").press(5);
    await says(thirteen, "已收到评价：办件 W-13");
    await says(twelve, "请群众评价：办件 W-12");
    expect(await twelve.locator("main").innerText()).not.toContain(LI.name);
    expect(await thirteen.locator("main").innerText()).not.toContain(ZHANG.name);
  });

  test("says at once that the pad was unplugged and what to do, keeps the case, and is well again by itself", async () => {
    await set();
    const page = await open();
    await signInAt(ZHANG);
    await isReady(page);
    stage.padOf("12").unplug();
    await page.locator("main[data-tone=stop]").waitFor();
    await page.locator(".tone").filter({ hasText: "停止" }).waitFor();
    await page
      .locator(".details")
      .filter({ hasText: /请检查连接线/ })
      .waitFor();
    await serve("W-1");
    await says(page, "等待评价器：办件 W-1");
    stage.padOf("12").plug();
    await says(page, "请群众评价：办件 W-1");
    await page.locator("main[data-tone=good]").waitFor();
    await stage.padOf("12").press(4);
    await says(page, "已收到评价：办件 W-1");
  });

  test("says that window-host is away instead of showing old news, connects again by itself, and survives a reload of the page", async () => {
    await set();
    const page = await open();
    await signInAt(ZHANG);
    await isReady(page);
    await serve("W-2");
    await says(page, "请群众评价：办件 W-2");
    await stage.stop();
    await says(page, "与本机程序断开");
    expect(await page.locator("main").innerText()).not.toMatch(/W-2|已连接|张三/);
    // What is pressed now must not happen later.
    await page.keyboard.press("Alt+6");
    await isTold(page, "与本机程序断开");
    await stage.start();
    await says(page, "请群众评价：办件 W-2");
    expect((await stage.state()).pause).toBeNull();
    await page.reload();
    await says(page, "请群众评价：办件 W-2");
    await stage.padOf("12").press(2);
    await says(page, "已收到评价：办件 W-2");
  });

  test("is cut off when IT staff end its session, and says how it is opened again", async () => {
    await set();
    const page = await open();
    await isReady(page);
    expect(await stage.it("/screens/end")).toEqual({ ended: 1 });
    await says(page, "此画面已失效");
    expect(await axeViolations(page)).toEqual([]);
    await page.reload();
    await page.getByText("此浏览器尚未获准打开本画面").waitFor();
    expect(await axeViolations(page)).toEqual([]);
  });

  test("takes the focus from nobody: ratings, notices and restarts change the line, never what the clerk types in", async () => {
    await set();
    await stage.hire(LI);
    const page = await open();
    await signInAt(ZHANG);
    await isReady(page);
    await page.keyboard.press("Alt+7");
    const words = page.getByLabel("文字意见");
    await words.fill("态度很好");
    await words.focus();
    await serve("W-3");
    await says(page, "请群众评价：办件 W-3");
    await stage.padOf("12").press(3);
    await says(page, "已收到评价：办件 W-3");
    await stage.desk("/clerk/sign-in", { staffNo: LI.staffNo, name: LI.name });
    await page.locator(".details").filter({ hasText: LI.name }).waitFor();
    await stage.stop();
    await says(page, "与本机程序断开");
    await stage.start();
    await isReady(page);
    await page.keyboard.type("，谢谢");
    await expect.poll(() => words.inputValue()).toBe("态度很好，谢谢");
    // Nor does it take the focus when somebody was signed out.
    await page.keyboard.press("Escape");
    await page.evaluate("document.activeElement.blur()");
    await stage.desk("/clerk/sign-out");
    await says(page, "无人签到");
    await expect.poll(() => page.evaluate("document.activeElement === document.body")).toBe(true);
  });

  test("is served without a mouse and without shortcuts: by Tab and Enter alone from sign-in to the end of a case", async () => {
    await set();
    await stage.hire(ZHANG);
    const page = await open();
    await isReady(page);
    const focused = (): Promise<string> =>
      page.evaluate(`(() => {
        const at = document.activeElement;
        const label = at.labels?.[0]?.textContent ?? at.innerText ?? "";
        // What has the focus must show it.
        const { outlineStyle, outlineWidth } = getComputedStyle(at);
        return outlineStyle === "none" || Number.parseFloat(outlineWidth) < 2 ? "(the focus is not to be seen) " + label : label;
      })()`);
    const tabTo = async (name: string): Promise<void> => {
      const seen: string[] = [];
      for (let turn = 0; turn < 60; turn++) {
        await page.keyboard.press("Tab");
        const label = await focused();
        if (label.startsWith(name)) return;
        seen.push(label);
      }
      throw new Error(`${name} was not reached: ${seen.join(", ")}`);
    };
    await tabTo("工号");
    await page.keyboard.insertText(ZHANG.staffNo);
    await tabTo("密码");
    await page.keyboard.insertText(ZHANG.pin);
    await page.keyboard.press("Enter");
    await isTold(page, "已签到");
    await tabTo("开始办件");
    await page.keyboard.press("Enter");
    await page.getByTestId("panel-startCase").waitFor();
    await page.keyboard.insertText("W-4");
    await tabTo("事项编码");
    await page.keyboard.insertText("110101");
    await tabTo("事项名称");
    await page.keyboard.insertText("居民身份证补领（样例）");
    await page.keyboard.press("Enter");
    await says(page, "正在办理：W-4");
    await tabTo("办结评价");
    await page.keyboard.press("Enter");
    await says(page, "请群众评价：办件 W-4");
    await tabTo("设置");
    await page.keyboard.press("Space");
    await page.getByTestId("panel-settings").waitFor();
    await page.keyboard.press("Escape");
    expect(await focused()).toContain("设置");
  });

  test("keeps changed shortcuts, language and contrast for each clerk, and refuses a key that is taken", async () => {
    await set();
    const page = await open();
    await signInAt(ZHANG);
    await isReady(page);
    await page.keyboard.press("Alt+s");
    const panel = page.getByTestId("panel-settings");
    await panel.getByRole("button", { name: "更改 办结评价" }).click();
    await page.keyboard.press("Alt+3");
    await isTold(page, "Alt+3 已用于“取消”");
    await page.keyboard.press("KeyE");
    await isTold(page, "需要与 Ctrl 或 Alt 组合");
    await page.keyboard.press("F9");
    await panel.getByLabel("English").check();
    await panel.getByLabel("高对比").check();
    await panel.getByRole("button", { name: "保存" }).click();
    await isTold(page, "Settings kept");
    await page.locator("main[data-contrast=high]").waitFor();
    await stage.desk("/cases", { caseNo: "W-5", itemCode: "1", itemName: "护照换发（样例）" });
    await says(page, "In progress: W-5");
    await page.keyboard.press("Alt+1");
    await page.keyboard.press("F9");
    await says(page, "Please let the citizen rate: case W-5");
    await signInAt(LI);
    await says(page, "请群众评价：办件 W-5");
    await page.locator("main[data-contrast=normal]").waitFor();
    await stage.stop();
    await stage.start();
    await signInAt(ZHANG);
    await says(page, "Please let the citizen rate: case W-5");
  });

  test("fits at 100 to 300 percent, docked and as a column: nothing is cut off sideways, whatever is open", async () => {
    await set();
    const page = await open();
    await signInAt(ZHANG);
    await isReady(page);
    await serve("W-6");
    await says(page, "请群众评价：办件 W-6");
    const isNotCut = async (what: string): Promise<void> => {
      const [wide, room] = await page.evaluate<[number, number]>("[document.documentElement.scrollWidth, window.innerWidth]");
      expect(`${what}: ${wide} in ${room}`).toBe(`${what}: ${room} in ${room}`);
    };
    for (const [width, height] of [
      [1280, 720],
      [853, 480],
      [640, 360],
      [427, 240],
      // Docked along a side (electron/place.ts).
      [320, 720],
      [1280, 64],
      [1024, 72],
      [800, 64],
    ] as const) {
      await page.setViewportSize({ width, height });
      await isNotCut(`${width} × ${height}`);
      if (height < 160) {
        // Docked, sign and line are in sight without scrolling.
        const box = await page.locator("h1").boundingBox();
        expect([width, (box?.y ?? -1) >= 0, (box?.y ?? 0) + (box?.height ?? 0) <= height]).toEqual([width, true, true]);
        continue;
      }
      for (const [key, name] of PANELS) {
        await page.keyboard.press(key);
        await page.getByTestId(`panel-${name}`).locator("form").waitFor();
        await isNotCut(`${name} at ${width} × ${height}`);
        const send = page.getByTestId(`panel-${name}`).locator("button[type=submit]");
        await send.scrollIntoViewIfNeeded();
        const box = await send.boundingBox();
        expect([name, width, (box?.x ?? -1) >= 0, (box?.x ?? 0) + (box?.width ?? 0) <= width]).toEqual([name, width, true, true]);
        await page.keyboard.press("Escape");
      }
    }
  });

  test("has no serious fault of accessibility, whatever is open and whoever sits there, in either contrast", async () => {
    await set();
    await stage.hire(ZHANG);
    await stage.it("/clerks/add", { staffNo: "1005", name: "钱七样例" });
    const page = await open();
    await isReady(page);
    const faults: string[] = [];
    const look = async (what: string): Promise<void> => {
      for (const fault of await axeViolations(page)) faults.push(`${what}: ${fault}`);
    };
    const opened = async (name: string): Promise<void> => page.getByTestId(`panel-${name}`).locator("form").waitFor();
    /** Kept for the window while nobody sits there, and for the clerk who does. */
    const choose = async (contrast: string): Promise<void> => {
      await page.keyboard.press("Alt+s");
      await page.getByTestId("panel-settings").getByLabel(contrast).check();
      await page.getByTestId("panel-settings").getByRole("button", { name: "保存" }).click();
      await isTold(page, "设置已保存");
      await page.keyboard.press("Escape");
    };
    for (const contrast of ["普通", "高对比"]) {
      await choose(contrast);
      await look(`signing in, ${contrast}`);
      for (const [button, name] of SIGNED_OUT) {
        await page.getByRole("button", { name: button }).click();
        await opened(name);
        await look(`${name}, ${contrast}`);
        await page.keyboard.press("Escape");
      }
      await stage.it("/clerks/pin", { staffNo: "1005", pin: "340786" });
      for (let turn = 0; turn < 4; turn++) {
        await page.keyboard.press("Escape");
        await signIn(page, { staffNo: "1005", pin: "111222" });
        await isTold(page, turn < 3 ? "工号或密码不正确" : "已暂时锁定");
      }
      await look(`locked out, ${contrast}`);
      await page.keyboard.press("Escape");
      await signInAt(ZHANG);
      await page.locator(".details").filter({ hasText: ZHANG.name }).waitFor();
      await choose(contrast);
      await stage.desk("/clerk/sign-in", { staffNo: LI.staffNo, name: LI.name, beside: true });
      await stage.desk("/cases", { caseNo: `W-8-${contrast}`, itemCode: "1", itemName: "护照换发（样例）" });
      await says(page, "正在办理");
      await page.keyboard.press("Alt+1");
      await opened("whoServed");
      await look(`whoServed, ${contrast}`);
      await page.getByTestId("panel-whoServed").getByLabel(ZHANG.name).check();
      await page.keyboard.press("Enter");
      await says(page, "请群众评价");
      await look(`the line, ${contrast}`);
      for (const [key, name] of PANELS) {
        await page.keyboard.press(key);
        await opened(name);
        await look(`${name}, ${contrast}`);
        if (name === "severalCases") {
          await page.getByTestId("panel-severalCases").getByLabel("主题（一件事）").check();
          await look(`a theme, ${contrast}`);
        }
        await page.keyboard.press("Escape");
      }
      await stage.desk("/pause", { text: "午休至 13:30" });
      await stage.desk(`/cases/${encodeURIComponent(`W-8-${contrast}`)}/cancel`);
      await page.getByRole("button", { name: "恢复服务" }).waitFor();
      await look(`a pause, ${contrast}`);
      await stage.desk("/resume");
      const { code, ...asked } = await stage.desk<{ code: string; requestId: string; secret: string }>("/pairings", {
        name: `queue machine ${contrast}`,
      });
      await page.locator(".pairing-asked").press("Enter");
      await opened("pairing");
      await look(`pairing, ${contrast}`);
      await page.keyboard.press("Escape");
      await stage.it("/pairings/confirm", { code });
      await stage.desk("/pairings/collect", { requestId: asked.requestId, secret: asked.secret });
      stage.padOf("12").unplug();
      await page.locator("main[data-tone=stop]").waitFor();
      await look(`stopped, ${contrast}`);
      stage.padOf("12").plug();
      await stage.desk("/clerk/sign-out");
      await says(page, "无人签到");
    }
    expect(faults).toEqual([]);
  });
});

/** What can be opened before anybody is signed in. */
const SIGNED_OUT = [
  ["首次使用或忘记密码", "setPin"],
  ["修改密码", "changePin"],
] as const;

/** What can be opened while a citizen is asked. */
const PANELS = [
  ["Alt+2", "startCase"],
  ["Alt+3", "cancelCase"],
  ["Alt+5", "severalCases"],
  ["Alt+6", "pause"],
  ["Alt+7", "paperForm"],
  ["Alt+8", "code"],
  ["Alt+9", "changeClerk"],
  ["Alt+0", "signOut"],
  ["Alt+s", "settings"],
] as const;
