import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { PadFace } from "../face.ts";
import { BROWSER, launchBrowser } from "./test/browser.ts";
import { FACES, FakePad } from "./test/fake-pad.ts";
import { startWebPanel, type WebPanel } from "./web.ts";

// What runs inside the page is text: the compiler knows no DOM here.
const LOOKS = `[...document.querySelectorAll(".key")].map((one) => {
  const { backgroundColor, borderColor, borderWidth, color, animationName, opacity } = getComputedStyle(one);
  return { backgroundColor, borderColor, borderWidth, color, animationName, opacity };
})`;

interface Layout {
  readonly isCut: boolean;
  /** Left, top, width and height of each key, pixels. */
  readonly places: readonly (readonly number[])[];
  /** The lowest contrast of words on a key (WCAG 2.2, 1.4.3). */
  readonly contrast: number;
}
const LAYOUT = `(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const keys = [...document.querySelectorAll(".key")];
  const isLarger = (one) => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight;
  return {
    isCut: isLarger(document.documentElement) || keys.some(isLarger),
    places: keys.map((one) => [one.offsetLeft, one.offsetTop, one.offsetWidth, one.offsetHeight]),
    contrast: Math.min(...keys.map((one) => {
      const { color, backgroundColor } = getComputedStyle(one);
      const [low, high] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
      return (high + 0.05) / (low + 0.05);
    })),
  };
})()`;

const why = BROWSER === undefined ? " (skipped: no Chromium, Chrome or Edge on PATH; name one in WINDOW_RATING_BROWSER)" : "";

