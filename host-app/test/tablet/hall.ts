import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { contactPublicKey } from "@window-rating/protocol/contact";
import Database from "better-sqlite3";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { padCommand } from "../../src/core/commands/pad-command.ts";
import { screenCommand } from "../../src/core/commands/screen-command.ts";
import { Pairings } from "../../src/core/desk/pairings.ts";
import { Cable, freePort } from "./cable.ts";
import { makeCertificate, type TestCertificate } from "./certificate.ts";
import { until } from "./until.ts";

const MAIN = join(import.meta.dirname, "../../src/core/main.ts");
/** Central's private key for what citizens write. */
export const CENTRAL_KEY = new Uint8Array(32).fill(7);

/** A rating or another entry as the window PC keeps it for central. */
export interface KeptEntry {
  readonly kind?: string;
  readonly [field: string]: unknown;
}

/** A window PC as a process of its own, with a cable to the tablets of its windows. For tests only. */
export class Hall implements AsyncDisposable {
  readonly dataDir: string;
  readonly cable: Cable;
  readonly #certificate: TestCertificate | undefined;
  readonly #folder: string;
  readonly #windows: readonly string[];
  #process: ChildProcess | undefined;
  #deskPort = 0;
  readonly #token: string;
  readonly log: string[] = [];

  private constructor(folder: string, cable: Cable, certificate: TestCertificate | undefined, windows: readonly string[]) {
    this.#folder = folder;
    this.dataDir = join(folder, "data");
    this.cable = cable;
    this.#certificate = certificate;
    this.#windows = windows;
    mkdirSync(this.dataDir, { mode: 0o700 });
    this.#token = new Pairings(this.dataDir).add("hall system", [], Date.now()).token;
  }

  /** @param served to tablets over TLS and the cable, or to a monitor of this PC over plain loopback HTTP and without any */
  static async open(windows: readonly string[] = ["12"], screen: object = {}, served: "tablets" | "monitor" = "tablets"): Promise<Hall> {
    const folder = mkdtempSync(join(tmpdir(), "window-rating-tablet-"));
    const port = await freePort();
    const cable = await Cable.lay(port);
    const made = served === "tablets" ? makeCertificate(folder) : undefined;
    const hall = new Hall(folder, cable, made, windows);
    const toTablets = {
      ...{ bind: "0.0.0.0", origin: `https://localhost:${cable.port}` },
      ...{ certificate: made?.certificate, certificateKey: made?.key },
    };
    const config = {
      deskPort: 0,
      windows: windows.map((windowNo) => ({ windowNo, pad: { port: "browser" } })),
      browserPad: { port, ...(made === undefined ? {} : toTablets) },
      screen: {
        hall: "样例市政务服务中心",
        windowQr: windows.length === 1 ? "https://hall.example/w/12" : "https://hall.example/w/{windowNo}",
        caseQr: "https://hall.example/r/{requestId}",
        ...screen,
      },
      contactKey: Buffer.from(contactPublicKey(CENTRAL_KEY)).toString("hex"),
      rating: { timeoutSeconds: 600 },
      log: { level: "debug" },
    };
    writeFileSync(join(hall.dataDir, "config.json"), JSON.stringify(config));
    await hall.start();
    return hall;
  }

