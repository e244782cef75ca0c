import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { china, DAY_MS, FRESH_STORAGES, HOUR_MS, JobWorld } from "../../test/job-world.ts";
import type { TestStorage } from "../../test/storages.ts";
import type { OutgoingSms, SendResult, SmsGateway } from "./gateway.ts";
import { settlementOf } from "./sending.ts";

const MONDAY = china("2026-03-02 09:00");

/** A gateway whose every answer waits until it is let go: what a kill in the middle of a send leaves behind. */
class SilentGateway implements SmsGateway {
  readonly isIdempotent: boolean;
  readonly timeoutMs = 1000;
  readonly heard: OutgoingSms[] = [];
  readonly #waiting: ((result: SendResult) => void)[] = [];
  readonly #heardOne = Promise.withResolvers<void>();

  constructor(isIdempotent: boolean) {
    this.isIdempotent = isIdempotent;
  }

  send(message: OutgoingSms): Promise<SendResult> {
    this.heard.push(message);
    this.#heardOne.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  untilHeard(): Promise<void> {
    return this.#heardOne.promise;
  }

  letGo(result: SendResult): void {
    for (const resolve of this.#waiting) resolve(result);
  }
}

describe.each(FRESH_STORAGES)("sending on $name", ({ start }) => {
  let storages: Awaited<ReturnType<typeof start>>;
  let storage: TestStorage;
  let world: JobWorld;
  beforeAll(async () => {
    storages = await start();
  });
  afterAll(() => storages.stop());
  beforeEach(async () => {
    storage = await storages.fresh();
    world = await JobWorld.open(storage);
    await world.chooseRegion("linxia");
  });
  afterEach(async () => {
    await world.close();
    await storage.remove();
  });
  const states = async () => (await world.messages()).map(({ state }) => state);

  test("what comes due in the night waits for the morning, and is sent then in the order in which it was due", async () => {
    for (const hour of [23, 22, 21, 20]) {
      await world.tell({ completedAtMs: china(`2026-03-02 ${hour}:00`), phone: `130000000${hour}` });
    }
    for (const clock of ["2026-03-03 20:30", "2026-03-03 21:30", "2026-03-03 23:30", "2026-03-04 07:59"]) {
      world.nowMs = china(clock);
      await world.run();
    }
    expect(world.gateway.sends.map(({ phone }) => phone)).toEqual(["13000000020"]);
    world.nowMs = china("2026-03-04 08:00");
    await world.run();
    expect(world.gateway.sends.map(({ phone }) => phone)).toEqual(["13000000020", "13000000021", "13000000022", "13000000023"]);
  });

  test("a hall has quiet hours of its own, or none", async () => {
    const hall = async (windowNo: string, hallNo: string) => {
      const row = {
        kind: "window",
        key: windowNo,
        content: JSON.stringify({ name: null, hallNo }),
        told_by: "import 1",
        told_at_ms: MONDAY,
      };
      await world.db.insertInto("registry").values(row).execute();
    };
    await hall("5", "H-5");
    await hall("6", "H-6");
    await world.set({ hallQuietHours: { "H-5": null, "H-6": { from: "12:00", until: "14:00" } } });
    await world.tell({ completedAtMs: china("2026-03-02 22:00"), phone: "13000000005", windowNo: "5" });
    await world.tell({ completedAtMs: china("2026-03-02 22:00"), phone: "13000000007", windowNo: "7" });
    await world.tell({ completedAtMs: china("2026-03-02 13:00"), phone: "13000000006", windowNo: "6" });
    world.nowMs = china("2026-03-03 13:30");
    await world.run();
    expect(world.gateway.sends).toEqual([]);
    world.nowMs = china("2026-03-03 22:00");
    await world.run();
    expect(world.gateway.sends.map(({ phone }) => phone)).toEqual(["13000000006", "13000000005"]);
  });

  test("no message holds the number of the case, a name or a phone, and neither does the outbox", async () => {
    const caseNo = await world.tell({ completedAtMs: MONDAY, phone: "13000000001", itemName: "张三样例 13000000001 的事项" });
    world.nowMs = MONDAY + DAY_MS;
    await world.run();
    const [sent] = world.gateway.sends as [OutgoingSms];
    for (const secret of [caseNo, "13000000001", "张三样例", "王五样例"]) expect(sent.text).not.toContain(secret);
    expect(sent.key).not.toContain(caseNo);
    const outbox = JSON.stringify(await world.messages());
    for (const secret of ["13000000001", "张三样例", "王五样例"]) expect(outbox).not.toContain(secret);
  });

  test("a contact without a phone, or sealed for another case, is settled and shown, not tried again", async () => {
    const [other, stolen] = [
      await world.tell({ completedAtMs: MONDAY, phone: "13000000001" }),
      await world.tell({ completedAtMs: MONDAY }),
    ];
    const { sealed } = await world.db.selectFrom("case_contacts").select("sealed").where("case_no", "=", other).executeTakeFirstOrThrow();
    await world.db.insertInto("case_contacts").values({ case_no: stolen, sealed, received_at_ms: MONDAY }).execute();
    world.nowMs = MONDAY + DAY_MS;
    await world.run();
    expect(await states()).toEqual(["accepted", "no-phone"]);
  });

  test("a refusal for now is tried again later and later, one for good is not", async () => {
    await world.tell({ completedAtMs: MONDAY, phone: "13000000001" });
    world.nowMs = MONDAY + DAY_MS;
    world.gateway.answers.push(
      { is: "refused", again: true, detail: "429", waitMs: 10 * 60_000 },
      { is: "refused", again: true, detail: "429" },
    );
    await world.run();
    world.nowMs += 10 * 60_000 - 1;
    await world.run();
    expect([await states(), world.gateway.sends.length]).toEqual([["waiting"], 0]);
    world.nowMs += 1;
    await world.run();
    world.nowMs += 2 * 60_000;
    await world.run();
    expect(await world.messages()).toMatchObject([{ state: "accepted", attempts: 3, gateway_id: "g-1" }]);

    await world.tell({ completedAtMs: world.nowMs - DAY_MS, phone: "13000000002" });
    world.gateway.answers.push({ is: "refused", again: false, detail: "wrong number" });
    await world.run();
    world.nowMs += HOUR_MS;
    await world.run();
    expect((await world.messages())[1]).toMatchObject({ state: "refused", fault: "wrong number", attempts: 1 });
  });

  test("a send whose instance ends in the middle goes again under the same key, once nobody can still be at it", async () => {
    await world.tell({ completedAtMs: MONDAY, phone: "13000000001" });
    world.nowMs = MONDAY + DAY_MS;
    const dead = new SilentGateway(true);
    const lost = world.run({ sms: { gateway: dead, keys: world.keys } });
    await dead.untilHeard();
    await world.run();
    expect(world.gateway.sends).toEqual([]);
    world.nowMs += HOUR_MS;
    await world.run();
    expect(world.gateway.sends.map(({ key }) => key)).toEqual(dead.heard.map(({ key }) => key));
    // The dead one's answer comes to nobody: its claim is gone.
    dead.letGo({ is: "refused", again: false, detail: "too late" });
    await lost;
    expect(await world.messages()).toMatchObject([{ state: "accepted", attempts: 2 }]);
  });

  test("where a gateway takes a known key twice, a message of unknown fate is shown as unsure and never sent again", async () => {
    await world.tell({ completedAtMs: MONDAY, phone: "13000000001" });
    await world.tell({ completedAtMs: MONDAY + 1, phone: "13000000002" });
    world.gateway.isIdempotent = false;
    world.gateway.answers.push({ is: "unknown", detail: "TimeoutError" });
    world.nowMs = MONDAY + DAY_MS;
    await world.run();
    world.nowMs += HOUR_MS;
    const dead = new SilentGateway(false);
    const lost = world.run({ sms: { gateway: dead, keys: world.keys } });
    await dead.untilHeard();
    world.nowMs += HOUR_MS;
    await world.run();
    world.nowMs += DAY_MS;
    await world.run();
    expect(await states()).toEqual(["unsure", "unsure"]);
    dead.letGo({ is: "accepted", gatewayId: null });
    await lost;
    expect(await states()).toEqual(["unsure", "unsure"]);
  });

  test("several instances at once send each message once", async () => {
    for (let number = 0; number < 60; number++) {
      await world.tell({ completedAtMs: MONDAY + number, phone: `131000000${String(number).padStart(2, "0")}` });
    }
    world.nowMs = MONDAY + 10 * DAY_MS;
    const instances = [world.jobs(), world.jobs(), world.jobs()];
    await Promise.all(instances.map((jobs) => jobs.run()));
    // One that came to another's turn left it to that one; what is left is done by the next run.
    await Promise.all(instances.map((jobs) => jobs.run()));
    expect(world.gateway.sends).toHaveLength(60);
    expect(world.gateway.accepted).toHaveLength(60);
    const { length } = await world.db.selectFrom("ratings").select("seq").where("channel", "=", "default").execute();
    expect([length, (await world.reminders()).length]).toEqual([60, 60]);
  });
});

test("after a day and a half of tries it is given up", () => {
  const busy = { is: "refused", again: true, detail: "busy" } as const;
  let nowMs = 0;
  for (let attempts = 1; attempts < 12; attempts++) {
    const settled = settlementOf(busy, attempts, true, nowMs);
    expect(settled.state).toBe("waiting");
    nowMs = settled.notBeforeMs as number;
  }
  expect(nowMs).toBeGreaterThan(DAY_MS / 2);
  expect(settlementOf(busy, 12, true, nowMs).state).toBe("given-up");
});
