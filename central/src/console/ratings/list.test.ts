import { LEVELS, type Level } from "@window-rating/protocol/rating";
import fc from "fast-check";
import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STORAGES, type TestStorage } from "../../../test/storages.ts";
import { MORNING_MS } from "../../../test/window-pc.ts";
import type { Scope } from "../../access/viewer.ts";
import { type OpenStorage, openStorage } from "../../central.ts";
import { CHANNELS, type Channel } from "../../ratings/submission.ts";
import { type RatingFilters, ratingCountQuerySchema, ratingQuerySchema } from "../contract/ratings.ts";
import { PlaceBook } from "../places.ts";
import { countRatings, listRatings } from "./list.ts";
import { searchRatings } from "./search.ts";

/** A rating as it is written, and as a filter should see it. */
interface Made {
  readonly seq: number;
  readonly atMs: number;
  readonly level: Level;
  readonly channel: Channel;
  readonly windowNo: string | null;
  readonly staffNo: string | null;
  readonly itemCode: string | null;
  readonly subject: "staff" | "item" | "hall";
  readonly standing: "first" | "beside";
  readonly secured: boolean | null;
  readonly comment: string | null;
  readonly isSealed: boolean;
}

const WINDOWS = ["E1", "E2", "E3", "W1"] as const;
const ITEMS = ["I-E", "I-W"] as const;
const HALLS = ["EAST", "WEST"] as const;
const pick = <T>(values: readonly T[]) => fc.constantFrom(...values);

/** Few different moments, so that many ratings share one. */
const madeArbitrary = fc.record({
  atMs: fc.integer({ min: 0, max: 20 }).map((minute) => MORNING_MS + minute * 60_000),
  level: pick(LEVELS.map(({ level }) => level)),
  channel: pick(CHANNELS),
  windowNo: fc.option(pick(WINDOWS)),
  staffNo: fc.option(pick(["S1", "S2"])),
  itemCode: fc.option(pick(ITEMS)),
  subject: pick(["staff", "staff", "item", "hall"] as const),
  standing: pick(["first", "first", "first", "beside"] as const),
  secured: fc.option(fc.boolean()),
  comment: fc.option(fc.constant("样例文字")),
  isSealed: fc.boolean(),
});

const filtersArbitrary = fc.record(
  {
    from: fc.integer({ min: 0, max: 20 }).map((minute) => String(MORNING_MS + minute * 60_000)),
    to: fc.integer({ min: 0, max: 20 }).map((minute) => String(MORNING_MS + minute * 60_000)),
    level: pick(["1", "2", "1,2", "3", "4,5", "2,5"]),
    channel: pick(["pad", "terminal", "hotline,paper", "pad,sms", "default", "import"]),
    origin: pick(["secured", "unsecured", "without-pad"] as const),
    staffNo: pick(["S1", "S2", "nobody"]),
    item: pick([...ITEMS, "nothing"]),
    subject: pick(["staff", "item", "hall"] as const),
    standing: pick(["first", "beside", "correction,beside"]),
    words: pick(["yes", "no"] as const),
    given: pick(["yes", "no"] as const),
    window: pick([...WINDOWS, "nowhere"]),
    hall: pick(HALLS),
    agency: pick(HALLS),
  },
  { requiredKeys: [] },
);

const SCOPES: readonly Scope[] = [
  { is: "all" },
  { is: "hall", hallNo: "EAST" },
  { is: "agency", agencyCode: "EAST" },
  { is: "agency", agencyCode: "WEST" },
];

const hallOf = (windowNo: string): string => (windowNo.startsWith("E") ? "EAST" : "WEST");
/** Each hall is an agency of the same name here, with an item of its own. */
const isIn = (one: Made, hall: string, withItems: boolean): boolean =>
  (one.windowNo !== null && hallOf(one.windowNo) === hall) ||
  (one.subject === "hall" && one.itemCode === null && hall === "EAST") ||
  (withItems && one.itemCode === `I-${hall[0]}`);

/** What a filter means, said once more and simply. */
const fits = (one: Made, filters: RatingFilters, scope: Scope): boolean => {
  const { from, to, level, channel, origin, staffNo, item, subject, standing, words, given, window, hall, agency } = filters;
  const origins = { secured: one.secured === true, unsecured: one.secured === false, "without-pad": one.secured === null };
  const hasWords = one.isSealed || (one.channel === "import" && one.comment !== null);
  const asked = [
    from === undefined || one.atMs >= from,
    to === undefined || one.atMs < to,
    level === undefined || level.includes(one.level),
    channel === undefined || channel.includes(one.channel),
    origin === undefined || origins[origin],
    staffNo === undefined || one.staffNo === staffNo,
    item === undefined || one.itemCode === item,
    subject === undefined || one.subject === subject,
    standing === undefined || standing.includes(one.standing),
    words === undefined || hasWords === words,
    given === undefined || (one.channel !== "default") === given,
  ];
  return asked.every(Boolean) && isAtPlace(one, { window, hall, agency }, scope);
};

const isAtPlace = (one: Made, { window, hall, agency }: Pick<RatingFilters, "window" | "hall" | "agency">, scope: Scope): boolean => {
  const own = scope.is === "all" ? undefined : scope.is === "hall" ? scope.hallNo : scope.agencyCode;
  if (window !== undefined) {
    const isThere =
      one.windowNo === window && (hall === undefined || hallOf(window) === hall) && (agency === undefined || hallOf(window) === agency);
    return isThere && (own === undefined || hallOf(window) === own);
  }
  const wanted = [own, hall, agency].filter((place) => place !== undefined);
  return wanted.every((place) => isIn(one, place, scope.is !== "hall" && hall === undefined));
};

