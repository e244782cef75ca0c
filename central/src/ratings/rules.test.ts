import { REASONS_2019, REASONS_2020 } from "@window-rating/protocol/reasons";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OPEN_POLICY, type RatingPolicy } from "./policy.ts";
import {
  batchFault,
  chinaDay,
  type Effective,
  faultOf,
  nameInvitation,
  placeOf,
  supplementFault,
  themeFault,
  typistFault,
} from "./rules.ts";
import { CHANNELS, isGivenOnSite, type Submission } from "./submission.ts";

const NOON_MS = Date.UTC(2026, 2, 2, 4);
const submission: Submission = {
  channel: "web",
  key: "k",
  subject: { kind: "staff", caseNo: "CASE-1", visitNo: 1 },
  level: 4,
  atMs: NOON_MS,
};
const given = (over: Partial<Effective> = {}): Effective => ({
  seq: 7,
  channel: "pad",
  firstAtMs: NOON_MS - 1000,
  sharedFrom: null,
  ...over,
});
const policy = (over: Partial<RatingPolicy>): RatingPolicy => ({ ...OPEN_POLICY, ...over });
const refuse = policy({ second: "refuse" });

describe("a submission by itself", () => {
  const code = (over: Partial<Submission>, rules: RatingPolicy = OPEN_POLICY) => faultOf({ ...submission, ...over }, rules)?.code;

  test("is taken by every channel where no region was chosen, and by the named ones where one was", () => {
    expect(code({})).toBeUndefined();
    expect(code({}, policy({ channels: ["pad", "sms"] }))).toBe("WR7026");
    expect(code({ channel: "sms" }, policy({ channels: ["pad", "sms"] }))).toBeUndefined();
    expect(code({ channel: "default" }, policy({ channels: ["pad"] }))).toBeUndefined();
  });

  test("needs a real name where the region wants one, unless the case itself names who rates (002 4.1)", () => {
    const mandatory = policy({ realName: "mandatory" });
    expect(code({}, mandatory)).toBe("WR7022");
    expect(code({ rater: { named: "no" } }, mandatory)).toBe("WR7022");
    expect(code({ rater: { named: "claimed" } }, mandatory)).toBeUndefined();
    expect(code({ channel: "pad" }, mandatory)).toBeUndefined();
    const paper = { channel: "paper", typedBy: "2001" } as const;
    expect([code(paper), code(paper, policy({ realNameOn: ["paper"] }))]).toEqual([undefined, "WR7022"]);
    for (const realName of ["encouraged", "visits", "not-said"] as const) expect(code({}, policy({ realName }))).toBeUndefined();
  });

  test("of a hall needs a real name by every way a person rates, for no case says who it is (002 5.2, 5.3)", () => {
    const mandatory = policy({ realName: "mandatory" });
    for (const channel of ["terminal", "hotline", "static-qr", "web", "system"] as const) {
      const hall = { channel, subject: { kind: "hall", subjectNo: "H1" } } as const;
      const account = { named: "no", person: "hash of the account" } as const;
      expect([channel, code({ ...hall, rater: account }, mandatory)]).toEqual([channel, "WR7022"]);
      expect([channel, code({ ...hall, rater: { ...account, named: "verified" } }, mandatory)]).toEqual([channel, undefined]);
    }
    expect(code({ channel: "terminal" }, mandatory)).toBeUndefined();
  });

  test("is invited to a name where the document encourages it, for a bad review where it is for visits, and nowhere else", () => {
    const invited = (realName: RatingPolicy["realName"]) =>
      ([1, 2, 3, 5] as const).map((level) => nameInvitation(policy({ realName }), level));
    expect(invited("encouraged")).toEqual(Array(4).fill("encouraged"));
    expect(invited("visits")).toEqual(["visits", "visits", undefined, undefined]);
    for (const realName of ["not-said", "mandatory"] as const) expect(invited(realName)).toEqual(Array(4).fill(undefined));
  });

  test("carries reasons of its own level, from a list in force", () => {
    const reasons = (version: string, ...codes: string[]) => ({ reasons: { version, codes } });
    expect(code(reasons("2020", "406", "413"))).toBeUndefined();
    expect(code(reasons("2020", "510"))).toBe("WR7025");
    expect(code(reasons("2019", "401"))).toBe("WR7025");
    expect(code(reasons("2019", "401"), policy({ reasonLists: [REASONS_2020, REASONS_2019] }))).toBeUndefined();
  });

  test("explains a bad level where the region asks for it", () => {
    const strict = policy({ badNeedsReason: true });
    expect(code({ level: 2 }, strict)).toBe("WR7025");
    expect(code({ level: 2, comment: "等候太久" }, strict)).toBeUndefined();
    expect(code({ level: 2, reasons: { version: "2020", codes: ["214"] } }, strict)).toBeUndefined();
    expect(code({ level: 3 }, strict)).toBeUndefined();
    // A pad with five keys has no reasons to choose.
    expect(code({ level: 1, channel: "pad" }, strict)).toBeUndefined();
  });

  test("comes in time for a visit that nobody has rated, as far as the region sets an end (004 四(二))", () => {
    const late = (
      over: Partial<Submission>,
      effective: Effective | null = null,
      servedAtMs: number | null = NOON_MS,
      end: number | null = 1000,
    ) =>
      supplementFault(
        { ...submission, channel: "sms", atMs: NOON_MS + 1001, ...over },
        { effective, servedAtMs },
        policy({
          supplementUntilMs: (ms) => (end === null ? null : ms + end),
        }),
      )?.code;
    expect(late({})).toBe("WR7024");
    expect(late({ atMs: NOON_MS + 1000 })).toBeUndefined();
    for (const channel of ["default", "import", "pad", "paper"] as const) expect(late({ channel })).toBeUndefined();
    const rated: Effective = { seq: 1, channel: "pad", firstAtMs: NOON_MS, sharedFrom: null };
    expect([late({}, rated), late({}, { ...rated, channel: "default" })]).toEqual([undefined, "WR7024"]);
    expect([late({}, null, null), late({}, null, NOON_MS, null)]).toEqual([undefined, undefined]);
  });

  test("names who typed it in, and that is not the clerk it rates", () => {
    expect(code({ channel: "paper" })).toBe("WR7001");
    const typed = { ...submission, channel: "paper", typedBy: "2001" } as const;
    expect(faultOf(typed, OPEN_POLICY)).toBeUndefined();
    expect(typistFault(typed, "1001")).toBeUndefined();
    expect(typistFault(typed, "2001")?.field).toBe("typedBy");
    // However the number is typed, it is the same clerk.
    for (const typedBy of ["２００１", " 2001", "20 01", "\u30002001"])
      expect(typistFault({ ...typed, typedBy }, "2001")?.field).toBe("typedBy");
    expect(typistFault({ ...typed, typedBy: "ａ07" }, "A07")?.field).toBe("typedBy");
    expect(typistFault({ ...typed, typedBy: "A07" }, "a 07")?.field).toBe("typedBy");
    expect(typistFault({ ...typed, typedBy: "A70" }, "A07")).toBeUndefined();
  });
});

