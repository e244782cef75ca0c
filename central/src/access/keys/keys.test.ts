import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Contact } from "@window-rating/protocol/contact";
import { type RequestId, requestIdToBytes } from "@window-rating/protocol/rating";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { DAY_MS, FRESH_STORAGES, JobWorld } from "../../../test/job-world.ts";
import type { TestStorage } from "../../../test/storages.ts";
import { inTransaction } from "../../database/transaction.ts";
import { boundTo, type KeyFile, makeContactKeys, readKeyFile } from "../../sms/contact-keys.ts";
import { replaceKeyFile } from "./key-file.ts";
import { KeyRing, REFRESH_EVERY_MS } from "./key-ring.ts";
import { resealFields } from "./reseal.ts";
import { readKeyViews, retireKey, rotateKey } from "./rotation.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "window-central-keys-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const keyFile = (name = "keys.json"): string => {
  const path = join(folder, name);
  makeContactKeys(path);
  return path;
};

describe("the key file", () => {
  test("is written whole, for its owner alone, and never over what somebody else wrote meanwhile", () => {
    const path = keyFile();
    const before = readKeyFile(path);
    const after: KeyFile = { ...before, keys: ["ab".repeat(32), ...before.keys] };
    replaceKeyFile(path, before, after);
    expect(readKeyFile(path)).toEqual(after);
    expect(statSync(path).mode & 0o077).toBe(0);
    expect(() => replaceKeyFile(path, before, before)).toThrow("WR7066");
    expect(readKeyFile(path)).toEqual(after);
  });

  test("is left alone while another command writes it, or was cut short when it did", () => {
    const path = keyFile();
    const before = readKeyFile(path);
    writeFileSync(`${path}.new`, "half");
    expect(() => replaceKeyFile(path, before, before)).toThrow(/WR7066.*delete it then/);
    expect(readFileSync(`${path}.new`, "utf8")).toBe("half");
  });

  test("that cannot be read is WR7037, and nothing of it is in the message", () => {
    const path = join(folder, "broken.json");
    for (const content of ["", "{", `{"keys":["${"5e".repeat(32)}"]}`, `{"keys":[],"phoneKey":"${"5e".repeat(32)}"}`]) {
      writeFileSync(path, content);
      expect(() => new KeyRing(path)).toThrow(expect.objectContaining({ code: "WR7037", message: expect.not.stringContaining("5e5e") }));
    }
    expect(() => new KeyRing(join(folder, "none.json"))).toThrow("WR7037");
  });
});

