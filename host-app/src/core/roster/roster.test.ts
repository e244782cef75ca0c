import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REASONS_2020 } from "@window-rating/protocol/reasons";
import type { DownAnswer } from "@window-rating/protocol/sync";
import fc from "fast-check";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { VirtualTime } from "../sync/test/virtual-time.ts";
import type { DownReply, DownRequest } from "./down-request.ts";
import { Roster } from "./roster.ts";
import { applyDown, EMPTY_ROSTER } from "./roster-state.ts";

const LABELS = ["非常不满意", "不满意", "基本满意", "满意", "非常满意"].map((label, index) => ({
  level: (index + 1) as 1 | 2 | 3 | 4 | 5,
  label,
}));
const SITE = { version: 1, region: "linxia", regionName: "临夏回族自治州", packVersion: 1, labels: LABELS, manualTrigger: false };

/** A central with a log of changes, as the real one keeps it. */
class SmallCentral {
  readonly log: { kind: "clerk" | "item"; key: string; name: string | null }[] = [];
  readonly asked: DownRequest[] = [];
  site = SITE;
  page = 3;
  isAway = false;

  readonly ask = (request: DownRequest): Promise<DownReply> => {
    this.asked.push(request);
    if (this.isAway) return Promise.resolve({ is: "failed", why: "no program listens at this address" });
    const from = request.since > this.log.length ? 0 : request.since;
    const newest = this.log.flatMap((change, index) => {
      const isNewest = !this.log.slice(index + 1).some(({ kind, key }) => kind === change.kind && key === change.key);
      return isNewest && index + 1 > from && (from > 0 || change.name !== null) ? [{ version: index + 1, ...change }] : [];
    });
    const changes = newest.slice(0, this.page);
    const more = newest.length > this.page;
    const answer: DownAnswer = {
      since: from,
      version: more ? (changes.at(-1)?.version ?? from) : this.log.length,
      more,
      clerks: changes.filter(({ kind }) => kind === "clerk").map(({ key, name }) => ({ staffNo: key, name })),
      items: changes.filter(({ kind }) => kind === "item").map(({ key, name }) => ({ itemCode: key, itemName: name })),
      reasons: request.reasons === "2020" ? null : REASONS_2020,
      site: this.site,
    };
    const etag = `"${JSON.stringify(answer).length} ${this.log.length} ${this.site.version}"`;
    return Promise.resolve(request.etag === etag ? { is: "unchanged" } : { is: "changed", answer, etag });
  };
}

