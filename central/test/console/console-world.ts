import { join } from "node:path";
import type { LEVELS } from "@window-rating/protocol/rating";
import type { WindowPcStatus } from "@window-rating/protocol/sync";
import { KeyRing } from "../../src/access/keys/key-ring.ts";
import { inTransaction } from "../../src/database/transaction.ts";
import { makeEnrolmentCode } from "../../src/enrolment.ts";
import { createJobs } from "../../src/jobs/jobs.ts";
import { changeJobSettings } from "../../src/jobs/settings.ts";
import { boundTo, makeContactKeys } from "../../src/sms/contact-keys.ts";
import type { SmsGateway } from "../../src/sms/gateway.ts";
import { type BusinessWorld, iso } from "../business-world.ts";
import { rateAt } from "../citizen.ts";
import { CitizenWorld } from "../citizen-world.ts";
import type { TestStorage } from "../storages.ts";
import { MORNING_MS, WindowPc } from "../window-pc.ts";

type Level = (typeof LEVELS)[number]["level"];

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** 2026-02-10 09:00 in China, a Tuesday. */
const BEGIN_MS = MORNING_MS - 20 * DAY_MS;

/** Told, reminded, set by default, and rated afterwards with words. */
const CASE_NO = "STORY-1";
/** Set by default, and left so. */
const DEFAULT_CASE_NO = "DEFAULT-1";

/** Takes every message. */
const WILLING: SmsGateway = { isIdempotent: true, timeoutMs: 1000, send: async ({ key }) => ({ is: "accepted", gatewayId: key }) };

const REGISTRY: Readonly<Record<string, readonly object[]>> = {
  agency: [
    { agencyCode: "A1", name: "行政审批服务局样例" },
    { agencyCode: "A2", name: "自然资源局样例" },
  ],
  hall: [
    { hallNo: "H1", name: "一号政务服务大厅样例", agencyCode: "A1" },
    { hallNo: "H2", name: "二号便民服务中心样例", agencyCode: "A2" },
  ],
  window: [
    { windowNo: "1", name: "综合受理", hallNo: "H1", agencyCode: "A1" },
    { windowNo: "2", name: "社保医保", hallNo: "H1", agencyCode: "A1" },
    { windowNo: "3", name: "不动产登记", hallNo: "H1", agencyCode: "A1" },
    { windowNo: "9", name: "出件", hallNo: "H2", agencyCode: "A2" },
  ],
  clerk: [
    { staffNo: "1001", name: "张三样例", agencyCode: "A1", windowNo: "3" },
    { staffNo: "1002", name: "李四样例", agencyCode: "A1", windowNo: "1" },
  ],
  item: [
    { itemCode: "ITEM-01", name: "居民身份证换领", agencyCode: "A1" },
    { itemCode: "ITEM-02", name: "不动产登记", agencyCode: "A1" },
  ],
};

type PadChange = Partial<WindowPcStatus["windows"][number]["pad"]>;
type QueueChange = Partial<WindowPcStatus["queue"]>;

/** A central of two halls, some days after it began: with all that its console shows. */
export class ConsoleWorld {
  readonly citizen: CitizenWorld;
  readonly pc: WindowPc;
  /** A case with the whole story: told, reminded, set by default, rated afterwards with words. */
  readonly storyCaseNo: string;
  /** Of a report that is refused, and taken once the case is known. */
  readonly refusedCaseNo: string;

  private constructor(citizen: CitizenWorld, pc: WindowPc, storyCaseNo: string, refusedCaseNo: string) {
    this.citizen = citizen;
    this.pc = pc;
    this.storyCaseNo = storyCaseNo;
    this.refusedCaseNo = refusedCaseNo;
  }

  get world(): BusinessWorld {
    return this.citizen.world;
  }

