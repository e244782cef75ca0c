import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadConfig } from "../config/load-config.ts";
import { startHost } from "../host.ts";
import { windowPcIdOf } from "../identity/identity.ts";
import { clerkCommand } from "./clerk-command.ts";
import type { Command } from "./command.ts";
import { configCommand } from "./config-command.ts";
import { pairCommand } from "./pair-command.ts";
import { setupCommand } from "./setup-command.ts";
import { siteCommand } from "./site-command.ts";

let folder: string;
const at = (name: string): string => join(folder, name);
const run = async (command: Command, ...args: string[]): Promise<string> => {
  const printed: string[] = [];
  await command(args, { env: {}, print: (text) => printed.push(text) });
  return printed.join("\n");
};
const json = async (command: Command, ...args: string[]) => JSON.parse(await run(command, ...args, "--json"));
const config = (data: string) => JSON.parse(readFileSync(join(at(data), "config.json"), "utf8"));
/** Every file of a data folder with its content. */
const contentOf = (data: string) =>
  readdirSync(at(data), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json"))
    .map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), "utf8")]);

const CSV = "窗口,工作人员,型号,端口,序列号\n12,1001 张三样例; 1002 李四样例,,auto,PAD-12\n13,,generic/five-button,/dev/ttyUSB1,\n";

