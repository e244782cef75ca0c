import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { type HeldByCentral, openHeld, STORAGES, WindowPc } from "@window-rating/central/bench";
import { openSendingPc, type SendingPc, verifyChain } from "@window-rating/host-app/core";
import { pino } from "pino";
import { startBalancer } from "../rig/balancer.ts";
import { type Child, startChild } from "../rig/child.ts";
import { until } from "../rig/until.ts";
import { type BenchRow, valueRow } from "./row.ts";

/** What a hall of window PCs and three instances of central went through, and what is left of it. */
export interface InstancesReport {
  /** Entries that the window PCs wrote. */
  readonly entries: number;
  /** Of these, those that central has not, or has with other content. */
  readonly lost: number;
  /** Rows that central has and nobody wrote, or has more than once: entries, ratings, ends without one, rated visits, running counts. */
  readonly doubled: number;
  /** Chains that are not whole, or not as the window PC signed them, at central. */
  readonly brokenChains: number;
  /** Entries set aside, at central or at a window PC, and incidents. */
  readonly refused: number;
  readonly kills: number;
  /** Entries that no instance had confirmed at the moments of the kills. */
  readonly waitingAtKills: readonly number[];
  readonly seconds: number;
}

export interface InstancesPlan {
  readonly windowPcs: number;
  /** Entries that each window PC writes. */
  readonly entriesEach: number;
}

const INSTANCES = 3;
/** A window PC writes so many in one commit, as after a while without its disk. */
const AT_ONCE = 5;
/** How many entries a second the whole hall writes; a hall of 200 windows in its busiest hour writes three. */
const WRITTEN_A_SECOND = 2000;
const PATIENCE_MS = 120_000;

const systemTime = { wallMs: Date.now, monotonicMs: () => performance.now(), bootId: "bench" };

/**
 * Three processes of central on one PostgreSQL behind a balancer, and window PCs with real chains, databases and senders. While they send,
 * two instances are killed in turn and started again. Then everything is counted in the databases.
 */
export const sendThroughKills = async ({ windowPcs, entriesEach }: InstancesPlan): Promise<InstancesReport> => {
  const postgres = STORAGES.find(({ name }) => name === "PostgreSQL");
  if (postgres === undefined) throw new Error("There is no PostgreSQL among the storages");
  const { storage, remove } = await postgres.create();
  if (!("databaseUrl" in storage)) throw new Error("A PostgreSQL has a URL");
  await using undo = new AsyncDisposableStack();
  undo.defer(remove);
  const folder = mkdtempSync(join(tmpdir(), "window-rating-instances-"));
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const held = await openHeld(storage.databaseUrl);
  undo.defer(() => held.close());
  const balancer = await startBalancer();
  undo.defer(() => balancer.close());

  const instances: Child[] = [];
  undo.defer(() => Promise.all(instances.map((instance) => instance.end("SIGKILL"))).then(() => {}));
  const start = async (): Promise<Child> => {
    const flags = ["serve", "--port", "0", "--json", "--log-level", "silent"];
    const instance = await startChild("window-central", flags, { DATABASE_URL: storage.databaseUrl });
    instances.push(instance);
    balancer.add(String(instance.ready.url));
    return instance;
  };
  const first = [await start(), await start(), await start()].slice(0, INSTANCES - 1);

  const makers: { readonly pc: SendingPc; readonly body: WindowPc }[] = [];
  undo.defer(() => Promise.all(makers.map(({ pc }) => pc.close())).then(() => {}));
  for (let number = 1; number <= windowPcs; number++) {
    const windowNo = String(number);
    const pc = await openSendingPc({
      ...{ dataDir: join(folder, windowNo), windowNo, centralUrl: balancer.url, clock: systemTime, logger: pino({ level: "silent" }) },
      enrolCode: await held.enrolmentCode(windowNo),
    });
    makers.push({ pc, body: new WindowPc(`instances ${number}`, windowNo) });
  }

  const entries = windowPcs * entriesEach;
  const startedMs = performance.now();
  let written = 0;
  const waiting = (): number => makers.reduce((sum, { pc }) => sum + pc.waiting(), 0);
  const waitingAtKills: number[] = [];
  let restarted: Promise<unknown> = Promise.resolve();
  /** Two kills are never at one time: the instance before is back first. */
  const kill = async (instance: Child): Promise<void> => {
    waitingAtKills.push(waiting());
    await instance.end("SIGKILL");
    balancer.remove(String(instance.ready.url));
    restarted = start();
  };
  // All window PCs in one burst, and then none: a kill in a burst hits hundreds of entries and every instance.
  const due = [...first];
  for (let round = 0; round < entriesEach / AT_ONCE; round++) {
    // After the first and the second third of what is written. No answer comes in while such a burst is written: all of it waits.
    const victim = written >= (entries * (waitingAtKills.length + 1)) / INSTANCES ? due.shift() : undefined;
    if (victim !== undefined) await restarted;
    for (const { pc, body } of makers) {
      // Every fifth citizen does not rate.
      pc.write(Array.from({ length: AT_ONCE }, (_, index) => (index === 2 ? body.notRated() : body.rating())));
      written += AT_ONCE;
      if (victim === undefined) await nextTurn();
    }
    if (victim !== undefined) await kill(victim);
    await pause(Math.max(0, startedMs + (written * 1000) / WRITTEN_A_SECOND - performance.now()));
  }
  await restarted;
  await until("the end of sending", PATIENCE_MS, () => waiting() === 0);
  const seconds = (performance.now() - startedMs) / 1000;
  const audit = await auditOf(
    held,
    makers.map(({ pc }) => pc),
  );
  return { ...audit, entries, kills: waitingAtKills.length, waitingAtKills, seconds };
};