  static async open(storage: TestStorage, folder: string): Promise<ConsoleWorld> {
    const keyFile = join(folder, "contact-keys.json");
    makeContactKeys(keyFile);
    const keys = new KeyRing(keyFile);
    const citizen = await CitizenWorld.open(storage, { contactKeys: keys });
    const { world } = citizen;
    await keys.refresh(world.db, world.nowMs, { holds: true });
    world.nowMs = BEGIN_MS;
    await citizen.site({ region: "linxia" });
    await inTransaction(world.db, (tx) => changeJobSettings(tx, { staffDefault: true }, "张三样例", world.nowMs));
    for (const [kind, entries] of Object.entries(REGISTRY)) {
      const response = await world.post("/api/v1/registry", { kind, entries });
      if (!response.ok) throw new Error(await response.text());
    }
    // A case of three weeks ago: a day later the reminder is due, after five working days the default rating.
    const visit = { visitNo: 1, windowNo: "3", staffNo: "1001", clerkName: "张三样例", endedAt: iso(BEGIN_MS) };
    const contact = keys.seal({ name: "王五样例", phone: "13800001234" }, boundTo("case", CASE_NO));
    const told = world.report({ completedAt: iso(BEGIN_MS), reportedAt: iso(BEGIN_MS), visit, caseNo: CASE_NO, contact });
    const [answer] = await world.tell([told]);
    if (answer?.answer !== "taken") throw new Error(JSON.stringify(answer));
    // Nobody ever rates this one.
    const silent = world.report({ completedAt: iso(BEGIN_MS), reportedAt: iso(BEGIN_MS), visit, caseNo: DEFAULT_CASE_NO });
    await world.tell([silent]);
    const jobs = createJobs({ db: world.db, book: citizen.book, now: () => world.nowMs, sms: { gateway: WILLING, keys } });
    for (const nowMs of [BEGIN_MS + 2 * DAY_MS, MORNING_MS]) {
      world.nowMs = nowMs;
      await jobs.run();
    }
    world.nowMs = MORNING_MS + HOUR_MS;
    const wrong = world.report({ acceptedAt: iso(MORNING_MS), completedAt: iso(MORNING_MS - HOUR_MS), reportedAt: iso(MORNING_MS) });
    await world.tell([wrong]);
    const { url } = await citizen.issue({ caseNo: told.caseNo, visitNo: 1 });
    await rateAt(url, 2, { reasons: ["213"], words: "等候太久，没有人说明原因", name: "王五样例", phone: "13800001234" });
    const pc = await ConsoleWorld.#windowPc(world);
    return new ConsoleWorld(citizen, pc, told.caseNo, wrong.caseNo);
  }

  /** Window 3's PC: ratings of every level, a case without one, an entry that is set aside. */
  static async #windowPc(world: BusinessWorld): Promise<WindowPc> {
    const pc = new WindowPc("console", "3");
    await pc.enrol(world.url, (await makeEnrolmentCode(world.db, "3", 60, world.nowMs)).code);
    const rated = pc.rating({ level: 5 });
    const bodies = [rated, ...([4, 4, 3, 1] as const).map((level) => pc.rating({ level })), pc.notRated()];
    const again = pc.rating({ level: 2, requestId: rated.binding.requestId });
    await ConsoleWorld.#send(world, pc, [...bodies, again]);
    return pc;
  }

  static async #send(world: BusinessWorld, pc: WindowPc, bodies: readonly Parameters<WindowPc["entry"]>[0][]): Promise<void> {
    const answer = await pc.send(
      world.url,
      bodies.map((body) => pc.entry(body)),
      world.nowMs,
    );
    if (answer.answers.length !== bodies.length) throw new Error(JSON.stringify(answer));
  }

  /** A citizen presses at window 3. */
  async press(level: Level): Promise<void> {
    this.#pass();
    await ConsoleWorld.#send(this.world, this.pc, [this.pc.rating({ level })]);
  }

  /** Window 3's PC tells how it is. */
  tellStatus(pad: PadChange = {}, queue: QueueChange = {}): Promise<void> {
    return this.tellStatusOf(this.pc, pad, queue);
  }

  async tellStatusOf({ windowPcId, windowNo, token }: WindowPc, padChange: PadChange, queueChange: QueueChange): Promise<void> {
    const { world } = this;
    this.#pass();
    const pad = { connection: "ready", model: "generic/five-button", serialNumber: "SIM-0001", cause: null, sinceMs: MORNING_MS } as const;
    const status: WindowPcStatus = {
      version: "0.1.0",
      startedAtMs: world.nowMs - HOUR_MS,
      queue: { waiting: 0, oldestWaitingAtMs: null, setAside: 0, ...queueChange },
      windows: [{ windowNo, pad: { ...pad, ...padChange }, clerks: [{ staffNo: "1001", clerkName: "张三样例" }] }],
    };
    const response = await world.post("/sync/v1/heartbeats", { windowPcId, sentAtMs: world.nowMs, status }, token);
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  }

  /** What was counted a moment ago is not counted again at the very same moment. */
  #pass(): void {
    this.world.nowMs += 2000;
  }

  close(): Promise<void> {
    return this.citizen.close();
  }
}