/** A model PC, its site file signed as version `version`. */
const makeSite = async (version: number, ...settings: string[]): Promise<string> => {
  await run(configCommand, "--data", at("model"), "--set", "screen.hall=样例大厅", ...settings.flatMap((setting) => ["--set", setting]));
  const out = at(`site-${version}.json`);
  await run(
    siteCommand,
    "export",
    "--out",
    out,
    "--name",
    "样例大厅",
    "--version",
    `${version}`,
    "--csv",
    at("windows.csv"),
    "--data",
    at("model"),
  );
  await run(siteCommand, "sign", "--site", out, "--key-file", at("key.pem"));
  return out;
};

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "setup-"));
  writeFileSync(at("windows.csv"), CSV);
  await run(siteCommand, "key", "--out", at("key.pem"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("window-host setup", () => {
  test("sets a new PC up from the site file of a model PC, without questions, and changes nothing when repeated", async () => {
    await run(pairCommand, "--name", "hall system", "--origin", "https://one.example", "--data", at("model"));
    const site = await makeSite(
      1,
      "windowNo=1",
      "pad.serialNumber=PAD-1",
      "rating.timeoutSeconds=20",
      "central=https://central.example:7200",
    );
    const first = await json(setupCommand, "--site", site, "--window", "12", "--data", at("pc"));
    expect(first).toMatchObject({
      site: "样例大厅",
      version: 1,
      windows: ["12"],
      clerks: ["1001", "1002"],
      enrolment: "none",
      restartNeeded: false,
    });
    expect(first.newPairings).toEqual([{ name: "hall system", token: expect.stringMatching(/^wrdesk_/) }]);
    expect(config("pc")).toEqual({
      windowNo: "12",
      central: "https://central.example:7200",
      pad: { port: "auto", serialNumber: "PAD-12" },
      rating: { timeoutSeconds: 20 },
      screen: { hall: "样例大厅" },
    });
    const database = new Database(join(at("pc"), "window.db"), { readonly: true });
    expect(database.prepare("select staff_no, clerk_name from clerks order by 1").raw().all()).toEqual([
      ["1001", "张三样例"],
      ["1002", "李四样例"],
    ]);
    database.close();

    const before = contentOf("pc");
    expect(await json(setupCommand, "--site", site, "--window", "12", "--data", at("pc"))).toMatchObject({
      changedSettings: [],
      newPairings: [],
    });
    expect(contentOf("pc")).toEqual(before);
  });

  test("says what is to be done where one QR code would stand at several windows, and nothing where each gets its own", async () => {
    const settings = { "screen.hall": "样例大厅", "screen.partyEmblem": true };
    const site = await makeSite(1, "windowNo=1", "screen.windowQr=https://hall.example/w/1", "screen.partyEmblem=true");
    // The code of the model PC's own window is not made that of every window.
    expect(JSON.parse(readFileSync(site, "utf8")).content.settings).toEqual(settings);
    const several = await json(setupCommand, "--site", site, "--window", "12", "--window", "13", "--data", at("pc"));
    expect(several.doubts).toEqual([expect.stringContaining("screen.partyEmblem")]);
    await run(configCommand, "--data", at("pc"), "--set", "screen.windowQr=https://hall.example/w/12");
    const plain = await json(setupCommand, "--site", site, "--data", at("pc"));
    expect(plain.doubts).toEqual([expect.stringContaining("{windowNo}"), expect.stringContaining("screen.partyEmblem")]);
    const better = await makeSite(2, "screen.windowQr=https://hall.example/w/{windowNo}", "screen.partyEmblem=false");
    expect(JSON.parse(readFileSync(better, "utf8")).content.settings).toMatchObject({
      "screen.windowQr": "https://hall.example/w/{windowNo}",
    });
    expect((await json(setupCommand, "--site", better, "--data", at("pc"))).doubts).toEqual([]);
  });

  test("takes a site file of before, which gives all its windows one code, and says so", async () => {
    const path = await makeSite(1);
    const { content } = JSON.parse(readFileSync(path, "utf8"));
    content.settings["screen.windowQr"] = "https://hall.example/w/1";
    writeFileSync(path, JSON.stringify({ content, signature: null }));
    await run(siteCommand, "sign", "--site", path, "--key-file", at("key.pem"));
    const done = await json(setupCommand, "--site", path, "--window", "12", "--data", at("pc"));
    expect(done.doubts).toEqual([expect.stringContaining("every window")]);
  });

  test("carries no secret of the model PC: neither tokens nor keys nor what belongs to one PC", async () => {
    const token = (await json(pairCommand, "--name", "hall system", "--data", at("model"))).token as string;
    const text = readFileSync(await makeSite(1, "windowNo=77", "pad.port=/dev/ttyS7"), "utf8");
    expect(JSON.parse(text).content.settings).toEqual({ "screen.hall": "样例大厅" });
    for (const secret of [token, "wrdesk_", "tokenHash", "PRIVATE", "ttyS7"]) expect(text).not.toContain(secret);
    expect(statSync(at("key.pem")).mode & 0o777).toBe(0o600);
  });

  test("refuses unsigned, altered, foreign and older files, each with its code, and leaves the PC as it was", async () => {
    const one = await makeSite(1, "rating.timeoutSeconds=20");
    const two = await makeSite(2, "rating.timeoutSeconds=25");
    const set = (...args: string[]) => run(setupCommand, "--window", "12", "--data", at("pc"), ...args);
    await set("--site", two);
    const before = contentOf("pc");

    const signed = JSON.parse(readFileSync(two, "utf8"));
    writeFileSync(at("unsigned.json"), JSON.stringify({ ...signed, signature: null }));
    await expect(set("--site", at("unsigned.json"))).rejects.toMatchObject({ code: "WR8009" });
    signed.content.settings["rating.timeoutSeconds"] = 60;
    writeFileSync(at("altered.json"), JSON.stringify(signed));
    await expect(set("--site", at("altered.json"))).rejects.toMatchObject({ code: "WR8009" });
    await expect(set("--site", one)).rejects.toMatchObject({ code: "WR8011" });

    const { publicKey } = await json(siteCommand, "key", "--out", at("other.pem"));
    writeFileSync(at("foreign.json"), readFileSync(await makeSite(3)));
    await run(siteCommand, "sign", "--site", at("foreign.json"), "--key-file", at("other.pem"));
    await expect(set("--site", at("foreign.json"))).rejects.toMatchObject({ code: "WR8010" });
    await expect(run(setupCommand, "--site", two, "--key", publicKey, "--data", at("new"))).rejects.toMatchObject({ code: "WR8010" });
    const again = await makeSite(2, "rating.timeoutSeconds=26");
    await expect(set("--site", again)).rejects.toMatchObject({ code: "WR8011" });
    expect(contentOf("pc")).toEqual(before);
    // The site has a new key, and IT says so.
    expect(await set("--site", at("foreign.json"), "--key", publicKey)).toContain("version 3");
  });

  test("takes back what the site says no more, and leaves what somebody changed on the PC", async () => {
    const one = await makeSite(1, "rating.timeoutSeconds=20", "pad.volume=30");
    await run(setupCommand, "--site", one, "--window", "12", "--data", at("pc"));
    await run(configCommand, "--set", "pad.volume=55", "--data", at("pc"));
    writeFileSync(join(at("model"), "config.json"), "{}");
    await run(siteCommand, "import", "--site", await makeSite(2, "pad.brightness=60"), "--data", at("pc"));
    expect(config("pc")).toEqual({
      windowNo: "12",
      pad: { port: "auto", serialNumber: "PAD-12", volume: 55, brightness: 60 },
      screen: { hall: "样例大厅" },
    });
  });

  test("sets up several windows of one PC, and refuses a window that the site does not have", async () => {
    const site = await makeSite(1);
    await expect(run(setupCommand, "--site", site, "--window", "21", "--data", at("pc"))).rejects.toMatchObject({ code: "WR8013" });
    await run(setupCommand, "--site", site, "--window", "12", "--window", "13", "--data", at("pc"));
    expect(config("pc").windows).toEqual([
      { windowNo: "12", pad: { port: "auto", profile: "auto", serialNumber: "PAD-12" } },
      { windowNo: "13", pad: { port: "/dev/ttyUSB1", profile: "generic/five-button", serialNumber: null } },
    ]);
  });

  test("sets no new PC up for window 1 because nobody said which it is; the list tells which there are", async () => {
    const site = await makeSite(1);
    await expect(run(setupCommand, "--site", site, "--data", at("pc"))).rejects.toMatchObject({
      code: "WR8013",
      detail: expect.stringMatching(/--window <no>.*12, 13/),
    });
    expect(readdirSync(folder)).not.toContain("pc");

    writeFileSync(at("windows.csv"), "窗口\n");
    const unlisted = await json(setupCommand, "--site", await makeSite(2), "--data", at("pc"));
    expect(unlisted.doubts).toEqual([expect.stringContaining("windowNo=12")]);
    expect((await json(setupCommand, "--site", at("site-2.json"), "--window", "12", "--data", at("pc"))).doubts).toEqual([]);
  });

  test("brings a PC what a newer list says of its own windows, without their numbers being typed again", async () => {
    const site = await makeSite(1);
    await run(setupCommand, "--site", site, "--window", "12", "--data", at("pc"));
    await run(setupCommand, "--site", site, "--window", "12", "--window", "13", "--data", at("pc-of-two"));
    writeFileSync(at("windows.csv"), `${CSV.replace("PAD-12", "PAD-99").replace("1001 张三样例; ", "")}14,,,,\n`);
    const newer = await makeSite(2);
    expect(await json(setupCommand, "--site", newer, "--data", at("pc"))).toMatchObject({
      windows: ["12"],
      clerks: ["1002"],
      changedSettings: ["pad.serialNumber"],
    });
    expect(config("pc").pad.serialNumber).toBe("PAD-99");
    await run(configCommand, "--set", "pad.port=/dev/ttyUSB7", "--data", at("pc"));
    expect(await json(setupCommand, "--site", newer, "--data", at("pc-of-two"))).toMatchObject({ windows: ["12", "13"] });
    expect(config("pc-of-two").windows).toEqual([
      { windowNo: "12", pad: { port: "auto", profile: "auto", serialNumber: "PAD-99" } },
      { windowNo: "13", pad: { port: "/dev/ttyUSB1", profile: "generic/five-button", serialNumber: null } },
    ]);
    // A window that the list names no more stays as the PC has it.
    writeFileSync(at("windows.csv"), "窗口\n14\n");
    expect(await json(setupCommand, "--site", await makeSite(3), "--data", at("pc"))).toMatchObject({
      windows: ["12"],
      changedSettings: [],
    });
  });

  test("carries the profile file of another maker's pad, and takes none that is wrong", async () => {
    const profile = JSON.parse(
      readFileSync(new URL("../../../../device-profiles/profiles/generic/five-button.json", import.meta.url), "utf8"),
    );
    await run(configCommand, "--set", "windowNo=1", "--data", at("model"));
    writeFileSync(join(at("model"), "my-pad.json"), JSON.stringify(profile));
    const site = await makeSite(1, "pad.profile=./my-pad.json");
    await run(setupCommand, "--site", site, "--window", "12", "--data", at("pc"));
    expect(config("pc").pad.profile).toBe("./profiles/my-pad.json");
    expect(JSON.parse(readFileSync(join(at("pc"), "profiles", "my-pad.json"), "utf8"))).toEqual(profile);

    const broken = JSON.parse(readFileSync(site, "utf8"));
    broken.content.padProfiles[0].profile = { nothing: true };
    writeFileSync(at("broken.json"), JSON.stringify({ ...broken, signature: null }));
    await expect(run(siteCommand, "check", "--site", at("broken.json"))).rejects.toMatchObject({ code: "WR2001" });
    await expect(run(siteCommand, "sign", "--site", at("broken.json"), "--key-file", at("key.pem"))).rejects.toMatchObject({
      code: "WR2001",
    });
  });

  test("changes nothing with --dry-run and says what it would change", async () => {
    const site = await makeSite(1, "rating.timeoutSeconds=20");
    const done = await json(setupCommand, "--site", site, "--window", "12", "--data", at("pc"), "--dry-run");
    expect(done).toMatchObject({
      dryRun: true,
      windows: ["12"],
      changedSettings: expect.arrayContaining(["windowNo", "rating.timeoutSeconds"]),
    });
    expect(readdirSync(folder)).not.toContain("pc");
  });

  test("carries language packs and what the app's windows look like; a pack under another name than its tag is refused", async () => {
    const pack = { format: 1, tag: "bo", name: "བོད་ཡིག", texts: {}, levels: ["1", "2", "3", "4", "5"], voice: {} };
    await run(configCommand, "--set", "screen.languages=zh-CN,bo", "--data", at("model"));
    mkdirSync(join(at("model"), "assets", "language"), { recursive: true });
    writeFileSync(join(at("model"), "assets", "language", "bo.json"), JSON.stringify(pack));
    writeFileSync(at("shell.json"), JSON.stringify({ edge: "bottom", monitorId: 7, screen: "http://127.0.0.1:7101/strip.html" }));
    const out = at("site.json");
    const made = ["export", "--out", out, "--name", "样例大厅", "--shell", at("shell.json"), "--data", at("model")];
    expect(await json(siteCommand, ...made)).toMatchObject({ languages: ["bo"], shell: true });
    expect(JSON.parse(readFileSync(out, "utf8")).content.shell).toEqual({ edge: "bottom" });
    await run(siteCommand, "sign", "--site", out, "--key-file", at("key.pem"));
    expect(await json(setupCommand, "--site", out, "--window", "12", "--data", at("pc"))).toMatchObject({ languages: ["bo"] });
    expect(JSON.parse(readFileSync(join(at("pc"), "assets", "language", "bo.json"), "utf8"))).toEqual(pack);
    expect(JSON.parse(readFileSync(join(at("pc"), "shell.json"), "utf8"))).toEqual({ edge: "bottom" });
    const before = contentOf("pc");
    expect(await json(setupCommand, "--site", out, "--window", "12", "--data", at("pc"))).toMatchObject({ languages: [] });
    expect(contentOf("pc")).toEqual(before);

    writeFileSync(join(at("model"), "assets", "language", "tdd.json"), JSON.stringify(pack));
    await expect(run(siteCommand, ...made)).rejects.toMatchObject({ code: "WR8012" });
  });

  test("takes nothing of a list with a bad row, and lists every bad row", async () => {
    const site = await makeSite(1);
    writeFileSync(at("bad.csv"), "window,profile,port\n12,,\n12,,\n13,nobody/nothing,COM 3\n");
    await expect(run(setupCommand, "--site", site, "--csv", at("bad.csv"), "--window", "12", "--data", at("pc"))).rejects.toMatchObject({
      code: "WR8013",
      detail: expect.stringMatching(/line 3, window: [\s\S]*line 4, port: [\s\S]*line 4, profile: /),
    });
    expect(readdirSync(folder)).not.toContain("pc");
    const checked = await json(siteCommand, "check", "--site", site, "--csv", at("bad.csv"));
    expect(checked.csv.bad.map(({ line }: { line: number }) => line)).toEqual([3, 4, 4]);
  });

  test.each([
    [[]],
    [["--central", "http://127.0.0.1:1"]],
    [["--enrol", "K7QM-2XWD-9TPA", "--dry-run"]],
    [["--site", "nowhere.json"]],
    [["--site", "x", "--key", "abc"]],
  ])("does not guess what is meant by %j", async (args) => {
    await expect(run(setupCommand, ...args, "--data", at("pc"))).rejects.toMatchObject({ code: "WR8002" });
  });
});

describe("window-host setup --enrol", () => {
  const enrolling = async (answer: (request: { publicKey: string; code: string; windowNo: string }) => object) => {
    const asked: { publicKey: string; code: string; windowNo: string }[] = [];
    const central = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => {
        const one = JSON.parse(body);
        asked.push(one);
        response.setHeader("content-type", "application/json").end(JSON.stringify(answer(one)));
      });
    });
    await new Promise<void>((resolve) => central.listen(0, "127.0.0.1", resolve));
    const { port } = central.address() as AddressInfo;
    return { asked, url: `http://127.0.0.1:${port}`, close: () => central.close() };
  };

  test("enrols the PC once for its window, and needs no second code when the set-up is repeated", async () => {
    const central = await enrolling(({ publicKey }) => ({ windowPcId: windowPcIdOf(publicKey), token: "t".repeat(43), centralTimeMs: 1 }));
    try {
      const args = ["--site", await makeSite(1), "--window", "12", "--enrol", "K7QM-2XWD-9TPA", "--data", at("pc")];
      await expect(run(setupCommand, ...args)).rejects.toMatchObject({ code: "WR8001" });
      expect(await json(setupCommand, ...args, "--central", central.url)).toMatchObject({ enrolment: "new" });
      expect(await json(setupCommand, ...args, "--central", central.url)).toMatchObject({ enrolment: "before", changedSettings: [] });
      expect(central.asked).toMatchObject([{ code: "K7QM-2XWD-9TPA", windowNo: "12" }]);
      expect(JSON.parse(readFileSync(join(at("pc"), "identity.json"), "utf8")).enrolment).toMatchObject({ centralUrl: central.url });
    } finally {
      central.close();
    }
  });

  test("makes no new identity beside a database whose identity was lost", async () => {
    const site = await makeSite(1);
    await run(setupCommand, "--site", site, "--window", "12", "--data", at("pc"));
    rmSync(join(at("pc"), "identity.json"));
    const again = run(
      setupCommand,
      "--site",
      site,
      "--window",
      "13",
      "--central",
      "http://127.0.0.1:1",
      "--enrol",
      "K7QM-2XWD-9TPA",
      "--data",
      at("pc"),
    );
    await expect(again).rejects.toMatchObject({ code: "WR6006" });
    expect(readdirSync(at("pc"))).not.toContain("identity.json");
  });
});

