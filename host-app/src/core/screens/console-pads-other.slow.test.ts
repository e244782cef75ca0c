import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { findProfile } from "@window-rating/device-profiles";
import { PtyPort, SimulatedKeypad, SimulatedPad } from "@window-rating/firmware-sim";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type ConsoleStage, openConsoleStage } from "./test/console-stage.ts";
import { qrTextOn } from "./test/qr-reader.ts";
import { BROWSER, tabTo } from "./test/screen-browser.ts";
import type { ScreenStage } from "./test/screen-stage.ts";

/** A pad of another maker that sends nothing while it is dark. */
const KEYPAD = "generic/xor-five-key";

/** Serial adapters of this PC that are real ttys; only what udev would tell of them is told in its place. */
const listAdapters = (folder: string, adapters: readonly { readonly path: string; readonly ids: string }[]): (() => void) => {
  const entries = adapters.map(({ path, ids }, index) => {
    const [vendor, product, serial] = ids.split(" ");
    const told = { DEVNAME: path, ID_VENDOR_ID: vendor, ID_MODEL_ID: product, ID_SERIAL_SHORT: serial };
    return [
      `P: /devices/usb${index}`,
      `N: ttyUSB${index}`,
      ...Object.entries(told).flatMap(([name, value]) => (!value ? [] : [`E: ${name}=${value}`])),
      "",
    ].join("\n");
  });
  mkdirSync(join(folder, "bin"));
  writeFileSync(join(folder, "udev.txt"), `${entries.join("\n")}\n`);
  writeFileSync(join(folder, "bin", "udevadm"), `#!/bin/sh\ncat '${join(folder, "udev.txt")}'\n`);
  chmodSync(join(folder, "bin", "udevadm"), 0o755);
  const before = process.env.PATH;
  process.env.PATH = [join(folder, "bin"), before].join(delimiter);
  return () => {
    process.env.PATH = before;
  };
};

