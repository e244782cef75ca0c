import { createCipheriv } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import { Kysely, PGliteDialect, sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TEST_KEYS } from "../../../test/business-world.ts";
import { ChannelKeys } from "../../channels/keys.ts";
import { boundTo } from "../../sms/contact-keys.ts";
import { MIGRATIONS } from "../migrations.ts";
import type { CentralTables } from "../tables.ts";
import { inTransaction } from "../transaction.ts";

let db: Kysely<CentralTables>;
const STEP = 6;

const migrate = async (from: number, to: number): Promise<void> => {
  for (const { version, statements } of MIGRATIONS)
    if (version >= from && version <= to)
      await inTransaction(db, async (tx) => {
        for (const statement of statements) await sql.raw(statement).execute(tx);
      });
};

beforeAll(async () => {
  db = new Kysely<CentralTables>({ dialect: new PGliteDialect({ pglite: new PGlite() }) });
  await migrate(1, STEP - 1);
});
afterAll(() => db.destroy());

/** As it was sealed before texts named their key. */
const sealedBefore = (text: string): string => {
  const cipher = createCipheriv("aes-256-gcm", TEST_KEYS.derive("kept text"), Buffer.alloc(12, 1));
  return Buffer.concat([Buffer.alloc(12, 1), cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]).toString("base64");
};

test("what was sealed before in append-only records moves to a table of its own, opens as it did, and the records are whole", async () => {
  const contact = { name: "王五样例" };
  await sql`insert into rating_contacts (rating, sealed) values (1, 'aa11 AAAA')`.execute(db);
  await sql`insert into case_contacts (case_no, sealed, received_at_ms) values ('C-1', 'aa11 AAAA', 1)`.execute(db);
  await sql`insert into sms_replies (gateway_message_id, from_hash, outcome, sealed, received_at_ms)
    values ('mo-1', 'h', 'unclear', ${TEST_KEYS.seal(contact, boundTo("reply", "mo-1"))}, 1)`.execute(db);
  await sql`insert into systems (name, token_hash, scopes, created_at_ms) values ('样例系统', 'x', '', 1)`.execute(db);
  const refused = (kind: string, content: string, fingerprint: string) =>
    sql`insert into refused_reports (system_no, kind, code, field, detail, content, fingerprint, received_at_ms)
      values (1, ${kind}, 'WR7001', 'f', 'd', ${content}, ${fingerprint}, 1)`.execute(db);
  await refused("case", '{"caseNo":"C-1"}', "a");
  await refused("rating", JSON.stringify({ sealed: sealedBefore('{"entry":{"level":9}}') }), "b");

  await migrate(STEP, STEP);

  const kept = await db.selectFrom("sealed_texts").selectAll().orderBy("kind").execute();
  expect(kept.map(({ kind, subject_no, key_id }) => [kind, subject_no, key_id])).toEqual([
    ["refused", 2, ""],
    ["reply", 1, expect.stringMatching(/^[0-9a-f]{16}$/)],
  ]);
  expect(new ChannelKeys(TEST_KEYS).openRefused(2, kept[0]?.sealed ?? "")).toBe('{"entry":{"level":9}}');
  expect(TEST_KEYS.open(kept[1]?.sealed ?? "", boundTo("reply", "mo-1"))).toEqual(contact);
  const reports = await db.selectFrom("refused_reports").select(["seq", "content", "code"]).orderBy("seq").execute();
  expect(reports).toEqual([
    { seq: 1, content: '{"caseNo":"C-1"}', code: "WR7001" },
    { seq: 2, content: null, code: "WR7001" },
  ]);
  expect((await db.selectFrom("rating_contacts").select("key_id").execute())[0]?.key_id).toBe("aa11");
  expect((await db.selectFrom("case_contacts").select("key_id").execute())[0]?.key_id).toBe("aa11");
  // The trigger that was set aside for the move stands again.
  await expect(db.updateTable("refused_reports").set({ code: "x" }).execute()).rejects.toThrow("append-only");
});
