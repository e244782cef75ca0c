import type { BatchAnswer, Entry, RatingBody } from "@window-rating/protocol/sync";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS, WindowPc } from "../../test/window-pc.ts";
import { type Central, startCentral } from "../central.ts";
import type { Incidents, SetAside, Summary } from "../command-line/administration.ts";

describe.each(STORAGES)("intake on $name", ({ create }) => {
  let storage: TestStorage;
  let central: Central;
  const nowMs = MORNING_MS;
  let windows = 0;

  beforeAll(async () => {
    storage = await create();
    central = await startCentral({ ...storage.storage, port: 0, now: () => nowMs });
  });
  afterAll(async () => {
    await central.close();
    await storage.remove();
  });

  /** A freshly enrolled window PC. */
  const enrolled = async (): Promise<WindowPc> => {
    windows += 1;
    const pc = new WindowPc(`intake ${windows}`, String(windows));
    await pc.enrol(central.url, (await central.makeEnrolmentCode(pc.windowNo)).code);
    return pc;
  };
  const send = (pc: WindowPc, entries: readonly unknown[]): Promise<BatchAnswer> => pc.send(central.url, entries, nowMs);
  const get = async <T>(path: string): Promise<T> => (await fetch(`${central.url}${path}`)).json() as Promise<T>;
  const held = async (pc: WindowPc) => {
    const { windowPcs } = await get<Summary>("/api/v1/entries/summary");
    const own = windowPcs.find(({ windowPcId }) => windowPcId === pc.windowPcId);
    if (own === undefined) throw new Error("the window PC is not in the summary");
    return own;
  };
  const incidentsOf = async (pc: WindowPc) => {
    const { incidents, holes } = await get<Incidents>("/api/v1/incidents?limit=200");
    const own = <T extends { windowPcId: string }>(all: readonly T[]): T[] => all.filter((one) => one.windowPcId === pc.windowPcId);
    return { incidents: own(incidents), holes: own(holes) };
  };
  const setAsideOf = async (pc: WindowPc) =>
    (await get<SetAside>("/api/v1/set-aside?limit=200")).setAside.filter(({ windowPcId }) => windowPcId === pc.windowPcId);
  const outcomes = (answer: BatchAnswer) => answer.answers.map((one) => one.code ?? one.answer);

  test("I6: entries are stored once, and sent again they are duplicates", async () => {
    const pc = await enrolled();
    const entries = pc.entries(3);
    const first = await send(pc, entries);
    expect(outcomes(first)).toEqual(["stored", "stored", "stored"]);
    expect(first.answers.map(({ entryId, number }) => [entryId, number])).toEqual(entries.map(({ entryId, number }) => [entryId, number]));
    expect(first.highestGapless).toBe(3);
    const second = await send(pc, entries);
    expect(outcomes(second)).toEqual(["duplicate", "duplicate", "duplicate"]);
    expect(second.highestGapless).toBe(3);
    expect(await held(pc)).toMatchObject({ entries: 3, ratings: 3, setAside: 0, incidents: 0 });
  });

  test("an entry that stands twice in one batch is stored once", async () => {
    const pc = await enrolled();
    const [entry] = pc.entries(1);
    expect(outcomes(await send(pc, [entry, entry]))).toEqual(["stored", "duplicate"]);
    expect(await held(pc)).toMatchObject({ entries: 1, ratings: 1 });
  });

  test("a batch without entries is answered, so that a window PC can ask how far central is", async () => {
    const pc = await enrolled();
    expect(await send(pc, [])).toEqual({ answers: [], highestGapless: 0, highest: 0, centralTimeMs: nowMs });
    const [one, two, , four] = pc.entries(4);
    expect(await send(pc, [one, two, four])).not.toHaveProperty("highest");
    expect(await send(pc, [])).toEqual({ answers: [], highestGapless: 2, highest: 4, centralTimeMs: nowMs });
    expect(await held(pc)).toMatchObject({ highestGapless: 2, highest: 4 });
  });

  test("I8: a hole is shown while it is open, and gone when its entries have come", async () => {
    const pc = await enrolled();
    const [one, two, three, four, five] = pc.entries(5);
    const before = await send(pc, [five, one, four]);
    expect(outcomes(before)).toEqual(["stored", "stored", "stored"]);
    expect(before.highestGapless).toBe(1);
    expect((await incidentsOf(pc)).holes).toMatchObject([{ firstMissing: 2, lastMissing: 3, sinceMs: nowMs }]);
    expect((await send(pc, [three])).highestGapless).toBe(1);
    expect((await incidentsOf(pc)).holes).toMatchObject([{ firstMissing: 2, lastMissing: 2 }]);
    expect((await send(pc, [two])).highestGapless).toBe(5);
    expect(await incidentsOf(pc)).toEqual({ incidents: [], holes: [] });
  });

  test("I6, I8: in any order, cut anywhere, with repeats, every entry is held once and the chain is whole", async () => {
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), fc.integer({ min: 1, max: 12 }), async (random, cut) => {
        const pc = await enrolled();
        const entries = pc.entries(25);
        const sent = [...entries, ...entries.filter((_, index) => index % 3 === 0)]
          .map((entry) => ({ entry, key: random.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ entry }) => entry);
        for (let start = 0; start < sent.length; start += cut) await send(pc, sent.slice(start, start + cut));
        expect(await held(pc)).toMatchObject({ entries: 25, ratings: 25, highestGapless: 25, setAside: 0, incidents: 0 });
        expect((await incidentsOf(pc)).holes).toEqual([]);
      }),
      { numRuns: 8, seed: 20260302 },
    );
  });

  test("an altered body is refused with WR7004, set aside whole, and does not hold up the others", async () => {
    const pc = await enrolled();
    const [one, two, three] = pc.entries(3) as [Entry, Entry, Entry];
    const altered = { ...two, body: two.body.replace('"level":', '"level": ') };
    const answer = await send(pc, [one, altered, three]);
    expect(outcomes(answer)).toEqual(["stored", "WR7004", "stored"]);
    expect(answer.highestGapless).toBe(1);
    const [aside] = await setAsideOf(pc);
    expect(aside).toMatchObject({ code: "WR7004", number: 2, entryId: two.entryId });
    expect(JSON.parse(aside?.entry ?? "")).toEqual(altered);
    expect((await incidentsOf(pc)).incidents).toMatchObject([{ kind: "altered-entry", number: 2 }]);
    expect((await send(pc, [two])).highestGapless).toBe(3);
  });

  test("a refused entry that is sent again is refused again, but set aside and noted once", async () => {
    const pc = await enrolled();
    const [one] = pc.entries(1) as [Entry];
    const altered = { ...one, body: `${one.body} ` };
    expect(outcomes(await send(pc, [altered, altered]))).toEqual(["WR7004", "WR7004"]);
    expect(outcomes(await send(pc, [altered]))).toEqual(["WR7004"]);
    expect(await held(pc)).toMatchObject({ entries: 0, setAside: 1, incidents: 1 });
  });

  test("an entry that another key signed is refused with WR7005, is no link of the chain and holds up no other", async () => {
    const pc = await enrolled();
    const [one, two, three] = pc.entries(3) as [Entry, Entry, Entry];
    const forger = new WindowPc("forger");
    const forged = { ...three, signature: forger.sealed(three).signature };
    const answer = await send(pc, [one, forged, two]);
    expect(outcomes(answer)).toEqual(["stored", "WR7005", "stored"]);
    expect(answer.highestGapless).toBe(2);
    expect((await incidentsOf(pc)).incidents).toMatchObject([{ kind: "bad-signature", entryId: three.entryId }]);
    expect(await held(pc)).toMatchObject({ entries: 2, ratings: 2, setAside: 1, incidents: 1 });
    expect((await setAsideOf(pc)).map(({ entry }) => JSON.parse(entry))).toEqual([forged]);
    expect((await send(pc, [three])).highestGapless).toBe(3);
  });

  test("I8: who signed an entry vouches for those it follows, and for no other: a forged chain is refused whole", async () => {
    const pc = await enrolled();
    const [one, two] = pc.entries(2) as [Entry, Entry];
    const unsigned = { ...one, signature: "0".repeat(128) };
    expect(outcomes(await send(pc, [unsigned, two]))).toEqual(["stored", "stored"]);
    const forger = new WindowPc("forger of chains");
    const forgedBy = (entry: Entry) => ({ ...entry, signature: forger.sealed(entry).signature });
    const three = pc.entry();
    const four = pc.sealed({ ...three, entryId: "00000000-0000-7000-8000-0000000000f4", number: 4, previousHash: three.hash });
    expect(outcomes(await send(pc, [forgedBy(three), forgedBy(four)]))).toEqual(["WR7005", "WR7005"]);
    // A genuine entry proves nothing for one that it does not hang on.
    const other = pc.sealed({ ...three, entryId: "00000000-0000-7000-8000-0000000000f5", body: JSON.stringify(pc.rating()) });
    expect(outcomes(await send(pc, [forgedBy(other), four]))).toEqual(["WR7005", "stored"]);
    expect((await send(pc, [three])).highestGapless).toBe(4);
  });

  test("an entry of one window PC is not accepted from another", async () => {
    const [own, other] = [await enrolled(), await enrolled()];
    expect(outcomes(await send(other, own.entries(1)))).toEqual(["WR7004"]);
  });

  test("an entry that does not follow the one before it is refused with WR7006, and the chain goes on after it", async () => {
    const pc = await enrolled();
    const [one] = pc.entries(1) as [Entry];
    const astray = pc.sealed({ ...one, entryId: "00000000-0000-7000-8000-0000000000a2", number: 2, previousHash: "a".repeat(64) });
    const next = pc.sealed({
      ...one,
      entryId: "00000000-0000-7000-8000-0000000000a3",
      number: 3,
      previousHash: astray.hash,
      body: JSON.stringify(pc.rating()),
    });
    const answer = await send(pc, [one, astray, next]);
    expect(outcomes(answer)).toEqual(["stored", "WR7006", "stored"]);
    expect(answer.highestGapless).toBe(3);
    expect((await incidentsOf(pc)).incidents).toMatchObject([{ kind: "broken-chain", number: 2 }]);
    expect(await held(pc)).toMatchObject({ entries: 3, ratings: 2, setAside: 1, incidents: 1 });
    expect(outcomes(await send(pc, [astray]))).toEqual(["WR7006"]);
    expect(await held(pc)).toMatchObject({ entries: 3, ratings: 2, setAside: 1, incidents: 1 });
  });

  test("a first entry that does not start the chain is refused with WR7006", async () => {
    const pc = await enrolled();
    const first = pc.sealed({ ...(pc.entry() as Entry), previousHash: "b".repeat(64) });
    expect(outcomes(await send(pc, [first]))).toEqual(["WR7006"]);
  });

  test("a broken link is noted too when the earlier entry arrives last", async () => {
    const pc = await enrolled();
    const [one] = pc.entries(1) as [Entry];
    const astray = pc.sealed({
      ...one,
      entryId: "00000000-0000-7000-8000-0000000000b2",
      number: 2,
      previousHash: "c".repeat(64),
      body: JSON.stringify(pc.rating()),
    });
    expect(outcomes(await send(pc, [astray]))).toEqual(["stored"]);
    expect(outcomes(await send(pc, [one]))).toEqual(["stored"]);
    expect((await incidentsOf(pc)).incidents).toMatchObject([{ kind: "broken-chain", entryId: astray.entryId, number: 2 }]);
  });

  test("another entry under a number that is taken is refused with WR7007; the first stays", async () => {
    const pc = await enrolled();
    const [one] = pc.entries(1) as [Entry];
    const usurper = pc.sealed({ ...one, entryId: "00000000-0000-7000-8000-0000000000c1", body: JSON.stringify(pc.rating({ level: 5 })) });
    expect(outcomes(await send(pc, [one]))).toEqual(["stored"]);
    expect(outcomes(await send(pc, [usurper]))).toEqual(["WR7007"]);
    expect((await incidentsOf(pc)).incidents).toMatchObject([{ kind: "number-conflict", number: 1 }]);
    expect(await held(pc)).toMatchObject({ entries: 1, ratings: 1, setAside: 1 });
    expect(outcomes(await send(pc, [one]))).toEqual(["duplicate"]);
  });

  test("an entry id that comes again with another content is refused with WR7007, also from another window PC", async () => {
    const [pc, other] = [await enrolled(), await enrolled()];
    const [one] = pc.entries(1) as [Entry];
    await send(pc, [one]);
    const again = pc.sealed({ ...one, number: 2, previousHash: one.hash });
    expect(outcomes(await send(pc, [again]))).toEqual(["WR7007"]);
    const stolen = other.sealed({ ...one, body: JSON.stringify(other.rating()) });
    expect(outcomes(await send(other, [stolen]))).toEqual(["WR7007"]);
    expect(await held(other)).toMatchObject({ entries: 0, setAside: 1, incidents: 1 });
  });

  test("content of a kind that central does not know is set aside with WR7008 while the chain goes on", async () => {
    const pc = await enrolled();
    const strange = [pc.entry('{"kind":"weather","sky":"blue"}'), pc.entry("no JSON at all"), pc.entry(`{"kind":"rating","x":"\\u0000"}`)];
    const after = pc.entry();
    const answer = await send(pc, [...strange, after]);
    expect(outcomes(answer)).toEqual(["WR7008", "WR7008", "WR7008", "stored"]);
    expect(answer.highestGapless).toBe(4);
    expect(await held(pc)).toMatchObject({ entries: 4, ratings: 1, setAside: 3, incidents: 0 });
    const repeat = await send(pc, strange);
    expect(repeat.answers).toEqual(answer.answers.slice(0, 3));
    expect(await held(pc)).toMatchObject({ entries: 4, setAside: 3 });
  });

  test("I4: a second rating of a request is set aside with WR7009 while the chain goes on", async () => {
    const pc = await enrolled();
    const requestId = pc.requestId();
    const entries = [pc.entry(pc.rating({ requestId, level: 2 })), pc.entry(pc.rating({ requestId, level: 5 })), pc.entry()];
    const answer = await send(pc, entries);
    expect(outcomes(answer)).toEqual(["stored", "WR7009", "stored"]);
    expect(answer.highestGapless).toBe(3);
    expect(outcomes(await send(pc, entries))).toEqual(["duplicate", "WR7009", "duplicate"]);
    expect(await held(pc)).toMatchObject({ entries: 3, ratings: 2, setAside: 1, incidents: 0 });
  });

  test("I4: of two ratings of a request in one batch the one with the lower number counts, whatever the order", async () => {
    const pc = await enrolled();
    const requestId = pc.requestId();
    const [first, second] = [pc.entry(pc.rating({ requestId, level: 1 })), pc.entry(pc.rating({ requestId, level: 5 }))];
    expect(outcomes(await send(pc, [second, first]))).toEqual(["WR7009", "stored"]);
  });

  test("a second rating of one visit by another request is kept beside the first, and the visit stays with the first", async () => {
    const pc = await enrolled();
    const first = pc.rating({ level: 2 });
    const sameVisit = (level: 1 | 5): RatingBody => {
      const body = pc.rating({ level });
      return { ...body, binding: { ...first.binding, requestId: body.binding.requestId } };
    };
    expect(outcomes(await send(pc, [pc.entry(first), pc.entry(sameVisit(5))]))).toEqual(["stored", "stored"]);
    expect(outcomes(await send(pc, [pc.entry(sameVisit(1)), pc.entry()]))).toEqual(["stored", "stored"]);
    const { ratings } = await get<{ ratings: { level: number; standing: string }[] }>(
      `/api/v1/ratings?window=${pc.windowNo}&staffNo=${first.binding.staffNo}`,
    );
    const own = ratings.filter((one) => (one as unknown as { caseNo: string }).caseNo === first.binding.caseNo);
    expect(own.map(({ level, standing }) => [level, standing])).toEqual([
      [1, "beside"],
      [5, "beside"],
      [2, "first"],
    ]);
    expect(await held(pc)).toMatchObject({ ratings: 4, setAside: 0 });
  });

  test("I10: a request without a rating is never a rating, and a rating may still follow it", async () => {
    const pc = await enrolled();
    const [late, never] = [pc.requestId(), pc.requestId()];
    await send(pc, [pc.entry(pc.notRated({ requestId: late })), pc.entry(pc.notRated({ requestId: never, reason: "cancelled" }))]);
    expect(await held(pc)).toMatchObject({ ratings: 0, notRated: 2, ratedLater: 0 });
    await send(pc, [pc.entry(pc.rating({ requestId: late, circumstance: "after-timeout" })), pc.entry(pc.unbound())]);
    expect(await held(pc)).toMatchObject({ ratings: 1, notRated: 2, ratedLater: 1, unbound: 1 });
  });

  test("I6: what is no entry at all is refused and set aside, and the entries beside it are stored", async () => {
    const pc = await enrolled();
    const [one] = pc.entries(1) as [Entry];
    const nonsense = [
      null,
      7,
      "entry",
      [],
      { ...one, number: -3 },
      { ...one, number: 1e300 },
      { entryId: "\0", "\0": 1 },
      { ...one, body: '{"\0":1}' },
    ];
    const answer = await send(pc, [...nonsense, one]);
    expect(outcomes(answer)).toEqual([...nonsense.map(() => "WR7001"), "stored"]);
    expect(answer.answers.map(({ number }) => number)).toEqual([0, 0, 0, 0, -3, 0, 0, 1, 1]);
    expect((await setAsideOf(pc)).map(({ entry }) => JSON.parse(entry))).toEqual(nonsense.toReversed());
    await send(pc, nonsense);
    expect(await held(pc)).toMatchObject({ entries: 1, ratings: 1, setAside: nonsense.length });
  });

  test("text of any kind comes back as it was sent", async () => {
    const pc = await enrolled();
    const body = pc.rating();
    const clerkName = `张三样例 "引号" \\ 反斜杠 {花括号},NULL 𠮷 \u{1f600}`;
    await send(pc, [pc.entry({ ...body, binding: { ...body.binding, clerkName } })]);
    const { ratings } = await get<{ ratings: { clerkName: string }[] }>(`/api/v1/ratings?window=${pc.windowNo}`);
    expect(ratings).toMatchObject([{ clerkName }]);
  });

  test("half of a character in a name cannot stop a batch", async () => {
    const pc = await enrolled();
    const body = pc.rating();
    const answer = await send(pc, [pc.entry({ ...body, binding: { ...body.binding, clerkName: "张\ud800" } }), pc.entry()]);
    expect(outcomes(answer)).toEqual(["stored", "stored"]);
  });

  test("I11: a wrong clock is noted once, its offset is kept, and times are corrected by it", async () => {
    const pc = await enrolled();
    const [one, two] = pc.entries(2) as [Entry, Entry];
    const threeDays = 3 * 86_400_000;
    await pc.send(central.url, [one], nowMs - threeDays);
    await pc.send(central.url, [two], nowMs - threeDays + 1_000);
    expect((await incidentsOf(pc)).incidents).toMatchObject([
      { kind: "wrong-clock", detail: "The clock of the window PC is 259200 s slow" },
    ]);
    const { ratings } = await get<{ ratings: { entryId: string; atMs: number; clockOffsetMs: number }[] }>(
      `/api/v1/ratings?window=${pc.windowNo}`,
    );
    const wall = (JSON.parse(one.body) as { committedAt: { wallMs: number } }).committedAt.wallMs;
    expect(ratings.find(({ entryId }) => entryId === one.entryId)).toMatchObject({ atMs: wall + threeDays, clockOffsetMs: threeDays });
    await pc.send(central.url, [], nowMs + threeDays);
    expect((await incidentsOf(pc)).incidents).toHaveLength(2);
  });

  test("the running counts agree with the tables", async () => {
    const { total, windowPcs } = await get<Summary>("/api/v1/entries/summary");
    for (const name of ["ratings", "notRated", "ratedLater", "unbound", "setAside", "incidents"] as const) {
      const counted = windowPcs.reduce((sum, pc) => sum + pc[name], 0);
      expect([name, total[name]]).toEqual([name, counted]);
    }
    expect(total.windowPcs).toBe(windowPcs.length);
  });

  describe("refuses as a whole", () => {
    const answerTo = async (response: Response) => ({
      status: response.status,
      error: ((await response.json()) as { error: { code: string } }).error.code,
    });
    const raw = (body: string, headers: Record<string, string>) =>
      fetch(`${central.url}/sync/v1/batches`, { method: "POST", body, headers });
    const json = { "content-type": "application/json" };

    test("a batch with a wrong token, an unknown window PC or no token: WR7002", async () => {
      const pc = await enrolled();
      const stranger = new WindowPc("stranger");
      stranger.token = pc.token;
      expect(await answerTo(await stranger.post(central.url, [], nowMs))).toEqual({ status: 401, error: "WR7002" });
      pc.token = `${pc.token.slice(0, -1)}${pc.token.endsWith("A") ? "B" : "A"}`;
      expect(await answerTo(await pc.post(central.url, pc.entries(1), nowMs))).toEqual({ status: 401, error: "WR7002" });
      expect(await answerTo(await raw("{}", json))).toEqual({ status: 401, error: "WR7002" });
    });

    test("more than 500 entries, or more than 1 MiB: WR7013", async () => {
      const pc = await enrolled();
      expect(await answerTo(await pc.post(central.url, new Array(501).fill(0), nowMs))).toEqual({ status: 413, error: "WR7013" });
      expect(await answerTo(await pc.post(central.url, ["x".repeat(1_048_576)], nowMs))).toEqual({ status: 413, error: "WR7013" });
    });

    test("what is no JSON, no batch, or nested without end: WR7001", async () => {
      const pc = await enrolled();
      const headers = { ...json, authorization: `Bearer ${pc.token}` };
      const frame = (entry: string) => `{"windowPcId":"${pc.windowPcId}","sentAtMs":${nowMs},"entries":[${entry}]}`;
      const bodies = [
        "",
        "{",
        "null",
        "[]",
        '{"windowPcId":"x"}',
        frame("1").replace("}", ',"more":1}'),
        frame("[".repeat(2e5) + "]".repeat(2e5)),
      ];
      for (const body of bodies) expect(await answerTo(await raw(body, headers))).toEqual({ status: 400, error: "WR7001" });
      const text = { ...headers, "content-type": "text/plain" };
      expect(await answerTo(await raw(frame(""), text))).toEqual({ status: 400, error: "WR7001" });
      expect(outcomes(await send(pc, pc.entries(1)))).toEqual(["stored"]);
    });
  });
});