describe("a rating of a subject", () => {
  const to = (over: Partial<Submission>, effective: Effective | null, rules: RatingPolicy = OPEN_POLICY) => {
    const found = placeOf({ ...submission, ...over }, effective, rules);
    return found.is === "refused" ? found.code : found.standing;
  };

  test("that has none is the first, by whatever channel", () => {
    for (const channel of CHANNELS) expect(to({ channel }, null, refuse)).toBe("first");
  });

  test("that has one is refused where the region takes one", () => {
    for (const channel of ["pad", "web", "sms", "static-qr"] as const) expect(to({ channel }, given(), refuse)).toBe("WR7020");
  });

  test("corrects it by a private channel, and is kept beside it by any other", () => {
    for (const channel of ["dynamic-qr", "web", "sms", "hotline", "phone-visit"] as const)
      expect(to({ channel }, given())).toBe("correction");
    for (const channel of ["pad", "browser-pad", "static-qr", "paper", "terminal", "system"] as const)
      expect(to({ channel }, given())).toBe("beside");
  });

  test("corrects it by receipt within the time to correct, also where the region takes no second one", () => {
    const window = policy({ second: "refuse", correctWithinMs: 5000 });
    expect(to({ corrects: 7, atMs: NOON_MS + 4000 }, given(), window)).toBe("correction");
    expect(to({ corrects: 7, atMs: NOON_MS + 4001 }, given(), window)).toBe("WR7024");
  });

  test("by default never pushes aside a given one, and gives way to one", () => {
    expect(to({ channel: "default" }, given())).toBe("WR7020");
    const byDefault = given({ channel: "default" });
    expect(to({ channel: "pad" }, byDefault, refuse)).toBe("correction");
    expect(to({ channel: "default" }, byDefault)).toBe("WR7020");
    expect(to({ channel: "pad" }, byDefault, policy({ replacesDefault: false }))).toBe("beside");
  });

  test("by import stays beside a given one, and gives way to one; it never counts as given on site", () => {
    expect(to({ channel: "import" }, given())).toBe("beside");
    expect(to({ channel: "import" }, given({ channel: "import" }))).toBe("beside");
    expect(to({ channel: "pad" }, given({ channel: "import" }), refuse)).toBe("correction");
    expect(isGivenOnSite("import")).toBe(false);
  });

  test("of one case goes before the overall one of its theme (001 二(三)1)", () => {
    expect(to({ channel: "pad", subject: { kind: "item", caseNo: "CASE-1" } }, given({ sharedFrom: 3 }), refuse)).toBe("correction");
    expect(to({ channel: "pad" }, given({ sharedFrom: 3 }), refuse)).toBe("WR7020");
  });

  test("always has a place or a refusal that names a field: whatever channel meets whatever channel", () => {
    const channel = fc.constantFrom(...CHANNELS);
    const rules = fc.record({
      second: fc.constantFrom("refuse" as const, "private-correction" as const),
      correctWithinMs: fc.constantFrom(null, 0, 1e9),
      replacesDefault: fc.boolean(),
    });
    fc.assert(
      fc.property(channel, channel, rules, fc.constantFrom(null, 3), (incoming, there, over, sharedFrom) => {
        const found = placeOf({ ...submission, channel: incoming }, given({ channel: there, sharedFrom }), policy(over));
        if (found.is === "refused") expect(found.field).not.toBe("");
        else expect(found.supersedes).toBe(found.standing === "correction" ? 7 : null);
      }),
      { seed: 5101 },
    );
  });
});

test("a batch is two or more cases of one item at one window (001 二(三)1)", () => {
  const visit = { itemCode: "A", windowNo: "3" };
  expect(batchFault([visit])?.field).toBe("batchNo");
  expect(batchFault([visit, visit])).toBeUndefined();
  expect(batchFault([visit, { ...visit, itemCode: "B" }])?.field).toBe("itemCode");
  expect(batchFault([visit, { ...visit, windowNo: "4" }])?.field).toBe("windowNo");
});

test("a theme is rated as a whole when its two or more cases are completed", () => {
  const done = { caseNo: "A", isCompleted: true };
  expect(themeFault([done])?.code).toBe("WR7027");
  expect(themeFault([done, { caseNo: "B", isCompleted: false }])?.code).toBe("WR7023");
  expect(themeFault([done, { caseNo: "B", isCompleted: true }])).toBeUndefined();
});

test("a day is a day in China, in whatever zone the process runs", () => {
  expect([chinaDay(Date.UTC(2026, 2, 1, 15, 59, 59, 999)), chinaDay(Date.UTC(2026, 2, 1, 16))]).toEqual(["2026-03-01", "2026-03-02"]);
});
