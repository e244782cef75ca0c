import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signedIn, type TestBrowser } from "../../test/access-world.ts";
import { BusinessWorld, errorOf } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { IMPORT_KINDS } from "../imports/kinds.ts";
import { TABLE_LIMITS } from "../imports/xlsx-guard.ts";
import { refusedListSchema, retakeAnswerSchema } from "./contract/troubles.ts";
import { IMPORT_BYTES, IMPORT_FILE_KINDS, importListSchema, importReportSchema } from "./contract/work.ts";

it("takes every kind of file, and as long a one, as imports do", () => {
  expect([[...IMPORT_FILE_KINDS].sort(), IMPORT_BYTES]).toEqual([[...IMPORT_KINDS].sort(), TABLE_LIMITS.fileBytes]);
});

describe.each(STORAGES)("the work of IT in the console on $name", ({ create }) => {
  let storage: TestStorage;
  let world: BusinessWorld;
  let browser: TestBrowser;

  beforeAll(async () => {
    storage = await create();
    world = await BusinessWorld.open(storage);
    browser = (await signedIn(world, { name: "it.one", role: "it" })).browser;
  });
  afterAll(async () => {
    await world?.close();
    await storage?.remove();
  });

  const send = (
    mode: string,
    text: string,
    headers: Readonly<Record<string, string>> = { "x-window-rating": "console" },
  ): Promise<Response> =>
    fetch(`${world.url}/console/v1/imports?kind=clerks&mode=${mode}&fileName=clerks.csv`, {
      method: "POST",
      headers: { ...headers, cookie: browser.cookie },
      body: text,
    });
  const imports = async () => importListSchema.parse(await (await browser.get("imports")).json()).imports;

  it("tries a file with every bad row, takes a good one in under the name of the account, and lists it", async () => {
    const tried = importReportSchema.parse(await (await send("dry-run", "工号,姓名\n1001,张三样例\n,李四样例\n")).json());
    expect([tried.taken, tried.importNo, tried.bad.map(({ row }) => row), await imports()]).toEqual([1, null, [3], []]);
    const taken = importReportSchema.parse(await (await send("apply", "工号,姓名\n1001,张三样例\n")).json());
    expect(await imports()).toMatchObject([
      { importNo: taken.importNo, kind: "clerks", fileName: "clerks.csv", taken: 1, appliedBy: "it.one" },
    ]);
  });

  it("takes no file that another page sends, and none without a body", async () => {
    expect(await errorOf(await send("apply", "工号,姓名\n", {}))).toMatchObject({ status: 403, code: "WR7056" });
    expect((await imports()).length).toBe(1);
  });

  it("shows what was refused with what to do, and takes it again when nothing stands in its way any more", async () => {
    const report = world.report({ caseNo: "LATER-1" });
    await world.tell([report]);
    const wrong = { ...report, itemCode: "OTHER", contact: "key0 aGVsbG8gd29ybGQhISEh" };
    expect(await world.tell([wrong])).toMatchObject([{ answer: "refused", code: "WR7035" }]);
    const list = async (query = "") => refusedListSchema.parse(await (await browser.get(`troubles/refused${query}`)).json());
    const { refused, open } = await list();
    expect([open, refused.length, refused[0]?.code, refused[0]?.field]).toEqual([1, 1, "WR7035", "itemCode"]);
    expect(refused[0]?.advice.length).toBeGreaterThan(10);
    expect(JSON.stringify(refused[0]?.content)).not.toContain("aGVsbG8");
    const retake = async () =>
      retakeAnswerSchema.parse(await (await browser.post(`troubles/refused/${refused[0]?.refusedNo}/retake`)).json());
    expect(await retake()).toMatchObject({ answer: "refused", code: "WR7035", field: "itemCode", retakenAtMs: null });
    await world.db.deleteFrom("visits").where("case_no", "=", "LATER-1").execute();
    await world.db.deleteFrom("cases").where("case_no", "=", "LATER-1").execute();
    expect(await retake()).toMatchObject({ answer: "taken", code: null, retakenAtMs: world.nowMs });
    expect((await list()).open).toBe(0);
    expect((await list("?state=retaken")).refused[0]?.retaken).toMatchObject({ outcome: "taken" });
    expect((await browser.post("troubles/refused/999/retake")).status).toBe(404);
  });
});
