// Makes docs/screens/pc-*.png: the console of a window PC with real parts, as IT staff see it.
// Run it after the screens have changed: npm run setup, then node scripts/screens/window-console-pictures.ts
import { join } from "node:path";
import { CLERKS, ITEMS } from "../demo/seed.ts";
import { runCommand } from "../rig/child.ts";
import { until } from "../rig/until.ts";
import { startDamagedPc } from "./damaged-pc.ts";
import { openPictureStage, PICTURES } from "./picture-stage.ts";
import { showSitePlan } from "./site-plan.ts";

const SCREEN = { width: 1366, height: 768 };
const PAGES = ["overview", "pads", "site", "clerks", "systems", "queue", "database", "traffic", "doctor"];

await using pictures = await openPictureStage(SCREEN);
await using undo = new AsyncDisposableStack();
const { stage, page } = pictures;
const { hostData } = stage;

const { url } = await runCommand("window-host", ["screen", "console", "--data", hostData]);
await page.goto(String(url));
await page.locator("main h1").waitFor();
for (const { staffNo, name } of CLERKS) await runCommand("window-host", ["clerk", "add", staffNo, "--name", name, "--data", hostData]);
await runCommand("window-host", ["clerk", "code", CLERKS[0].staffNo, "--data", hostData]);
await stage.desk.signIn(CLERKS[0]);
// A few ratings, so that there is something to count, to back up and to rescue.
for (const [place, item] of ITEMS.slice(0, 3).entries()) {
  const caseNo = `A-20261120-000${place + 1}`;
  await stage.desk.startCase({ caseNo, ...item });
  await stage.desk.endCase(caseNo);
  await until("the pad's question", 60_000, () => stage.pad.face.phase === "inviting");
  await stage.pad.press(5);
  await until("the pad's rest", 60_000, () => stage.pad.face.phase === "idle");
}
// All of them are at central.
await page.locator(".menu a[href='#queue']").click();
await page
  .getByText("中心已有连续编号至")
  .locator("xpath=following-sibling::dd")
  .filter({ hasText: /^[3-9]$/ })
  .waitFor();
for (const name of PAGES) {
  await page.locator(`.menu a[href="#${name}"]`).click();
  await page.locator(`.menu a[href="#${name}"][aria-current]`).waitFor();
  await page.locator(".waiting").first().waitFor({ state: "detached" });
  if (name === "traffic") {
    // Frames go over the wire; those before somebody watches are not kept.
    const frames = page.locator("main tbody tr").nth(2);
    for (let turn = 0; !(await frames.isVisible()); turn++) {
      const caseNo = `A-20261121-${String(turn + 1).padStart(4, "0")}`;
      await stage.desk.startCase({ caseNo, ...ITEMS[0] });
      await stage.desk.endCase(caseNo);
      await frames.waitFor({ timeout: 2000 }).catch(() => undefined);
    }
  }
  if (name === "database") {
    await page.getByRole("button", { name: "立即检查", exact: true }).click();
    await page.locator("main strong.good").waitFor();
    await page.getByRole("button", { name: "立即备份", exact: true }).click();
    await page.locator("main tbody button:enabled").first().waitFor();
    await page.mouse.move(0, 0);
    await page.evaluate("document.activeElement.blur()");
  }
  await page.screenshot({ path: join(PICTURES, `pc-${name}.png`), animations: "disabled", caret: "hide" });
  console.log(`docs/screens/pc-${name}.png`);
  if (name === "site") {
    await showSitePlan(page, join(hostData, ".."));
    await page.screenshot({ path: join(PICTURES, "pc-site-plan.png"), animations: "disabled", caret: "hide" });
    console.log("docs/screens/pc-site-plan.png");
  }
}

const damaged = await startDamagedPc(hostData, `${hostData}-damaged`);
undo.defer(() => damaged.end());
await page.goto(damaged.url);
await page.getByRole("button", { name: "开始抢救" }).click();
// Central has answered by then.
await page.getByText(/可以启用/).waitFor();
await page.getByRole("button", { name: "启用抢救出的数据库" }).scrollIntoViewIfNeeded();
await page.screenshot({ path: join(PICTURES, "pc-rescue.png"), animations: "disabled", caret: "hide" });
console.log("docs/screens/pc-rescue.png");
