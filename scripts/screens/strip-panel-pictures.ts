// Makes docs/screens/strip-*.png of what a clerk opens on a docked strip, receipt*.png and example-system.png, with real parts.
// Run it after the screens have changed: npm run setup, then node scripts/screens/strip-panel-pictures.ts
import { join } from "node:path";
import type { Page } from "playwright-core";
import { buildClient, CLIENT_FILE } from "../demo/business-system/build-client.ts";
import { startBusinessSystem } from "../demo/business-system/server.ts";
import { CLERKS, ITEMS } from "../demo/seed.ts";
import { runCommand } from "../rig/child.ts";
import { until } from "../rig/until.ts";
import { openPictureStage, PICTURES } from "./picture-stage.ts";

/** A monitor of 1280 pixels, and the same at 300 percent. */
const PLAIN = { width: 1280, scale: 1 };
const LARGE = { width: 427, scale: 3 };
/** As high as Electron docks it (electron/place.ts). */
const DOCKED = 64;
/** Paper, its margin as the printed page has it, and the value of the choice. */
const PAPERS = [
  { name: "receipt", value: "A6", width: "105mm", height: "148mm", margin: "10mm" },
  { name: "receipt-58mm", value: "58 mm", width: "58mm", height: "150mm", margin: "4mm 5mm" },
] as const;

/** What the preload puts into the page; the window around it grows as Electron's does. */
const SHELL = "window.windowRatingShell = { needHeight: (px) => window.growTo(px), onAction: () => {}, onKeys: () => {} };";

await using pictures = await openPictureStage({ ...PLAIN, height: DOCKED });
const { stage } = pictures;
const browser = pictures.page.context().browser();
if (browser === null) throw new Error("the browser is gone");
const hostCommand = (...args: string[]): Promise<Record<string, unknown>> => runCommand("window-host", [...args, "--data", stage.hostData]);