/** Counts what central holds against what the window PCs wrote. */
const auditOf = async (
  held: HeldByCentral,
  pcs: readonly SendingPc[],
): Promise<Pick<InstancesReport, "lost" | "doubled" | "brokenChains" | "refused">> => {
  let [lost, strange, brokenChains, written, rated] = [0, 0, 0, 0, 0];
  for (const pc of pcs) {
    const own = pc.entries();
    const chain = await held.chainOf(pc.windowPcId);
    const atCentral = new Map(chain.map((entry) => [entry.entryId, JSON.stringify(entry)]));
    const missing = own.filter((entry) => atCentral.get(entry.entryId) !== JSON.stringify({ ...entry })).length;
    lost += missing;
    strange += chain.length - (own.length - missing);
    const check = verifyChain(chain, pc.publicKey);
    if (!check.intact || check.entries !== own.length) brokenChains += 1;
    written += own.length;
    rated += own.filter(({ body }) => (JSON.parse(body) as { readonly kind: string }).kind === "rating").length;
  }
  const counts = await held.counts();
  const expected = {
    ...{ entries: written, ratings: rated, notRated: written - rated, ratedVisits: rated },
    ...{ toldRatings: rated, toldNotRated: written - rated, gapless: written },
  };
  const tooMany = Object.entries(expected).map(([what, count]) => Math.max(0, counts[what as keyof typeof expected] - count));
  const tooFew = Object.entries(expected).map(([what, count]) => Math.max(0, count - counts[what as keyof typeof expected]));
  const sum = (numbers: readonly number[]): number => numbers.reduce((one, other) => one + other, 0);
  return {
    lost: lost + sum(tooFew),
    doubled: strange + sum(tooMany),
    brokenChains,
    refused: counts.setAside + counts.incidents + sum(pcs.map((pc) => pc.setAside())),
  };
};

const PLAN: InstancesPlan = { windowPcs: 200, entriesEach: 200 };

export const benchInstances = async (): Promise<BenchRow[]> => {
  const { entries, lost, doubled, brokenChains, refused, kills, waitingAtKills, seconds } = await sendThroughKills(PLAN);
  const what = `${INSTANCES} instances, ${PLAN.windowPcs} window PCs, ${kills} instances killed in turn with ${waitingAtKills.join(" and ")} entries on their way`;
  const row = (name: string, unit: string, value: number, against: string, baseline: number): BenchRow =>
    valueRow({ what: `${what}: ${name}`, unit, value, against, baseline }, { atMost: 0 });
  return [
    row("lost", "entries", lost, `entries written in ${seconds.toFixed(0)} s`, entries),
    row("doubled", "rows", doubled, "entries written", entries),
    row("chains that do not verify", "chains", brokenChains, "chains", PLAN.windowPcs),
    row("refused", "entries", refused, "entries written", entries),
  ];
};

if (import.meta.main) for (const row of await benchInstances()) process.stdout.write(`${JSON.stringify(row)}\n`);
