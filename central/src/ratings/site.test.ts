import { expect, test } from "vitest";
import { openRuleBook } from "../policy/rule-book.ts";
import { OPEN_POLICY } from "./policy.ts";
import { ratingPolicyOf, siteSchema } from "./site.ts";

const book = openRuleBook();
const site = siteSchema.parse({});
const policyOf = (region: string) => ratingPolicyOf(book.pack(region).pack, site);

test("a site that has decided nothing borrows no region's rules", () => {
  expect(ratingPolicyOf(null, { ...site, correctWithinDays: null })).toEqual(OPEN_POLICY);
});

test("each region's rules for ratings are those of its document", () => {
  const told = (region: string) => {
    const { realName, realNameOn, daily, batch, theme, pressRates } = policyOf(region);
    return { realName, realNameOn, daily, batch, theme, pressRates };
  };
  const nothing = { realName: "not-said", realNameOn: [], daily: [], batch: "each", theme: "each", pressRates: "staff" };
  expect(told("weihai-lingang")).toEqual({ ...nothing, realName: "visits" });
  expect(told("linxia")).toEqual({ ...nothing, realName: "encouraged", realNameOn: ["paper"], batch: "shared", theme: "shared" });
  expect(told("siping")).toEqual({ ...nothing, realName: "mandatory", daily: ["hall"], pressRates: "staff-and-item" });
  expect(told("xishuangbanna")).toEqual(nothing);
  expect(told("yantai")).toEqual({ ...nothing, realName: "encouraged" });
});

test("what no document decides is the site's own", () => {
  const own = ratingPolicyOf(
    null,
    siteSchema.parse({ correctWithinDays: 2, closedChannels: ["static-qr"], badNeedsReason: true, replacesDefault: false }),
  );
  expect(own).toMatchObject({ correctWithinMs: 172_800_000, badNeedsReason: true, replacesDefault: false });
  expect([own.channels?.includes("static-qr"), own.channels?.includes("pad")]).toEqual([false, true]);
  expect(siteSchema.safeParse({ reasonsVersion: "2019" }).success).toBe(false);
});
