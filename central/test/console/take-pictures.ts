// node central/test/console/take-pictures.ts docs/screens: draws the console's pages as they stand in the documents, each in Chinese, one in
// English. The data are made up and always the same; only a changed page changes its picture.
import { resolve } from "node:path";
import type { LEVELS } from "@window-rating/protocol/rating";
import type { Page } from "playwright-core";
import { civilDateSchema } from "../../src/calendar/schema.ts";
import { beginStep, dateStep } from "../../src/console/steps.ts";
import { makeEnrolmentCode } from "../../src/enrolment.ts";
import { questionSchema } from "../../src/policy/question.ts";
import { browserPath } from "../browser.ts";
import { MORNING_MS, WindowPc } from "../window-pc.ts";
import { type ConsoleStage, setConsoleStage } from "./console-stage.ts";

type Level = (typeof LEVELS)[number]["level"];

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const DAYS = 14;

/** Numbers that look random and are the same at every run (mulberry32). */
const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
const random = seeded(20_210_826);
const LIKELY: readonly Level[] = [5, 5, 5, 5, 5, 5, 4, 4, 4, 3, 3, 2, 1];
const level = (): Level => LIKELY[Math.floor(random() * LIKELY.length)] ?? 5;
const moment = (wallMs: number) => ({ wallMs, monotonicMs: wallMs - MORNING_MS + 30 * DAY_MS, bootId: "boot-1" });

/** Two more windows, and two weeks of ratings at all three. */
const fill = async ({ console }: ConsoleStage): Promise<void> => {
  const { world } = console;
  const today = world.nowMs;
  const pcs = [console.pc];
  for (const windowNo of ["1", "2"]) {
    const pc = new WindowPc(`pictures ${windowNo}`, windowNo);
    await pc.enrol(world.url, (await makeEnrolmentCode(world.db, windowNo, 60, world.nowMs)).code);
    pcs.push(pc);
  }
  for (let day = DAYS; day >= 0; day--) {
    for (const pc of pcs) {
      const count = 3 + Math.floor(random() * 6);
      const entries = Array.from({ length: count }, (_, number) => {
        const atMs = today - day * DAY_MS - (count - number) * 3 * MINUTE_MS;
        const at = { openedAt: moment(atMs), committedAt: moment(atMs + 4000) };
        const body =
          random() < 0.15 ? pc.notRated({ openedAt: moment(atMs), endedAt: moment(atMs + 30_000) }) : pc.rating({ level: level(), ...at });
        return pc.entry(body);
      });
      world.nowMs = today - day * DAY_MS;
      await pc.send(world.url, entries, world.nowMs);
    }
  }
  world.nowMs = today;
  await console.tellStatus({}, { waiting: 0 });
  for (const pc of pcs.slice(1)) {
    const isAway = pc.windowNo === "2";
    await console.tellStatusOf(
      pc,
      isAway ? { connection: "absent", cause: "WR2001 评价器端口不见了" } : {},
      isAway ? { waiting: 3, oldestWaitingAtMs: today - 20 * MINUTE_MS } : {},
    );
  }
};

/** What is done about two bad reviews: one step that the rules date, one that a person dated, one that waits. */
const handle = async ({ console: { citizen, world } }: ConsoleStage): Promise<void> => {
  const doer = { scope: { is: "all" } as const, by: "李四样例", address: "127.0.0.1" };
  const bad = await world.db
    .selectFrom("ratings")
    .select("seq")
    .where("level", "<=", 2)
    .where("channel", "=", "pad")
    .orderBy("seq")
    .limit(2)
    .execute();
  const [first, second] = bad.map(({ seq }) => seq);
  if (first === undefined || second === undefined) throw new Error("no bad reviews to handle");
  const begin = (ratingNo: number, rule: string) => {
    const asked = questionSchema.parse({ region: "linxia", rule, class: "complex", channel: "onsite", at: "2026-03-02T09:00" });
    const { region: _region, done: _done, ...question } = asked;
    return beginStep(world.db, citizen.book, doer, { ...question, ratingNo }, world.nowMs);
  };
  await begin(first, "rectification");
  const { stepId } = await begin(first, "verification");
  const dueDate = civilDateSchema.parse("2026-03-05");
  await dateStep(world.db, doer, stepId, { dueDate, reason: "评价人周四回来，约定当天回访" }, world.nowMs);
  await begin(second, "rectification");
  await begin(second, "response");
};

const SHOTS: readonly (readonly [name: string, role: "supervisor" | "it", path: string])[] = [
  ["hall", "supervisor", "/live/hall?hall=H1"],
  ["charts", "supervisor", "/charts?from=2026-02-16&to=2026-03-02"],
  ["ratings", "supervisor", "/ratings"],
  ["rating", "supervisor", "/ratings?channel=pad"],
  ["case", "supervisor", "/cases/STORY-1"],
  ["steps", "supervisor", "/steps?state=open"],
  ["policy", "supervisor", "/policy?region=linxia"],
  ["explain", "supervisor", "/explain?region=weihai-lingang&rule=rectification&class=complex&channel=online&at=2022-03-01T10:00"],
  ["calendar", "supervisor", "/calendar?year=2026"],
  ["jobs", "it", "/jobs"],
  ["accounts", "it", "/accounts"],
];

const settled = async (page: Page): Promise<void> => {
  await page.locator("h1").first().waitFor();
  await page.locator(".waiting, [aria-busy=true]").first().waitFor({ state: "detached" });
};

const folder = resolve(process.argv[2] ?? "docs/screens");
const path = browserPath();
if (path === undefined) throw new Error("Install Chromium, or name a browser in WINDOW_RATING_BROWSER");
const stage = await setConsoleStage(path);
try {
  await fill(stage);
  await handle(stage);
  const pages = new Map<string, Page>();
  for (const [name, role, path] of SHOTS) {
    const page = pages.get(role) ?? (await stage.browser.visitor({ role }));
    pages.set(role, page);
    await stage.browser.go(page, path);
    await settled(page);
    if (name === "rating") {
      await page.locator(".table tbody a").first().click();
      await page.locator(".checks").waitFor();
    }
    if (name === "policy") await page.getByLabel("只看有两种读法的").check();
    await page.screenshot({ path: `${folder}/console-${name}.png` });
  }
  const wall = await stage.browser.visitor({ role: "supervisor", width: 1920, height: 1080 });
  await stage.browser.go(wall, "/live/hall?hall=H1&wall=1");
  await settled(wall);
  await wall.screenshot({ path: `${folder}/console-wall.png` });
  const english = await stage.browser.visitor({ role: "supervisor", language: "en" });
  await stage.browser.go(english, "/live/hall?hall=H1");
  await settled(english);
  await english.screenshot({ path: `${folder}/console-hall-en.png` });
  const stranger = await stage.browser.stranger();
  await stage.browser.go(stranger, "/");
  await stranger.locator("form").waitFor();
  await stranger.screenshot({ path: `${folder}/console-login.png` });
} finally {
  await stage.close();
}