describe.runIf(BROWSER !== undefined && process.platform === "linux")(
  "The console's page of pads, where the pads are of other makers or tablets (needs Linux and a browser; WINDOW_RATING_BROWSER names one)",
  () => {
    const undo = new AsyncDisposableStack();
    let opened: ConsoleStage;
    let stage: ScreenStage;
    let page: Page;
    let keypad: SimulatedKeypad;
    beforeAll(async () => {
      const folder = mkdtempSync(join(tmpdir(), "window-rating-others-"));
      undo.defer(() => rmSync(folder, { recursive: true, force: true }));
      const ttyAt = (name: string): PtyPort => new PtyPort(join(folder, name));
      const profile = findProfile(KEYPAD);
      if (profile.protocol !== "keypad") throw new Error("no keypad");
      keypad = new SimulatedKeypad({ port: ttyAt("ttyUSB0"), profile });
      undo.defer(() => keypad.close());
      const free = new SimulatedPad({ port: ttyAt("ttyUSB1"), serialNumber: "FREE-1" });
      undo.defer(() => free.close());
      const mute = ttyAt("ttyUSB2");
      undo.defer(() => mute.close());
      const bridge = "1a86 7523";
      undo.defer(
        listAdapters(folder, [
          { path: keypad.path, ids: bridge },
          { path: free.path, ids: `${bridge} 0017` },
          { path: mute.path, ids: bridge },
          { path: join(folder, "ttyUSB3"), ids: bridge },
          { path: join(folder, "ttyS9"), ids: "" },
        ]),
      );
      opened = await openConsoleStage({
        windows: [],
        others: [
          { windowNo: "21", pad: { port: keypad.path, profile: KEYPAD } },
          { windowNo: "22", pad: { port: "browser" } },
        ],
        settings: { "browser-pad-port": "0" },
        first: "pads",
      });
      undo.defer(() => opened.close());
      ({ stage, page } = opened);
      await page.locator("tr", { hasText: "21 号窗口" }).filter({ hasText: "可以使用" }).waitFor();
    });
    afterAll(() => undo.disposeAsync());

    const button = (name: string) => page.getByRole("button", { name, exact: true });
    /** As somebody without a mouse does it. */
    const pressByKey = async (name: string): Promise<void> => {
      await tabTo(page, button(name));
      await page.keyboard.press("Enter");
    };
    const confirm = async (name: string): Promise<void> => {
      const dialog = page.getByRole("dialog");
      await opened.isAccessible();
      await tabTo(page, dialog.getByRole("button", { name, exact: true }));
      await page.keyboard.press("Enter");
      await dialog.waitFor({ state: "detached" });
    };

    test("shows a pad of another maker as its profile describes it, and lights it for the test of its keys, which rates nothing", async () => {
      await page.getByRole("definition").filter({ hasText: "五键评价器，定长 7 字节帧" }).waitFor();
      const keys = page.locator(".pad-key");
      await expect
        .poll(() => keys.locator(".pad-key-words").allTextContents())
        .toEqual(["非常满意", "满意", "基本满意", "不满意", "非常不满意"]);
      await page.getByText("其他厂家的评价器，固件与素材不由本系统更新").waitFor();
      await page.getByText("其他厂家的评价器没有可读的日志").waitFor();
      expect(keypad.face.phase).toBe("idle");
      await pressByKey("试键");
      await page.getByText("此型号不亮时不发出按键，所以试键时会点亮").waitFor();
      // Its key 1 stands for level 5: the picture lights what is printed on the key.
      for (const [level, name, count] of [
        [5, "1", "已按 1 / 5 个键"],
        [1, "5", "已按 2 / 5 个键"],
      ] as const) {
        await vi.waitUntil(() => keypad.face.phase === "inviting");
        await keypad.press(level);
        await page.locator(`.pad-key[data-key="${name}"][data-pressed="true"]`).waitFor();
        await page.getByText(count).waitFor();
      }
      await opened.isAccessible();
      await pressByKey("停止试用");
      await page.getByText("已停止试用").waitFor();
      await vi.waitUntil(() => keypad.face.phase === "idle");
      expect((await stage.state("21")).request).toBeNull();
      await page.getByText("没有请求评价 2").waitFor();
    });

    test("lists the ports with who has each, and says in Chinese and in English what answers at the free ones", async () => {
      const row = (name: string) => page.getByRole("region", { name: "本机串口" }).locator("tbody tr").filter({ hasText: name });
      await pressByKey("查看串口");
      await row("ttyUSB0").filter({ hasText: "21 号窗口" }).waitFor();
      await row("ttyUSB1").filter({ hasText: "1a86:7523 0017" }).filter({ hasText: "未询问" }).waitFor();
      await expect.poll(() => page.getByRole("region", { name: "本机串口" }).locator("tbody tr").count()).toBe(5);
      await opened.isAccessible();
      await pressByKey("询问每个空闲端口");
      await row("ttyUSB1")
        .filter({ hasText: "评价器 generic/five-button，序列号 FREE-1，固件 1.0.0" })
        .filter({ hasText: "未配对" })
        .waitFor();
      await row("ttyUSB2").filter({ hasText: "端口能打开，没有评价器应答" }).waitFor();
      await row("ttyUSB3").filter({ hasText: "找不到评价器的端口" }).waitFor();
      await row("ttyUSB0").filter({ hasText: "正在使用，不询问" }).waitFor();
      await opened.isAccessible();
      // Magnified three times the table scrolls in its own place, and the page does not.
      const before = page.viewportSize();
      await page.setViewportSize({ width: 455, height: 256 });
      const overflowing =
        '[document.documentElement, document.querySelector("main")].filter((one) => one.scrollWidth > one.clientWidth).length';
      await expect.poll(() => page.evaluate(overflowing)).toBe(0);
      await page.setViewportSize(before ?? { width: 1280, height: 720 });
      await button("English").click();
      const english = page.getByRole("region", { name: "Serial ports of this PC" }).locator("tbody tr");
      await english.filter({ hasText: "Pad generic/five-button, serial number FREE-1, firmware 1.0.0" }).waitFor();
      expect((await english.allTextContents()).filter((text) => /\p{Script=Han}/u.test(text))).toEqual([]);
      await button("中文").click();
      await button("English").waitFor();
    });

    test("admits a tablet by the QR code that it shows, another one in its place, and removes it; by keyboard alone", async () => {
      const section = page.locator("section").filter({ has: page.getByRole("heading", { name: "平板与第二屏" }) });
      await section.getByText("无证书，只供本机").waitFor();
      await section.getByText("还没有平板").waitFor();
      await pressByKey("显示二维码");
      const offered = async (): Promise<string> => {
        const picture = section.getByRole("img", { name: "二维码" });
        await picture.waitFor();
        const text = await qrTextOn(picture);
        await section.getByText(text, { exact: true }).waitFor();
        return text;
      };
      await section.getByText("10 分钟内只能用一次").waitFor();
      await opened.isAccessible();
      /** What a tablet does that reads the code: opens the page, and its button is pressed. */
      const joined = async (url: string): Promise<Page> => {
        const context = await page
          .context()
          .browser()
          ?.newContext({ viewport: { width: 1280, height: 800 } });
        if (context === undefined) throw new Error("no browser");
        undo.defer(() => context.close());
        const tablet = await context.newPage();
        await tablet.goto(url);
        await tablet.locator(".begin").click();
        await tablet.locator('#pad[data-scene="idle"][data-ready="true"]').waitFor();
        return tablet;
      };
      const first = await joined(await offered());
      await section.getByText(/^\S+ 已连接/).waitFor();
      await page.locator("tr", { hasText: "22 号窗口" }).filter({ hasText: "可以使用" }).waitFor();
      await pressByKey("收起二维码");
      await section.getByRole("img").waitFor({ state: "detached" });

      await pressByKey("换一台平板");
      await page.getByRole("dialog").getByText("它尚未上传的评价留在它里面").waitFor();
      await confirm("换一台平板");
      await joined(await offered());
      await first.getByText(/本窗口已换用另一台设备|窗口电脑不再认识这台设备/).waitFor();
      await section.getByText(/^\S+ 已连接/).waitFor();
      await opened.isAccessible();

      await pressByKey("停用平板");
      await page.getByRole("dialog").getByText("尚未上传的评价留在平板里").waitFor();
      await confirm("停用平板");
      await section.getByText("还没有平板").waitFor();
      await page.locator("tr", { hasText: "22 号窗口" }).filter({ hasText: "未连接" }).waitFor();
      await opened.isAccessible();
      await opened.isSound();
    });
  },
);
