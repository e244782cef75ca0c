import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signedIn } from "../../test/access-world.ts";
import { BusinessWorld, TEST_KEYS } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { inTransaction } from "../database/transaction.ts";
import { acceptRating } from "../ratings/accept.ts";
import { OPEN_POLICY } from "../ratings/policy.ts";
import { importFile } from "./import-file.ts";
import { sealImportedWords } from "./seal-words.ts";

const WORDS = "样例评语甲乙丙丁";

describe.each(STORAGES)("words of citizens that a file tells on $name", ({ create }) => {
  let storage: TestStorage;
  let world: BusinessWorld;
  beforeAll(async () => {
    storage = await create();
    world = await BusinessWorld.open(storage);
  });
  afterAll(async () => {
    await world.close();
    await storage.remove();
  });

  const fileOf = (caseNo: string): Buffer =>
    Buffer.from(
      `办件编号,服务次数,评价,评价时间,事项编码,事项名称,评价内容\n${caseNo},1,不满意,2026-03-01 09:00,ITEM-01,居民身份证换领,${WORDS}\n`,
    );
  const newestRating = async (caseNo: string) =>
    world.db.selectFrom("ratings").selectAll().where("case_no", "=", caseNo).orderBy("seq", "desc").executeTakeFirstOrThrow();
  const look = async (ratingNo: number) => {
    const { browser } = await signedIn(world, { name: `verifier.${ratingNo}`, role: "supervisor" });
    const shown = (await (await browser.get(`ratings/${ratingNo}`)).json()) as Record<string, unknown>;
    const found = (await (await browser.get(`ratings?words=yes`)).json()) as { ratings: { ratingNo: number }[] };
    const why = { purpose: "verification", reason: "核实这条差评的具体原因" };
    const opened = (await (await browser.post(`personal/ratings/${ratingNo}`, why)).json()) as { words: string };
    return { shown, isFound: found.ratings.some((one) => one.ratingNo === ratingNo), words: opened.words };
  };
  /** Everything that the database holds, as its own files or as its tables. */
  const everything = async (): Promise<string> => {
    await sql`checkpoint`.execute(world.db);
    if ("data" in storage.storage) {
      const folder = storage.storage.data;
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
      return files.map((one) => readFileSync(join(one.parentPath, one.name)).toString("latin1")).join("\n");
    }
    const { rows } = await sql<{ name: string }>`select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(world.db);
    const texts = await Promise.all(
      rows.map(({ name }) => sql<{ t: string }>`select t::text as t from ${sql.table(name)} t`.execute(world.db)),
    );
    return Buffer.from(JSON.stringify(texts.map((one) => one.rows))).toString("latin1");
  };

  test("are sealed as they arrive, stand nowhere in clear, and are shown after purpose and reason alone", async () => {
    const response = await fetch(`${world.url}/api/v1/imports?kind=ratings&mode=apply&fileName=old.csv`, {
      method: "POST",
      headers: { authorization: `Bearer ${world.token}` },
      body: new Blob([fileOf("OLD-1")]),
    });
    expect(await response.json()).toMatchObject({ taken: 1, bad: [] });
    const held = await everything();
    expect(held.includes("OLD-1")).toBe(true);
    expect(held.includes(Buffer.from(WORDS).toString("latin1"))).toBe(false);
    const { seq, comment } = await newestRating("OLD-1");
    expect(comment).toBeNull();
    const { shown, isFound, words } = await look(seq);
    expect([shown.sealed, JSON.stringify(shown).includes(WORDS), isFound, words]).toEqual([true, false, true, WORDS]);
  });

  test("are not taken in clear where central has no keys: the row is bad and says so", async () => {
    const request = { kind: "ratings", fileName: "old.csv", bytes: fileOf("OLD-2"), mode: "apply", by: "test" } as const;
    const report = await importFile(world.db, request, world.nowMs, { policyOf: () => Promise.resolve(OPEN_POLICY), keys: undefined });
    expect(report).toMatchObject({
      importNo: null,
      bad: [{ row: 2, column: "评价内容", reason: expect.stringContaining("--contact-keys") }],
    });
  });

  test("that were kept in clear before are sealed once, and nothing else of a rating can be changed with them", async () => {
    const subject = { kind: "staff", caseNo: "OLD-3", visitNo: 1 } as const;
    const service = { itemCode: "ITEM-01", itemName: "居民身份证换领", endedAtMs: 1, completed: false };
    const submission = { channel: "import", key: "old", subject, level: 2, comment: WORDS, atMs: world.nowMs - 1, service } as const;
    await inTransaction(world.db, (tx) => acceptRating(tx, submission, OPEN_POLICY, world.nowMs));
    const before = await newestRating("OLD-3");
    expect(before.comment).toBe(WORDS);
    for (const change of [sql`comment = null`, sql`comment = null, level = 5`, sql`comment = 'x'`])
      await expect(sql`update ratings set ${change} where seq = ${before.seq}`.execute(world.db)).rejects.toThrow("append-only");
    expect([await sealImportedWords(world.db, TEST_KEYS), await sealImportedWords(world.db, TEST_KEYS)]).toEqual([1, 0]);
    expect(await newestRating("OLD-3")).toEqual({ ...before, comment: null });
    expect((await look(before.seq)).words).toBe(WORDS);
    await expect(sql`update ratings set level = 5 where seq = ${before.seq}`.execute(world.db)).rejects.toThrow("append-only");
  });
});
