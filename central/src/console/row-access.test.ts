import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signedIn, type TestBrowser } from "../../test/access-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { type OfSide, SIDES, type Side, TwoHalls } from "../../test/two-halls.ts";
import { MORNING_MS } from "../../test/window-pc.ts";
import { may, type Role, type Scope } from "../access/viewer.ts";
import type { CivilDate } from "../calendar/civil-date.ts";
import { inTransaction } from "../database/transaction.ts";
import { questionSchema } from "../policy/question.ts";
import { openRuleBook } from "../policy/rule-book.ts";
import { changeSite } from "../ratings/site.ts";
import { CONSOLE_ROUTES, type RouteName, type RouteShape } from "./contract/routes.ts";
import { beginStep, dateStep } from "./steps.ts";

/** How each route is asked for rows of one side. A new route cannot be forgotten: it must stand here. */
const QUESTIONS: Readonly<Record<RouteName, (of: OfSide) => readonly string[]>> = {
  halls: () => ["live/halls"],
  hall: ({ hall }) => [`live/hall?hall=${hall}`],
  // It names windows alone, and never before something happens; live/stream.test.ts looks at it.
  liveStream: () => [],
  windowPcs: ({ window, hall }) => ["window-pcs", `window-pcs?window=${window}`, `window-pcs?hall=${hall}`],
  verifyChain: ({ pc }) => [`window-pcs/${pc.windowPcId}/verification`],
  cases: ({ window, hall, agency, staffNo, item, caseNo }) => [
    "cases",
    `cases?window=${window}`,
    `cases?hall=${hall}`,
    `cases?agency=${agency}`,
    `cases?staffNo=${staffNo}`,
    `cases?item=${item}`,
    `cases?caseNo=${caseNo.slice(0, -1)}`,
    `cases?caseNo=${caseNo}&state=completed`,
  ],
  caseStory: ({ caseNo }) => [`cases/${caseNo}`],
  ratings: ({ window, hall, agency, staffNo, item, caseNo }) => [
    "ratings",
    `ratings?window=${window}`,
    `ratings?hall=${hall}`,
    `ratings?agency=${agency}`,
    `ratings?staffNo=${staffNo}`,
    `ratings?item=${item}`,
    `ratings?caseNo=${caseNo}`,
    "ratings?level=1,2",
    "ratings?level=5&origin=secured",
    "ratings?channel=sms,web",
    "ratings?subject=hall",
    "ratings?subject=agency",
    "ratings?subject=item&given=yes",
    "ratings?words=no",
  ],
  ratingCount: ({ window }) => [`ratings/count?window=${window}`],
  ratingChart: ({ window }) => [
    `ratings/chart?from=2026-03-01&to=2026-03-03&window=${window}`,
    "ratings/chart?from=2026-03-01&to=2026-03-03",
  ],
  rating: ({ ratingNo }) => [`ratings/${ratingNo}`],
  places: () => ["places"],
  registry: () => ["agency", "hall", "window", "clerk", "item"].map((kind) => `registry?kind=${kind}`),
  registryHistory: ({ agency, hall, window, staffNo, item }) => [
    `registry/history?kind=agency&key=${agency}`,
    `registry/history?kind=hall&key=${hall}`,
    `registry/history?kind=window&key=${window}`,
    `registry/history?kind=clerk&key=${staffNo}`,
    `registry/history?kind=item&key=${item}`,
  ],
  clerkDays: ({ window, hall, staffNo }) => [
    "clerk-days",
    `clerk-days?window=${window}`,
    `clerk-days?hall=${hall}`,
    `clerk-days?staffNo=${staffNo}`,
  ],
  packs: () => ["policy/packs"],
  rules: () => ["policy/rules?region=linxia"],
  explain: () => ["policy/explain?region=weihai-lingang&rule=response&class=general&channel=online&at=2022-03-01T10:00%2B08:00"],
  calendar: () => ["calendar?region=xishuangbanna&year=2025", "calendar", "calendar?year=2030"],
  steps: () => ["steps", "steps?state=open", "steps?state=closed"],
  beginStep: () => ["steps"],
  dateStep: () => ["steps/8b0b5f6e-0d0f-4b51-9f3e-000000000001/date"],
  endStep: () => ["steps/8b0b5f6e-0d0f-4b51-9f3e-000000000001/close"],
  recomputeSteps: () => ["steps/recompute"],
  jobs: () => ["jobs"],
  jobRuns: () => ["jobs/runs"],
  smsMessages: () => ["sms/messages"],
  smsReplies: () => ["sms/replies"],
  imports: () => ["imports"],
  takeImport: () => ["imports?kind=clerks&mode=dry-run&fileName=EAST.csv"],
  setAside: ({ window, hall }) => ["troubles/set-aside", `troubles/set-aside?window=${window}`, `troubles/set-aside?hall=${hall}`],
  retakeEntry: () => ["troubles/set-aside/1/retake"],
  retakeEntries: ({ window }) => [`troubles/set-aside/retake?window=${window}`],
  decideEntry: () => ["troubles/set-aside/1/decision"],
  takeEntryFile: () => ["window-pcs/entry-files"],
  retireWindowPc: ({ pc }) => [`window-pcs/${pc.windowPcId}/retire`],
  incidents: ({ window, hall }) => ["troubles/incidents", `troubles/incidents?window=${window}`, `troubles/incidents?hall=${hall}`],
  refusedReports: () => ["troubles/refused?state=all"],
  retakeReport: () => ["troubles/refused/1/retake"],
};

