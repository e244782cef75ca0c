import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { signedIn, type TestBrowser } from "../../../test/access-world.ts";
import { STORAGES, type TestStorage } from "../../../test/storages.ts";
import { heartbeat, pressOf, TwoHalls } from "../../../test/two-halls.ts";
import { MORNING_MS } from "../../../test/window-pc.ts";
import { inTransaction } from "../../database/transaction.ts";
import { acceptRating } from "../../ratings/accept.ts";
import { OPEN_POLICY } from "../../ratings/policy.ts";
import { type ChangedEvent, hallAnswerSchema, hallsAnswerSchema } from "../contract/live.ts";
import { chartAnswerSchema } from "../contract/ratings.ts";
import { Pulse } from "./pulse.ts";

/** What a stream says, as it comes. */
const listen = async (browser: TestBrowser, path: string) => {
  const abort = new AbortController();
  const response = await fetch(`${browser.url}/console/v1/${path}`, {
    headers: { "x-window-rating": "console", cookie: browser.cookie },
    signal: abort.signal,
  });
  const events: { readonly event: string; readonly data: ChangedEvent }[] = [];
  let isOver = false;
  const read = async (): Promise<void> => {
    let text = "";
    for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += piece;
      const blocks = text.split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
        if (event !== undefined && data !== undefined) events.push({ event, data: JSON.parse(data) as ChangedEvent });
      }
    }
  };
  const reading = read()
    .catch(() => {})
    .finally(() => {
      isOver = true;
    });
  return {
    status: response.status,
    events,
    named: () => events.flatMap(({ data }) => data.windows ?? []),
    isOver: () => isOver,
    async end() {
      abort.abort();
      await reading;
    },
  };
};