describe.skipIf(BROWSER === undefined)(`the web panel in a real browser${why}`, () => {
  let browser: Browser;
  let pad: FakePad;
  let panel: WebPanel;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    browser = await launchBrowser(BROWSER as string);
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    pad = new FakePad();
    panel = await startWebPanel(pad, { port: 0 });
    page = await browser.newPage({ viewport: { width: 460, height: 640 } });
    complaints = [];
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.addInitScript("globalThis.said = []; speechSynthesis.speak = ({ lang, text }) => said.push([lang, text]);");
    await page.goto(panel.url);
    await page.waitForSelector("#pad[data-look=idle]");
  });
  afterEach(async () => {
    await page.close();
    await panel.close();
  });

  const show = async (name: keyof typeof FACES): Promise<void> => {
    const face: Partial<PadFace> = { ...FACES.idle, connection: "ready", power: true, pendingEvents: 0, ...FACES[name] };
    pad.show(face);
    await page.waitForSelector(`#pad[data-look=${face.power === false ? "dark" : face.phase}]`);
    await page.waitForSelector(`#connection[data-is=${face.connection}]`);
  };
  const key = (name: string) => page.getByRole("button", { name });
  const seen = (selector: string) => page.locator(selector).innerText();

  it("shows five keys with Chinese words first, and says what to do", async () => {
    await show("inviting");
    await expect
      .poll(() => page.locator(".key > .words").allInnerTexts())
      .toEqual([
        "非常不满意\nVery dissatisfied",
        "不满意\nDissatisfied",
        "基本满意\nFairly satisfied",
        "满意\nSatisfied",
        "非常满意\nVery satisfied",
      ]);
    expect(await seen("#headline")).toBe("请按一个键，评价本次服务\nPlease press one key to rate this service");
    expect(await seen("#spoken")).toBe("请您对我们的服务进行评价\nPlease rate our service");
    expect(await seen("#remaining strong")).toMatch(/^1[78]$/);
    expect(complaints).toEqual([]);
  });

  it.each(["idle", "inviting", "thanks"] as const)("selects and prefers none of the five when %s", async (name) => {
    await show(name);
    const looks = await page.evaluate<object[]>(LOOKS);
    expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBe(1);
    expect(await page.evaluate("document.activeElement.tagName")).toBe("BODY");
  });

  it("marks the chosen key by words and shape", async () => {
    await show("chosen");
    expect(await seen("#headline")).toContain("您选择了：满意");
    await expect.poll(() => page.locator(".key .lamp:visible").allInnerTexts()).toEqual(["已选\nchosen"]);
    await expect.poll(() => key("满意 Satisfied 已选").getAttribute("data-key")).toBe("4");
  });

  it("presses a key by a click", async () => {
    await page.locator('[data-key="5"]').click();
    await vi.waitFor(() => expect(pad.done).toEqual(["down 5", "up 5"]));
  });

  it("holds a key while the pointer is down, and lets go wherever it is lifted", async () => {
    await page.locator('[data-key="2"]').hover();
    await page.mouse.down();
    await page.waitForSelector('[data-key="2"][data-down=true]');
    await page.mouse.move(230, 5);
    expect(pad.done).toEqual(["down 2"]);
    await page.mouse.up();
    await page.waitForSelector('[data-key="2"][data-down=false]');
    expect(pad.done).toEqual(["down 2", "up 2"]);
  });

  it("takes the number keys, and Enter and the space bar on a key", async () => {
    await page.keyboard.press("4");
    await page.waitForSelector('[data-key="4"][data-down=false]');
    await vi.waitFor(() => expect(pad.done).toEqual(["down 4", "up 4"]));
    for (const [index, press] of (["Enter", "Space"] as const).entries()) {
      await page.locator('[data-key="1"]').focus();
      await page.keyboard.press(press);
      await vi.waitFor(() => expect(pad.done).toHaveLength(4 + 2 * index));
    }
    expect(pad.done.slice(2)).toEqual(["down 1", "up 1", "down 1", "up 1"]);
  });

  it("takes the click of a screen reader, which has no pointer", async () => {
    await page.locator('[data-key="3"]').dispatchEvent("click");
    await vi.waitFor(() => expect(pad.done).toEqual(["down 3", "up 3"]));
  });

  it("reaches every key and button with the tab key, keys first", async () => {
    const names: string[] = [];
    for (let tab = 0; tab < 8; tab++) {
      await page.keyboard.press("Tab");
      names.push(await page.evaluate("document.activeElement.dataset.key ?? document.activeElement.id"));
    }
    expect(names).toEqual(["1", "2", "3", "4", "5", "cable", "power", "voice"]);
  });

  it("pulls the cable and puts it back, and cuts the power", async () => {
    await key("拔线").click();
    await key("插线").click();
    await page.waitForSelector("#connection[data-is=waiting]");
    await key("断电").click();
    await page.waitForSelector("#pad[data-look=dark]");
    expect(await seen("#headline")).toBe("已断电\nNo power");
    await expect.poll(() => key("断电").isDisabled()).toBe(true);
    expect(pad.done).toEqual(["unplug", "plug", "power cut 3000"]);
  });

  it("speaks only when told to", async () => {
    const said = () => page.evaluate("said");
    await show("inviting");
    expect(await said()).toEqual([]);
    await key("语音：关").click();
    await expect.poll(() => key("语音：开").getAttribute("aria-pressed")).toBe("true");
    await show("thanks");
    await vi.waitFor(async () => expect(await said()).toEqual([["zh-CN", "谢谢"]]));
  });

  it.each([
    [460, 640],
    [405, 600],
    [1280, 800],
  ])("fits %i × %i in every state, with no key moving under a finger and nothing hard to read", async (width, height) => {
    await page.setViewportSize({ width, height });
    const places = new Set<string>();
    for (const name of Object.keys(FACES) as (keyof typeof FACES)[]) {
      await show(name);
      const found = await page.evaluate<Layout>(LAYOUT);
      places.add(JSON.stringify(found.places));
      expect({ name, isCut: found.isCut }).toEqual({ name, isCut: false });
      expect(Math.min(...found.places.flatMap(([, , keyWidth = 0, keyHeight = 0]) => [keyWidth, keyHeight]))).toBeGreaterThan(60);
      expect(found.contrast).toBeGreaterThan(4.5);
    }
    expect(places.size).toBe(1);
  });

  it("says that the simulator is gone, and comes back with it", async () => {
    const { port } = new URL(panel.url);
    await panel.close();
    await page.waitForSelector("#pad[data-look=lost]");
    expect(await seen("#headline")).toBe("模拟器没有运行\nThe simulator is not running");
    panel = await startWebPanel(pad, { port: Number(port) });
    await page.waitForSelector("#pad[data-look=idle]");
  });

  describe("inside another page", () => {
    let server: Server;
    beforeEach(async () => {
      server = createServer((_, answer) =>
        answer.setHeader("content-type", "text/html").end(`<iframe width="460" height="640" src="${panel.url}"></iframe>`),
      );
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });
    afterEach(() => server.close());
    const frameFrom = async (host: string) => {
      await page.goto(`http://${host}:${(server.address() as AddressInfo).port}/`);
      return page.frameLocator("iframe");
    };

    it("works in a frame of a page of this machine, such as the demo", async () => {
      const frame = await frameFrom("127.0.0.1");
      await frame.locator('[data-key="5"]').click();
      await vi.waitFor(() => expect(pad.done).toEqual(["down 5", "up 5"]));
    });

    it("is not shown in a frame of a stranger's page, where clicks could be stolen", async () => {
      await frameFrom("stranger.test");
      await vi.waitFor(() => expect(complaints.join()).toContain("frame-ancestors"));
      expect(pad.listeners).toBe(0);
    });

    it("gives nothing to a stranger's name that points to this machine", async () => {
      const answer = await page.goto(panel.url.replace("127.0.0.1", "stranger.test"));
      expect(answer?.status()).toBe(403);
    });
  });
});
