import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LARGEST_SITE_FILE } from "@window-rating/protocol/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedSiteText } from "../../test/site-text.ts";
import { newDataFolder } from "../../test/storages.ts";
import { MORNING_MS, WindowPc } from "../../test/window-pc.ts";
import { type Central, startCentral } from "../central.ts";
import { runSiteFileCommand } from "../command-line/site-file/run.ts";

let data: string;
let files: string;
let central: Central;
beforeAll(async () => {
  data = await newDataFolder();
  files = mkdtempSync(join(tmpdir(), "window-rating-site-file-"));
  central = await startCentral({ data, port: 0, now: () => MORNING_MS });
});
afterAll(async () => {
  await central?.close();
  for (const folder of [data, files]) rmSync(folder, { recursive: true, force: true });
});

const run = async (...given: string[]) => {
  const said = { out: "", err: "" };
  const code = await runSiteFileCommand([...given, "--data", data], {
    databaseUrl: undefined,
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { code, ...said };
};
const put = (text: string, ...more: string[]) => {
  const path = join(files, "site.json");
  writeFileSync(path, text);
  return run("put", path, "--by", "张三样例", "--json", ...more);
};
const fetched = async (pc: WindowPc, token = pc.token) => {
  const answer = await fetch(`${central.url}/sync/v1/site-file`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify({ windowPcId: pc.windowPcId }),
  });
  return { status: answer.status, body: (await answer.json()) as { windowNo?: string; text?: string | null; error?: { code: string } } };
};
const enrolled = async (): Promise<WindowPc> => {
  const pc = new WindowPc("pulls");
  await pc.enrol(central.url, (await central.makeEnrolmentCode(pc.windowNo)).code);
  return pc;
};

describe("the site file at central", () => {
  test("is given to enrolled window PCs as it was signed, and to nobody else", async () => {
    const pc = await enrolled();
    expect((await fetched(pc)).body).toEqual({ windowNo: pc.windowNo, text: null });
    expect((await run()).out).toContain("No site file is here");
    const text = signedSiteText(3, { settings: { "screen.hall": "样例大厅" } });
    expect(JSON.parse((await put(text)).out)).toMatchObject({ version: 3, site: "样例大厅", putBy: "张三样例" });
    const { body } = await fetched(pc);
    expect(JSON.parse(body.text ?? "")).toEqual(JSON.parse(text));
    expect((await fetched(pc, "x".repeat(43))).body.error?.code).toBe("WR7002");
    expect((await run()).out).toContain("样例大厅, version 3");
  });

  test("is never altered, foreign, older or another of the same version; the same one again changes nothing", async () => {
    const before = (await run("--json")).out;
    const text = signedSiteText(3, { settings: { "screen.hall": "样例大厅" } });
    expect((await put(`\uFEFF${text}`)).out).toBe(before);
    const { privateKey } = generateKeyPairSync("ed25519");
    const refused: readonly (readonly [string, string])[] = [
      ["{", "WR8012"],
      ['{"content":{"schema":1}}', "WR8012"],
      [JSON.stringify({ ...JSON.parse(signedSiteText(4)), signature: null }), "WR8009"],
      [signedSiteText(4).replace("样例大厅", "样例大庁"), "WR8009"],
      [signedSiteText(4, { site: "x\0y" }), "WR8012"],
      [signedSiteText(4, {}, privateKey), "WR8010"],
      [signedSiteText(2), "WR8011"],
      [signedSiteText(3), "WR8011"],
      [signedSiteText(4, { settings: { more: "x".repeat(LARGEST_SITE_FILE) } }), "WR8012"],
    ];
    for (const [wrong, code] of refused) expect((await put(wrong)).err).toContain(code);
    expect((await run("--json")).out).toBe(before);
    expect(JSON.parse((await put(signedSiteText(4, {}, privateKey), "--new-key")).out)).toMatchObject({ version: 4 });
  });

  test("is asked for by commands that are understood, and by no others", async () => {
    for (const wrong of [["put"], ["take", "x"], ["put", "a", "b"], ["--colour"]]) expect((await run(...wrong)).code).toBe(2);
    expect((await run("put", join(files, "none.json"))).err).toContain("WR8012");
    expect(await run("--help")).toMatchObject({ code: 0, out: expect.stringContaining("Examples") });
  });

  test("reaches the window that the code was made for, also when the PC does not say which", async () => {
    const pc = new WindowPc("silent");
    const { code } = await central.makeEnrolmentCode("27");
    const answer = await fetch(`${central.url}/sync/v1/enrolments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code, publicKey: pc.publicKey }),
    });
    expect(answer.status).toBe(201);
    pc.token = ((await answer.json()) as { token: string }).token;
    expect((await fetched(pc)).body).toMatchObject({ windowNo: "27" });
  });
});
