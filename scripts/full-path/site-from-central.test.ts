import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Central, startCentral } from "@window-rating/central";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../rig/child.ts";

let folder: string;
let central: Central;
const at = (name: string): string => join(folder, name);
const host = (...args: string[]) => runCommand("window-host", args);
const atCentral = (...args: string[]) => runCommand("window-central", [...args, "--data", at("central")]);
const enrolCode = async (windowNo: string): Promise<string> => (await central.makeEnrolmentCode(windowNo)).code;
const config = (pc: string) => JSON.parse(readFileSync(join(at(pc), "config.json"), "utf8"));

/** What IT staff do once for the hall: a model PC, its file, signed. @returns the public key */
const signSite = async (version: number): Promise<string> => {
  const site = at("site.json");
  await host(
    "site",
    "export",
    "--out",
    site,
    "--name",
    "样例大厅",
    "--version",
    `${version}`,
    "--csv",
    at("windows.csv"),
    "--data",
    at("model"),
  );
  return String((await host("site", "sign", "--site", site, "--key-file", at("key.pem"))).signedBy);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "window-rating-site-"));
  central = await startCentral({ data: at("central"), port: 0 });
  writeFileSync(at("windows.csv"), "窗口,工作人员\n12,1001 张三样例\n13,1002 李四样例\n");
  await host("site", "key", "--out", at("key.pem"));
  await host("config", "--set", "rating.timeoutSeconds=20", "--data", at("model"));
});
afterAll(async () => {
  await central?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("A PC with nothing but a code becomes its window: enrolled, set up from the hall's signed file, and brought up to date by the same way", async () => {
  const key = await signSite(1);
  const code = await enrolCode("12");
  const set = ["setup", "--central", central.url, "--key", key, "--data", at("pc")];
  await expect(host(...set, "--enrol", code)).rejects.toThrow("WR8014");
  await atCentral("site-file", "put", at("site.json"), "--by", "张三样例");
  // The code was used when central had no file yet; the PC needs no second one.
  expect(await host(...set)).toMatchObject({ site: "样例大厅", version: 1, windows: ["12"], clerks: ["1001"], enrolment: "before" });
  expect(config("pc")).toMatchObject({ windowNo: "12", central: central.url, rating: { timeoutSeconds: 20 } });
  expect(JSON.parse(readFileSync(join(at("pc"), "identity.json"), "utf8")).enrolment).toMatchObject({ centralUrl: central.url });

  expect(await host("setup", "--central", central.url, "--enrol", await enrolCode("13"), "--data", at("other"))).toMatchObject({
    windows: ["13"],
    enrolment: "new",
  });

  await host("config", "--set", "rating.timeoutSeconds=25", "--data", at("model"));
  await signSite(2);
  await atCentral("site-file", "put", at("site.json"));
  expect(await host("setup", "--data", at("pc"), "--dry-run")).toMatchObject({ version: 2, changedSettings: ["rating.timeoutSeconds"] });
  expect(config("pc").rating.timeoutSeconds).toBe(20);
  expect(await host("setup", "--data", at("pc"))).toMatchObject({ version: 2, windows: ["12"], enrolment: "before" });
  expect(config("pc").rating.timeoutSeconds).toBe(25);
});

test("A central that somebody else has taken over gives no PC another site: the key decides", async () => {
  await host("site", "key", "--out", at("foreign.pem"));
  await host("site", "export", "--out", at("site.json"), "--name", "样例大厅", "--version", "3", "--data", at("model"));
  await host("site", "sign", "--site", at("site.json"), "--key-file", at("foreign.pem"));
  await expect(atCentral("site-file", "put", at("site.json"))).rejects.toThrow("WR8010");
  await atCentral("site-file", "put", at("site.json"), "--new-key");
  const before = config("pc");
  await expect(host("setup", "--data", at("pc"))).rejects.toThrow("WR8010");
  expect(config("pc")).toEqual(before);
});
