import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type CDPSession, chromium, type Page } from "playwright-core";
import { CLERKS, ITEMS } from "../demo/seed.ts";
import { type Child, runCommand, startChild } from "../rig/child.ts";
import { type DeskClient, deskClient } from "../rig/desk-client.ts";
import { layShippedHost } from "../rig/shipped-host.ts";
import { until } from "../rig/until.ts";
import { findBrowser } from "../setup/browser.mjs";
import { BarePad } from "./bare-pad.ts";
import { BROWSER_FLAGS } from "./browser-flags.ts";
import { residentMB } from "./process-usage.ts";
import { type BenchRow, ratioRow } from "./row.ts";

/** Fifty an hour, more than a window has, for eight hours. */
const CASES = 400;
/** Code is compiled and caches are filled in the first ones, as in the first minutes of a day. */
const WARM_UP = 100;
const SAMPLE_EVERY = 10;
/** A clerk goes and another comes: every three quarters of an hour. */
const SHIFT_EVERY = 38;
/** A notice on the pad, put up and taken away: twice an hour. */
const NOTICE_EVERY = 25;
const PACE_MS = 400;
const PATIENCE_MS = 60_000;

interface Sample {
  readonly coreMB: number;
  readonly stripMB: number;
}

/**
 * The memory of the shipped core and of the strip while eight hours of a busy window go by. What happens is compressed into minutes, clocks
 * are not: there are as many cases, presses, signed entries, rounds of sending to a central, shifts and notices as in eight hours, but only as
 * many heartbeats and pings as in the minutes that it takes.
 */
export const benchHours = async (): Promise<BenchRow[]> => {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error("the row hours needs a browser: npm run setup says how to get one");
  await using undo = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "window-rating-hours-"));
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const at = (name: string): string => join(folder, name);
  const started = async (child: Promise<Child>): Promise<Child> => {
    const running = await child;
    undo.defer(() => running.end("SIGTERM"));
    return running;
  };
  const windowHost = await layShippedHost(at("shipped"));
  const central = await started(startChild("window-central", ["serve", "--data", at("central"), "--port", "0", "--json"]));
  const { code } = await runCommand("window-central", ["enrol", "--window", "1", "--data", at("central")]);
  const { token } = await runCommand(windowHost, ["pair", "--name", "bench", "--data", at("window")]);
  const pad = new BarePad(at("pad"));
  undo.defer(() => pad.close());
  const flags = ["--pad", pad.port.path, "--pad-unpaired", "admit", "--desk-port", "0", "--screens-port", "0", "--json"];
  const sending = ["--central", String(central.ready.url), "--enrol", String(code)];
  const host = await started(startChild(windowHost, ["--data", at("window"), ...flags, ...sending]));
  const browser = await chromium.launch({ executablePath, args: [...BROWSER_FLAGS] });
  undo.defer(() => browser.close());

  await pad.ready();
  const port = Number(host.ready.deskPort);
  const day = new BusyDay(pad, deskClient(port, String(token)), port, String(token));
  await day.begin();
  const { url } = await runCommand(windowHost, ["screen", "strip", "--data", at("window")]);
  const page = await (await browser.newContext()).newPage();
  await page.goto(String(url));
  await page.locator("main[data-tone=good]").waitFor();
  const devTools = await page.context().newCDPSession(page);

  const samples: Sample[] = [];
  for (let turn = -WARM_UP; turn < CASES; turn++) {
    await day.serve(page, turn);
    if (turn >= 0 && turn % SAMPLE_EVERY === SAMPLE_EVERY - 1)
      samples.push({ coreMB: residentMB(host.process.pid as number), stripMB: await heapMB(devTools) });
  }
  await until("the end of sending", PATIENCE_MS, () => day.hasSentAll());
  const row = (what: string, memory: (sample: Sample) => number): BenchRow => {
    const quarter = samples.length / 4;
    return ratioRow(
      {
        what: `8 h of a busy window in minutes (${CASES} cases), ${what}: mean of the last quarter`,
        unit: "MB",
        value: mean(samples.slice(-quarter).map(memory)),
        against: "of the first quarter",
        baseline: mean(samples.slice(0, quarter).map(memory)),
      },
      { atMost: 1.1 },
    );
  };
  return [row("core with the strip open, RSS", ({ coreMB }) => coreMB), row("strip, heap after collection", ({ stripMB }) => stripMB)];
};

/** What happens at one window: its business system, its citizens and its clerks. */
class BusyDay {
  readonly #pad: BarePad;
  readonly #desk: DeskClient;
  readonly #url: string;
  readonly #token: string;
  #onDuty = 0;

  constructor(pad: BarePad, desk: DeskClient, port: number, token: string) {
    this.#pad = pad;
    this.#desk = desk;
    this.#url = `http://127.0.0.1:${port}/desk/v1`;
    this.#token = token;
  }

  begin(): Promise<void> {
    return this.#desk.signIn(CLERKS[0]);
  }

  /** One case from its start until the strip shows that it was rated. */
  async serve(page: Page, turn: number): Promise<void> {
    if (turn % SHIFT_EVERY === 0) await this.#changeShift();
    if (turn % NOTICE_EVERY === 0) {
      await this.#post("/notice", { text: "请稍候" });
      await this.#post("/notice", { text: "" });
    }
    const caseNo = `HOURS-${turn + WARM_UP}`;
    await this.#desk.startCase({ caseNo, ...(ITEMS[Math.abs(turn) % ITEMS.length] ?? ITEMS[0]) });
    const opened = new Promise<Uint8Array>((resolve) => {
      this.#pad.onOpen = ({ requestId }) => resolve(requestId);
    });
    await this.#desk.endCase(caseNo);
    await this.#pad.press(await opened, 1 + (Math.abs(turn) % 5));
    await page
      .locator("h1")
      .filter({ hasText: `已收到评价：办件 ${caseNo}` })
      .waitFor({ timeout: PATIENCE_MS });
    await pause(PACE_MS);
  }

  async hasSentAll(): Promise<boolean> {
    return (await this.#desk.state()).queue.waiting === 0;
  }

  async #changeShift(): Promise<void> {
    await this.#post("/clerk/sign-out", {});
    this.#onDuty = 1 - this.#onDuty;
    await this.#desk.signIn(CLERKS[this.#onDuty] ?? CLERKS[0]);
  }

  async #post(path: string, body: object): Promise<void> {
    const headers = { authorization: `Bearer ${this.#token}`, "content-type": "application/json" };
    const answer = await fetch(`${this.#url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} was refused: ${await answer.text()}`);
  }
}

const heapMB = async (devTools: CDPSession): Promise<number> => {
  await devTools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devTools.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
};

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
