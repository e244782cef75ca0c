import { randomUUID } from "node:crypto";
import type { RequestId } from "@window-rating/protocol/rating";
import { type DeskOrder, deskOrderSchema, type HandedPush } from "@window-rating/protocol/sync";
import pino from "pino";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openWindow, TestClock, temporaryFolder, WINDOW_PC } from "../../../test/window-rig.ts";
import { WindowDesks } from "../cases/window-desks.ts";
import { httpTransport } from "../sync/http-transport.ts";
import { OrderDesk } from "./order-desk.ts";
import { PushLine } from "./push-line.ts";
import { HandTimers, TestPushCentral } from "./test-push-central.ts";

const ITEM = { itemCode: "110101", itemName: "居民身份证补领" };
const BY = "hall system";
const enrolment = { centralUrl: "http://central.example", token: "t".repeat(43), enrolledAt: "2026-03-02T01:00:00Z" };

let folder: ReturnType<typeof temporaryFolder>;
let window: ReturnType<typeof openWindow>;
let central: TestPushCentral;
let timers: HandTimers;
let isEnrolled: boolean;
let line: PushLine;
/** What was carried out, or tried. */
let done: DeskOrder[];
const log: string[] = [];

/** A window-host as far as pushes go; a new one stands for a restart. */
const newLine = (): PushLine => {
  const orders = new OrderDesk({ desks: new WindowDesks([window.window]), requestOf: (no, visit) => window.requests.ofCase(no, visit) });
  const carryOut = orders.carryOut.bind(orders);
  orders.carryOut = (order, way, caller) => {
    done.push(order);
    return carryOut(order, way, caller);
  };
  timers = new HandTimers();
  return new PushLine({
    centralUrl: central.url,
    identity: { windowPcId: WINDOW_PC, enrolment: () => (isEnrolled ? enrolment : null) },
    windowNos: ["8"],
    orders,
    transport: httpTransport(),
    clock: new TestClock(),
    timers,
    random: () => 0.4,
    logger: pino({ level: "debug" }, { write: (text: string) => void log.push(text) }),
  });
};

beforeEach(async () => {
  folder = temporaryFolder();
  window = openWindow(folder.path, new TestClock());
  window.window.signIn({ staffNo: "1001", name: "张三样例" }, { name: BY });
  central = new TestPushCentral();
  await central.up();
  isEnrolled = true;
  done = [];
  log.length = 0;
  line = newLine();
});
afterEach(async () => {
  await line.stop();
  await central.down();
  window.database.close();
  folder.remove();
});

const pushOf = (order: object, over: Partial<Omit<HandedPush, "isAgain">> = {}): Omit<HandedPush, "isAgain"> => ({
  ...{ pushId: randomUUID(), by: BY, expiresInMs: 30_000, order: deskOrderSchema.parse({ windowNo: "8", visitNo: 1, ...order }) },
  ...over,
});
const ending = (caseNo: string, over?: Partial<Omit<HandedPush, "isAgain">>) => pushOf({ do: "end-case", caseNo, item: ITEM }, over);

const asked = (): Promise<unknown> => vi.waitUntil(() => central.isAsked);
const answered = async ({ pushId }: { readonly pushId: string }): Promise<unknown> => {
  await vi.waitUntil(() => central.outcomes.has(pushId));
  return central.outcomes.get(pushId);
};
const pauses = (ms: number): Promise<unknown> => vi.waitUntil(() => timers.waiting.includes(ms));
/** It waits so long and then goes on. */
const pause = async (ms: number): Promise<void> => {
  await pauses(ms);
  timers.over(ms);
};
const requestOf = (caseNo: string): RequestId | undefined => window.requests.ofCase(caseNo, 1)?.binding.requestId;
/** window-host ends, however far it was, and starts again on the same disk. */
const restarted = async (): Promise<void> => {
  await line.stop();
  line = newLine();
  line.start();
};

