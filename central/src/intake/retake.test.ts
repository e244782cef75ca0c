import type { Entry, EntryBody, PaperBody } from "@window-rating/protocol/sync";
import { heartbeatAnswerSchema } from "@window-rating/protocol/sync";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BusinessWorld } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import type { WindowPc } from "../../test/window-pc.ts";
import { chainOwner, verifyChain } from "../console/ratings/chain.ts";
import { OPEN_POLICY, type RatingPolicy } from "../ratings/policy.ts";
import { readSummary } from "../reading/counts.ts";
import { takeBatch } from "./batch.ts";
import { type RetakenEntry, retakeEntry } from "./retake.ts";

/** Paper is not open: a form is refused with WR7026. */
const NO_PAPER: RatingPolicy = { ...OPEN_POLICY, channels: ["pad"] };

describe.each(STORAGES)("an entry that was set aside, on $name", ({ create }) => {
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

  const policies = (policy: RatingPolicy) => ({ ofVersion: async () => policy });
  const send = async (pc: WindowPc, entries: readonly unknown[], policy = OPEN_POLICY, clockMs = world.nowMs) => {
    const sender = { windowPcId: pc.windowPcId, windowNo: pc.windowNo, publicKey: await keyOf(pc) };
    const times = { sentAtMs: clockMs, nowMs: world.nowMs, policies: policies(policy) };
    return (await takeBatch(world.db, sender, entries, times)).answers.map(({ answer, code }) => code ?? answer);
  };
  const keyOf = async ({ windowPcId }: WindowPc): Promise<string> =>
    (await world.db.selectFrom("window_pcs").select("public_key as key").where("window_pc_id", "=", windowPcId).executeTakeFirstOrThrow())
      .key;
  const retake = (setAsideNo: number, policy = OPEN_POLICY): Promise<RetakenEntry> =>
    retakeEntry(world.db, setAsideNo, { by: "it.one", nowMs: world.nowMs, policies: policies(policy) });
  const asideOf = async ({ windowPcId }: WindowPc): Promise<number[]> =>
    (await world.db.selectFrom("set_aside").select("seq").where("window_pc_id", "=", windowPcId).orderBy("seq").execute()).map(
      ({ seq }) => seq,
    );
  /** The running counts of a window PC, and the same counted from the tables. */
  const held = async ({ windowPcId }: WindowPc) => {
    const running = await world.db
      .selectFrom("window_pcs")
      .select(["highest_gapless", "ratings", "not_rated", "rated_later", "unbound", "set_aside", "incidents"])
      .where("window_pc_id", "=", windowPcId)
      .executeTakeFirstOrThrow();
    const counted = (await readSummary(world.db)).windowPcs.find((one) => one.windowPcId === windowPcId);
    expect([running.set_aside, running.not_rated, running.unbound, running.incidents]).toEqual([
      counted?.setAside,
      counted?.notRated,
      counted?.unbound,
      counted?.incidents,
    ]);
    return { ...running, counted: counted?.ratings ?? -1 };
  };
  const ratingsOf = (entries: readonly Entry[]) =>
    world.db
      .selectFrom("ratings")
      .selectAll()
      .where(
        "entry_id",
        "in",
        entries.map(({ entryId }) => entryId),
      )
      .execute();
  const faultsOf = async ({ windowPcId }: WindowPc): Promise<number> => {
    let faults = -1;
    const owner = await chainOwner(world.db, { is: "all" }, windowPcId);
    for await (const line of verifyChain(world.db, owner)) if (line.is === "done") faults = line.faults;
    return faults;
  };
  const form = (pc: WindowPc, over: Partial<PaperBody> = {}): PaperBody => {
    const { binding, openedAt, committedAt } = pc.rating();
    return {
      ...{ kind: "paper", formId: pc.requestId(), binding, level: 2, openedAt, committedAt, typedBy: "1009", typistName: "王五样例" },
      ...{ enteredBy: "strip, clerk 1009", reasonList: "2020", reasons: [213], named: false, sealed: null },
      ...over,
    };
  };

  test("counts once its cause is mended, with the time at which it happened; its refusal stays, its chain is whole, and nothing is doubled", async () => {
    const pc = await world.enrolled();
    const body = form(pc);
    const entries = [pc.entry(), pc.entry(body), pc.entry()];
    // Its clock is five seconds behind when it sends, and right when it is taken again.
    expect(await send(pc, entries, NO_PAPER, world.nowMs - 5000)).toEqual(["stored", "WR7026", "stored"]);
    const [setAsideNo = 0] = await asideOf(pc);
    expect(await retake(setAsideNo, NO_PAPER)).toMatchObject({ answer: "refused", refusal: { code: "WR7026" } });
    expect(await held(pc)).toMatchObject({ set_aside: 1, highest_gapless: 3, counted: 2 });
    world.nowMs += 60_000;
    expect(await retake(setAsideNo)).toEqual({ answer: "taken" });
    const [rating] = await ratingsOf(entries.slice(1, 2));
    expect(rating).toMatchObject({
      ...{ level: 2, channel: "paper", standing: "first", typed_by: "1009", reason_codes: "213" },
      ...{ at_ms: body.committedAt.wallMs + 5000, received_at_ms: world.nowMs, clock_offset_ms: 5000 },
    });
    expect((await world.visit(body.binding.caseNo))?.staff_rating).toBe(rating?.seq);
    expect(await held(pc)).toMatchObject({ set_aside: 0, highest_gapless: 3, counted: 3, incidents: 0 });
    // It came when it came, and was refused then.
    const kept = await world.db
      .selectFrom("entries")
      .selectAll()
      .where("entry_id", "=", entries[1]?.entryId ?? "")
      .executeTakeFirst();
    expect(kept).toMatchObject({ refusal: "WR7026", received_at_ms: world.nowMs - 60_000 });
    expect(await asideOf(pc)).toEqual([setAsideNo]);
    expect(await faultsOf(pc)).toBe(0);
    expect(await retake(setAsideNo)).toEqual({ answer: "duplicate" });
    expect(await send(pc, entries)).toEqual(["duplicate", "duplicate", "duplicate"]);
    expect(await ratingsOf(entries)).toHaveLength(3);
  });

  test("stays set aside while it is what was wrong itself, with the reason of now", async () => {
    const pc = await world.enrolled();
    const requestId = pc.requestId();
    const first = pc.entry(pc.rating({ requestId }));
    const wrong = [
      pc.entry(pc.rating({ requestId })),
      pc.entry('{"kind":"of a later version"}'),
      { ...pc.entry(), body: "{}" },
      pc.sealed({ ...pc.entry(), entryId: first.entryId }),
      // No entry follows that would vouch for it.
      { ...pc.entry(), signature: first.signature },
      { ...pc.entry(), more: 1 },
    ];
    const answers = await send(pc, [first, ...wrong]);
    expect(answers).toEqual(["stored", "WR7009", "WR7008", "WR7004", "WR7007", "WR7005", "WR7001"]);
    const before = await held(pc);
    const again = await Promise.all((await asideOf(pc)).map((no) => retake(no)));
    expect(again.map((one) => (one.answer === "refused" ? one.refusal.code : one.answer))).toEqual(answers.slice(1));
    expect(await held(pc)).toEqual(before);
    await expect(retake(999_999)).rejects.toMatchObject({ code: "WR7012" });
  });

  test("that was no link of the chain becomes one, and closes its hole", async () => {
    const pc = await world.enrolled();
    const [one, two, three] = pc.entries(3);
    const right = await keyOf(pc);
    const use = (key: string) =>
      world.db.updateTable("window_pcs").set({ public_key: key }).where("window_pc_id", "=", pc.windowPcId).execute();
    await send(pc, [one, three]);
    // A fault of central: for a while it held another key for that of the PC.
    await use((await world.enrolled()).publicKey);
    expect(await send(pc, [two], OPEN_POLICY, world.nowMs - 7000)).toEqual(["WR7005"]);
    await use(right);
    expect(await held(pc)).toMatchObject({ highest_gapless: 1, set_aside: 1 });
    expect(await retake((await asideOf(pc))[0] ?? 0)).toEqual({ answer: "taken" });
    expect(await held(pc)).toMatchObject({ highest_gapless: 3, set_aside: 0, counted: 3 });
    expect((await ratingsOf([two as Entry]))[0]).toMatchObject({ clock_offset_ms: 7000 });
    expect(await faultsOf(pc)).toBe(0);
  });

  test("is taken once by however many press at the same time, while its window PC sends it again and its visit is rated elsewhere", async () => {
    const [pc, other] = [await world.enrolled(), await world.enrolled()];
    for (let round = 0; round < 5; round++) {
      const body = form(pc);
      const entry = pc.entry(body);
      expect(await send(pc, [entry], NO_PAPER)).toEqual(["WR7026"]);
      const setAsideNo = (await asideOf(pc)).at(-1) ?? 0;
      const press = other.entry({ ...other.rating(), binding: { ...body.binding, requestId: other.requestId() } });
      const [taken] = await Promise.all([
        Promise.all(Array.from({ length: 4 }, () => retake(setAsideNo))),
        send(pc, [entry]),
        send(other, [press]),
      ]);
      expect(taken.map(({ answer }) => answer).sort()).toEqual(["duplicate", "duplicate", "duplicate", "taken"]);
      const ratings = await ratingsOf([entry, press]);
      expect(ratings).toHaveLength(2);
      // One of the two counts for the visit, whichever came first; the other is kept.
      expect(ratings.map(({ standing }) => standing).sort()).toEqual(["beside", "first"]);
      expect(ratings.find(({ standing }) => standing === "first")?.seq).toBe((await world.visit(body.binding.caseNo))?.staff_rating);
    }
    expect(await held(pc)).toMatchObject({ set_aside: 0, counted: 5 });
  });

  test("tells its window PC by the heartbeat, until that has sent it again", async () => {
    const pc = await world.enrolled();
    const entry = pc.entry(form(pc));
    await send(pc, [entry], NO_PAPER);
    const beat = async (setAside: number) => {
      const queue = { waiting: 0, oldestWaitingAtMs: null, setAside };
      const status = { version: "0.1.0", startedAtMs: 1, queue, windows: [] };
      const answer = await world.post("/sync/v1/heartbeats", { windowPcId: pc.windowPcId, sentAtMs: world.nowMs, status }, pc.token);
      return heartbeatAnswerSchema.parse(await answer.json()).takenSince;
    };
    expect(await beat(1)).toBeUndefined();
    await retake((await asideOf(pc))[0] ?? 0);
    const named = [{ entryId: entry.entryId, number: entry.number }];
    expect([await beat(1), await beat(1)]).toEqual([named, named]);
    expect(await beat(0)).toBeUndefined();
    expect(await send(pc, [entry])).toEqual(["duplicate"]);
    expect(await beat(1)).toBeUndefined();
  });

  test("whatever is sent, refused, taken again and sent again in whatever order: each counts once, and every count is that of the tables", async () => {
    type Step =
      | { readonly is: "send"; readonly which: number; readonly paper: boolean }
      | { readonly is: "retake"; readonly which: number; readonly paper: boolean };
    const step: fc.Arbitrary<Step> = fc.record({ is: fc.constantFrom("send", "retake"), which: fc.nat(7), paper: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const pc = await world.enrolled();
        const bodies: EntryBody[] = [form(pc), pc.rating(), pc.notRated(), form(pc), pc.unbound(), form(pc), pc.notRated(), pc.rating()];
        const entries = bodies.map((body) => pc.entry(body));
        for (const { is, which, paper } of steps) {
          const policy = paper ? OPEN_POLICY : NO_PAPER;
          const aside = await asideOf(pc);
          if (is === "send") await send(pc, entries.slice(which), policy);
          else if (aside.length > 0) await retake(aside[which % aside.length] ?? 0, policy);
          await held(pc);
        }
        await send(pc, entries, OPEN_POLICY);
        for (const no of await asideOf(pc)) await retake(no);
        expect(await send(pc, entries, OPEN_POLICY)).toEqual(new Array(8).fill("duplicate"));
        expect(await held(pc)).toMatchObject({ highest_gapless: 8, not_rated: 2, unbound: 1, set_aside: 0, counted: 5 });
        expect(await ratingsOf(entries)).toHaveLength(5);
      }),
      { numRuns: 12, seed: 20260302 },
    );
  });
});
