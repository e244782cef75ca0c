// Makes docs/screens/strip-*.png: the clerk's strip of a window PC with real parts (central, window-host, a simulated pad), as a clerk sees it.
// Run it after the screens have changed: npm run setup, then node scripts/screens/strip-pictures.ts
import { join } from "node:path";
import { ITEMS } from "../demo/seed.ts";
import { runCommand } from "../rig/child.ts";
import { openPictureStage, PICTURES } from "./picture-stage.ts";

const DOCKED = { width: 1280, height: 64 };
const COLUMN = { width: 360, height: 720 };
const PAGE = { width: 1000, height: 640 };

await using pictures = await openPictureStage(DOCKED);
const { stage, page } = pictures;
const picture = async (name: string, viewport: { width: number; height: number }): Promise<void> => {
  await page.setViewportSize(viewport);
  // What was done is said for a moment and is not in the pictures.
  await page.locator(".message[data-is=none]").waitFor({ state: "attached" });
  await page.screenshot({ path: join(PICTURES, `strip-${name}.png`), animations: "disabled", caret: "hide" });
  console.log(`docs/screens/strip-${name}.png`);
};
const says = (text: string): Promise<void> => page.locator("h1").filter({ hasText: text }).waitFor();
const open = async (key: string, panel: string): Promise<void> => {
  await page.keyboard.press(key);
  await page.getByTestId(`panel-${panel}`).locator("form").waitFor();
};

const { url } = await runCommand("window-host", ["screen", "strip", "--data", stage.hostData]);
await page.goto(String(url));
await page.locator(".details").filter({ hasText: "上次同步" }).waitFor();
await picture("sign-in", DOCKED);
await stage.desk.signIn({ staffNo: "1001", name: "张三样例" });
await stage.desk.startCase({ caseNo: "A-20261121-0007", ...ITEMS[0] });
await says("正在办理");
await picture("in-progress", DOCKED);
await stage.desk.endCase("A-20261121-0007");
await says("请群众评价");
await picture("invited", DOCKED);
await picture("column", COLUMN);
await page.setViewportSize(PAGE);
await page.locator("[data-action=code][aria-disabled=false]").waitFor();
await open("Alt+8", "code");
await picture("code", PAGE);
await page.keyboard.press("Escape");
await stage.pad.press(5);
await says("已收到评价");
await page.locator(".details").filter({ hasText: "全部已上传" }).waitFor();
await picture("rated", DOCKED);
await page.setViewportSize(PAGE);
await open("Alt+7", "paperForm");
await picture("paper-form", { ...PAGE, height: 720 });
await page.keyboard.press("Escape");
await open("Alt+5", "severalCases");
await picture("several-cases", PAGE);
await page.keyboard.press("Escape");
await open("Alt+s", "settings");
await picture("settings", PAGE);
await page.getByLabel("English").check();
await page.getByRole("button", { name: "保存" }).click();
await says("A rating came");
await picture("english", { ...COLUMN, width: 480 });
await page.keyboard.press("Alt+s");
await page.getByLabel("中文").check();
await page.getByRole("button", { name: "Save" }).click();
stage.pad.unplug();
await says("评价器");
await picture("stopped", DOCKED);
stage.pad.plug();