describe("the roster", () => {
  let dataDir: string;
  let time: VirtualTime;
  let central: SmallCentral;
  let rosters: Roster[];
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "window-rating-roster-"));
    time = new VirtualTime();
    central = new SmallCentral();
    rosters = [];
  });
  afterEach(async () => {
    for (const roster of rosters) await roster.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const enrolment = { centralUrl: "http://central.example", token: "t", enrolledAt: "2026-03-02T01:00:00Z" };
  const started = (over: { enrolled?: boolean; centralUrl?: string | null } = {}): Roster => {
    const roster = new Roster({
      dataDir,
      centralUrl: over.centralUrl === undefined ? "http://central.example" : over.centralUrl,
      identity: { windowPcId: "b4e2b2ce-1678-8a68-9829-cee805641de3", enrolment: () => (over.enrolled === false ? null : enrolment) },
      ask: central.ask,
      clock: time,
      timers: time,
      random: () => 0.5,
      logger: pino({ level: "silent" }),
    });
    rosters.push(roster);
    roster.start();
    return roster;
  };
  /** Lets the next question be asked and its answer be taken in. */
  const turn = async (): Promise<void> => {
    time.turn();
    for (let step = 0; step < 10; step++) await Promise.resolve();
  };

  test("comes page by page at the start, and then what changes", async () => {
    central.log.push(...["1", "2", "3", "4"].map((key) => ({ kind: "clerk" as const, key, name: `样例 ${key}` })), {
      kind: "item",
      key: "I-1",
      name: "换证",
    });
    const roster = started();
    await turn();
    await turn();
    expect(roster.status()).toMatchObject({ version: 5, clerks: 4, items: 1, reasonsVersion: "2020", siteVersion: 1, region: "linxia" });
    expect([roster.clerk("4")?.name, roster.itemName("I-1"), roster.clerk("9")?.name, roster.clerk("toString")?.name]).toEqual([
      "样例 4",
      "换证",
      undefined,
      undefined,
    ]);
    central.log.push({ kind: "clerk", key: "4", name: null }, { kind: "clerk", key: "1", name: "张三样例" });
    let changes = 0;
    roster.onChange(() => {
      changes += 1;
    });
    await turn();
    expect([roster.clerk("4")?.name, roster.clerk("1")?.name, changes]).toEqual([undefined, "张三样例", 1]);
    await turn();
    await turn();
    expect(central.asked.at(-1)?.etag).not.toBe("");
    expect([roster.status().version, changes]).toEqual([7, 1]);
  });

  test("is used from disk when central is away, and after a restart", async () => {
    central.log.push({ kind: "clerk", key: "1", name: "张三样例" });
    const first = started();
    await turn();
    await first.stop();
    central.isAway = true;
    const roster = started();
    expect([roster.clerk("1")?.name, roster.reasons?.version, roster.site?.manualTrigger]).toEqual(["张三样例", "2020", false]);
    await turn();
    expect(roster.status()).toMatchObject({ version: 1, lastAnswerMs: null, cause: "no program listens at this address" });
    central.isAway = false;
    await turn();
    expect(roster.status().cause).toBeUndefined();
    expect(central.asked.at(-1)).toMatchObject({ since: 1, reasons: "2020" });
  });

  test("asks less and less often while central is away, and never stops asking", async () => {
    central.isAway = true;
    started();
    const pauses: number[] = [];
    for (let tries = 0; tries < 8; tries++) {
      const before = time.monotonicMs();
      await turn();
      pauses.push(time.monotonicMs() - before);
    }
    expect(pauses).toEqual([0, 45_000, 90_000, 180_000, 360_000, 450_000, 450_000, 450_000]);
  });

  test("that was put back to an older version at central starts over: what central forgot is gone", async () => {
    central.log.push({ kind: "clerk", key: "1", name: "张三样例" }, { kind: "clerk", key: "2", name: "李四样例" });
    const roster = started();
    await turn();
    central.log.length = 1;
    await turn();
    expect([roster.status().version, roster.clerk("1")?.name, roster.clerk("2")?.name]).toEqual([1, "张三样例", undefined]);
  });

  test("whose file is damaged is fetched anew", async () => {
    central.log.push({ kind: "clerk", key: "1", name: "张三样例" });
    for (const damage of ["", "{", '{"format":2}', '{"format":1,"version":-1}', "\0"]) {
      writeFileSync(join(dataDir, "roster.json"), damage);
      const roster = started();
      expect(roster.status().version).toBe(0);
      await turn();
      expect(roster.clerk("1")?.name).toBe("张三样例");
      await roster.stop();
    }
  });

  test("that cannot be written is not used, so that a restart never knows less than was shown", async () => {
    const blocked = `${join(dataDir, "roster.json")}.${process.pid}.new`;
    // A folder where the new file shall be: no user can write there, root included.
    mkdirSync(blocked);
    central.log.push({ kind: "clerk", key: "1", name: "张三样例" });
    const roster = started();
    await turn();
    expect([roster.clerk("1")?.name, roster.status().cause?.startsWith("the roster cannot be written")]).toEqual([undefined, true]);
    rmSync(blocked, { recursive: true });
    await turn();
    expect([roster.clerk("1")?.name, existsSync(join(dataDir, "roster.json"))]).toEqual(["张三样例", true]);
    expect(JSON.parse(readFileSync(join(dataDir, "roster.json"), "utf8"))).toMatchObject({
      version: 1,
      clerks: { 1: { name: "张三样例" } },
    });
  });

  test("asks nobody when this PC has no central, and waits for its enrolment", async () => {
    const without = started({ centralUrl: null });
    expect(time.hasTimers).toBe(false);
    expect(without.status().version).toBe(0);
    const stranger = started({ enrolled: false });
    await turn();
    expect([central.asked.length, stranger.status().cause]).toEqual([0, "this window PC is not enrolled"]);
  });
});

test("pages and changes in any cut give the same roster as asking for all of it at once", async () => {
  const change = fc.record({
    kind: fc.constantFrom("clerk" as const, "item" as const),
    key: fc.constantFrom("a", "b", "c", "__proto__"),
    name: fc.constantFrom("甲", "乙", null),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 30 }),
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(30), { maxLength: 5 }),
      async (log, page, stops) => {
        const central = new SmallCentral();
        central.page = page;
        const catchUp = async (from = EMPTY_ROSTER) => {
          let state = from;
          for (;;) {
            const request = { since: state.version, reasons: "", etag: "" } as DownRequest;
            const reply = await central.ask(request);
            if (reply.is !== "changed") throw new Error(reply.is);
            state = applyDown(state, reply.answer);
            if (state.isWhole) return state;
          }
        };
        let state = EMPTY_ROSTER;
        for (const stop of [...stops.sort((one, other) => one - other), log.length]) {
          central.log.push(...log.slice(central.log.length, stop));
          state = await catchUp(state);
        }
        central.page = 1000;
        const whole = await catchUp();
        expect([Object.entries(state.clerks).sort(), Object.entries(state.items).sort(), state.version]).toEqual([
          Object.entries(whole.clerks).sort(),
          Object.entries(whole.items).sort(),
          whole.version,
        ]);
      },
    ),
    { seed: 3301, numRuns: 200 },
  );
});