/** Routes that answer scoped accounts with nothing of anybody: what was refused has no place that one could trust. */
const NOBODYS: ReadonlySet<RouteName> = new Set(["refusedReports"]);
/** Routes whose answers hold numbers alone. */
const NAMELESS: ReadonlySet<RouteName> = new Set(["ratingCount"]);

const EXTENSION = { region: "weihai-lingang", rule: "rectification-extended", class: "general", channel: "online", at: "2026-03-02T09:00" };

const ROUTES = Object.entries(CONSOLE_ROUTES) as [RouteName, RouteShape][];
const READING = ROUTES.filter(([name, { method, form }]) => method === "GET" && form !== "events" && name !== "liveStream");
const OWN = READING.filter(([, { rows }]) => rows === "by-organisation");

const textOf = (browser: TestBrowser, path: string): Promise<{ status: number; text: string }> =>
  browser.get(path).then(async (response) => ({ status: response.status, text: await response.text() }));

const scopesOf = (side: Side): readonly { readonly role: Role; readonly scope: Scope }[] => [
  { role: "hall", scope: { is: "hall", hallNo: `H-${side}` } },
  { role: "agency", scope: { is: "agency", agencyCode: `A-${side}` } },
];

it("says of a route that it is for the whole alone where its permission is", () => {
  const hall = { is: "hall", hallNo: "1" } as const;
  for (const [name, { permission, rows }] of ROUTES) {
    const isWhole = !(["it", "hall", "agency", "supervisor", "auditor", "publisher"] as const).some((role) =>
      may({ role, scope: hall }, permission),
    );
    expect([name, isWhole]).toEqual([name, rows === "whole"]);
  }
});

