import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { STORAGES, type TestStorage } from "../test/storages.ts";
import { MORNING_MS, WindowPc } from "../test/window-pc.ts";
import { type Central, startCentral } from "./central.ts";
import type { Summary } from "./command-line/administration.ts";

describe.each(STORAGES)("enrolment on $name", ({ create }) => {
  let storage: TestStorage;
  let central: Central;
  let nowMs = MORNING_MS;

  beforeAll(async () => {
    storage = await create();
    central = await startCentral({ ...storage.storage, port: 0, now: () => nowMs });
  });
  afterAll(async () => {
    await central.close();
    await storage.remove();
  });

  const ask = async (pc: WindowPc, code: string, windowNo = pc.windowNo) => {
    const body = JSON.stringify({ code, windowNo, publicKey: pc.publicKey });
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${central.url}/sync/v1/enrolments`, { method: "POST", body, headers });
    const answer = (await response.json()) as { token?: string; windowPcId?: string; error?: { code: string } };
    return { status: response.status, token: answer.token, windowPcId: answer.windowPcId, error: answer.error?.code };
  };
  const codeFor = async (windowNo = "3"): Promise<string> => (await central.makeEnrolmentCode(windowNo)).code;
  const isEnrolled = async (pc: WindowPc): Promise<boolean> => {
    const { windowPcs } = (await (await fetch(`${central.url}/api/v1/entries/summary`)).json()) as Summary;
    return windowPcs.some(({ windowPcId }) => windowPcId === pc.windowPcId);
  };

  test("a one-time code gives a window PC its id, made from its key, and a token that works", async () => {
    const pc = new WindowPc("first");
    const { windowPcId, centralTimeMs } = await pc.enrol(central.url, await codeFor());
    expect(windowPcId).toBe(pc.windowPcId);
    expect(centralTimeMs).toBe(nowMs);
    expect((await pc.send(central.url, pc.entries(1), nowMs)).highestGapless).toBe(1);
  });

  test("a code may be typed in lower case and without dashes", async () => {
    const code = (await codeFor()).toLowerCase().replaceAll("-", "");
    expect(await ask(new WindowPc("typist"), code)).toMatchObject({ status: 201 });
  });

  test("two window PCs that race for one code: one is enrolled, the other gets WR7003", async () => {
    for (let round = 0; round < 5; round++) {
      const code = await codeFor();
      const racers = [new WindowPc(`racer ${round} a`), new WindowPc(`racer ${round} b`), new WindowPc(`racer ${round} c`)];
      const answers = await Promise.all(racers.map((pc) => ask(pc, code)));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403]);
      expect(answers.flatMap(({ error }) => error ?? [])).toEqual(["WR7003", "WR7003"]);
      const enrolled = await Promise.all(racers.map(isEnrolled));
      expect(enrolled).toEqual(answers.map(({ status }) => status === 201));
    }
  });

  test("a window PC whose answer was lost may send its code again, and only its last token works", async () => {
    const pc = new WindowPc("unlucky");
    const code = await codeFor();
    const [lost, kept] = [await ask(pc, code), await ask(pc, code)];
    expect(kept).toMatchObject({ status: 201, windowPcId: pc.windowPcId });
    pc.token = lost.token ?? "";
    expect((await pc.post(central.url, [], nowMs)).status).toBe(401);
    pc.token = kept.token ?? "";
    expect((await pc.post(central.url, [], nowMs)).status).toBe(200);
  });

  test("a window PC that enrols anew keeps its chain", async () => {
    const pc = new WindowPc("anew");
    await pc.enrol(central.url, await codeFor());
    await pc.send(central.url, pc.entries(3), nowMs);
    await pc.enrol(central.url, await codeFor());
    expect((await pc.send(central.url, pc.entries(1), nowMs)).highestGapless).toBe(4);
  });

  test("an expired code, an unknown code and the code of another window are refused with WR7003 and enrol nobody", async () => {
    const pc = new WindowPc("refused");
    const expired = await codeFor();
    nowMs += 60 * 60_000;
    for (const code of [expired, "AAAA-BBBB-CCCC", await codeFor("4")]) {
      expect(await ask(pc, code)).toMatchObject({ status: 403, error: "WR7003" });
    }
    expect(await isEnrolled(pc)).toBe(false);
  });

  test("a code that was refused for the wrong window still works for its own", async () => {
    const code = await codeFor("5");
    expect((await ask(new WindowPc("wrong window"), code)).status).toBe(403);
    expect((await ask(new WindowPc("right window", "5"), code)).status).toBe(201);
  });

  test("an enrolment that is not understood gets WR7001", async () => {
    const pc = new WindowPc("malformed");
    for (const bad of ["short", "x".repeat(65)]) expect(await ask(pc, bad)).toMatchObject({ status: 400, error: "WR7001" });
    expect(await ask(pc, await codeFor(), "")).toMatchObject({ status: 400, error: "WR7001" });
    expect(await ask(pc, await codeFor(), "3\0")).toMatchObject({ error: "WR7001" });
  });
});