/** What the desk client of the demo has no verb for. */
const post = async (path: string, body: object): Promise<void> => {
  const answer = await fetch(`http://127.0.0.1:${stage.deskPort}/desk/v1${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${stage.token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(await answer.text());
};

const draw = async (page: Page, name: string): Promise<void> => {
  // Nothing is pointed at.
  await page.mouse.move(0, 0);
  await page.screenshot({ path: join(PICTURES, `${name}.png`), animations: "disabled", caret: "hide" });
  console.log(`docs/screens/${name}.png`);
};

const openStrip = async ({ width, scale }: typeof PLAIN): Promise<Page> => {
  const page = await browser.newPage({ viewport: { width, height: DOCKED }, deviceScaleFactor: scale });
  await page.exposeFunction("growTo", (px: number | null) =>
    page.setViewportSize({ width, height: Math.min(Math.max(DOCKED, Math.ceil(px ?? 0)), 700) }),
  );
  await page.addInitScript({ content: SHELL });
  await page.goto(String((await hostCommand("screen", "strip")).url));
  await page.locator(".details").filter({ hasText: "上次同步" }).waitFor();
  return page;
};
const says = (page: Page, text: string): Promise<void> => page.locator("h1").filter({ hasText: text }).waitFor();
const isTold = (page: Page, text: string): Promise<void> => page.locator(".message").filter({ hasText: text }).waitFor();
const isQuiet = (page: Page): Promise<void> => page.locator(".message[data-is=none]").waitFor({ state: "attached" });
/** As soon as the window around it has the height that what was opened turned out to need. */
const hasGrown = (page: Page): Promise<unknown> =>
  until("the height of what was opened", 60_000, () =>
    page.evaluate<boolean>("Math.abs(window.innerHeight - document.querySelector('.panel').getBoundingClientRect().bottom) < 16"),
  );
const open = async (page: Page, key: string, panel: string): Promise<void> => {
  await page.keyboard.press(key);
  await page.getByTestId(`panel-${panel}`).locator("form").waitFor();
  await hasGrown(page);
};
const shut = async (page: Page): Promise<void> => {
  await page.keyboard.press("Escape");
  await until("the docked height", 60_000, () => page.evaluate<boolean>(`window.innerHeight === ${DOCKED}`));
};

const [zhang, li] = CLERKS;
const strip = await openStrip(PLAIN);

// Before anybody is signed in.
await hostCommand("clerk", "add", "1003", "--name", "王五样例");
const { code } = await hostCommand("clerk", "code", "1003", "--json");
await strip.getByRole("button", { name: "更多" }).click();
await strip.getByTestId("panel-more").getByRole("button", { name: "首次使用或忘记密码" }).click();
const first = strip.getByTestId("panel-setPin");
await first.getByLabel("工号").fill("1003");
await first.getByLabel("一次性代码").fill(String(code));
await first.getByLabel("新密码（").fill("580217");
await hasGrown(strip);
await draw(strip, "strip-first-pin");
await first.getByLabel("再输一次").fill("580217");
await strip.keyboard.press("Enter");
await isTold(strip, "密码已设置");
for (let turn = 0; turn < 4; turn++) {
  await strip.getByLabel("工号", { exact: true }).fill("1003");
  await strip.getByLabel("密码", { exact: true }).fill("111222");
  await strip.keyboard.press("Enter");
  await isTold(strip, turn < 3 ? "工号或密码不正确" : "锁定");
  if (turn < 3) await strip.keyboard.press("Escape");
}
await draw(strip, "strip-locked-out");
await strip.keyboard.press("Escape");

// Two clerks, one case.
await stage.desk.signIn(zhang);
await strip.locator(".details").filter({ hasText: zhang.name }).waitFor();
await post("/clerk/sign-in", { ...li, beside: true });
await stage.desk.startCase({ caseNo: "A-20261121-0008", ...ITEMS[1] });
await says(strip, "正在办理");
await open(strip, "Alt+1", "whoServed");
await strip.getByTestId("panel-whoServed").getByLabel(li.name).check();
await draw(strip, "strip-who-served");
await shut(strip);
await open(strip, "Alt+3", "cancelCase");
await draw(strip, "strip-cancel");
await shut(strip);
await open(strip, "Alt+6", "pause");
await strip.getByTestId("panel-pause").getByLabel("评价器上显示的文字").fill("午休至 13:30");
await draw(strip, "strip-pause");
await shut(strip);
await open(strip, "Alt+0", "signOut");
await draw(strip, "strip-sign-out");
await shut(strip);
await post("/cases/A-20261121-0008/cancel", {});
await says(strip, "空闲");

// A business system with a page of its own.
const client = join(stage.hostData, "..", "client");
await buildClient(client);
const system = await startBusinessSystem(join(client, CLIENT_FILE));
const deskUrl = `http://127.0.0.1:${stage.deskPort}`;
system.show({
  windowNo: "1",
  deskUrl,
  centralUrl: stage.centralUrl,
  systemToken: "",
  pairing: { name: "业务系统示例", token: stage.token },
});
const business = await browser.newPage({ viewport: { width: 1000, height: 560 } });
await business.goto(system.origin);
await business.click("#pair");
const asked = strip.locator(".pairing-asked");
await asked.waitFor();
await asked.press("Enter");
await strip.getByTestId("panel-pairing").locator(".pairing-code").waitFor();
await hasGrown(strip);
await draw(strip, "strip-pairing");
await hostCommand("pair", "--confirm", await business.locator("#code").innerText());
await business.locator("#window").waitFor();
await shut(strip);
await business.click("#sign-in");
await business.click("#start");
await business.locator("#state").filter({ hasText: "EX-" }).waitFor();
await business.click("[data-end=link]");
await business.locator("#link").waitFor();
await draw(business, "example-system");
await business.close();
await system.close();
await open(strip, "Alt+3", "cancelCase");
await strip.keyboard.press("Enter");
await says(strip, "空闲");

// What the citizen takes home.
await stage.desk.startCase({ caseNo: "A-20261121-0009", ...ITEMS[1] });
await stage.desk.endCase("A-20261121-0009");
await says(strip, "请群众评价");
await strip.locator("[data-action=code][aria-disabled=false]").waitFor();
for (const { name, value, width, height, margin } of PAPERS) {
  await open(strip, "Alt+8", "code");
  const panel = strip.getByTestId("panel-code");
  await panel.getByRole("radio", { name: value }).check();
  const frame = strip.frame({ url: /receipt\.html/ });
  await frame?.evaluate('window.print = () => {}; addEventListener("message", ({ data }) => { window.told = data; })');
  await panel.getByRole("button", { name: "打印回执" }).click();
  const told = await until("what is printed", 60_000, () => frame?.evaluate("window.told"));
  const paper = await browser.newPage({ deviceScaleFactor: 2 });
  await paper.emulateMedia({ media: "print" });
  await paper.goto(new URL("/receipt.html", strip.url()).href);
  await paper.evaluate(`window.print = () => {}; window.postMessage(${JSON.stringify(told)}, location.origin)`);
  await paper.locator("h1").waitFor();
  // As large as the paper, with the margins that a printer leaves.
  const size = { boxSizing: "border-box", width, height, padding: margin };
  await paper.evaluate(`Object.assign(document.body.style, ${JSON.stringify(size)})`);
  await paper.locator("body").screenshot({ path: join(PICTURES, `${name}.png`) });
  console.log(`docs/screens/${name}.png`);
  await paper.close();
  await shut(strip);
}
await stage.pad.press(5);
await says(strip, "已收到评价");

// Contrast, and a screen at 300 percent.
const large = await openStrip(LARGE);
await says(large, "已收到评价");
await draw(large, "strip-300-percent");
await large.locator("main > .actions .more").press("Enter");
await hasGrown(large);
await draw(large, "strip-300-percent-more");
await large.close();
await open(strip, "Alt+s", "settings");
await strip.getByTestId("panel-settings").getByLabel("高对比").check();
await strip.getByTestId("panel-settings").getByRole("button", { name: "保存" }).click();
await isTold(strip, "设置已保存");
await isQuiet(strip);
await open(strip, "Alt+2", "startCase");
await draw(strip, "strip-high-contrast");

// A browser that was not admitted.
const stranger = await browser.newPage({ viewport: { width: 1000, height: 560 } });
await stranger.goto(new URL("/open.html", strip.url()).href);
await stranger.getByText("尚未获准").first().waitFor();
await draw(stranger, "strip-open");