describe.each(FRESH_STORAGES)("keys on $name", ({ start }) => {
  let server: Awaited<ReturnType<typeof start>>;
  let storage: TestStorage;
  let world: JobWorld;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    storage = await server.fresh();
    world = await JobWorld.open(storage);
  });
  afterEach(async () => {
    await world.close();
    await storage.remove();
  });

  const opened = async (path: string, holds = true): Promise<KeyRing> => {
    const ring = new KeyRing(path);
    await ring.refresh(world.db, world.nowMs, { holds });
    return ring;
  };
  const views = (ring: KeyRing) => inTransaction(world.db, (tx) => readKeyViews(tx, ring));
  const keyIdOf = (sealed: string | undefined): string => sealed?.split(" ")[0] ?? "";

  const REQUEST = "01900000-0000-7000-8000-00000000000";
  /** Something sealed in every place that holds such things. */
  const seal = async (ring: KeyRing, count = 3): Promise<void> => {
    for (let number = 1; number <= count; number++) {
      const contact: Contact = { name: `王五样例 ${number}`, phone: `1300000000${number}` };
      const requestId = `${REQUEST}${number}`;
      await sql`insert into ratings (seq, request_id, at_ms, received_at_ms, level) values (${number}, ${requestId}, 1, 1, 5)`.execute(
        world.db,
      );
      const ofRating = ring.seal({ ...contact, words: "样例的话" }, requestIdToBytes(requestId as RequestId));
      await world.db.insertInto("rating_contacts").values({ rating: number, sealed: ofRating }).execute();
      const sealed = ring.seal(contact, boundTo("case", `C-${number}`));
      await world.db
        .insertInto("case_contacts")
        .values({ case_no: `C-${number}`, sealed, received_at_ms: 1 })
        .execute();
      const key = `${REQUEST}${number}`;
      await sql`insert into sms_messages (key, kind, sealed, state, due_ms, not_before_ms, queued_at_ms)
        values (${key}, 'answer', ${ring.seal({ ...contact, words: "谢谢" }, boundTo("message", key))}, 'accepted', 1, 1, 1)`.execute(
        world.db,
      );
      await sql`insert into sms_replies (gateway_message_id, from_hash, outcome, received_at_ms) values (${`mo-${number}`}, 'h', 'unclear', 1)`.execute(
        world.db,
      );
      await world.db
        .insertInto("sealed_texts")
        .values({ kind: "reply", subject_no: number, sealed: ring.seal({ ...contact, words: "5" }, boundTo("reply", `mo-${number}`)) })
        .execute();
    }
  };
  const everything = async (ring: KeyRing) => ({
    ratings: (await world.db.selectFrom("rating_contacts").selectAll().orderBy("rating").execute()).map(({ rating, sealed }) =>
      ring.open(sealed, requestIdToBytes(`${REQUEST}${rating}` as RequestId)),
    ),
    cases: (await world.db.selectFrom("case_contacts").selectAll().orderBy("case_no").execute()).map(({ case_no, sealed }) =>
      ring.open(sealed, boundTo("case", case_no)),
    ),
    messages: (await world.messages()).map(({ key, sealed }) => ring.open(sealed ?? "", boundTo("message", key))),
    replies: (await world.db.selectFrom("sealed_texts").selectAll().where("kind", "=", "reply").orderBy("subject_no").execute()).map(
      ({ subject_no, sealed }) => ring.open(sealed, boundTo("reply", `mo-${subject_no}`)),
    ),
  });

  test("a new key seals at once where one central runs; what older ones sealed still opens", async () => {
    const ring = await opened(keyFile());
    const [before, old] = [ring.publicKey, ring.seal({ name: "王五样例" }, boundTo("case", "C-1"))];
    await rotateKey(world.db, ring, world.nowMs, { holds: true });
    expect(ring.publicKey).not.toBe(before);
    expect(ring.open(old, boundTo("case", "C-1"))).toEqual({ name: "王五样例" });
    expect(keyIdOf(ring.seal({ name: "x" }, boundTo("case", "C-1")))).not.toBe(keyIdOf(old));
    expect((await views(ring)).map(({ keyNo, seals, held }) => [keyNo, seals, held])).toEqual([
      [1, false, true],
      [2, true, true],
    ]);
    const events = await world.db.selectFrom("access_events").select("kind").orderBy("event_no").execute();
    expect(events.map(({ kind }) => kind)).toEqual(["key-made", "key-seals", "key-made", "key-seals"]);
  });

  test("among several instances a new key seals only when each of them has it in its file, or is gone", async () => {
    const path = keyFile();
    const paths = ["b.json", "c.json"].map((name) => join(folder, name));
    for (const copy of paths) copyFileSync(path, copy);
    const a = await opened(path);
    const [b, c] = (await Promise.all(paths.map((copy) => opened(copy)))) as [KeyRing, KeyRing];
    const first = a.publicKey;
    const look = async (...rings: KeyRing[]) => {
      for (const ring of rings) await ring.refresh(world.db, world.nowMs, { holds: true });
    };
    await rotateKey(world.db, a, world.nowMs, { holds: true });
    await look(a, b, c);
    expect([a, b, c].map(({ publicKey }) => publicKey)).toEqual([first, first, first]);
    expect((await views(a))[1]).toMatchObject({ seals: false, waitingFor: 2 });
    copyFileSync(path, paths[0] as string);
    await look(b, a);
    expect([a.publicKey, b.publicKey]).toEqual([first, first]);
    // The third is gone and does not come back with the file that it had.
    world.nowMs += 9 * REFRESH_EVERY_MS;
    await look(a, b);
    expect([a.publicKey, b.publicKey]).not.toContain(first);
    expect(a.publicKey).toBe(b.publicKey);
    const sealed = a.seal({ name: "王五样例" }, boundTo("case", "C-1"));
    expect(b.open(sealed, boundTo("case", "C-1"))).toEqual({ name: "王五样例" });
    await expect(look(c)).rejects.toThrow("WR7037");
    // Not "nobody can read this", from which a reminder would be given up, but "not here".
    expect(() => c.open(sealed, boundTo("case", "C-1"))).toThrow("WR7064");
  });

  test("a central that ends keeps nobody waiting", async () => {
    const path = keyFile();
    const other = join(folder, "other.json");
    copyFileSync(path, other);
    const [a, b] = [await opened(path), await opened(other)];
    await b.leave(world.db);
    const before = a.publicKey;
    await rotateKey(world.db, a, world.nowMs, { holds: true });
    expect(a.publicKey).not.toBe(before);
  });

  test("a key file without the key that seals is refused: it is out of date, or of another central", async () => {
    const path = keyFile();
    const stale = join(folder, "stale.json");
    copyFileSync(path, stale);
    await rotateKey(world.db, await opened(path), world.nowMs, { holds: true });
    await expect(opened(stale)).rejects.toThrow("WR7037");
    await expect(opened(keyFile("another.json"))).rejects.toThrow("WR7037");
    expect(await world.db.selectFrom("contact_keys").select("key_no").execute()).toHaveLength(2);
  });

  test("everything sealed with older keys is sealed anew, in small steps, and says the same; what was accepted is not touched", async () => {
    const ring = await opened(keyFile());
    await seal(ring);
    const said = await everything(ring);
    const records = async () => [
      await world.db.selectFrom("ratings").selectAll().orderBy("seq").execute(),
      await world.db.selectFrom("sms_replies").selectAll().orderBy("reply_no").execute(),
    ];
    const accepted = await records();
    await rotateKey(world.db, ring, world.nowMs, { holds: true });
    expect((await views(ring))[0]?.sealed).toEqual({ ratings: 3, cases: 3, messages: 3, replies: 3, refused: 0, imports: 0 });
    expect(await resealFields(world.db, ring, "test", world.nowMs, { batch: 2, most: 4 })).toEqual({
      resealed: 5,
      unreadable: 0,
      more: true,
    });
    expect(await everything(ring)).toEqual(said);
    let runs = 1;
    while ((await resealFields(world.db, ring, "test", world.nowMs, { batch: 2, most: 4 })).more) runs += 1;
    expect(runs).toBeGreaterThan(1);
    const [older, newest] = await views(ring);
    expect(older?.sealed).toEqual({ ratings: 0, cases: 0, messages: 0, replies: 0, refused: 0, imports: 0 });
    expect(newest?.sealed).toEqual({ ratings: 3, cases: 3, messages: 3, replies: 3, refused: 0, imports: 0 });
    expect(await everything(ring)).toEqual(said);
    expect(await records()).toEqual(accepted);
    expect(await resealFields(world.db, ring, "test", world.nowMs)).toEqual({ resealed: 0, unreadable: 0, more: false });
  });

  test("what is damaged, of another thing or of a strange key is counted or passed over, and holds up nothing", async () => {
    const ring = await opened(keyFile());
    await seal(ring, 2);
    const strange = `${"ab".repeat(8)} AAAA`;
    const stolen = ring.seal({ name: "x" }, boundTo("case", "elsewhere"));
    for (const [case_no, sealed] of [
      ["C-0", stolen],
      ["C-3", `${stolen.slice(0, -8)}AAAAAAA=`],
      ["C-4", strange],
      ["C-5", "no key at all"],
    ] as const)
      await world.db.insertInto("case_contacts").values({ case_no, sealed, received_at_ms: 1 }).execute();
    await rotateKey(world.db, ring, world.nowMs, { holds: true });
    expect(await resealFields(world.db, ring, "test", world.nowMs, { batch: 1 })).toEqual({ resealed: 8, unreadable: 2, more: false });
    const left = await world.db
      .selectFrom("case_contacts")
      .select("sealed")
      .where("case_no", "in", ["C-0", "C-3", "C-4", "C-5"])
      .orderBy("case_no")
      .execute();
    expect(left.map(({ sealed }) => sealed)).toEqual([stolen, `${stolen.slice(0, -8)}AAAAAAA=`, strange, "no key at all"]);
  });

  test("a key is retired when nothing is sealed with it, everybody had time to hear of the newer one, and not before", async () => {
    const path = keyFile();
    const ring = await opened(path);
    await seal(ring, 1);
    const retire = (keyNo: number, evenSo = false) => retireKey(world.db, ring, { keyNo, evenSo, by: "test" }, world.nowMs);
    await expect(retire(1)).rejects.toThrow("WR7065");
    await expect(retire(9)).rejects.toThrow("WR7057");
    await rotateKey(world.db, ring, world.nowMs, { holds: true });
    await expect(retire(2)).rejects.toThrow("WR7065");
    await expect(retire(1, true)).rejects.toThrow(/WR7065.*1 of ratings/);
    await resealFields(world.db, ring, "test", world.nowMs);
    await expect(retire(1)).rejects.toThrow(/WR7065.*0\.0 days only/);
    world.nowMs += 8 * DAY_MS;
    await sql`insert into window_pcs (window_pc_id, window_no, public_key, token_hash, enrolled_at_ms, last_seen_at_ms)
      values (gen_random_uuid(), '12', '', '', 1, 2)`.execute(world.db);
    await expect(retire(1)).rejects.toThrow(/WR7065.*1 window PCs.*window 12/);
    // The machine was replaced: another one enrolled for its window since.
    await sql`insert into window_pcs (window_pc_id, window_no, public_key, token_hash, enrolled_at_ms, last_seen_at_ms)
      values (gen_random_uuid(), '12', '', '', ${world.nowMs}, ${world.nowMs})`.execute(world.db);
    const content = JSON.stringify({ caseNo: "C-9", contact: `${(await views(ring))[0]?.keyId} AAAA` });
    await sql`insert into systems (name, token_hash, scopes, created_at_ms) values ('样例系统', 'x', '', 1)`.execute(world.db);
    await sql`insert into refused_reports (system_no, kind, code, field, detail, content, fingerprint, received_at_ms)
      values (1, 'case', 'WR7035', 'f', 'd', ${content}, 'x', 1)`.execute(world.db);
    await expect(retire(1)).rejects.toThrow(/WR7065.*1 refused reports/);
    await sql`insert into retaken_reports (refused, outcome, retaken_at_ms) values (1, 'taken', 1)`.execute(world.db);
    await retire(1);
    expect(readKeyFile(path).keys).toHaveLength(1);
    await ring.refresh(world.db, world.nowMs, { holds: true });
    expect((await views(ring)).map(({ retiredAtMs, seals }) => [retiredAtMs, seals])).toEqual([
      [world.nowMs, false],
      [null, true],
    ]);
    expect((await everything(ring)).ratings).toEqual([{ name: "王五样例 1", phone: "13000000001", words: "样例的话" }]);
  });

  test("a retirement that was cut short between database and file is finished by the next one", async () => {
    const path = keyFile();
    const ring = await opened(path);
    await rotateKey(world.db, ring, world.nowMs, { holds: true });
    await world.db.updateTable("contact_keys").set({ retired_at_ms: 1 }).where("key_no", "=", 1).execute();
    expect(readKeyFile(path).keys).toHaveLength(2);
    await retireKey(world.db, ring, { keyNo: 1, evenSo: false, by: "test" }, world.nowMs);
    expect(readKeyFile(path).keys).toHaveLength(1);
  });
});
