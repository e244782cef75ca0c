import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openContact } from "@window-rating/protocol/contact";
import { requestIdToBytes } from "@window-rating/protocol/rating";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { BROWSER, launchTablet } from "../../../test/tablet/browser.ts";
import { CAN_MAKE_CERTIFICATES } from "../../../test/tablet/certificate.ts";
import { CENTRAL_KEY, Hall, type KeptEntry, Tablet } from "../../../test/tablet/hall.ts";

const canRun = BROWSER !== undefined && CAN_MAKE_CERTIFICATES;
const why = canRun ? "" : " (skipped: no Chromium, Chrome or Edge on PATH, or no openssl)";
/** A picture of one red pixel, and a recording of nothing. */
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC", "base64");
const SILENCE = Buffer.from("RIFF$\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0@\x1f\0\0@\x1f\0\0\x01\0\x08\0data\0\0\0\0", "latin1");
/** What a tablet says that is the pad no more: whether it was there just then, or came back later. */
const NO_MORE = /本窗口已换用另一台设备|窗口电脑不再认识这台设备/;
const WINDOWS = Array.from({ length: 12 }, (_, index) => String(index + 1));

describe.skipIf(!canRun)(`a tablet at a window, with a real window-host behind TLS${why}`, () => {
  let hall: Hall;
  let browser: Browser;
  const free = [...WINDOWS];
  beforeAll(async () => {
    hall = await Hall.open(WINDOWS, { languages: "zh-CN,en,bo" });
    browser = await launchTablet(hall.certificate.trust);
  });
  afterAll(async () => {
    await browser?.close();
    await hall?.[Symbol.asyncDispose]();
  });
  afterEach(({ task }) => {
    if (task.result?.state === "fail") console.error(hall.log.splice(0).join("").slice(-6000));
    hall.log.length = 0;
  });

  /** A window of its own for each test, with the tablet that became its pad. */
  const joined = async (options = {}): Promise<{ tablet: Tablet; windowNo: string } & AsyncDisposable> => {
    const windowNo = free.shift() as string;
    const tablet = await Tablet.open(browser, options);
    await tablet.join(await hall.code(windowNo));
    await hall.untilPad("ready", windowNo);
    return { tablet, windowNo, [Symbol.asyncDispose]: () => tablet[Symbol.asyncDispose]() };
  };
  const ratingsOf = (...caseNos: string[]): unknown[] =>
    hall.ratings().flatMap(({ binding, level }) => {
      const { caseNo } = binding as { caseNo: string };
      return caseNos.includes(caseNo) ? [[caseNo, level]] : [];
    });
  const untilRated = (...caseNos: string[]): Promise<unknown> =>
    vi.waitUntil(() => ratingsOf(...caseNos).length >= caseNos.length, { timeout: 60_000, interval: 50 });

  test("becomes its pad by the QR code and one touch, paired and secured, and takes level, reasons and sealed words (I9)", async () => {
    await using one = await joined({ hasTouch: true });
    const { tablet, windowNo } = one;
    expect(await hall.padState(windowNo)).toMatchObject({ model: "generic/browser-pad", trust: "paired", secured: true });
    expect(tablet.page.url()).not.toContain("#");
    const requestId = await hall.serve("T-1", windowNo);
    await tablet.scene("options");
    expect(await tablet.page.evaluate("document.activeElement.tagName")).toBe("BODY");
    expect(
      await tablet.page.locator("#stage :is([aria-pressed=true], [aria-checked=true], [aria-selected=true], :checked, .chosen)").count(),
    ).toBe(0);
    const sizes = await tablet.page
      .locator(".option")
      .evaluateAll((all) =>
        all.map((key) => (key as unknown as { getBoundingClientRect(): { width: number; height: number } }).getBoundingClientRect()),
      );
    expect(sizes).toHaveLength(5);
    // 20 mm where 1280 pixels are the 217 mm of a screen of 10 inches.
    for (const { width, height } of sizes) expect(Math.min(width, height) * (217 / 1280)).toBeGreaterThanOrEqual(20);
    await tablet.page.locator('[data-level="2"]').tap();
    await tablet.scene("details");
    await tablet.page.locator('[data-code="213"]').tap();
    await tablet.page.locator(".swap").tap();
    await tablet.page.locator(".words textarea").fill("窗口排队太久样例");
    await tablet.page.locator(".confirm").tap();
    await tablet.page.waitForSelector("#pad[data-scene=thanks]");
    await untilRated("T-1");
    const [rating] = hall.ratings().filter(({ binding }) => (binding as { caseNo: string }).caseNo === "T-1");
    expect(rating).toMatchObject({
      level: 2,
      origin: { port: "browser", secured: true },
      answer: { reasons: [213], completed: "confirmed" },
    });
    const { sealed } = (rating as KeptEntry).answer as { sealed: { data: string } };
    const opened = openContact(Buffer.from(sealed.data, "base64"), CENTRAL_KEY, requestIdToBytes(requestId as never));
    expect(opened).toEqual({ words: "窗口排队太久样例" });
    expect([await tablet.page.content(), hall.log.join("")].join()).not.toContain("窗口排队太久样例");
    await expect.poll(() => tablet.page.evaluate("said.map(([, text]) => text)")).toContain("请您对我们的服务进行评价");
    expect(tablet.complaints).toEqual([]);
  });

  test("keeps a rating while the network is away, through a reload without it, and delivers it once, to its own case (I2, I3)", async () => {
    await using one = await joined();
    const { tablet, windowNo } = one;
    await hall.serve("T-2", windowNo);
    await tablet.choose(1);
    await hall.cable.pull();
    await tablet.page.locator(".confirm").click();
    await tablet.page.waitForSelector("#pad[data-scene=thanks]");
    expect(await tablet.kept()).toBeGreaterThan(0);
    await hall.untilPad("absent", windowNo);
    // Meanwhile the clerk has gone on, and another has come.
    await hall.call("/clerk/sign-in", { staffNo: "1002", name: "李四样例", windowNo });
    await hall.serve("T-3", windowNo);
    await tablet.reload();
    await tablet.scene("idle");
    expect(await tablet.kept()).toBeGreaterThan(0);
    await tablet.page.getByText("未连接窗口电脑").waitFor();
    await hall.cable.put();
    await untilRated("T-2");
    await tablet.rate(5);
    await untilRated("T-2", "T-3");
    await vi.waitUntil(async () => (await tablet.kept()) === 0);
    expect(ratingsOf("T-2", "T-3")).toEqual([
      ["T-2", 1],
      ["T-3", 5],
    ]);
    const staff = hall.ratings().map(({ binding }) => binding as { caseNo: string; staffNo: string });
    expect(staff.find(({ caseNo }) => caseNo === "T-2")?.staffNo).toBe("1001");
  });

  test("has its rating counted once when window-host is killed between the press and its answer", async () => {
    await using one = await joined();
    const { tablet, windowNo } = one;
    await hall.serve("T-4", windowNo);
    await tablet.choose(3);
    // The press comes through; that it is stored does not.
    hall.cable.die("to the tablet");
    await tablet.page.locator(".confirm").click();
    await untilRated("T-4");
    await hall.end("SIGKILL");
    await hall.start();
    await hall.cable.pull();
    await hall.cable.put();
    await hall.untilPad("ready", windowNo);
    await vi.waitUntil(async () => (await tablet.kept()) === 0, { timeout: 30_000 });
    // A press that window-host never saw before it was killed.
    await hall.serve("T-5", windowNo);
    await tablet.choose(4);
    hall.cable.die();
    await tablet.page.locator(".confirm").click();
    await tablet.page.waitForSelector("#pad[data-scene=thanks]");
    await hall.end("SIGKILL");
    await hall.start();
    await hall.cable.pull();
    await hall.cable.put();
    await untilRated("T-4", "T-5");
    await vi.waitUntil(async () => (await tablet.kept()) === 0, { timeout: 30_000 });
    expect(ratingsOf("T-4", "T-5")).toEqual([
      ["T-4", 3],
      ["T-5", 4],
    ]);
  });

  test("is the same pad after a reload in any state, and a question that was open is asked again with nothing chosen", async () => {
    await using one = await joined();
    const { tablet, windowNo } = one;
    await hall.call("/pause", { windowNo });
    await tablet.scene("paused");
    await tablet.reload();
    await tablet.scene("paused");
    await hall.call("/resume", { windowNo });
    await tablet.scene("idle");
    await hall.serve("T-6", windowNo);
    await tablet.scene("options");
    await tablet.reload();
    await tablet.choose(2);
    await tablet.page.locator('[data-code="207"]').click();
    await tablet.reload();
    await tablet.scene("options");
    await tablet.rate(5);
    await tablet.reload();
    await tablet.scene("idle");
    await untilRated("T-6");
    expect(ratingsOf("T-6")).toEqual([["T-6", 5]]);
    await tablet.page.goBack().catch(() => undefined);
    await tablet.scene("idle");
  });

  test("takes no press that its browser cannot keep, and says so; when there is room again it asks once more with nothing chosen", async () => {
    await using one = await joined();
    const { tablet, windowNo } = one;
    await hall.serve("T-7", windowNo);
    await tablet.choose(1);
    // Only now: what the pad keeps of its own start and pairing is kept.
    await tablet.page.evaluate(
      "globalThis.add = IDBObjectStore.prototype.add; IDBObjectStore.prototype.add = () => { throw new DOMException('no room', 'QuotaExceededError'); };",
    );
    await tablet.page.locator(".confirm").click();
    await tablet.page.waitForSelector("#pad[data-scene=fault]");
    expect(await tablet.text("#stage")).toMatch(/评价器故障[\s\S]*请告诉工作人员/);
    await tablet.page.evaluate("IDBObjectStore.prototype.add = globalThis.add");
    await tablet.scene("options");
    expect(await tablet.page.locator('.option[aria-pressed="true"]').count()).toBe(0);
    await tablet.rate(4);
    await untilRated("T-7");
    expect(ratingsOf("T-7")).toEqual([["T-7", 4]]);
  });

  test("says what to do where the browser keeps nothing, where the page is open twice, and with a code that is used up", async () => {
    const windowNo = free.shift() as string;
    await using refusing = await Tablet.open(browser);
    await refusing.context.addInitScript("IDBFactory.prototype.open = () => { throw new DOMException('denied', 'SecurityError'); };");
    await refusing.page.goto(await hall.code(windowNo));
    await refusing.page.getByText("此浏览器不能保存评价").waitFor();
    await expect.poll(() => refusing.page.locator(".option, .begin").count()).toBe(0);

    await using tablet = await Tablet.open(browser);
    const url = await hall.code(windowNo);
    await tablet.join(url);
    await hall.untilPad("ready", windowNo);
    const second = await tablet.context.newPage();
    await second.goto(tablet.page.url());
    await second.getByText("评价页面已在另一个标签页打开").waitFor();

    await using late = await Tablet.open(browser);
    await late.page.goto(url);
    await late.page.locator(".begin").click();
    await late.page.getByText("二维码已失效或已用过").waitFor();
    expect(await late.text("#stage")).toContain("WR1040");
    await late.page.goto(url.split("#")[0] as string);
    await late.page.getByText("这台设备还不是评价器").waitFor();
    await expect(hall.code(windowNo)).rejects.toThrow(/WR1041/);
  });

  test("gives way to another tablet by decision of IT staff, says so with what it still keeps, and delivers that when it is admitted anew", async () => {
    await using one = await joined();
    const { tablet, windowNo } = one;
    await hall.serve("T-8", windowNo);
    await tablet.choose(2);
    await hall.cable.pull();
    await tablet.page.locator(".confirm").click();
    await tablet.page.waitForSelector("#pad[data-scene=thanks]");
    await using other = await Tablet.open(browser);
    const code = await hall.code(windowNo, "--replace");
    await hall.cable.put();
    // The first tablet may be back before the second is admitted; either way nothing of it is lost.
    // It is idle then, or asks for T-8 again.
    await other.page.goto(code);
    await other.page.locator(".begin").click();
    await tablet.page.getByText(NO_MORE).waitFor({ timeout: 30_000 });
    await hall.untilPad("ready", windowNo);
    const again = await hall.code(windowNo, "--replace");
    await tablet.page.goto(again);
    await tablet.page.locator(".begin").click();
    await other.page.getByText(NO_MORE).waitFor({ timeout: 30_000 });
    await untilRated("T-8");
    await vi.waitUntil(async () => (await tablet.kept()) === 0, { timeout: 30_000 });
    expect(ratingsOf("T-8")).toEqual([["T-8", 2]]);
    const list = async (): Promise<unknown> => JSON.parse((await hall.pad("browser", "--list", "--json")).out).windows;
    await expect.poll(list).toContainEqual(expect.objectContaining({ windowNo, tablet: expect.objectContaining({ isConnected: true }) }));
    await hall.pad("browser", "--remove", "--window", windowNo);
    await tablet.page.getByText("窗口电脑不再认识这台设备").waitFor();
  });

  test("is used by keyboard alone and at three times the size, beside another tablet at another window", async () => {
    await using one = await joined({ viewport: { width: 427, height: 267 } });
    await using two = await joined();
    await hall.serve("T-9", one.windowNo);
    await hall.serve("T-10", two.windowNo);
    await two.tablet.choose(5);
    const { page } = one.tablet;
    await one.tablet.scene("options");
    // No level has to be scrolled to, however the tablet is held: the worst is seen as the best is.
    for (const [width, height] of [
      [267, 427],
      [427, 267],
    ] as const) {
      await page.setViewportSize({ width, height });
      const inSight = (): Promise<number> =>
        page
          .locator(".option")
          .evaluateAll((all) =>
            all.map((key) => (key as unknown as { getBoundingClientRect(): { right: number; bottom: number } }).getBoundingClientRect()),
          )
          .then((edges) => edges.filter(({ right, bottom }) => right <= width && bottom <= height).length);
      await expect.poll(inSight).toBe(5);
    }
    await page.keyboard.press("2");
    await one.tablet.scene("details");
    for (let tab = 0; tab < 40 && !(await page.evaluate("document.activeElement.matches('.confirm')")); tab++)
      await page.keyboard.press("Tab");
    // What has the focus can be seen, however small the window is.
    expect(
      await page.evaluate(
        "(() => { const box = document.activeElement.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight + 1 && box.left >= 0 && box.right <= innerWidth + 1; })()",
      ),
    ).toBe(true);
    await page.keyboard.press("Enter");
    await untilRated("T-9");
    await two.tablet.page.locator(".confirm").click();
    await untilRated("T-9", "T-10");
    expect(ratingsOf("T-9", "T-10")).toEqual([
      ["T-9", 2],
      ["T-10", 5],
    ]);
  });

  test("shows pictures and languages and plays recordings that were brought as files, after a reload without the network too", async () => {
    const levels = ["r1", "r2", "r3", "r4", "r5"];
    const pack = {
      format: 1,
      tag: "bo",
      name: "region",
      texts: { "options.headline": "region headline" },
      levels,
      voice: { 3: "voice/bo/3" },
    };
    for (const [name, file, bytes] of [
      ["photo/1001", "1001.png", PIXEL],
      ["voice/bo/3", "3.wav", SILENCE],
      ["language/bo", "bo.json", JSON.stringify(pack)],
    ] as const) {
      writeFileSync(join(hall.dataDir, file), bytes);
      await hall.pad("asset", "put", "--name", name, "--file", join(hall.dataDir, file));
    }
    await using one = await joined();
    const { tablet, windowNo } = one;
    await hall.call("/clerk/sign-in", { staffNo: "1001", name: "张三样例", windowNo });
    await tablet.page.waitForSelector("img.photo[src^='blob:']");
    await vi.waitUntil(() => tablet.page.evaluate<boolean>("document.querySelector('img.photo').naturalWidth === 1"));
    await hall.serve("T-12", windowNo);
    await tablet.scene("options");
    for (let touch = 0; touch < 2; touch++) await tablet.page.locator("#language").click();
    await tablet.page.getByText("region headline").waitFor();
    await expect.poll(() => tablet.page.locator(".option b").allInnerTexts()).toEqual([...levels].reverse());
    await hall.cable.pull();
    await tablet.reload();
    await tablet.scene("idle");
    await hall.cable.put();
    await tablet.scene("options");
    await tablet.page.waitForSelector("img.photo[src^='blob:']");
    await tablet.page.evaluate(
      "globalThis.played = []; globalThis.Audio = class { constructor(from) { played.push(from); } play() { return Promise.resolve(); } };",
    );
    for (let touch = 0; touch < 2; touch++) await tablet.page.locator("#language").click();
    await tablet.page.getByText("region headline").waitFor();
    await tablet.rate(3);
    await expect.poll(() => tablet.page.evaluate("played")).toEqual([expect.stringMatching(/^blob:/)]);
    await untilRated("T-12");
  });

  test("keeps its screen lit, asks to keep its storage, and cannot be led away by back, by files dropped in, or by a menu", async () => {
    const windowNo = free.shift() as string;
    await using tablet = await Tablet.open(browser);
    await tablet.context.addInitScript(`
      globalThis.asked = [];
      Object.defineProperty(navigator, "wakeLock", { value: { request: async (what) => void asked.push(what) } });
      navigator.storage.persist = async () => { asked.push("persist"); return true; };
    `);
    await tablet.join(await hall.code(windowNo));
    await hall.untilPad("ready", windowNo);
    await expect.poll(() => tablet.page.evaluate("asked")).toEqual(expect.arrayContaining(["screen", "persist"]));
    expect(JSON.parse((await hall.pad("browser", "--list", "--json")).out).windows).toContainEqual(
      expect.objectContaining({ windowNo, tablet: expect.objectContaining({ isPersistent: true }) }),
    );
    await tablet.page.goBack().catch(() => undefined);
    await tablet.scene("idle");
    const prevented = await tablet.page.evaluate(
      "['contextmenu', 'dragover', 'drop', 'dragstart'].map((name) => !document.body.dispatchEvent(new Event(name, { bubbles: true, cancelable: true })))",
    );
    expect(prevented).toEqual([true, true, true, true]);
    await expect.poll(() => tablet.page.evaluate("getComputedStyle(document.body).touchAction")).toBe("pan-x pan-y");
    expect(await tablet.page.locator('meta[name="viewport"]').getAttribute("content")).not.toMatch(/user-scalable|maximum-scale/);
  });
});
