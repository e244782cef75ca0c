import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCentral } from "@window-rating/central";
import { type PadPort, PtyPort, SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import { loadConfig, startHost } from "@window-rating/host-app/core";
import pino from "pino";
import { afterEach, describe, expect, test } from "vitest";
import { type Asked, heldByCentral, heldByHost, reckon } from "../demo/reckoning.ts";
import { CLERKS, ITEMS } from "../demo/seed.ts";
import { runCommand } from "../rig/child.ts";
import { deskClient } from "../rig/desk-client.ts";
import { until } from "../rig/until.ts";

const PATIENCE = 15_000;
const logger = pino({ level: "silent" });

const LINES: readonly { name: string; open(folder: string): Promise<PadPort> }[] = [
  { name: "a kernel tty with serialport", open: async (folder) => new PtyPort(join(folder, "pad")) },
  { name: "TCP", open: () => TcpPort.open(0) },
];

describe.each(LINES)("the whole path over $name", ({ open }) => {
  const undo = new AsyncDisposableStack();
  afterEach(() => undo.disposeAsync());

  test("brings every press to central once, bound to its case and clerk, through a pulled cable and a pad without power", async () => {
    const folder = mkdtempSync(join(tmpdir(), "window-rating-path-"));
    undo.defer(() => rmSync(folder, { recursive: true, force: true }));
    const central = await startCentral({ data: join(folder, "central"), port: 0 });
    undo.defer(() => central.close());
    const padStore = join(folder, "pad.store");
    const port = await open(folder);
    const pad = new SimulatedPad({ port, storeFile: padStore, serialNumber: "PATH-0001" });
    undo.defer(() => pad.close());
    const dataDir = join(folder, "window");
    const { token } = await runCommand("window-host", ["pair", "--name", "hall system", "--data", dataDir]);
    const flags = { pad: pad.path, "pad-unpaired": "admit", central: central.url, "desk-port": "0", window: "8" };
    const config = loadConfig({ dataDir, env: {}, flags });
    const { code } = await central.makeEnrolmentCode("8");
    const host = await startHost({ config, dataDir, enrolCode: code, logger });
    undo.defer(() => host.close());
    const desk = deskClient(host.deskPort, String(token));

    const asked: Asked[] = [];
    const serve = async (turn: number): Promise<string> => {
      const clerk = CLERKS[turn % 2 === 0 ? 0 : 1];
      const caseNo = `PATH-${turn}`;
      await desk.signIn(clerk);
      await desk.startCase({ caseNo, ...(ITEMS[turn % ITEMS.length] as (typeof ITEMS)[number]) });
      const { requestId } = await desk.endCase(caseNo);
      asked.push({ requestId, caseNo, staffNo: clerk.staffNo });
      await until(`invitation ${turn}`, PATIENCE, () => pad.face.phase === "inviting" && pad.face.requestId === requestId);
      return requestId;
    };
    const isTaken = () => until("the pad's store to be empty", PATIENCE, () => pad.face.power && pad.face.pendingEvents === 0);

    await serve(0);
    await pad.press(5);
    await isTaken();

    await serve(1);
    pad.unplug();
    await pad.press(1);
    expect(pad.face.pendingEvents).toBeGreaterThan(0);
    pad.plug();
    await isTaken();

    await serve(2);
    pad.unplug();
    await pad.press(2);
    pad.powerCut(50);
    pad.plug();
    await isTaken();

    // The case after it opens while the press of the case before is still in the pad.
    await serve(3);
    pad.unplug();
    await pad.press(4);
    await desk.signIn(CLERKS[0]);
    await desk.startCase({ caseNo: "PATH-4", ...ITEMS[0] });
    const { requestId } = await desk.endCase("PATH-4");
    asked.push({ requestId, caseNo: "PATH-4", staffNo: CLERKS[0].staffNo });
    pad.plug();
    await until("invitation 4", PATIENCE, () => pad.face.phase === "inviting" && pad.face.requestId === requestId);
    await pad.press(3);
    await isTaken();
    await until("the drain", PATIENCE, async () => (await desk.state()).queue.waiting === 0);
    await pad.close();

    const reckoning = reckon(asked, padStore, heldByHost(dataDir), await heldByCentral(central.url));
    expect(reckoning).toEqual({ asked: 5, pressed: 5, stored: 5, central: 5, lost: 0, duplicated: 0, misbound: 0 });
    const { database, windows } = host.status();
    expect(database).toMatchObject({ synchronous: "FULL", journalMode: "wal" });
    expect(windows[0]?.pad.roundTripMs?.samples).toBeGreaterThan(0);
  });
});