  /** @throws Error where it is served without one */
  get certificate(): TestCertificate {
    if (this.#certificate === undefined) throw new Error("a monitor of this PC needs no certificate");
    return this.#certificate;
  }

  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN, "run", "--data", this.dataDir, "--json"], { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    child.stderr.on("data", (chunk: Buffer) => this.log.push(chunk.toString()));
    this.#deskPort = await new Promise<number>((resolve, reject) => {
      child.once("exit", (code) => reject(new Error(`window-host ended (${code}): ${this.log.join("")}`)));
      createInterface({ input: child.stdout }).on("line", (line) => {
        this.log.push(`${line}\n`);
        const said = line.startsWith('{"ready"') ? (JSON.parse(line) as { deskPort: number }) : undefined;
        if (said !== undefined) resolve(said.deskPort);
      });
    });
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  async call(path: string, body?: object): Promise<Record<string, unknown>> {
    const answer = await fetch(`http://127.0.0.1:${this.#deskPort}/desk/v1${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Bearer ${this.#token}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  }

  /** Runs `window-host pad` against this window PC. */
  async pad(...args: string[]): Promise<{ readonly code: number; readonly out: string }> {
    const printed: string[] = [];
    const code = await padCommand([...args, "--data", this.dataDir], { env: {}, print: (text) => printed.push(text) });
    return { code, out: printed.join("\n") };
  }

  /** The address for a monitor of this PC, as `window-host screen citizen` prints it. */
  async monitor(windowNo: string): Promise<string> {
    const printed: string[] = [];
    const print = (text: string): void => void printed.push(text);
    await screenCommand(["citizen", "--print", "--window", windowNo, "--data", this.dataDir], { env: {}, print });
    return printed.join("");
  }

  /** What the QR code for a window leads to. */
  async code(windowNo = this.#windows[0] as string, ...flags: string[]): Promise<string> {
    const { out } = await this.pad("browser", "--window", windowNo, "--json", ...flags);
    return (JSON.parse(out) as { url: string }).url;
  }

  /** A case of an invented citizen, from its start to its end. @returns its request */
  async serve(caseNo: string, windowNo = this.#windows[0] as string): Promise<string> {
    await this.call("/clerk/sign-in", { staffNo: "1001", name: "张三样例", windowNo });
    await this.call("/cases", { caseNo, itemCode: "A-01", itemName: "身份证补领（样例）", windowNo });
    return String((await this.call(`/cases/${caseNo}/end`, { windowNo })).requestId);
  }

  async padState(windowNo = this.#windows[0] as string): Promise<Record<string, unknown>> {
    const { windows } = (await this.call("/windows")) as { windows: { windowNo: string; pad: Record<string, unknown> }[] };
    return windows.find((window) => window.windowNo === windowNo)?.pad ?? {};
  }

  async untilPad(connection: string, windowNo?: string): Promise<void> {
    await until(`a pad that is ${connection}`, 30_000, async () => (await this.padState(windowNo)).connection === connection);
  }

  /** Every entry that waits for central, in its order. */
  entries(): readonly KeptEntry[] {
    const database = new Database(join(this.dataDir, "window.db"), { readonly: true });
    try {
      return database
        .prepare<[], { body: string }>("SELECT body FROM entries ORDER BY number")
        .all()
        .map(({ body }) => JSON.parse(body) as KeptEntry);
    } finally {
      database.close();
    }
  }

  /** The ratings among them. */
  ratings(): readonly KeptEntry[] {
    return this.entries().filter((entry) => "level" in entry);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end("SIGTERM");
    await this.cable[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A tablet at a window: a browser with storage of its own. For tests only. */
export class Tablet implements AsyncDisposable {
  readonly context: BrowserContext;
  page: Page;
  /** What the browser complained about. */
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    this.#listen(page);
  }

  static async open(browser: Browser, options: BrowserContextOptions = {}): Promise<Tablet> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    await context.addInitScript(
      "globalThis.said = []; if (globalThis.speechSynthesis) speechSynthesis.speak = ({ lang, text }) => said.push([lang, text]);",
    );
    return new Tablet(context, await context.newPage());
  }

  /** Scans the code and presses the button. */
  async join(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator(".begin").click();
    await this.scene("idle");
  }

  /** Waits until the page shows that scene and takes touches. */
  async scene(name: string): Promise<void> {
    await this.page.waitForSelector(`#pad[data-scene="${name}"][data-ready="true"]`, { timeout: 30_000 });
  }

  /**
   * What the page shows as soon as it has such an element stays on it to be looked at, however soon it goes on: a picture of the pad in
   * the pad's place. A reload shows the pad again.
   */
  async still(selector: string): Promise<void> {
    await this.page.evaluate(`(() => {
      const pad = document.getElementById("pad");
      const look = () => (pad.matches(${JSON.stringify(selector)}) || pad.querySelector(${JSON.stringify(selector)})) && !pad.replaceWith(pad.cloneNode(true));
      new MutationObserver((_, watch) => look() && watch.disconnect()).observe(pad, { attributes: true, childList: true, subtree: true });
    })()`);
  }

  /** The page takes it that so much time has gone by at once, as after a sleep; milliseconds. */
  async pass(ms: number): Promise<void> {
    await this.page.evaluate(
      `globalThis.toldTime ??= performance.now.bind(performance); globalThis.ahead = (globalThis.ahead ?? 0) + ${ms}; performance.now = () => toldTime() + ahead;`,
    );
  }

  async choose(level: number): Promise<void> {
    await this.scene("options");
    await this.page.locator(`[data-level="${level}"]`).click();
    await this.scene("details");
  }

  async rate(level: number): Promise<void> {
    await this.choose(level);
    await this.page.locator(".confirm").click();
    await this.page.waitForSelector("#pad[data-scene=thanks]");
  }

  async reload(): Promise<void> {
    await this.page.reload();
  }

  /** Events that the page keeps and the window PC has not. */
  async kept(): Promise<number> {
    return Number(/\d+/.exec((await this.page.locator("#kept").textContent()) ?? "")?.[0] ?? Number.NaN);
  }

  text(selector: string): Promise<string> {
    return this.page.locator(selector).first().innerText();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
  }

  #listen(page: Page): void {
    page.on("console", (message) => message.type() === "error" && this.complaints.push(message.text()));
    page.on("pageerror", (error) => this.complaints.push(error.message));
  }
}
