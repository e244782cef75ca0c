import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCentral } from "@window-rating/central";
import { rateAt } from "@window-rating/central/bench";
import { PtyPort, SimulatedPad } from "@window-rating/firmware-sim";
import { loadConfig, startHost } from "@window-rating/host-app/core";
import pino from "pino";
import { afterEach, expect, test } from "vitest";
import { CLERKS, ITEMS } from "../demo/seed.ts";
import { runCommand } from "../rig/child.ts";
import { deskClient } from "../rig/desk-client.ts";
import { until } from "../rig/until.ts";

const PATIENCE = 20_000;

const undo = new AsyncDisposableStack();
afterEach(() => undo.disposeAsync());

test("the code of a case is on the touchscreen and at the desk a moment after its rating opens, leads to central's page, and is good once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "window-rating-code-"));
  undo.defer(() => rmSync(folder, { recursive: true, force: true }));
  const central = await startCentral({ data: join(folder, "central"), port: 0 });
  undo.defer(() => central.close());
  const pad = new SimulatedPad({
    port: new PtyPort(join(folder, "pad")),
    profileId: "generic/touchscreen",
    storeFile: join(folder, "pad.store"),
    serialNumber: "CODE-0001",
  });
  undo.defer(() => pad.close());
  const dataDir = join(folder, "window");
  const { token } = await runCommand("window-host", ["pair", "--name", "hall system", "--data", dataDir]);
  const flags = { pad: pad.path, "pad-unpaired": "admit", central: central.url, "desk-port": "0", window: "8" };
  const config = loadConfig({ dataDir, env: {}, flags });
  const { code } = await central.makeEnrolmentCode("8");
  const host = await startHost({ config, dataDir, enrolCode: code, logger: pino({ level: "silent" }) });
  undo.defer(() => host.close());
  const desk = deskClient(host.deskPort, String(token));
  await desk.signIn(CLERKS[0]);
  await desk.startCase({ caseNo: "CODE-1", ...ITEMS[0] });
  const { requestId } = await desk.endCase("CODE-1");

  const { requestId: shown, caseQr } = await until("the code on the screen", PATIENCE, () => {
    const scene = pad.face.screen?.scene;
    return scene?.is === "options" && scene.caseQr !== null && scene;
  });
  const onScreen = caseQr ?? "";
  expect(shown).toBe(requestId);
  const request = await until("the code at the desk", PATIENCE, async () => {
    const { request: newest } = await desk.state();
    return newest?.code != null && newest;
  });
  expect(request.code?.text).toBe(onScreen);
  expect(onScreen).toMatch(new RegExp(`^${central.url}/Q/[0-9A-HJKMNP-TV-Z]{32}$`));

  expect((await rateAt(onScreen, 2)).text).toContain("谢谢您的评价");
  pad.touch({ do: "level", requestId: shown, level: 5 });
  const { scene } = pad.face.screen ?? {};
  if (scene?.is === "details") pad.touch({ do: "confirm", requestId: shown, written: { words: "", name: "", phone: "" } });
  await until("the press at central", PATIENCE, async () => (await desk.state()).queue.waiting === 0 && pad.face.pendingEvents === 0);
  // The clerk is rated; the code asks for the item next, and for nothing after that.
  expect((await rateAt(onScreen, 4)).text).toContain("谢谢您的评价");
  expect((await fetch(onScreen)).status).toBe(409);
});
