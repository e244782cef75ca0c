import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { runCommand } from "../rig/child.ts";

/**
 * Has the console list what a hall's signed file would change; nothing is taken.
 * @param page the console, at its page of the site
 * @param folder for the hall's files
 */
export const showSitePlan = async (page: Page, folder: string): Promise<void> => {
  const at = (name: string): string => join(folder, name);
  writeFileSync(
    at("windows.csv"),
    "窗口,工作人员,型号\n1,1001 张三样例；1002 李四样例,generic/touchscreen\n2,1003 王五样例,generic/five-button\n",
  );
  await runCommand("window-host", ["site", "key", "--out", at("site-key.pem")]);
  const settings = ["rating.timeoutSeconds=45", "screen.hall=样例大厅", "clerk.idleMinutes=30"].flatMap((setting) => ["--set", setting]);
  await runCommand("window-host", ["config", ...settings, "--data", at("model")]);
  const site = at("site.json");
  const exported = ["site", "export", "--out", site, "--name", "样例大厅", "--csv", at("windows.csv"), "--data", at("model")];
  await runCommand("window-host", exported);
  await runCommand("window-host", ["site", "sign", "--site", site, "--key-file", at("site-key.pem")]);
  await page.getByLabel("本机窗口号", { exact: false }).fill("1");
  await page.getByLabel("选择配置文件（site.json）").setInputFiles(site);
  await page.getByRole("button", { name: "查看改动", exact: true }).click();
  await page.locator(".plan").waitFor();
  await page.locator(".plan").evaluate((plan) => plan.scrollIntoView());
};
