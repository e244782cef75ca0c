import type { SitePolicy } from "@window-rating/protocol/sync";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openWindow, TestClock, temporaryFolder } from "../../../test/window-rig.ts";
import { loadConfig } from "../config/index.ts";
import { decidedByCentral, windowSettings } from "./window-settings.ts";

const MINUTE = 60_000;
const policy = (over: Partial<SitePolicy>): SitePolicy => ({
  version: 3,
  region: null,
  regionName: null,
  packVersion: null,
  labels: [],
  manualTrigger: null,
  ...over,
});

let folder: ReturnType<typeof temporaryFolder>;
let rig: ReturnType<typeof openWindow> | undefined;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => {
  rig?.close();
  rig = undefined;
  folder.remove();
});
const config = (flags: Record<string, string> = {}) => loadConfig({ dataDir: folder.path, env: {}, flags });

test("What central decided goes before the PC's own settings, and where it says nothing those hold", () => {
  let site: SitePolicy | null = null;
  const settings = windowSettings("12", config({ "clerk-idle-minutes": "30", "clerk-own-totals": "true" }), () => site);
  const own = { manualTrigger: true, idleMs: 30 * MINUTE, ownTotals: { delayHours: 24 } };
  expect(settings).toMatchObject(own);
  // A central of before says nothing of clerks at all; one of today says null.
  for (const silent of [policy({}), policy({ idleMinutes: null, ownTotals: null, totalsDelayHours: null })]) {
    site = silent;
    expect(settings).toMatchObject(own);
    expect([...decidedByCentral(site)]).toEqual([]);
  }
  site = policy({ manualTrigger: false, idleMinutes: 0, totalsDelayHours: 48 });
  expect(settings).toMatchObject({ manualTrigger: false, idleMs: 0, ownTotals: { delayHours: 48 } });
  expect(Object.fromEntries(decidedByCentral(site))).toEqual({
    "rating.manualTrigger": false,
    "clerk.idleMinutes": 0,
    "clerk.totalsDelayHours": 48,
  });
  site = policy({ ownTotals: false });
  expect(settings.ownTotals).toBeNull();
});

test("A clerk who has sat idle for longer than central's new time is signed out when it comes", () => {
  const clock = new TestClock();
  let site: SitePolicy | null = null;
  rig = openWindow(
    folder.path,
    clock,
    windowSettings("8", config(), () => site),
  );
  const { window, caller } = rig;
  window.signIn({ staffNo: "1001", name: "张三样例" }, caller);
  clock.advance(20 * MINUTE);
  expect(window.state()).toMatchObject({ signOutInMs: null, clerk: { staffNo: "1001" }, allows: { ownTotals: false } });
  site = policy({ idleMinutes: 30, ownTotals: true });
  window.siteChanged();
  expect(window.state()).toMatchObject({ signOutInMs: 10 * MINUTE, allows: { ownTotals: true } });
  site = policy({ version: 4, idleMinutes: 20 });
  window.siteChanged();
  expect(window.state()).toMatchObject({ signOutInMs: null, clerk: null });
});
