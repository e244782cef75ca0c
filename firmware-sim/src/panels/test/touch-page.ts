import { randomBytes } from "node:crypto";
import { contactKeyId, contactPublicKey } from "@window-rating/protocol/contact";
import type { Message } from "@window-rating/protocol/pad";
import { newRequestId, type RequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { vi } from "vitest";
import { MemoryPort } from "../../ports/memory-port.ts";
import { SimulatedPad } from "../../simulator.ts";
import { WindowPc } from "../../test/window-pc.ts";
import { type Assets, NO_ASSETS } from "../../touchscreen/assets.ts";
import { startWebPanel, type WebPanel } from "../web.ts";

/** Central's private key for what citizens write. */
export const CENTRAL_KEY = new Uint8Array(32).fill(7);

export const SCREEN: Message<"configureScreen"> = {
  type: "configureScreen",
  ...{ contrast: "normal", textSize: "normal", languages: ["zh-CN", "en"], logo: "", windowQrPicture: "" },
  ...{ windowQr: "https://hall.example/w/12", hall: "样例市政务服务中心", window: "12 号窗口" },
};
const CARD: Message<"staffCard"> = {
  type: "staffCard",
  ...{ staffNo: "1001", name: "张三样例", title: "综合窗口", photo: "photo/1001", stars: 4, partyEmblem: true },
};

/** A simulated touchscreen pad, the window PC that it is paired with, and its page in a browser. For tests only. */
export class TouchPage implements AsyncDisposable {
  readonly pad: SimulatedPad;
  readonly pc: WindowPc;
  readonly panel: WebPanel;
  readonly page: Page;
  /** What the browser complained about, and every view that came to the page. */
  readonly complaints: string[] = [];
  readonly views: string[] = [];
  readonly #end: AsyncDisposableStack;

  private constructor(parts: Pick<TouchPage, "pad" | "pc" | "panel" | "page">, end: AsyncDisposableStack) {
    const { page } = parts;
    this.pad = parts.pad;
    this.pc = parts.pc;
    this.panel = parts.panel;
    this.page = page;
    this.#end = end;
    page.on("console", (message) => message.type() === "error" && this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => this.views.push(String(payload))));
  }

  static async open(
    browser: Browser,
    { assets = NO_ASSETS, ...context }: BrowserContextOptions & { assets?: Assets } = {},
  ): Promise<TouchPage> {
    await using started = new AsyncDisposableStack();
    const key = new Uint8Array(32).fill(9);
    const port = new MemoryPort();
    const pad = new SimulatedPad({ port, profileId: "generic/touchscreen", assets, key: () => key });
    started.defer(() => pad.close());
    const pc = new WindowPc(key);
    started.defer(() => pc.disconnect());
    port.host.listen({ bytes: (chunk) => pc.take(chunk) });
    pc.connect((bytes) => port.host.write(bytes));
    await pc.untilReady();
    const publicKey = contactPublicKey(CENTRAL_KEY);
    pc.send({ type: "contactKey", keyId: contactKeyId(publicKey), publicKey });
    pc.send(SCREEN);
    pc.send(CARD);
    const panel = await startWebPanel(pad, { port: 0 });
    started.defer(() => panel.close());
    const shown = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...context });
    started.defer(() => shown.close());
    const page = await shown.newPage();
    const opened = new TouchPage({ pad, pc, panel, page }, started.move());
    await page.addInitScript(
      "globalThis.said = []; if (globalThis.speechSynthesis) speechSynthesis.speak = ({ lang, text }) => said.push([lang, text]);",
    );
    await page.goto(panel.url);
    await opened.untilScene("idle");
    return opened;
  }

  ask(settings: Partial<Message<"openTouchRating">> = {}): RequestId {
    const requestId = newRequestId(Date.now(), randomBytes(10));
    this.pc.send({
      type: "openTouchRating",
      requestId: requestIdToBytes(requestId),
      ...{ timeoutMs: 600_000, voice: 2, labels: [], itemName: "居民身份证换领", caseNo: "37-0001", reasonList: "2020", ask: 0b111 },
      caseQr: "https://hall.example/r/7f3k",
      ...settings,
    });
    return requestId;
  }

  /** Waits until the page shows that scene and takes touches. */
  async untilScene(scene: string): Promise<void> {
    await this.page.waitForSelector(`#pad[data-scene="${scene}"][data-ready="true"]`);
  }

  async asked(settings: Partial<Message<"openTouchRating">> = {}): Promise<RequestId> {
    const requestId = this.ask(settings);
    await this.page.waitForSelector("#pad[data-scene=options]");
    await this.untilScene("options");
    return requestId;
  }

  get answers(): readonly Message<"touchRated">[] {
    return this.pc.reports.filter((report) => report.type === "touchRated");
  }

  untilAnswered(): Promise<Message<"touchRated">> {
    return vi.waitUntil(() => this.answers[0], { timeout: 20_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#end.disposeAsync();
  }
}
