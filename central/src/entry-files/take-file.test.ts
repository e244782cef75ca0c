import type { Entry } from "@window-rating/protocol/sync";
import { LARGEST_ENTRY_FILE } from "@window-rating/protocol/sync";
import fc from "fast-check";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BusinessWorld } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { WindowPc } from "../../test/window-pc.ts";
import { type OpenStorage, openStorage } from "../central.ts";
import { chainOwner, verifyChain } from "../console/ratings/chain.ts";
import { readRating } from "../console/ratings/one-rating.ts";
import { decideEntry } from "../intake/decide.ts";
import { retakeEntry } from "../intake/retake.ts";
import { OPEN_POLICY } from "../ratings/policy.ts";
import { readSummary } from "../reading/counts.ts";
import { retireWindowPc } from "../registry/retired-pcs.ts";
import { readEntryFile } from "./entry-file.ts";
import { takeEntryFile } from "./take-file.ts";

const policies = { ofVersion: async () => OPEN_POLICY };
const bytesOf = (file: unknown): Buffer => Buffer.from(typeof file === "string" ? file : JSON.stringify(file));

describe.each(STORAGES)("a file of a window PC's entries, on $name", ({ name, create }) => {
  let storage: TestStorage;
  let world: BusinessWorld;
  let windows = 0;
  beforeAll(async () => {
    storage = await create();
    world = await BusinessWorld.open(storage);
  });
  afterAll(async () => {
    await world?.close();
    await storage?.remove();
  });

  const newPc = (): Promise<WindowPc> => {
    windows += 1;
    return world.enrolled(`F${windows}`);
  };
  const take = (file: unknown, db = world.db) => takeEntryFile(db, bytesOf(file), { by: "it.one", nowMs: world.nowMs, policies });
  const decide = (setAsideNo: number, counts: boolean, db = world.db) =>
    decideEntry(db, setAsideNo, { counts, reason: "已与窗口和评价器日志核对", by: "supervisor.one", nowMs: world.nowMs, policies });
  const asideOf = async ({ windowPcId }: WindowPc) =>
    world.db.selectFrom("set_aside").selectAll().where("window_pc_id", "=", windowPcId).orderBy("seq").execute();
  const ratingsOf = (entries: readonly Entry[]) =>
    world.db
      .selectFrom("ratings")
      .selectAll()
      .where(
        "entry_id",
        "in",
        entries.map(({ entryId }) => entryId),
      )
      .orderBy("seq")
      .execute();
  const held = async ({ windowPcId }: WindowPc) => {
    const running = await world.db
      .selectFrom("window_pcs")
      .select(["highest_gapless", "ratings", "not_rated", "set_aside"])
      .where("window_pc_id", "=", windowPcId)
      .executeTakeFirstOrThrow();
    const counted = (await readSummary(world.db)).windowPcs.find((one) => one.windowPcId === windowPcId);
    expect([running.set_aside, running.not_rated, running.ratings]).toEqual([counted?.setAside, counted?.notRated, counted?.ratings]);
    return running;
  };
  const faultsOf = async ({ windowPcId }: WindowPc): Promise<number> => {
    let faults = -1;
    const owner = await chainOwner(world.db, { is: "all" }, windowPcId);
    for await (const line of verifyChain(world.db, owner)) if (line.is === "done") faults = line.faults;
    return faults;
  };
  /** A PC whose database was put back by three entries: what was lost never reached central, and what it made since did. */
  const forked = async () => {
    const pc = await newPc();
    const [one, ...lost] = pc.entries(4) as [Entry, ...Entry[]];
    pc.goBackTo(one);
    const since = pc.entries(3);
    await pc.send(world.url, [one, ...since], world.nowMs);
    return { pc, one, lost, since };
  };

  test("closes the hole that its entries were missing from, and the same file again changes nothing", async () => {
    const pc = await newPc();
    const entries = pc.entries(9);
    await pc.send(world.url, [...entries.slice(0, 3), ...entries.slice(7)], world.nowMs);
    const file = pc.entryFile(entries.slice(1, 7));
    expect(await take(file)).toMatchObject({ windowNo: pc.windowNo, entries: 6, taken: 4, known: 2, setAside: {} });
    const now = await held(pc);
    expect(now).toMatchObject({ highest_gapless: 9, ratings: 9, set_aside: 0 });
    expect(await faultsOf(pc)).toBe(0);
    expect(await take(file)).toMatchObject({ taken: 0, known: 6, setAside: {} });
    expect(await held(pc)).toEqual(now);
    // The PC itself sends one of them after all.
    expect((await pc.send(world.url, entries, world.nowMs)).answers.every(({ answer }) => answer === "duplicate")).toBe(true);
    expect(await ratingsOf(entries)).toHaveLength(9);
  });

  test("takes the place of nothing: what has the number of another entry waits, and a person decides on record whether it counts", async () => {
    const { pc, lost, since } = await forked();
    const before = await held(pc);
    expect(await take(pc.entryFile(lost))).toMatchObject({ taken: 0, known: 0, setAside: { WR7007: 3 } });
    expect(await take(pc.entryFile(lost))).toMatchObject({ taken: 0, known: 0, setAside: { WR7007: 3 } });
    expect(await ratingsOf(lost)).toEqual([]);
    expect(await held(pc)).toEqual({ ...before, set_aside: 3 });
    const [first, second, third] = (await asideOf(pc)).map(({ seq }) => seq) as [number, number, number];

    expect(await decide(first, true)).toEqual({ answer: "taken" });
    expect(await decide(second, false)).toEqual({ answer: "left" });
    expect([await decide(first, true), await decide(first, false)]).toEqual([{ answer: "duplicate" }, { answer: "duplicate" }]);
    const [rating, ...others] = await ratingsOf(lost);
    expect(others).toEqual([]);
    const signed = JSON.parse(lost[0]?.body ?? "") as { level: number; binding: { requestId: string; caseNo: string } };
    expect(rating).toMatchObject({ level: signed.level, request_id: signed.binding.requestId, channel: "pad", standing: "first" });
    expect(JSON.parse(rating?.origin ?? "")).toMatchObject({ countedBy: "supervisor.one", setAside: first, refusedWith: "WR7007" });
    expect((await world.visit(signed.binding.caseNo))?.staff_rating).toBe(rating?.seq);
    expect(await held(pc)).toEqual({ ...before, ratings: before.ratings + 1, set_aside: 1 });

    // What stood in the chain stands there as it did, and the new one is verified by its own signature.
    expect(await faultsOf(pc)).toBe(0);
    expect(await ratingsOf(since)).toHaveLength(3);
    const shown = await readRating(world.db, { is: "all" }, rating?.seq ?? 0, world.nowMs);
    expect([shown.rating.byDecision, shown.verification.result, shown.entry?.number]).toEqual([true, "good", 2]);
    expect(shown.verification.checks.map(({ check, result }) => [check, result])).toEqual([
      ["hash", "good"],
      ["signature", "good"],
      ["beside", "not-applicable"],
      ["content", "good"],
    ]);
    const events = await world.db
      .selectFrom("access_events")
      .selectAll()
      .where("by_whom", "=", "supervisor.one")
      .orderBy("event_no", "desc")
      .limit(2)
      .execute();
    expect(events.map(({ kind }) => kind)).toEqual(["entry-left", "entry-counted"]);
    expect(events[1]?.detail).toContain(`set aside ${first}: entry 2 of ${pc.windowPcId}, window ${pc.windowNo}, WR7007`);

    // That one was left may be decided anew; a file, or the PC itself, may bring them once more.
    expect(await decide(second, true)).toEqual({ answer: "taken" });
    expect(await take(pc.entryFile(lost))).toMatchObject({ taken: 0, known: 2, setAside: { WR7007: 1 } });
    expect((await pc.send(world.url, lost, world.nowMs)).answers.map(({ answer, code }) => code ?? answer)).toEqual([
      "duplicate",
      "duplicate",
      "WR7007",
    ]);
    expect(await retakeEntry(world.db, third, { by: "it.one", nowMs: world.nowMs, policies })).toMatchObject({ answer: "refused" });
    expect(await held(pc)).toMatchObject({ ratings: before.ratings + 2, set_aside: 1 });
  });

  test("counts no second rating of a request, and no entry with the id of another", async () => {
    const { pc, one, since } = await forked();
    const [taken] = since;
    const again = pc.sealed({ ...one, number: 2, previousHash: one.hash, entryId: "01990000-0000-7000-8000-0000000000aa" });
    const sameId = pc.sealed({ ...one, number: 3, previousHash: taken?.hash ?? "", body: JSON.stringify(pc.rating()) });
    expect(await take(pc.entryFile([again, sameId]))).toMatchObject({ taken: 0, setAside: { WR7007: 2 } });
    const [first, second] = (await asideOf(pc)).map(({ seq }) => seq) as [number, number];
    expect(await decide(first, true)).toMatchObject({ answer: "refused", refusal: { code: "WR7009" } });
    expect(await decide(second, true)).toMatchObject({ answer: "refused", refusal: { code: "WR7007" } });
    expect(await held(pc)).toMatchObject({ ratings: 4, set_aside: 2 });
  });

  test("may end the chain of a PC that is gone, never that of one that is in use", async () => {
    const pc = await newPc();
    const entries = pc.entries(4);
    await pc.send(world.url, entries.slice(0, 2), world.nowMs);
    const file = pc.entryFile(entries.slice(2));
    expect(await take(file)).toMatchObject({ taken: 0, setAside: { WR7019: 2 } });
    const [first] = (await asideOf(pc)).map(({ seq }) => seq) as [number];
    // IT alone cannot make a link of it.
    const retaking = { by: "it.one", nowMs: world.nowMs, policies };
    expect(await retakeEntry(world.db, first, retaking)).toMatchObject({ answer: "refused", refusal: { code: "WR7019" } });
    world.nowMs += 1;
    await retireWindowPc(world.db, { windowPcId: pc.windowPcId, by: "it.one", reason: "已报废" }, world.nowMs);
    expect(await retakeEntry(world.db, first, { ...retaking, nowMs: world.nowMs })).toEqual({ answer: "taken" });
    expect(await take(file)).toMatchObject({ taken: 1, known: 1, setAside: {} });
    expect(await held(pc)).toMatchObject({ highest_gapless: 4, ratings: 4 });
    expect(await faultsOf(pc)).toBe(0);
  });

  test("is counted beside the chain while its number is free, and the PC that brings it then is told that the rating is there", async () => {
    const pc = await newPc();
    const entries = pc.entries(3);
    await pc.send(world.url, entries.slice(0, 2), world.nowMs);
    await take(pc.entryFile(entries.slice(2)));
    expect(await decide((await asideOf(pc))[0]?.seq ?? 0, true)).toEqual({ answer: "taken" });
    expect((await pc.send(world.url, entries, world.nowMs)).answers.map(({ answer, code }) => code ?? answer)).toEqual([
      "duplicate",
      "duplicate",
      "WR7009",
    ]);
    expect(await held(pc)).toMatchObject({ highest_gapless: 3, ratings: 3 });
    expect(await ratingsOf(entries)).toHaveLength(3);
  });

  test("that is no such file, or not as its PC signed it, is refused whole", async () => {
    const { pc, lost } = await forked();
    const other = await newPc();
    const stranger = new WindowPc("nobody knows it", pc.windowNo);
    const file = pc.entryFile(lost);
    const [first, ...rest] = lost as [Entry, ...Entry[]];
    const altered = { ...first, body: first.body.replace(/"level":\d/, '"level":5') };
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    const own = { windowPcId: pc.windowPcId, publicKey: pc.publicKey };
    const attacks: readonly (readonly [string, unknown, string])[] = [
      ["an entry altered", { ...file, content: { ...file.content, entries: [altered, ...rest] } }, "WR7018"],
      ["an entry taken out", { ...file, content: { ...file.content, entries: rest } }, "WR7018"],
      ["an entry doubled", { ...file, content: { ...file.content, entries: [...lost, first] } }, "WR7018"],
      ["another date", { ...file, content: { ...file.content, exportedAt: "2026-01-01T00:00:00.000Z" } }, "WR7018"],
      [
        "another PC's signature and key",
        { ...other.entryFile(lost), content: { ...other.entryFile(lost).content, windowPcId: pc.windowPcId } },
        "WR7018",
      ],
      [
        "another PC's signature under this key",
        { signature: other.entryFile(lost).signature, content: { ...file.content, ...own } },
        "WR7018",
      ],
      ["a PC that never enrolled", stranger.entryFile(lost), "WR7012"],
      ["one more field", { ...file, more: 1 }, "WR7018"],
      ["no JSON", "missing", "WR7018"],
      ["no text", Buffer.from([0xff, 0xfe, 0x00]), "WR7018"],
      ["deep JSON", deep, "WR7018"],
      ["deep JSON as an entry", `{"content":{"format":"window-rating entries 1","entries":[${deep}]},"signature":"00"}`, "WR7018"],
    ];
    const before = await held(pc);
    for (const [attack, bytes, code] of attacks) {
      const taken = takeEntryFile(world.db, Buffer.isBuffer(bytes) ? bytes : bytesOf(bytes), {
        by: "it.one",
        nowMs: world.nowMs,
        policies,
      });
      await expect(taken, attack).rejects.toMatchObject({ code });
    }
    expect([await held(pc), await asideOf(pc)]).toEqual([before, []]);
  });

  test("holds each entry to its own hash and signature, whatever its PC signed as a list", async () => {
    const { pc, lost } = await forked();
    const other = await newPc();
    const [first, second, third] = lost as [Entry, Entry, Entry];
    const altered = { ...first, body: first.body.replace(/"level":\d/, '"level":5') };
    const forged = { ...second, signature: first.signature };
    // Signed by the PC, and by its key made into an entry of another one.
    const foreign = { ...third, hash: other.sealed(third).hash };
    expect(await take(pc.entryFile([altered, forged, foreign]))).toMatchObject({ taken: 0, setAside: { WR7004: 2, WR7005: 1 } });
    for (const { seq } of await asideOf(pc)) await expect(decide(seq, true)).rejects.toMatchObject({ code: "WR7035" });
    await expect(decide(999_999, true)).rejects.toMatchObject({ code: "WR7012" });
    expect(await ratingsOf(lost)).toEqual([]);
  });

  test("and its PC's batches may come in any order, be decided in any, and come again: each entry counts once", async () => {
    type Step = { readonly is: "file" | "send-old" | "send-new" | "decide" | "leave"; readonly which: number };
    const step: fc.Arbitrary<Step> = fc.record({
      is: fc.constantFrom("file", "send-old", "send-new", "decide", "leave"),
      which: fc.nat(7),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        const pc = await newPc();
        const [one, ...old] = [pc.entry(), pc.entry(), pc.entry(pc.notRated()), pc.entry()] as [Entry, ...Entry[]];
        pc.goBackTo(one);
        const since = [pc.entry(), pc.entry(), pc.entry(pc.notRated()), pc.entry()];
        const all = [one, ...old, ...since];
        await pc.send(world.url, [one], world.nowMs);
        const settleAll = async (counts: boolean, some: readonly number[]) => {
          for (const seq of some) await decide(seq, counts).catch((error: { code?: string }) => expect(error.code).toBe("WR7035"));
        };
        for (const { is, which } of steps) {
          const aside = (await asideOf(pc)).map(({ seq }) => seq);
          if (is === "file") await take(pc.entryFile(old.slice(which % 3)));
          else if (is === "send-old") await pc.send(world.url, old.slice(which % 3), world.nowMs);
          else if (is === "send-new") await pc.send(world.url, since.slice(which % 4), world.nowMs);
          else if (aside.length > 0) await settleAll(is === "decide", [aside[which % aside.length] ?? 0]);
          await held(pc);
        }
        await pc.send(world.url, since, world.nowMs);
        await take(pc.entryFile(old));
        await settleAll(
          true,
          (await asideOf(pc)).map(({ seq }) => seq),
        );
        // Ratings, and ends without one, once each.
        expect(await ratingsOf(all)).toHaveLength(6);
        expect(await held(pc)).toMatchObject({ ratings: 6, not_rated: 2 });
      }),
      { numRuns: 12, seed: 20261121 },
    );
  });

  test.runIf(name === "PostgreSQL")("is taken by two instances at once, and decided by two people at once, once", async () => {
    const second: OpenStorage = await openStorage(storage.storage, () => world.nowMs, pino({ level: "silent" }));
    try {
      for (let round = 0; round < 4; round++) {
        const { pc, lost } = await forked();
        const hole = pc.entries(3);
        await pc.send(world.url, hole.slice(2), world.nowMs);
        const file = pc.entryFile([...lost, ...hole.slice(0, 2)]);
        const reports = await Promise.all([take(file), take(file, second.db), pc.send(world.url, hole, world.nowMs)]);
        expect(reports[0].taken + reports[1].taken).toBeLessThanOrEqual(2);
        const aside = (await asideOf(pc)).map(({ seq }) => seq);
        expect(aside).toHaveLength(3);
        const answers = await Promise.all(
          aside.flatMap((seq) => [decide(seq, true), decide(seq, true, second.db), decide(seq, round % 2 === 0)]),
        );
        expect(answers.filter(({ answer }) => answer === "taken")).toHaveLength(3);
        expect(await ratingsOf([...lost, ...hole])).toHaveLength(6);
        expect(await held(pc)).toMatchObject({ ratings: 10, set_aside: 0, highest_gapless: 7 });
      }
    } finally {
      await second.close();
    }
  });
});

test("a file that is larger than central takes is refused before it is read", async () => {
  const large = Buffer.alloc(100 * 1_048_576, 0x5b);
  expect(large.byteLength).toBeGreaterThan(LARGEST_ENTRY_FILE);
  await expect(readEntryFile(large)).rejects.toMatchObject({ code: "WR7013" });
});