describe.each(STORAGES)("the console on $name", ({ create }) => {
  let storage: TestStorage;
  let halls: TwoHalls;
  let whole: TestBrowser;
  const viewers: { readonly name: string; readonly side: Side; readonly browser: TestBrowser }[] = [];

  beforeAll(async () => {
    storage = await create();
    halls = await TwoHalls.open(storage);
    halls.world.nowMs = MORNING_MS + 3_600_000;
    whole = (await signedIn(halls.world, { name: "whole", role: "it" })).browser;
    for (const side of SIDES) {
      const doer = { scope: { is: "all" } as const, by: `of ${side}`, address: "127.0.0.1" };
      const { region: _, ...asked } = { ...questionSchema.parse(EXTENSION), ratingNo: halls.sides[side].ratingNo };
      await inTransaction(halls.world.db, (tx) => changeSite(tx, openRuleBook(), { region: "weihai-lingang" }, "test", halls.world.nowMs));
      const { stepId } = await beginStep(halls.world.db, openRuleBook(), doer, asked, halls.world.nowMs);
      await dateStep(halls.world.db, doer, stepId, { dueDate: "2026-03-20" as CivilDate, reason: `${side} 会商` }, halls.world.nowMs);
      for (const { role, scope } of scopesOf(side)) {
        const name = `${role}.${side.toLowerCase()}`;
        viewers.push({ name, side, browser: (await signedIn(halls.world, { name, role, scope })).browser });
      }
    }
  });
  afterAll(async () => {
    await halls?.close();
    await storage?.remove();
  });

  it.each(OWN)("shows in %s nothing of another hall or agency, however it is asked", async (name) => {
    for (const { name: viewer, side, browser } of viewers) {
      const other = side === "EAST" ? "WEST" : "EAST";
      for (const path of QUESTIONS[name](halls.sides[other])) {
        const { status, text } = await textOf(browser, path);
        expect([viewer, path, status, status === 200 || status === 404]).toEqual([viewer, path, status, true]);
        // The number that was asked for may stand in the words that say that there is none.
        const shown = status === 404 ? text.replaceAll(decodeURIComponent(path.split("/").at(-1)?.replace(/.*=/, "") ?? ""), "") : text;
        expect([viewer, path, shown.includes(other) ? shown : "nothing"]).toEqual([viewer, path, "nothing"]);
      }
    }
  });

  it.each(OWN)("shows in %s what is one's own", async (name) => {
    for (const { name: viewer, side, browser } of viewers) {
      const texts: string[] = [];
      for (const path of QUESTIONS[name](halls.sides[side])) {
        const { status, text } = await textOf(browser, path);
        expect([viewer, path, status]).toEqual([viewer, path, 200]);
        texts.push(text);
      }
      const isShown = NAMELESS.has(name) ? !texts.join("").includes('"count":0') : texts.join("").includes(side);
      expect([viewer, name, isShown]).toEqual([viewer, name, !NOBODYS.has(name)]);
    }
  });

  it.each(READING)("answers %s with what its schema says, and nothing beside it", async (name, { answer, form }) => {
    for (const path of QUESTIONS[name](halls.sides.EAST)) {
      const { status, text } = await textOf(whole, path);
      expect([path, status]).toEqual([path, 200]);
      const values: unknown[] =
        form === "lines"
          ? text
              .trimEnd()
              .split("\n")
              .map((line) => JSON.parse(line) as unknown)
          : [JSON.parse(text)];
      for (const value of values) expect(answer.parse(value)).toEqual(value);
    }
  });

  it("lets nobody in who is not signed in, or may not", async () => {
    const { browser: publisher } = await signedIn(halls.world, { name: "publisher", role: "publisher" });
    const { browser: hall } = await signedIn(halls.world, { name: "hall.too", role: "hall", scope: { is: "hall", hallNo: "H-EAST" } });
    for (const [name, { method, permission }] of ROUTES) {
      const [path = name === "liveStream" ? "live/stream" : ""] = QUESTIONS[name](halls.sides.EAST);
      const stranger = await fetch(`${halls.world.url}/console/v1/${path}`, { method, headers: { "x-window-rating": "console" } });
      expect([name, stranger.status]).toEqual([name, 401]);
      if (!may({ role: "publisher", scope: { is: "all" } }, permission))
        expect([name, (await publisher.ask(method, path)).status]).toEqual([name, 403]);
      if (!may({ role: "hall", scope: { is: "hall", hallNo: "H-EAST" } }, permission))
        expect([name, (await hall.ask(method, path)).status]).toEqual([name, 403]);
    }
  });
});
