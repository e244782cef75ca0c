import type { HandedPushes, PushState } from "@window-rating/protocol/sync";
import { readLink } from "@window-rating/protocol/sync";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BusinessWorld, errorOf } from "../../test/business-world.ts";
import { STORAGES, type TestStorage } from "../../test/storages.ts";
import { MORNING_MS, type WindowPc } from "../../test/window-pc.ts";

const TAKEN = { is: "taken", requestId: "01a1fc8a-b142-7eac-8c07-042243205b2d" } as const;

describe.each(STORAGES)("Pushes to windows on $name", ({ create }) => {
  let made: TestStorage;
  let world: BusinessWorld;
  let token: string;
  let pc: WindowPc;
  let count = 0;

  beforeAll(async () => {
    made = await create();
    world = await BusinessWorld.open(made);
    pc = await world.enrolled();
  });
  afterAll(async () => {
    await world.close();
    await made.remove();
  });
  beforeEach(async () => {
    token = await world.newToken("push");
  });
  afterEach(() => {
    world.nowMs = MORNING_MS;
  });

  const order = (over: object = {}) => {
    count += 1;
    return { do: "end-case", windowNo: "3", caseNo: `P-${count}`, visitNo: 1, completed: true, ...over };
  };
  const push = (body: object, as = token) => world.post("/api/v1/push/orders", body, as);
  const state = async (response: Response): Promise<PushState> => (await response.json()) as PushState;
  const get = (pushNo: string, query = "", as = token) =>
    fetch(`${world.url}/api/v1/push/orders/${pushNo}${query}`, { headers: { authorization: `Bearer ${as}` } });
  const take = async (by = pc, waitSeconds = 0, windowNos = ["3"]) => {
    const response = await world.post("/sync/v1/pushes/take", { windowPcId: by.windowPcId, windowNos, waitSeconds }, by.token);
    expect(response.status).toBe(200);
    return ((await response.json()) as HandedPushes).pushes;
  };
  const answer = (pushId: string, outcome: object, by = pc) =>
    world.post("/sync/v1/pushes/answer", { windowPcId: by.windowPcId, pushId, outcome }, by.token);
  /** So that the next test finds nothing open. */
  const settle = async () => {
    for (const { pushId } of await take()) await answer(pushId, TAKEN);
  };

  test("wait for their window PC, are handed to it once it asks, and its answer goes back to whoever asked", async () => {
    const asked = order();
    expect(await state(await push({ pushNo: "1", order: asked }))).toMatchObject({ pushNo: "1", state: "waiting", requestId: null });
    const [handed] = await take();
    expect(handed).toEqual({
      pushId: expect.any(String),
      by: expect.stringMatching(/^样例系统/),
      expiresInMs: 30_000,
      isAgain: false,
      order: asked,
    });
    expect(await state(await get("1"))).toMatchObject({ state: "handed" });
    expect((await answer(handed?.pushId ?? "", TAKEN)).status).toBe(200);
    expect(await state(await get("1"))).toMatchObject({ state: "taken", requestId: TAKEN.requestId, answeredAtMs: MORNING_MS });
    // The answer may be sent again; another one changes nothing.
    expect((await answer(handed?.pushId ?? "", { is: "refused", code: "WR5004", detail: "nobody" })).status).toBe(200);
    expect(await state(await get("1"))).toMatchObject({ state: "taken", code: null });
    expect(await take()).toEqual([]);
  });

  test("are handed to a window PC that waits, and answer a business system that waits, at once", async () => {
    const waiting = take(pc, 20);
    const asking = push({ pushNo: "2", waitSeconds: 20, order: order() });
    const [handed] = await waiting;
    await answer(handed?.pushId ?? "", { is: "refused", code: "WR5004", detail: "nobody is signed in at this window" });
    const answered = await asking;
    expect(answered.status).toBe(201);
    expect(await state(answered)).toMatchObject({ state: "refused", code: "WR5004", detail: "nobody is signed in at this window" });
  });

  test("replay: sent again they are the same push; the same number for something else is refused", async () => {
    const asked = { pushNo: "3", order: order() };
    expect((await push(asked)).status).toBe(201);
    const again = await Promise.all(Array.from({ length: 5 }, () => push(asked)));
    expect(again.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect(await errorOf(await push({ ...asked, order: order() }))).toMatchObject({ status: 409, code: "WR7035" });
    expect(await take()).toHaveLength(1);
    // Another system may use the same number.
    expect((await push({ ...asked, order: order() }, await world.newToken("push"))).status).toBe(201);
    await settle();
  });

  test("expire when no window PC takes them in their time, and are given to nobody then", async () => {
    await push({ pushNo: "4", validSeconds: 5, order: order() });
    world.nowMs += 5000;
    expect(await take()).toEqual([]);
    expect(await state(await get("4"))).toMatchObject({ state: "expired", detail: "no window PC of this window took it in time" });
    world.nowMs = MORNING_MS;
    expect(await take()).toEqual([]);
  });

  test("are handed again to the same PC while it has not answered, also when their time is over: it tells what it did", async () => {
    await push({ pushNo: "5", validSeconds: 5, order: order() });
    const [first] = await take();
    expect((await take())[0]?.pushId).toBe(first?.pushId);
    world.nowMs += 6000;
    const [late] = await take();
    expect(late).toMatchObject({ pushId: first?.pushId, expiresInMs: -1000, isAgain: true });
    await answer(late?.pushId ?? "", { is: "refused", code: "WR5037", detail: "too late" });
    expect(await state(await get("5"))).toMatchObject({ state: "refused", code: "WR5037" });
  });

  test("go to one PC of a window alone, and to no PC that another window was enrolled for", async () => {
    const twin = await world.enrolled();
    for (let round = 0; round < 8; round++) {
      await push({ pushNo: `6-${round}`, order: order() });
      const [one, other] = await Promise.all([take(pc), take(twin)]);
      expect([...one, ...other]).toHaveLength(1);
      for (const { pushId } of one) await answer(pushId, TAKEN);
      for (const { pushId } of other) await answer(pushId, TAKEN, twin);
    }
    // Window 4 has no PC of its own: the PC that says that it serves it may have it.
    await push({ pushNo: "6 elsewhere", order: order({ windowNo: "4" }) });
    const [handed] = await take(pc, 0, ["3", "4"]);
    expect((await answer(handed?.pushId ?? "", TAKEN, twin)).status).toBe(404);
    await answer(handed?.pushId ?? "", TAKEN);
  });

  test("are for systems with the scope push and for enrolled PCs alone, each its own", async () => {
    await push({ pushNo: "7", order: order() });
    expect(await errorOf(await push({ pushNo: "8", order: order() }, world.token))).toMatchObject({ status: 401, code: "WR7030" });
    expect((await get("7", "", await world.newToken("push"))).status).toBe(404);
    const stolen = { windowPcId: pc.windowPcId, windowNos: ["3"] };
    expect(await errorOf(await world.post("/sync/v1/pushes/take", stolen, token))).toMatchObject({ status: 401, code: "WR7002" });
    await settle();
  });

  test("that are not understood are refused with the field named", async () => {
    for (const [body, field] of [
      [{ pushNo: "9", order: order({ do: "rate", level: 5 }) }, "order.do"],
      [{ pushNo: "9", order: order({ level: 5 }) }, "order"],
      [{ pushNo: "9", validSeconds: 301, order: order() }, "validSeconds"],
      [{ pushNo: "\u0000", order: order() }, "pushNo"],
    ] as const)
      expect((await errorOf(await push(body))).detail).toContain(`${field}:`);
  });

  test("a link is signed for the PC of its window, ends in its time, and holds the name of the system that asked", async () => {
    const response = await world.post("/api/v1/push/links", { order: order() }, token);
    expect(response.status).toBe(201);
    const { url, expiresAtMs } = (await response.json()) as { url: string; expiresAtMs: number };
    expect(expiresAtMs).toBe(MORNING_MS + 60_000);
    expect(readLink(url)?.ticket).toMatchObject({ signer: "central", by: expect.stringMatching(/^样例系统/), expiresAtMs });
    const nowhere = await world.post("/api/v1/push/links", { order: order({ windowNo: "77" }) }, token);
    expect(await errorOf(nowhere)).toMatchObject({ status: 404, code: "WR7012" });
  });
});
