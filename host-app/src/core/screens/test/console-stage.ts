import type { Page } from "playwright-core";
import { expect } from "vitest";
import { axeViolations, isSound, openBrowser, openPage, type WatchedPage } from "./screen-browser.ts";
import { type ScreenStage, type StageOptions, setScreenStage } from "./screen-stage.ts";

/** The heading of each page, by its name in the address. */
const TITLES = {
  overview: "概况",
  site: "窗口与本单位设置",
  clerks: "人员与密码",
  systems: "业务系统",
  pads: "评价器",
  queue: "中心与上传",
  database: "数据库",
  traffic: "协议实时查看",
  doctor: "体检与日志",
} as const;

export type ConsolePageName = keyof typeof TITLES;

export const CONSOLE_PAGES = Object.keys(TITLES) as readonly ConsolePageName[];

export interface ConsoleStageOptions extends StageOptions {
  /** Shown once the overview was; the overview if it is not named. */
  readonly first?: ConsolePageName;
  /** What is to be on the PC before its console is opened. */
  readonly prepare?: (stage: ScreenStage) => Promise<void>;
}

/** The console of a window PC in a browser. */
export interface ConsoleStage {
  readonly stage: ScreenStage;
  readonly page: Page;
  readonly watched: WatchedPage;
  /** Goes to a page of the console and waits until it is shown. */
  readonly open: (name: ConsolePageName) => Promise<void>;
  /** Whatever the page shows now has nothing serious for axe. */
  readonly isAccessible: () => Promise<void>;
  /** Nothing broke unseen on the page so far, and nothing reached for the focus. */
  readonly isSound: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export const openConsoleStage = async ({ first, prepare, ...options }: ConsoleStageOptions = {}): Promise<ConsoleStage> => {
  await using undo = new AsyncDisposableStack();
  const stage = await setScreenStage(options);
  undo.defer(() => stage.close());
  await prepare?.(stage);
  const browser = await openBrowser();
  undo.defer(() => browser.close());
  const watched = await openPage(browser);
  const { page } = watched;
  const open = async (name: ConsolePageName): Promise<void> => {
    await page.evaluate(`location.hash = ${JSON.stringify(name)}`);
    await page.getByRole("heading", { level: 1, name: TITLES[name] }).waitFor();
  };
  await page.goto(await stage.openConsole());
  await page.getByRole("heading", { level: 1, name: TITLES.overview }).waitFor();
  if (first !== undefined) await open(first);
  const kept = undo.move();
  return {
    stage,
    page,
    watched,
    open,
    // What is just being drawn may be half there: it settles.
    isAccessible: () => expect.poll(() => axeViolations(page)).toEqual([]),
    isSound: () => isSound(watched),
    close: () => kept.disposeAsync(),
  };
};