describe.each(STORAGES)("halls as they are now, on $name", ({ create }) => {
  let storage: TestStorage;
  let halls: TwoHalls;
  let whole: TestBrowser;
  let east: TestBrowser;

  beforeAll(async () => {
    storage = await create();
    halls = await TwoHalls.open(storage);
    whole = (await signedIn(halls.world, { name: "whole", role: "it" })).browser;
    east = (await signedIn(halls.world, { name: "east", role: "hall", scope: { is: "hall", hallNo: "H-EAST" } })).browser;
  });
  afterAll(async () => {
    await halls?.close();
    await storage?.remove();
  });

  const hall = async (browser: TestBrowser, query = "hall=H-EAST") =>
    hallAnswerSchema.parse(await (await browser.get(`live/hall?${query}`)).json());

  it("show what the window PCs told, who served, and today's ratings, given and default apart", async () => {
    const { windows, hall: sums, day } = await hall(whole);
    expect(day).toBe("2026-03-02");
    expect(sums).toMatchObject({
      hallNo: "H-EAST",
      windows: 1,
      windowPcs: 1,
      silent: 0,
      padsAway: 0,
      waiting: 0,
      setAside: 2,
      today: { notRated: 1 },
    });
    expect(windows).toHaveLength(1);
    expect(windows[0]).toMatchObject({
      windowNo: "W-EAST",
      clerksNow: [{ staffNo: "S-EAST" }],
      clerks: [{ staffNo: "S-EAST" }],
      pad: { connection: "ready", serialNumber: "SN-EAST" },
      // Seven presses; the levels go round from 2 on. The clerk of the reported case was not rated.
      today: { given: [1, 2, 2, 1, 1], default: [0, 0, 0, 0, 0], notRated: 1 },
    });
    expect(windows[0]?.windowPcs[0]).toMatchObject({
      windowNo: "W-EAST",
      holes: 1,
      incidents: expect.any(Number),
      status: { version: "0.1.0", waiting: 0 },
    });
  });

  it("never put a default rating among the given ones, and take away what was corrected", async () => {
    const { world } = halls;
    const [before] = (await hall(whole)).windows;
    const of = (channel: "default" | "sms", level: 2 | 3) =>
      inTransaction(world.db, (tx) =>
        acceptRating(
          tx,
          { channel, key: "staff", subject: { kind: "staff", caseNo: "R-EAST", visitNo: 1 }, level, atMs: world.nowMs },
          OPEN_POLICY,
          world.nowMs,
        ),
      );
    await of("default", 3);
    world.nowMs += 2000;
    expect((await hall(whole)).windows[0]?.today).toEqual({ ...before?.today, default: [0, 0, 1, 0, 0] });
    await of("sms", 2);
    world.nowMs += 2000;
    expect((await hall(whole)).windows[0]?.today).toEqual({ ...before?.today, given: [1, 3, 2, 1, 1] });
    const chart = chartAnswerSchema.parse(await (await whole.get("ratings/chart?from=2026-03-01&to=2026-03-02&window=W-EAST")).json());
    const none = [0, 0, 0, 0, 0];
    // The reported case's item was rated by SMS, which names no window: it is counted where the case was served.
    expect(chart.days).toEqual([
      { day: "2026-03-01", given: none, default: none, items: { given: none, default: none }, notRated: 0 },
      { day: "2026-03-02", given: [1, 3, 2, 1, 1], default: none, items: { given: [0, 1, 0, 0, 0], default: none }, notRated: 1 },
    ]);
    expect(chart.windows.map(({ windowNo }) => windowNo)).toEqual(["W-EAST"]);
  });

  it("show default ratings of items, named as such, where their case was served last; without a window they are their agency's", async () => {
    const { world } = halls;
    const agency = (await signedIn(world, { name: "agency.east", role: "agency", scope: { is: "agency", agencyCode: "A-EAST" } })).browser;
    const before = await hall(whole);
    const item = { itemCode: "ITEM-EAST", itemName: "EAST 事项样例" };
    const served = { visitNo: 1, staffNo: "S-EAST", clerkName: "EAST 张三样例", endedAt: new Date(MORNING_MS).toISOString() };
    const cases = [
      world.report({ caseNo: "D-1", ...item, visit: { ...served, windowNo: "W-WEST" } }),
      world.report({ caseNo: "D-1", ...item, visit: { ...served, visitNo: 2, windowNo: "W-EAST" } }),
      world.report({ caseNo: "D-2", ...item, visit: undefined }),
    ];
    expect((await world.tell(cases)).map(({ answer }) => answer)).toEqual(["taken", "taken", "taken"]);
    for (const caseNo of ["D-1", "D-2"]) {
      await inTransaction(world.db, (tx) =>
        acceptRating(
          tx,
          { channel: "default", key: `item ${caseNo}`, subject: { kind: "item", caseNo }, level: 3, atMs: world.nowMs },
          OPEN_POLICY,
          world.nowMs,
        ),
      );
    }
    world.nowMs += 2000;
    const after = await hall(whole);
    const grown = (today: typeof before.hall.today) => ({ ...today, items: { ...today.items, default: [0, 0, 1, 0, 0] } });
    expect(after.hall.today).toEqual(grown(before.hall.today));
    expect(after.windows[0]?.today).toEqual(grown(before.windows[0]?.today ?? before.hall.today));
    const chart = async (browser: TestBrowser, query = "") => {
      const { days, windows } = chartAnswerSchema.parse(
        await (await browser.get(`ratings/chart?from=2026-03-02&to=2026-03-02${query}`)).json(),
      );
      return [days[0]?.items.default[2], Object.fromEntries(windows.map(({ windowNo, items }) => [windowNo, items.default[2]]))];
    };
    expect(await chart(whole)).toEqual([2, { "W-EAST": 1, "W-WEST": 0, null: 1 }]);
    expect(await chart(agency)).toEqual([2, { "W-EAST": 1, null: 1 }]);
    expect(await chart(east)).toEqual([1, { "W-EAST": 1 }]);
    expect(await chart(whole, "&hall=H-WEST")).toEqual([0, { "W-WEST": 0 }]);
    // In the list they stand in the same places.
    const listed = async (browser: TestBrowser) =>
      ((await (await browser.get("ratings?given=no&subject=item")).json()) as { ratings: { caseNo: string }[] }).ratings.map(
        ({ caseNo }) => caseNo,
      );
    expect([await listed(east), (await listed(agency)).sort()]).toEqual([["D-1"], ["D-1", "D-2"]]);
  });

  it("say of a window PC that was not heard of for five minutes that it is silent", async () => {
    const { world, sides } = halls;
    world.nowMs += 301_000;
    const silent = hallsAnswerSchema.parse(await (await whole.get("live/halls")).json());
    expect(silent.halls.map(({ hallNo, silent: count }) => [hallNo, count])).toEqual([
      ["H-EAST", 1],
      ["H-WEST", 1],
    ]);
    await heartbeat(world, sides.EAST.pc, "EAST", 3);
    const again = await hall(whole);
    expect([again.hall.silent, again.hall.waiting, again.windows[0]?.windowPcs[0]?.lastSeenAtMs]).toEqual([0, 3, world.nowMs]);
  });

  it("show windows that nobody registered to accounts of the whole alone", async () => {
    const { world } = halls;
    const pc = await world.enrolled();
    await pc.send(world.url, [pc.entry()], world.nowMs);
    expect((await hall(whole, "")).windows.map(({ windowNo }) => windowNo)).toEqual(["3"]);
    expect((await hall(east, "")).windows).toEqual([]);
    expect((await east.get("live/hall?hall=H-WEST")).status).toBe(404);
  });

  it("keep the newest of what a window PC told, whatever comes late", async () => {
    const { world, sides } = halls;
    await heartbeat(world, sides.WEST.pc, "WEST", 9);
    world.nowMs -= 60_000;
    await heartbeat(world, sides.WEST.pc, "WEST", 1);
    world.nowMs += 60_000;
    expect((await hall(whole, "hall=H-WEST")).hall.waiting).toBe(9);
  });

  it("take a heartbeat of its own window PC alone", async () => {
    const { world, sides } = halls;
    const body = { windowPcId: sides.EAST.pc.windowPcId, sentAtMs: MORNING_MS, status: {} };
    expect((await world.post("/sync/v1/heartbeats", body, sides.EAST.pc.token)).status).toBe(400);
    const status = { version: "1", startedAtMs: 0, queue: { waiting: 0, oldestWaitingAtMs: null, setAside: 0 }, windows: [] };
    expect((await world.post("/sync/v1/heartbeats", { ...body, status }, sides.WEST.pc.token)).status).toBe(401);
    expect((await world.post("/sync/v1/heartbeats", { ...body, status, mood: "later version" }, sides.EAST.pc.token)).status).toBe(200);
  });

  describe("as a stream", () => {
    it("name the windows at which something happened, to each account its own", async () => {
      const { world, sides } = halls;
      const [all, own, otherHall] = [
        await listen(whole, "live/stream"),
        await listen(east, "live/stream"),
        await listen(whole, "live/stream?hall=H-EAST"),
      ];
      expect([all.status, own.status]).toEqual([200, 200]);
      await vi.waitUntil(() => all.events.length > 0 && own.events.length > 0 && otherHall.events.length > 0);
      await sides.WEST.pc.send(world.url, [sides.WEST.pc.entry(pressOf(sides.WEST.pc, "WEST"))], world.nowMs);
      await vi.waitUntil(() => all.named().includes("W-WEST"));
      await sides.EAST.pc.send(world.url, [sides.EAST.pc.entry(pressOf(sides.EAST.pc, "EAST"))], world.nowMs);
      await vi.waitUntil(() => all.named().includes("W-EAST") && own.named().includes("W-EAST") && otherHall.named().includes("W-EAST"));
      expect([own.named().includes("W-WEST"), otherHall.named().includes("W-WEST")]).toEqual([false, false]);
      await Promise.all([all.end(), own.end(), otherHall.end()]);
    });

    it("name a window whose window PC tells something new, and one that was rated by another way than its pad", async () => {
      const { world, sides } = halls;
      const all = await listen(whole, "live/stream");
      await vi.waitUntil(() => all.events.length > 0);
      await vi.waitUntil(async () => {
        world.nowMs += 1000;
        await heartbeat(world, sides.WEST.pc, "WEST", world.nowMs % 1_000_000);
        return all.named().includes("W-WEST");
      });
      expect(all.named()).not.toContain("W-EAST");
      const byCode = { channel: "static-qr", key: "stream", subject: { kind: "window", subjectNo: "W-EAST" }, level: 5 } as const;
      await inTransaction(world.db, (tx) => acceptRating(tx, { ...byCode, atMs: world.nowMs }, OPEN_POLICY, world.nowMs));
      await vi.waitUntil(() => all.named().includes("W-EAST"));
      await all.end();
    });

    it("end when the session does", async () => {
      const { world, sides } = halls;
      const { browser } = await signedIn(world, { name: "leaving", role: "it" });
      const stream = await listen(browser, "live/stream");
      await vi.waitUntil(() => stream.events.length > 0);
      expect((await browser.delete("session")).ok).toBe(true);
      world.nowMs += 6000;
      await vi.waitUntil(async () => {
        await sides.EAST.pc.send(world.url, [sides.EAST.pc.entry(pressOf(sides.EAST.pc, "EAST"))], world.nowMs);
        return stream.isOver();
      });
      expect([stream.events.at(-1)?.event, stream.named()]).toEqual(["ended", []]);
    });

    it("are a dozen for one account at most", async () => {
      const { browser } = await signedIn(halls.world, { name: "collector", role: "it" });
      const streams = await Promise.all(Array.from({ length: 12 }, () => listen(browser, "live/stream")));
      expect(streams.map(({ status }) => status)).toEqual(new Array(12).fill(200));
      const more = await browser.get("live/stream");
      expect([more.status, more.headers.get("retry-after")]).toEqual([429, "30"]);
      await streams[0]?.end();
      await vi.waitUntil(async () => {
        const again = await listen(browser, "live/stream");
        await again.end();
        return again.status === 200;
      });
      await Promise.all(streams.map((stream) => stream.end()));
    });
  });

  it("ask the database only while somebody listens, and hear of what another instance took", async () => {
    const { world, sides } = halls;
    const pulse = new Pulse(world.db, (error) => expect.fail(String(error)));
    const heard: (readonly string[] | null)[] = [];
    const end = pulse.subscribe((changed) => void heard.push(changed));
    await vi.waitUntil(async () => {
      await pulse.look();
      await sides.EAST.pc.send(world.url, [sides.EAST.pc.entry(pressOf(sides.EAST.pc, "EAST"))], world.nowMs);
      await pulse.look();
      return heard.some((changed) => changed?.includes("W-EAST") === true);
    });
    end();
    const before = heard.length;
    await sides.EAST.pc.send(world.url, [sides.EAST.pc.entry(pressOf(sides.EAST.pc, "EAST"))], world.nowMs);
    await pulse.look();
    expect([heard.length, pulse.listeners]).toEqual([before, 0]);
  });
});