describe("A push", () => {
  test("is carried out once and answered, with the request that it opened or why it was refused", async () => {
    line.start();
    await asked();
    const [good, bad] = [ending("A-1"), pushOf({ do: "end-case", caseNo: "A-2" })];
    central.push(good, bad);
    expect(await answered(good)).toEqual({ is: "taken", requestId: requestOf("A-1") });
    expect(await answered(bad)).toMatchObject({ is: "refused", code: "WR5005" });
    expect(window.requests.ofCase("A-1", 1)?.binding).toMatchObject({ trigger: "push", triggeredBy: BY, staffNo: "1001" });
    await asked();
    expect(done).toHaveLength(2);
  });

  test("that comes twice with the same number is done once; the same order under another number is refused as the desk API refuses it", async () => {
    const push = ending("A-1");
    const other = ending("A-1");
    central.push(push, push, other);
    line.start();
    expect(await answered(other)).toMatchObject({ is: "refused", code: "WR5006" });
    expect(done).toHaveLength(2);
    expect(central.heard.map(({ outcome }) => outcome.is)).toEqual(["taken", "taken", "refused"]);
  });

  test("whose time was over when it came is refused, and nothing is done", async () => {
    const late = ending("A-1", { expiresInMs: 0 });
    central.push(late);
    line.start();
    expect(await answered(late)).toMatchObject({ is: "refused", code: "WR5037" });
    expect(requestOf("A-1")).toBeUndefined();
  });

  test("of a kind that this version does not know is refused under its number, and holds up none beside it", async () => {
    const strange = { pushId: randomUUID(), by: BY, expiresInMs: 30_000, order: { do: "greet", windowNo: "8" } };
    const known = ending("A-1");
    central.push(strange, known);
    line.start();
    expect(await answered(known)).toMatchObject({ is: "taken" });
    expect(await answered(strange)).toMatchObject({ is: "refused", code: "WR5003" });
  });

  test("that the disk refuses is answered so, and the next one is asked for", async () => {
    const push = ending("A-1");
    central.push(push);
    central.takes.push("cut-mid-answer");
    line.start();
    await pauses(200);
    window.database.close();
    timers.over(200);
    expect(await answered(push)).toMatchObject({ is: "refused", code: expect.stringMatching(/^WR/) });
    await asked();
  });
});

describe("A cut", () => {
  test("while central hands pushes over costs none of them: they come again, and each is done once", async () => {
    const pushes = [ending("A-1"), pushOf({ do: "cancel-case", caseNo: "A-1" })] as const;
    central.takes.push("cut-mid-answer");
    central.push(...pushes);
    line.start();
    await pause(200);
    for (const push of pushes) expect(await answered(push)).toMatchObject({ is: "taken" });
    expect(done).toHaveLength(2);
    expect(window.requests.ofCase("A-1", 1)?.state).toBe("cancelled");
  });

  // What breaks before any byte of an answer on a connection that was kept open is tried once more at once.
  test.each([
    ["before central has it", ["cut", "cut"]],
    ["after central has it", ["cut-mid-answer"]],
  ] as const)("of the answer, %s, leaves one answer and one request", async (_, manners) => {
    const push = ending("A-1");
    central.answers.push(...manners);
    central.push(push);
    line.start();
    await pause(200);
    await asked();
    expect(central.outcomes.get(push.pushId)).toEqual({ is: "taken", requestId: requestOf("A-1") });
    expect(new Set(central.heard.map(({ outcome }) => JSON.stringify(outcome))).size).toBe(1);
    expect(done).toHaveLength(1);
  });

  test("of one answer does not keep the other citizens waiting: all pushes are done before any is answered", async () => {
    const pushes = [pushOf({ do: "start-case", caseNo: "A-1", ...ITEM }), pushOf({ do: "end-case", caseNo: "A-1" })] as const;
    central.answers.push("silent");
    central.push(...pushes);
    line.start();
    await vi.waitUntil(() => central.heard.length === 1);
    expect(requestOf("A-1")).toBeDefined();
    expect(central.heard.map(({ pushId }) => pushId)).toEqual([pushes[0].pushId]);
    await pause(15_000);
    await pause(200);
    for (const push of pushes) expect(await answered(push)).toMatchObject({ is: "taken" });
    expect(done).toHaveLength(2);
  });

  test("by a restart of this PC between the doing and the answer: it tells what it did, also if the push's time is over by now", async () => {
    const begun = pushOf({ do: "start-case", caseNo: "A-1", ...ITEM });
    const ended = pushOf({ do: "end-case", caseNo: "A-2", item: ITEM });
    const other = ending("A-3");
    line.start();
    for (const push of [ended, begun]) {
      await asked();
      central.answers.push("cut", "cut");
      central.push(push);
      await pauses(200);
      Object.assign(push, { expiresInMs: -1 });
      await restarted();
      expect(await answered(push)).toEqual({ is: "taken", requestId: push === ended ? requestOf("A-2") : null });
    }
    expect(window.window.state().openCase).toMatchObject({ caseNo: "A-1" });
    // What another system ended is not this push's doing.
    window.window.cancelCase("A-1", { visitNo: 1 }, { name: BY });
    window.window.startCase({ caseNo: "A-3", visitNo: 1, ...ITEM }, { name: BY });
    window.window.endCase("A-3", { visitNo: 1, completed: true, trigger: "business-system", staffNo: undefined }, { name: BY });
    await asked();
    await line.stop();
    central.takes.push("cut-mid-answer");
    central.push(other);
    line = newLine();
    line.start();
    await pause(200);
    expect(await answered(other)).toMatchObject({ is: "refused", code: "WR5006" });
  });
});