describe("window-host setup beside a window-host that runs", () => {
  test("names the clerks through it, and says that it must start again for its settings", async () => {
    const site = await makeSite(1, "pad.volume=30");
    await run(configCommand, "--set", "deskPort=0", "--set", "pad.port=tcp://127.0.0.1:1", "--data", at("pc"));
    const host = await startHost({
      config: loadConfig({ dataDir: at("pc"), env: {}, flags: {} }),
      dataDir: at("pc"),
      logger: pino({ level: "silent" }),
    });
    try {
      const args = ["--site", site, "--window", "12", "--data", at("pc")];
      expect(await json(setupCommand, ...args)).toMatchObject({ clerks: ["1001", "1002"], restartNeeded: true });
      expect(await json(setupCommand, ...args)).toMatchObject({ changedSettings: [], restartNeeded: false });
      const { clerks } = await json(clerkCommand, "list", "--data", at("pc"));
      expect(clerks.map(({ name }: { name: string }) => name)).toEqual(["张三样例", "李四样例"]);
    } finally {
      await host.close();
    }
  });
});

describe("window-host site", () => {
  test("never writes over a key, and signs with no other kind of key", async () => {
    await expect(run(siteCommand, "key", "--out", at("key.pem"))).rejects.toMatchObject({ code: "WR8002" });
    const site = await makeSite(1);
    await expect(run(siteCommand, "sign", "--site", site, "--key-file", site)).rejects.toMatchObject({ code: "WR8016" });
    for (const verb of [[], ["publish"], ["sign"], ["check"], ["export"]]) {
      await expect(run(siteCommand, ...verb)).rejects.toMatchObject({ code: "WR8002" });
    }
  });
});
