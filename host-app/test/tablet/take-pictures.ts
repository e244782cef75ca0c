// node host-app/test/tablet/take-pictures.ts docs/screens: draws the citizen's page on a tablet as it stands in docs/browser-pad.md. The data
// are made up and always the same; only a changed page changes its picture.
import { join, resolve } from "node:path";
import { launchTablet } from "./browser.ts";
import { Hall, Tablet } from "./hall.ts";

const folder = resolve(process.argv[2] ?? "docs/screens");
await using hall = await Hall.open();
const browser = await launchTablet(hall.certificate.trust);

const take = async (tablet: Tablet, name: string): Promise<void> => {
  await tablet.page.mouse.move(0, 0);
  await tablet.page.screenshot({ path: join(folder, `tablet-${name}.png`) });
};

try {
  await using tablet = await Tablet.open(browser);
  await tablet.page.goto(await hall.code());
  await tablet.page.locator(".begin").waitFor();
  await take(tablet, "begin");
  await tablet.page.locator(".begin").click();
  await hall.untilPad("ready");
  await hall.call("/clerk/sign-in", { staffNo: "1001", name: "张三样例" });
  await tablet.page.getByText("张三样例").waitFor();
  await tablet.scene("idle");
  await take(tablet, "idle");
  await hall.serve("3710-2026-0001");
  await tablet.scene("options");
  await take(tablet, "options");
  await tablet.choose(2);
  await tablet.page.locator('[data-code="209"]').click();
  await tablet.page.waitForSelector('[data-code="209"][aria-pressed="true"]');
  await take(tablet, "details");
} finally {
  await browser.close();
}
