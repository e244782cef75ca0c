import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ConsoleStage, openConsoleStage } from "./test/console-stage.ts";
import { BROWSER, tabTo } from "./test/screen-browser.ts";
import type { ScreenStage } from "./test/screen-stage.ts";
import { newMaker } from "./test/signed-image.ts";

const TOUCH = "generic/touchscreen";
/** A picture of one red pixel. */
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC", "base64");

describe.runIf(BROWSER !== undefined)("The console's page of pads (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  const maker = newMaker();
  let opened: ConsoleStage;
  let stage: ScreenStage;
  let page: Page;
  beforeAll(async () => {
    opened = await openConsoleStage({
      windows: ["12", "13", "14"],
      pads: { 14: { profileId: TOUCH, firmware: { makerKeys: [maker.publicKey] } } },
      settings: { "rating-timeout-seconds": "600" },
      first: "pads",
    });
    ({ stage, page } = opened);
    for (const windowNo of ["12", "13", "14"]) {
      await page
        .locator("tr", { hasText: `${windowNo} 号窗口` })
        .filter({ hasText: "可以使用" })
        .waitFor();
    }
  });
  afterAll(async () => {
    await opened?.close();
  });

  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const press = (name: string): Promise<void> => button(name).click();
  /** As somebody without a mouse does it. */
  const pressByKey = async (name: string): Promise<void> => {
    await tabTo(page, button(name));
    await page.keyboard.press("Enter");
  };
  const key = (name: string) => page.locator(`.pad-key[data-key="${name}"]`);
  const fact = (name: string) => page.locator("dt", { hasText: new RegExp(`^${name}$`) }).locator("xpath=following-sibling::dd[1]");
  const choose = async (windowNo: string): Promise<void> => {
    await press(`${windowNo} 号窗口`);
    await fact("序列号")
      .filter({ hasText: `PAD-${windowNo}` })
      .waitFor();
  };
  /** Not by its button, which is dead once the time of the test is over. */
  const endTrial = (windowNo: string): Promise<unknown> => stage.it("/pads/test/end", { windowNo });
  const askCitizen = async (windowNo: string, caseNo: string): Promise<void> => {
    await stage.desk("/clerk/sign-in", { windowNo, staffNo: `10${windowNo}`, name: "张三样例" });
    await stage.desk("/cases", { windowNo, caseNo, itemCode: "A-01", itemName: "身份证补领" });
    await stage.desk(`/cases/${caseNo}/end`, { windowNo });
  };

  test("lights each key in the picture as it is pressed, and rates nothing; by keyboard alone", async () => {
    await pressByKey("试键");
    await page.getByText("请依次按评价器上的每个键").waitFor();
    await vi.waitUntil(() => stage.padOf("12").face.phase === "testing");
    stage.padOf("12").keyDown(3);
    await key("3").and(page.locator('[data-lit="true"]')).waitFor();
    await opened.isAccessible();
    stage.padOf("12").keyUp(3);
    await key("3").and(page.locator('[data-lit="false"][data-pressed="true"]')).waitFor();
    await page.getByText("已按 1 / 5 个键").waitFor();
    await pressByKey("停止试用");
    await page.getByText("已停止试用").waitFor();
    await vi.waitUntil(() => stage.padOf("12").face.phase === "idle");
    expect((await stage.state("12")).request).toBeNull();
  });

  test("has the pad light its lamps, speak and show its screen, as the pad itself shows", async () => {
    const lit = new Set<number>();
    const stopLooking = stage.padOf("12").onChange(() => {
      for (const [place, lamp] of stage.padOf("12").face.lamps.entries()) if (lamp === "code") lit.add(place);
    });
    await press("试灯");
    await page.getByText("灯依次亮起").waitFor();
    await vi.waitUntil(() => lit.size === 5);
    stopLooking();
    await endTrial("12");
    await vi.waitUntil(() => stage.padOf("12").face.lamps.every((lamp) => lamp === "off"));
    await press("试语音");
    await vi.waitUntil(() => stage.padOf("12").face.spoken !== null);
    await page.getByText("试用时间到").waitFor();
    await page.getByText("这台评价器没有这些项目：试屏幕").waitFor();
    await choose("14");
    await press("试屏幕");
    await page.getByText("屏幕显示试用画面").waitFor();
    await vi.waitUntil(() => stage.padOf("14").face.phase === "testing");
    await endTrial("14");
    await vi.waitUntil(() => stage.padOf("14").face.phase === "idle");
    await choose("13");
    await press("找到这台");
    await vi.waitUntil(() => stage.padOf("13").face.lamps.includes("blink"));
    await endTrial("13");
    await vi.waitUntil(() => !stage.padOf("13").face.lamps.includes("blink"));
  });

  test("is refused with what to do while a citizen is asked", async () => {
    await choose("12");
    await askCitizen("12", "C-1");
    await vi.waitUntil(() => stage.padOf("12").face.phase === "inviting");
    await press("试灯");
    await page.getByRole("alert").filter({ hasText: "WR1050" }).getByText("正在请群众评价").waitFor();
    await opened.isAccessible();
    await stage.padOf("12").press(5);
    await vi.waitFor(async () => expect((await stage.state("12")).request?.state).toBe("rated"));
  });

  test("leads through a pairing with its code, by keyboard alone; one that is given up changes nothing", async () => {
    await choose("14");
    const pad = stage.padOf("14");
    await pressByKey("开始配对");
    await page.getByText("第一步：在评价器上按住 3 号键").waitFor();
    await opened.isAccessible();
    await pressByKey("放弃配对");
    await button("开始配对").waitFor();
    await page.getByText("本机没有任何评价器的密钥").waitFor();

    await pressByKey("开始配对");
    await page.getByText("第一步：在评价器上按住 3 号键").waitFor();
    pad.touch({ do: "pair" });
    await page.getByText("第二步：评价器用灯闪出或在屏幕上显示八位数字").waitFor();
    const code = (): string => (pad.face.pairing?.is === "code" ? pad.face.pairing.code : "");
    await vi.waitUntil(() => code() !== "");
    // The place for the code has the focus: whoever holds the pad in one hand types at once.
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("pad-code");
    await opened.isAccessible();
    await page.keyboard.type(code());
    await page.keyboard.press("Enter");
    await page.getByText("第三步：代码正确").waitFor();
    await vi.waitUntil(() => pad.face.pairing?.is === "press");
    pad.touch({ do: "pairPress" });
    await page.getByText("配对完成").waitFor();
    await fact("配对").filter({ hasText: "已配对" }).waitFor();
    await page
      .getByRole("listitem")
      .filter({ hasText: `${TOUCH} PAD-14` })
      .waitFor();
    await opened.isAccessible();
  });

  test("brings a pad the pictures that are new in the folder of files", async () => {
    mkdirSync(join(stage.dataDir, "assets", "photo"), { recursive: true });
    writeFileSync(join(stage.dataDir, "assets", "photo", "1014.png"), PIXEL);
    await press("重新检查素材");
    await fact("评价器上的素材").filter({ hasText: "photo/1014" }).waitFor();
    expect(Buffer.from(stage.padOf("14").screenAssets?.find("photo/1014")?.bytes ?? [])).toEqual(PIXEL);
  });

  test("updates the firmware from a path, after the rating that goes on; and by an upload; a file of a stranger is not taken; by keyboard alone", async () => {
    await page.getByLabel("本机上的固件文件路径").fill("/nowhere/pad.wrfw");
    await pressByKey("从路径更新");
    await page.getByRole("alert").filter({ hasText: "WR1030" }).waitFor();
    await opened.isAccessible();
    await fact("固件").filter({ hasText: "1.0.0" }).waitFor();

    await askCitizen("14", "C-2");
    const pad = stage.padOf("14");
    await vi.waitUntil(() => pad.face.phase === "inviting");
    const path = join(stage.dataDir, "pad-2.wrfw");
    writeFileSync(path, maker.image(TOUCH, 2));
    await tabTo(page, page.getByLabel("本机上的固件文件路径"));
    await page.keyboard.press("Control+A");
    await page.keyboard.type(path);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    // Not a byte of it goes while a citizen is asked.
    await page.getByText("固件 2.0.0 正在传给评价器：0%。请群众评价时暂停").waitFor();
    await opened.isAccessible();
    expect(pad.face.phase).toBe("inviting");
    await stage.desk("/cases/C-2/cancel", { windowNo: "14" });
    await page.getByText("更新完成，评价器运行固件 2.0.0").waitFor();
    await fact("固件").filter({ hasText: "2.0.0" }).waitFor();

    // What is shown for a moment is written down by the page itself.
    await page.evaluate(`window.told = new Set();
      new MutationObserver(() => { for (const one of document.querySelectorAll("[role=status]")) window.told.add(one.textContent); })
        .observe(document.body, { subtree: true, childList: true, characterData: true });`);
    const upload = async (name: string, buffer: Buffer): Promise<void> => {
      await page.getByLabel("或选择固件文件").setInputFiles({ name, mimeType: "application/octet-stream", buffer });
      await pressByKey("上传并更新");
    };
    await upload("pad-3.wrfw", maker.image(TOUCH, 3));
    await page.getByText("更新完成，评价器运行固件 3.0.0").waitFor();
    await fact("固件").filter({ hasText: "3.0.0" }).waitFor();
    expect(await page.evaluate<string[]>("[...window.told]")).toContainEqual(expect.stringMatching(/^已上传 \d+%$/));

    await upload("stranger.wrfw", newMaker().image(TOUCH, 4));
    await page.getByText("不是本评价器厂家签名的文件").waitFor();
    await page.getByRole("alert").filter({ hasText: "WR1032" }).waitFor();
    await fact("固件").filter({ hasText: "3.0.0" }).waitFor();
    await opened.isAccessible();
  });

  test("shows what the pad itself noted, the newest first, and saves it as a file; by keyboard alone", async () => {
    await expect.poll(() => button("日志存成文件").isDisabled()).toBe(true);
    await pressByKey("读取日志");
    const rows = page.getByRole("region", { name: "评价器日志" }).locator("tbody tr");
    await rows.filter({ hasText: "session ready" }).first().waitFor();
    const numbers = (await rows.locator("td:first-child").allTextContents()).map(Number);
    expect(numbers).toEqual(numbers.toSorted((one, other) => other - one));
    await opened.isAccessible();
    await pressByKey("日志存成文件");
    const saved = page.getByText(/已存到本机 \S+（\d+ 行）/);
    await saved.waitFor();
    const path = /已存到本机 (\S+)（/.exec((await saved.textContent()) ?? "")?.[1] ?? "";
    const [about, ...lines] = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(about).toBe(`window 14, pad ${TOUCH} PAD-14, firmware 3.0.0`);
    expect(lines.map((line) => Number(line.split("\t")[0])).slice(-50)).toEqual(numbers.toReversed());
  });

  test("unpairs a pad, and forgets the key of one that is lost, each after a question; by keyboard alone", async () => {
    const pad = stage.padOf("14");
    const answer = async (name: string): Promise<void> => {
      const dialog = page.getByRole("dialog");
      await opened.isAccessible();
      await tabTo(page, dialog.getByRole("button", { name, exact: true }));
      await page.keyboard.press("Enter");
      await dialog.waitFor({ state: "detached" });
    };
    await pressByKey("解除配对");
    await page.getByRole("dialog").getByText("评价器和本机都忘掉密钥").waitFor();
    await answer("解除配对");
    await fact("配对").filter({ hasText: "未配对" }).waitFor();
    await page.getByText("本机没有任何评价器的密钥").waitFor();

    await pressByKey("开始配对");
    await page.getByText("第一步：在评价器上按住 3 号键").waitFor();
    pad.touch({ do: "pair" });
    await page.getByLabel("配对码").waitFor();
    await vi.waitUntil(() => pad.face.pairing?.is === "code");
    await page.getByLabel("配对码").fill(pad.face.pairing?.is === "code" ? pad.face.pairing.code : "");
    await page.keyboard.press("Enter");
    await vi.waitUntil(() => pad.face.pairing?.is === "press");
    pad.touch({ do: "pairPress" });
    await fact("配对").filter({ hasText: "已配对" }).waitFor();
    pad.unplug();
    await page.locator("tr", { hasText: "14 号窗口" }).filter({ hasText: "未连接" }).waitFor();
    const recoveries = page.locator("h3", { hasText: "最近的恢复动作" }).locator("xpath=following-sibling::ul[1]/li");
    await recoveries.first().waitFor();
    // What was tried and why is said in Chinese; only the technical detail beneath is not.
    const told = (await recoveries.allInnerTexts()).map((text) => text.split("\n")[0]);
    expect(told.filter((text) => !/\p{Script=Han}/u.test(text ?? ""))).toEqual([]);
    await pressByKey("忘掉密钥");
    await page.getByRole("dialog").getByText("只用于已丢失、损坏或在别处配对的评价器").waitFor();
    await answer("忘掉密钥");
    await page.getByText("本机没有任何评价器的密钥").waitFor();
    await page.getByText("评价器未连接或不能使用，暂不能试用").waitFor();
    await opened.isAccessible();
    await opened.isSound();
  });
});
