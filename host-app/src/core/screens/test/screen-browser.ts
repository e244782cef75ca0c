import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";
import { expect } from "vitest";

/** The browser of this machine; undefined where there is none. The tests' set-up and `npm run screens` look for it and name it here. */
export const BROWSER = process.env.WINDOW_RATING_BROWSER || undefined;

const QUIET = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const openBrowser = (): Promise<Browser> =>
  // Chromium's sandbox refuses to run as root.
  chromium.launch({ executablePath: BROWSER as string, args: process.getuid?.() === 0 ? [...QUIET, "--no-sandbox"] : QUIET });

/** What went wrong on a page without a person seeing it: errors of scripts, and what the content security policy refused. */
export interface WatchedPage {
  readonly page: Page;
  readonly broken: string[];
}

/** A page that is watched, and that counts whatever would take the focus from other programs. */
export const openPage = async (context: BrowserContext | Browser): Promise<WatchedPage> => {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const broken: string[] = [];
  page.on("pageerror", (error) => broken.push(error.message));
  page.on("console", (message) => {
    // A window-host that is away is part of some tests; the browser says so in red.
    if (message.type() === "error" && !/net::ERR_|WebSocket|status of 401/.test(message.text())) broken.push(message.text());
  });
  await page.addInitScript("window.focusGrabs = 0; window.focus = window.alert = () => { window.focusGrabs++; };");
  return { page, broken };
};

/** The strip's one line, as soon as it says this. */
export const says = (page: Page, text: string | RegExp): Promise<void> => page.locator("h1").filter({ hasText: text }).waitFor();

/** What was done or refused, as soon as it is said. */
export const isTold = (page: Page, text: string | RegExp): Promise<void> => page.locator(".message").filter({ hasText: text }).waitFor();

export const signIn = async (page: Page, { staffNo, pin }: { staffNo: string; pin: string }): Promise<void> => {
  await page.getByLabel("工号", { exact: true }).fill(staffNo);
  await page.getByLabel("密码", { exact: true }).fill(pin);
  await page.keyboard.press("Enter");
};

/** Typed as fast as fingers go, which is slow for a card reader. */
export const typeByHand = (page: Page, text: string): Promise<void> => page.keyboard.type(text, { delay: 80 });

/** Goes to an element as somebody without a mouse does. @throws Error where no key leads there */
export const tabTo = async (page: Page, target: Locator): Promise<void> => {
  await target.waitFor();
  for (let presses = 0; presses < 200; presses++) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not lead to ${target}`);
};

/** A card held to the reader: keys as a reader types them, 10 ms apart by the time of their events, however busy this machine is. */
export const swipe = (page: Page, card: string): Promise<void> =>
  page.evaluate(`{
    const began = performance.now();
    for (const [index, key] of [...${JSON.stringify(card)}, "Enter"].entries()) {
      const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
      Object.defineProperty(event, "timeStamp", { value: began + 10 * index });
      (document.activeElement ?? document.body).dispatchEvent(event);
    }
  }`);

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** Serious and critical violations of WCAG 2.1 A and AA on the page as it stands. */
export const axeViolations = async (page: Page): Promise<string[]> => {
  // Through the protocol of the browser, which the page's content security policy does not bind.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(readFileSync(AXE, "utf8"));
  const { violations } = await page.evaluate<AxeResult>('axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"] })');
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
};

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly impact: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** Every page ends so: nothing broke unseen, and nothing reached for the focus. */
export const isSound = async ({ page, broken }: WatchedPage): Promise<void> => {
  expect(broken).toEqual([]);
  expect(await page.evaluate("window.focusGrabs")).toBe(0);
};
