import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { auditStore } from "@window-rating/firmware-sim";
import Database from "better-sqlite3";
import { describe, test } from "vitest";
import { heldByHost } from "../demo/reckoning.ts";
import { seededRandom } from "../demo/rehearsal.ts";
import { CLERKS, ITEMS } from "../demo/seed.ts";
import { type Child, runCommand, startChild } from "../rig/child.ts";
import { type DeskClient, DeskRefusal, deskClient } from "../rig/desk-client.ts";
import { until } from "../rig/until.ts";

/** Kills of one run, half of them at the window PC, half at the pad; two runs with other seeds make the two hundred. */
const KILLS = 100;
/** Far more than any start takes, milliseconds: on a machine that does much else two starts in a row took over twenty seconds. */
const PATIENCE = 120_000;

/** A verb of the desk that is said again until the window PC, which is killed all the time, has carried it out. */
const insist = async (verb: () => Promise<unknown>): Promise<void> => {
  const end = performance.now() + PATIENCE;
  for (;;) {
    try {
      await verb();
      return;
    } catch (error) {
      // Carried out at the first try, killed before the answer.
      if (error instanceof DeskRefusal && error.code === "WR5006") return;
      if (error instanceof DeskRefusal) throw error;
      if (performance.now() > end) throw error;
      await pause(20);
    }
  }
};

describe("a hall in which processes are killed at random moments", () => {
  test.concurrent.for([1, 2])(
    `loses, doubles and misbinds nothing over ${KILLS} kills of window PC and pad, seed %i`,
    { timeout: 600_000 },
    async (seed, { expect }) => {
      const folder = mkdtempSync(join(tmpdir(), "window-rating-kills-"));
      const hostData = join(folder, "window");
      const link = join(folder, "pad");
      const store = join(folder, "pad.store");
      const serial = `SOAK-${seed}`;
      const random = seededRandom(seed);
      const running = new Set<Child>();
      try {
        const { token } = await runCommand("window-host", ["pair", "--name", "soak", "--data", hostData]);
        let deskPort = "0";
        let starts = 0;
        const startPad = (): Promise<Child> =>
          startChild("pressing-pad", ["--link", link, "--store", store, "--seed", String(seed * 1000 + starts++), "--serial", serial]);
        const startHost = (): Promise<Child> =>
          startChild("window-host", [
            "--data",
            hostData,
            "--pad",
            link,
            "--desk-port",
            deskPort,
            "--pad-serial-number",
            serial,
            "--pad-unpaired",
            "admit",
            "--json",
          ]);
        // Only a window PC that ends in order leaves behind what it compiled; every start after a kill reads that.
        await (await startHost()).end("SIGTERM");
        let pad = await startPad();
        running.add(pad);
        let host = await startHost();
        running.add(host);
        deskPort = String(host.ready.deskPort);
        const desk: DeskClient = deskClient(Number(deskPort), String(token));

        let isOver = false;
        const clerkOf = new Map<string, string>();
        const work = async (): Promise<void> => {
          for (let turn = 0; !isOver; turn++) {
            const caseNo = `SOAK-${String(turn).padStart(5, "0")}`;
            const clerk = CLERKS[turn % 2 === 0 ? 0 : 1];
            const item = ITEMS[turn % ITEMS.length] as (typeof ITEMS)[number];
            clerkOf.set(caseNo, clerk.staffNo);
            await insist(() => desk.signIn(clerk));
            await insist(() => desk.startCase({ caseNo, ...item }));
            await insist(() => desk.endCase(caseNo));
            // Some citizens get the time to press, some are followed at once by the next case.
            await pause(40 + random() * 200);
          }
        };
        const worker = work();
        // Its failure is told where it is awaited, after the kills.
        worker.catch(() => undefined);
        for (let kill = 0; kill < KILLS; kill++) {
          await pause(random() * 500);
          const isHost = kill % 2 === 0;
          const victim = isHost ? host : pad;
          // A killed pad cannot take its link away, and the system gives the number of its tty to the next terminal that opens.
          if (!isHost) rmSync(link, { force: true });
          await victim.end("SIGKILL");
          running.delete(victim);
          const next = await (isHost ? startHost() : startPad());
          running.add(next);
          if (isHost) host = next;
          else pad = next;
        }
        isOver = true;
        await worker;

        // Let what is under way come to rest: the pad holds nothing any more that the window PC has not.
        const rated = (): number =>
          new Database(join(hostData, "window.db"), { readonly: true })
            .prepare<[], { n: number }>("SELECT count(*) AS n FROM ratings")
            .get()?.n ?? 0;
        let before = -1;
        await until("rest", PATIENCE, async () => {
          const { request, pad: state } = await desk.state();
          const now = rated();
          const isAtRest = state.connection === "ready" && now === before && request?.state !== "waiting" && request?.state !== "shown";
          before = now;
          if (!isAtRest) await pause(300);
          return isAtRest;
        });
        for (const child of running) await child.end("SIGTERM");

        const audit = auditStore(store);
        const held = heldByHost(hostData);
        const byRequest = new Map(held.map((rating) => [rating.requestId, rating]));
        expect(audit.rated.length).toBeGreaterThan(KILLS / 2);
        const counts = {
          lost: audit.rated.filter(({ requestId }) => !byRequest.has(requestId)).length,
          doubled: held.length - byRequest.size,
          misbound: held.filter(({ caseNo, staffNo }) => caseNo === null || clerkOf.get(caseNo) !== staffNo).length,
          otherLevel: audit.rated.filter(({ requestId, level }) => byRequest.get(requestId)?.level !== level).length,
          invented: held.filter(({ requestId }) => !audit.rated.some((press) => press.requestId === requestId)).length,
          stillInPad: audit.pending,
        };
        expect(counts).toEqual({ lost: 0, doubled: 0, misbound: 0, otherLevel: 0, invented: 0, stillInPad: 0 });
      } finally {
        for (const child of running) await child.end("SIGKILL");
        rmSync(folder, { recursive: true, force: true });
      }
    },
  );
});
