import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { AskedPairing, CollectedPairing } from "@window-rating/protocol/desk";
import Database from "better-sqlite3";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setupCommand } from "../commands/setup-command.ts";
import { publicKeyHex } from "../identity/ed25519.ts";
import { readSiteFile, siteFileText } from "../site/site-file.ts";
import { type ConsoleStage, openConsoleStage } from "./test/console-stage.ts";
import { axeViolations, BROWSER, tabTo } from "./test/screen-browser.ts";
import type { ScreenStage } from "./test/screen-stage.ts";

const { privateKey } = generateKeyPairSync("ed25519");
const siteText = (version: number, timeoutSeconds: number): string =>
  siteFileText(
    {
      schema: 1,
      site: "样例大厅",
      version,
      madeAt: "2026-03-02T01:00:00.000Z",
      settings: { "rating.timeoutSeconds": timeoutSeconds },
      padProfiles: [],
      businessSystems: [{ name: "hall queue", origins: ["https://queue.example"] }],
      windows: [{ windowNo: "12", clerks: [{ staffNo: "1001", name: "张三样例" }], port: null, profile: null, serialNumber: null }],
    },
    privateKey,
  );
const fileOf = (name: string, text: string) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.from(text) });

describe.runIf(BROWSER !== undefined)("The console's pages of the site (needs a browser; WINDOW_RATING_BROWSER names one)", () => {
  let opened: ConsoleStage;
  let stage: ScreenStage;
  let page: Page;
  let toChoose: ReturnType<typeof fileOf>;
  beforeAll(async () => {
    opened = await openConsoleStage();
    ({ stage, page } = opened);
    // For good: a listener that comes with each choice may come too late for the key.
    page.on("filechooser", (chooser) => void chooser.setFiles(toChoose));
  });
  afterAll(async () => {
    await opened?.close();
  });
  const press = async (target: Locator): Promise<void> => {
    await tabTo(page, target);
    await page.keyboard.press("Enter");
  };
  const chooseByKey = async (label: string, file: ReturnType<typeof fileOf>): Promise<void> => {
    const field = page.getByLabel(label);
    toChoose = file;
    await tabTo(page, field);
    await page.keyboard.press("Enter");
    await expect
      .poll(() => field.evaluate((input: { readonly files?: ArrayLike<{ size: number }> }) => input.files?.[0]?.size))
      .toBe(file.buffer.length);
  };

  test("take a signed site file: its changes first, then the decision; the token of a new business system is shown once", async () => {
    await opened.open("site");
    await page.getByLabel("本机窗口号", { exact: false }).fill("12");
    await page.getByLabel("选择配置文件（site.json）").setInputFiles(fileOf("site.json", siteText(3, 20)));
    await page.getByRole("button", { name: "查看改动", exact: true }).click();
    await page.getByText("这是本机第一份配置文件", { exact: false }).waitFor();
    await page.getByRole("region", { name: "将要改动" }).getByText("rating.timeoutSeconds").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await page.getByRole("button", { name: "采用第 3 版" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "采用第 3 版" }).click();
    await page.getByText("只显示这一次，请立即交给该系统", { exact: false }).waitFor();
    await page.getByText(/wrdesk_/).waitFor();
    await page.getByText("样例大厅，第 3 版").first().waitFor();
    await opened.open("clerks");
    await page.getByRole("button", { name: "管理 张三样例（1001）" }).waitFor();
    await opened.open("site");
    await page.getByRole("heading", { name: "正在使用的设置" }).waitFor();
    await expect.poll(() => page.getByText(/wrdesk_/).count()).toBe(0);
  });

  test("refuse what is no site file, with code and what to do", async () => {
    await opened.open("site");
    await page.getByLabel("选择配置文件（site.json）").setInputFiles(fileOf("site.json", "{}"));
    await page.getByRole("button", { name: "查看改动", exact: true }).click();
    await page.getByRole("alert").filter({ hasText: "WR8012" }).waitFor();
  });

  test("take a newer file by keyboard alone, from the choice of the file to the decision", async () => {
    await opened.open("site");
    await chooseByKey("选择配置文件（site.json）", fileOf("site.json", siteText(4, 25)));
    await press(page.getByRole("button", { name: "查看改动", exact: true }));
    await page.getByRole("region", { name: "将要改动" }).getByText("25", { exact: true }).waitFor();
    await press(page.getByRole("button", { name: "采用第 4 版" }));
    const dialog = page.getByRole("dialog");
    await dialog.getByText("采用这份配置文件？").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await press(dialog.getByRole("button", { name: "采用第 4 版" }));
    await page.getByText("样例大厅，第 4 版").first().waitFor();
    await dialog.waitFor({ state: "detached" });
    expect(JSON.parse(readFileSync(join(stage.dataDir, "config.json"), "utf8")).rating).toEqual({ timeoutSeconds: 25 });
  });

  test("refuse a list of windows row by row, by keyboard alone: the line, what stands there and what to do, and no list is left out in silence", async () => {
    await opened.open("site");
    const bad = "窗口,工作人员,型号,端口\n12,1001 张三样例,,\n13,王五样例,,\n12,1002 李四样例,,\n14,,nobody/nothing,COM 3\n";
    await chooseByKey("选择窗口清单（CSV）", fileOf("windows.csv", bad));
    await press(page.getByRole("button", { name: "核对清单" }));
    await page.getByText("1 个窗口可用，4 处错误").waitFor();
    const rows = page.getByRole("region", { name: "核对清单" }).locator("tbody tr");
    await expect
      .poll(() => rows.allInnerTexts())
      .toEqual([
        expect.stringMatching(/^3\s+工作人员\s+王五样例\s+须为工号加姓名/),
        expect.stringMatching(/^4\s+窗口\s+12\s+此窗口号在前面的行已经有了；请/),
        expect.stringMatching(/^5\s+端口\s+COM 3\s+端口须为/),
        expect.stringMatching(/^5\s+型号\s+nobody\/nothing\s+没有这个型号；请/),
      ]);
    expect(await axeViolations(page)).toEqual([]);
    await expect.poll(() => page.getByRole("button", { name: /^导出/ }).isDisabled()).toBe(true);
    await page.getByText("所选清单还没有全部核对无误").waitFor();
  });

  test("export a signed site file with a good list and a key that is made here; it sets another PC up", async () => {
    await opened.open("site");
    const good = "窗口,工作人员,型号,端口\n12,1001 张三样例,,\n13,1002 李四样例；1003 王五样例,generic/five-button,/dev/ttyUSB1\n";
    await page.getByLabel("选择窗口清单（CSV）").setInputFiles(fileOf("windows.csv", good));
    await page.getByRole("button", { name: "核对清单" }).click();
    await page.getByText("2 个窗口可用，0 处错误").waitFor();
    await page.getByLabel("选择签名密钥").setInputFiles(fileOf("site-key.pem", "no key"));
    await page.getByRole("button", { name: "导出并签名，放入清单" }).click();
    await page.getByRole("alert").filter({ hasText: "这不是签名密钥" }).waitFor();
    await page.getByRole("button", { name: "制作新的签名密钥" }).click();
    const [pem] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("dialog").getByRole("button", { name: "制作新的签名密钥" }).click(),
    ]);
    const key = createPrivateKey(readFileSync(await pem.path(), "utf8"));
    expect([pem.suggestedFilename(), key.asymmetricKeyType]).toEqual(["site-key.pem", "ed25519"]);
    await page.getByText("密钥已制作，只给这一次").waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await axeViolations(page)).toEqual([]);
    const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "导出并签名，放入清单" }).click()]);
    await page.getByText("已导出并签名第 5 版", { exact: false }).waitFor();
    const text = readFileSync(await file.path(), "utf8");
    const { content, signedBy } = readSiteFile(text);
    expect([file.suggestedFilename(), signedBy, content.windows.length]).toEqual(["site.json", publicKeyHex(key), 2]);
    expect(content.settings).toMatchObject({ "rating.timeoutSeconds": 25 });

    const other = join(stage.dataDir, "other-pc");
    const printed: string[] = [];
    const site = await file.path();
    const args = ["--site", site, "--window", "13", "--key", String(signedBy), "--data", other, "--json"];
    expect(await setupCommand(args, { env: {}, print: (line) => printed.push(line) })).toBe(0);
    expect(JSON.parse(printed.join("\n"))).toMatchObject({ site: "样例大厅", version: 5, windows: ["13"], clerks: ["1002", "1003"] });
    const config = JSON.parse(readFileSync(join(other, "config.json"), "utf8"));
    expect(config).toMatchObject({ windowNo: "13", rating: { timeoutSeconds: 25 }, pad: { port: "/dev/ttyUSB1" } });
  });

  test("change a setting by keyboard alone: a value that cannot be is refused with what may be, a good one holds from the next start", async () => {
    await opened.open("site");
    await page.getByLabel("查找设置").fill("timeoutSeconds");
    const change = page.getByRole("button", { name: "修改 rating.timeoutSeconds" });
    await change.focus();
    await page.keyboard.press("Enter");
    const field = page.getByLabel("rating.timeoutSeconds 的新值");
    await field.fill("1");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "WR8001" }).waitFor();
    await field.fill("45");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("已保存 rating.timeoutSeconds。", { exact: false }).waitFor();
    await page.getByText("配置现为 45", { exact: false }).waitFor();
    await field.waitFor({ state: "detached" });
  });

  test("name a clerk and give a one-time code by keyboard alone; the code is shown once and lets the clerk choose a PIN", async () => {
    await opened.open("clerks");
    await page.getByLabel("工号").fill("1002");
    await page.getByLabel("姓名").focus();
    await page.keyboard.type("李四样例");
    await page.keyboard.press("Tab");
    await page.keyboard.type("综合窗口");
    await page.keyboard.press("Tab");
    await page.keyboard.type("74");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("已添加 1002。").waitFor();
    await page.getByText("综合窗口 ★★★★ 党员", { exact: false }).waitFor();
    const manage = page.getByRole("button", { name: "管理 李四样例（1002）" });
    await manage.focus();
    await page.keyboard.press("Enter");
    const give = page.getByRole("dialog").getByRole("button", { name: "给一次性代码" });
    await give.focus();
    await page.keyboard.press("Enter");
    const shown = page.getByRole("dialog").locator(".secret");
    await shown.waitFor();
    const code = (await shown.textContent()) ?? "";
    expect(code).toMatch(/^\d{4}-\d{4}$/);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await page.getByRole("cell", { name: "已给一次性代码" }).waitFor();
    await manage.click();
    await page.getByRole("dialog").getByRole("button", { name: "给一次性代码" }).waitFor();
    await expect.poll(() => page.getByText(code).count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await stage.desk("/clerk/pin/set", { windowNo: "12", staffNo: "1002", code, newPin: "961427" });
    await page.getByRole("cell", { name: "本人已设置" }).waitFor();
  });

  test("set a first PIN, give a card and take it away, unlock and rename a clerk, each told; a PIN that is too easy is refused with what one must be", async () => {
    await opened.open("clerks");
    const database = new Database(join(stage.dataDir, "window.db"));
    // So many wrong PINs lock until somebody unlocks, however slow the machine is.
    const locked =
      "INSERT INTO bad_tries (subject, no, count, wall_ms, monotonic_ms, boot_id) VALUES ('clerk', '1002', 12, ?, 0, 'another boot')";
    database.prepare(locked).run(Date.now());
    database.close();
    await page.getByRole("cell", { name: "输错密码，须解锁" }).waitFor();
    await page.getByRole("button", { name: "管理 李四样例（1002）" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("输错密码，须解锁").waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await dialog.getByRole("button", { name: "解除锁定" }).click();
    await dialog.getByText("输错密码，须解锁").waitFor({ state: "detached" });
    await stage.desk("/clerk/sign-in/pin", { windowNo: "12", staffNo: "1002", pin: "961427" });

    const pin = dialog.getByLabel("初始密码");
    await pin.fill("123456");
    await dialog.getByRole("button", { name: "设置初始密码" }).click();
    const refusal = dialog.getByRole("alert");
    await refusal.filter({ hasText: /至少 6 位数字，不能是工号.*WR5021/ }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await pin.fill("830462");
    await dialog.getByRole("button", { name: "设置初始密码" }).click();
    await dialog.getByText("已完成。").waitFor();
    await page.getByText("初始密码，首次使用须修改").waitFor();

    const card = dialog.getByLabel("卡号");
    await card.fill("12");
    await dialog.getByRole("button", { name: "登记此卡" }).click();
    await refusal.filter({ hasText: /卡号须为 4–32 位数字.*WR5103/ }).waitFor();
    await card.fill("0008153926");
    await dialog.getByRole("button", { name: "登记此卡" }).click();
    await dialog.getByRole("button", { name: "取消卡片" }).waitFor();
    await stage
      .desk("/clerk/sign-in/card", { windowNo: "12", card: "0008153926" })
      .catch(({ message }) => expect(message).toContain("WR5022"));
    await dialog.getByRole("button", { name: "取消卡片" }).click();
    await dialog.getByRole("button", { name: "取消卡片" }).waitFor({ state: "detached" });

    await dialog.getByLabel("姓名").fill("李四样例甲");
    await dialog.getByRole("button", { name: "改姓名" }).click();
    await dialog.getByText("管理 李四样例甲（1002）").waitFor();
    // On duty since the sign-in above: first that ends, then the clerk can be removed.
    await dialog.getByText("正在 12 号窗口在岗").waitFor();
    await expect.poll(() => dialog.getByRole("button", { name: "移除 李四样例甲" }).isDisabled()).toBe(true);
    await stage.desk("/clerk/sign-out", { windowNo: "12" });
    await dialog.getByText("正在 12 号窗口在岗").waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  test("remove a clerk who has left by keyboard alone, after a question that says what is forgotten and what stays", async () => {
    await opened.open("clerks");
    await press(page.getByRole("button", { name: "管理 李四样例甲（1002）" }));
    await press(page.getByRole("dialog").getByRole("button", { name: "移除 李四样例甲" }));
    const question = page.getByRole("dialog").filter({ hasText: "移除 李四样例甲（1002）？" });
    await question.getByText("已有的评价不变", { exact: false }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await press(question.getByRole("button", { name: "移除 李四样例甲" }));
    await page.getByText("已移除 李四样例甲。").waitFor();
    await page.getByRole("dialog").first().waitFor({ state: "detached" });
    await page.getByRole("button", { name: "管理 李四样例甲（1002）" }).waitFor({ state: "detached" });
    await page.getByRole("button", { name: "管理 张三样例（1001）" }).waitFor();
  });

  test("pair a business system after its code was compared, and revoke it by keyboard alone", async () => {
    await opened.open("systems");
    const { requestId, secret, code } = await stage.desk<AskedPairing>("/pairings", { name: "sample system" });
    await page.getByText(code).waitFor();
    await page.getByRole("button", { name: "核对码一致，确认配对" }).click();
    await page.getByRole("dialog").getByText(code).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "核对码一致，确认配对" }).click();
    await page.getByRole("cell", { name: "sample system", exact: true }).waitFor();
    await page.getByRole("row").filter({ hasText: "sample system" }).getByRole("cell", { name: "未见使用" }).waitFor();
    expect(await stage.desk<CollectedPairing>("/pairings/collect", { requestId, secret })).toMatchObject({ state: "confirmed" });
    expect(await axeViolations(page)).toEqual([]);
    await press(page.getByRole("button", { name: "撤销 sample system" }));
    const question = page.getByRole("dialog");
    await question.getByText("已有的评价和记录不变", { exact: false }).waitFor();
    expect(await axeViolations(page)).toEqual([]);
    await press(question.getByRole("button", { name: "撤销 sample system" }));
    await page.getByRole("cell", { name: "sample system", exact: true }).waitFor({ state: "detached" });
  });

  test("refuse a business system whose code differs; it is told so and not paired. The day of its last use stands beside each that is", async () => {
    await opened.open("systems");
    const { requestId, secret, code } = await stage.desk<AskedPairing>("/pairings", { name: "foreign system" });
    await page.getByText(code).waitFor();
    await page.getByRole("button", { name: "不一致，拒绝" }).click();
    await page.getByText("没有业务系统在等待").waitFor();
    expect(await stage.desk<CollectedPairing>("/pairings/collect", { requestId, secret })).toMatchObject({ state: "refused" });
    await expect.poll(() => page.getByRole("cell", { name: "foreign system", exact: true }).count()).toBe(0);
    // As which the desk API was asked all along.
    await page
      .getByRole("row")
      .filter({ hasText: "hall system" })
      .getByRole("cell", { name: /^\d{4}-\d\d-\d\d$/ })
      .waitFor();
    await opened.isSound();
  });
});