describe.each(STORAGES)("the list of ratings on $name", ({ name, create }) => {
  let storage: TestStorage;
  let opened: OpenStorage;
  let places: PlaceBook;
  const made: Made[] = [];

  const write = async (rows: readonly Omit<Made, "seq">[]): Promise<void> => {
    for (const row of rows) {
      const one: Made = { ...row, seq: made.length + 1 };
      made.push(one);
      await opened.db
        .insertInto("ratings")
        .values({
          seq: one.seq,
          request_id: `00000000-0000-8000-8000-${String(one.seq).padStart(12, "0")}`,
          at_ms: one.atMs,
          received_at_ms: one.atMs,
          level: one.level,
          channel: one.channel,
          window_no: one.windowNo,
          staff_no: one.staffNo,
          item_code: one.itemCode,
          subject: one.subject,
          subject_no: one.subject === "hall" && one.itemCode === null ? "EAST" : null,
          standing: one.standing,
          secured: one.secured,
          comment: one.comment,
        })
        .execute();
      if (one.isSealed) await opened.db.insertInto("rating_contacts").values({ rating: one.seq, sealed: "sealed" }).execute();
    }
  };

  beforeAll(async () => {
    storage = await create();
    opened = await openStorage(storage.storage, () => MORNING_MS, pino({ level: "silent" }));
    const rows = [
      ...HALLS.flatMap((no) => [
        { kind: "agency", key: no, content: { name: no } },
        { kind: "hall", key: no, content: { name: no, agencyCode: no } },
        { kind: "item", key: `I-${no[0]}`, content: { name: no, agencyCode: no } },
      ]),
      ...WINDOWS.map((no) => ({ kind: "window", key: no, content: { hallNo: hallOf(no) } })),
    ];
    await opened.db
      .insertInto("registry")
      .values(rows.map(({ content, ...row }) => ({ ...row, content: JSON.stringify(content), told_by: "test", told_at_ms: MORNING_MS })))
      .execute();
    places = new PlaceBook(opened.db);
    await write(fc.sample(madeArbitrary, { numRuns: 300, seed: 11 }));
    await sql`analyze ratings`.execute(opened.db);
  });
  afterAll(async () => {
    await opened?.close();
    await storage?.remove();
  });

  it("shows, for any filters in any scope, every rating that fits once and no other, while more of them come in", async () => {
    const property = fc.asyncProperty(
      filtersArbitrary,
      pick(SCOPES),
      fc.integer({ min: 1, max: 60 }),
      fc.array(madeArbitrary, { maxLength: 3 }),
      async (given, scope, limit, more) => {
        const filters = ratingCountQuerySchema.parse(given);
        const atFirst = made.filter((one) => fits(one, filters, scope)).map(({ seq }) => seq);
        const own = await places.places(scope, filters);
        const counted = await countRatings(opened.db, filters, own);
        const shown: { ratingNo: number; atMs: number }[] = [];
        let after: string | undefined;
        do {
          const page = await listRatings(opened.db, ratingQuerySchema.parse({ ...given, limit: String(limit), after }), own);
          expect(page.ratings.length).toBeLessThanOrEqual(limit);
          shown.push(...page.ratings);
          after = page.next ?? undefined;
          // Somebody rates, or an old rating arrives late, between one page and the next.
          if (after !== undefined) await write(more);
        } while (after !== undefined);
        const numbers = shown.map(({ ratingNo }) => ratingNo);
        const meanwhile = made.filter((one) => fits(one, filters, scope)).map(({ seq }) => seq);
        expect(new Set(numbers).size).toBe(numbers.length);
        expect(atFirst.filter((seq) => !numbers.includes(seq))).toEqual([]);
        expect(numbers.filter((seq) => !meanwhile.includes(seq))).toEqual([]);
        expect(shown).toEqual(shown.toSorted((one, other) => other.atMs - one.atMs || other.ratingNo - one.ratingNo));
        expect(counted).toEqual({ count: atFirst.length, more: false });
      },
    );
    await fc.assert(property, { numRuns: 150, seed: 12 });
  }, 180_000);

  it.runIf(name === "PostgreSQL")("finds each page by an index, whatever is asked for", async () => {
    const asked = fc.sample(filtersArbitrary, { numRuns: 120, seed: 13 });
    for (const [index, given] of asked.entries()) {
      const filters = ratingCountQuerySchema.parse(given);
      const own = await places.places(SCOPES[index % SCOPES.length] as Scope, filters);
      const plan = await opened.db.transaction().execute(async (tx) => {
        await sql`select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true)`.execute(tx);
        return sql<{ "QUERY PLAN": string }>`explain ${searchRatings(filters, own, 51)}`.execute(tx);
      });
      const text = plan.rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect([given, /Seq Scan on (ratings|rating_contacts|visits|cases)/.test(text) ? text : "index"]).toEqual([given, "index"]);
    }
  });

  it("refuses what is no next of an earlier answer", async () => {
    const own = await places.places({ is: "all" });
    for (const after of ["1", "a~b", "1~2~3", "t~1", "~"]) {
      await expect(listRatings(opened.db, ratingQuerySchema.parse({ after }), own)).rejects.toMatchObject({ code: "WR7001" });
    }
  });
});