describe("Central away", () => {
  test("is asked again after longer and longer pauses, of half a minute at most; well again it is asked at once, then held", async () => {
    await central.down();
    line.start();
    for (const ms of [200, 400, 800, 1600, 3200, 6400, 12_000, 12_000]) await pause(ms);
    await pauses(12_000);
    await central.up();
    const push = ending("A-1");
    central.push(push);
    timers.over(12_000);
    expect(await answered(push)).toMatchObject({ is: "taken" });
    await asked();
    expect(central.waits).toEqual([0, 25]);
    await central.down();
    await pause(200);
    await pauses(400);
  });

  test("and back at its address: a question that was held when central stopped is asked anew", async () => {
    line.start();
    for (const caseNo of ["A-1", "A-2"]) {
      await asked();
      await central.down();
      await pauses(200);
      await central.up();
      timers.over(200);
      const push = ending(caseNo);
      central.push(push);
      expect(await answered(push)).toMatchObject({ is: "taken" });
    }
    expect(done).toHaveLength(2);
  });

  test("without a word: the question is given up after its time, and what was handed over with it comes again", async () => {
    central.takes.push("silent");
    line.start();
    await vi.waitUntil(() => central.waits.length === 1);
    await pause(40_000);
    await pause(200);
    await asked();
    expect(central.waits).toEqual([25, 0, 25]);
  });

  test("for as long as it says itself, a minute at most", async () => {
    central.takes.push({ status: 503, retryAfter: "7" }, { status: 503, retryAfter: "86400" }, { status: 503, retryAfter: "never" });
    line.start();
    for (const ms of [7000, 60_000, 800]) await pause(ms);
    await asked();
  });

  test.each([
    ["html", { status: 200, text: "<!doctype html><title>请先登录网络</title>" }],
    ["other JSON", { status: 200, text: '{"pushes":"none"}' }],
    ["more pushes than may be", { status: 200, text: JSON.stringify({ pushes: Array.from({ length: 33 }, () => ending("A-1")) }) }],
    ["an error of its own", { status: 500, text: "{}" }],
  ] as const)("by a wrong answer, %s: nothing is done, and it is asked again after a pause", async (_, manner) => {
    central.takes.push(manner);
    line.start();
    await pause(200);
    await asked();
    expect(done).toEqual([]);
  });

  test("and a central that knows no pushes, or not this PC, is asked once a minute", async () => {
    central.takes.push({ status: 404 }, { status: 401 }, { status: 403 });
    line.start();
    for (let turn = 0; turn < 3; turn++) await pause(60_000);
    await asked();
  });

  test("with answers that it will not have: it is asked again after a second, not at once and not ever less often", async () => {
    const refused = { status: 400, text: JSON.stringify({ error: { code: "WR7001", detail: "as the test wants it" } }) };
    const [push, next] = [ending("A-1"), ending("A-2")];
    central.answers.push(refused, refused, refused);
    central.push(push);
    line.start();
    for (let turn = 0; turn < 3; turn++) await pause(1000);
    await asked();
    expect(done).toHaveLength(1);
    central.push(next);
    expect(await answered(next)).toMatchObject({ is: "taken" });
  });
});

describe("The line", () => {
  test("asks nothing before this PC is enrolled, and soon after", async () => {
    isEnrolled = false;
    line.start();
    await pauses(2000);
    expect(central.waits).toEqual([]);
    isEnrolled = true;
    timers.over(2000);
    await asked();
  });

  test("stops at once, whether it asks or pauses, and leaves nothing behind that would ask again", async () => {
    line.start();
    await asked();
    await line.stop();
    expect(timers.waiting).toEqual([]);
    await central.down();
    line = newLine();
    line.start();
    await pauses(200);
    await line.stop();
    expect(timers.waiting).toEqual([]);
  });
});
