import axe from "axe-core";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import type { Role, Scope } from "../../src/access/viewer.ts";
import { newAccount, newSession } from "../access-world.ts";
import { launchBrowser } from "../browser.ts";
import type { BusinessWorld } from "../business-world.ts";

/** Where pictures of the pages go, for whoever wants to look at them. */
const PICTURES = process.env.WINDOW_RATING_PICTURES;

/** A request that central refuses is written to the browser's log, also where the page shows it properly. */
const REFUSED = /Failed to load resource: the server responded with a status of 4\d\d/;

interface VisitOptions {
  readonly role: Role;
  readonly scope?: Scope;
  readonly width?: number;
  readonly height?: number;
  readonly language?: "zh" | "en";
}

/** A browser in which people of every role work with the console. It keeps what went wrong in any page: errors, and what the policy refused. */
export class ConsoleBrowser {
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #world: BusinessWorld;
  #made = 0;

  private constructor(browser: Browser, world: BusinessWorld) {
    this.#browser = browser;
    this.#world = world;
  }

  static async open(path: string, world: BusinessWorld): Promise<ConsoleBrowser> {
    return new ConsoleBrowser(await launchBrowser(path), world);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /** Somebody who is not signed in. */
  async stranger({ width = 1366, height = 768, language = "zh" }: Omit<VisitOptions, "role" | "scope"> = {}): Promise<Page> {
    const context = await this.#browser.newContext({ viewport: { width, height }, timezoneId: "Europe/Berlin", locale: "zh-CN" });
    await context.clock.setFixedTime(this.#world.nowMs);
    await context.addInitScript(`localStorage.setItem("window-rating-language", ${JSON.stringify(language)})`);
    return this.#watched(context);
  }

  /** Somebody new of this role, signed in. */
  async visitor({ role, scope = { is: "all" }, ...look }: VisitOptions): Promise<Page> {
    this.#made += 1;
    const name = `${role}-${this.#made}`;
    const { accountNo } = await newAccount(this.#world, { name, role, scope });
    const page = await this.stranger(look);
    const value = await newSession(this.#world, accountNo, name);
    await page.context().addCookies([{ name: "window-rating", value, url: this.#world.url }]);
    return page;
  }

  go(page: Page, path: string) {
    return page.goto(`${this.#world.url}/console${path}`);
  }

  /** What axe finds to be serious or critical. */
  async faults(page: Page): Promise<string[]> {
    await page.evaluate(axe.source);
    const result = (await page.evaluate("axe.run(document)")) as {
      violations: { id: string; impact: string; nodes: { html: string }[] }[];
    };
    return result.violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .map(({ id, nodes }) => `${new URL(page.url()).pathname} ${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
  }

  async picture(page: Page, name: string): Promise<void> {
    if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${name}.png` });
  }

  /** Nothing went wrong in any page since the last time this was asked. */
  expectQuiet(): void {
    expect(this.complaints.splice(0)).toEqual([]);
  }

  async #watched(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !REFUSED.test(message.text())) this.complaints.push(message.text());
    });
    return page;
  }
}
