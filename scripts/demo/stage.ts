import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PtyPort, SimulatedPad } from "@window-rating/firmware-sim";
import { type Child, runCommand, startChild } from "../rig/child.ts";
import { type DeskClient, deskClient } from "../rig/desk-client.ts";
import { until } from "../rig/until.ts";
import { type ConsoleDoor, consoleDoor } from "./console-door.ts";
import { pairPad } from "./pair.ts";

/** One window of a hall with real parts: central and window PC as processes of their own, the pad behind a kernel tty. */
export interface Stage {
  readonly pad: SimulatedPad;
  readonly padStore: string;
  readonly hostData: string;
  readonly deskPort: number;
  readonly token: string;
  readonly desk: DeskClient;
  readonly centralUrl: string;
  /** The way into central's console. */
  readonly consoleDoor: ConsoleDoor;
  /** Kills the window PC in the middle of whatever it does (kill -9) and starts it again. */
  crashHost(): Promise<void>;
  /** Kills central (kill -9). */
  crashCentral(): Promise<void>;
  startCentral(): Promise<void>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly folder: string;
  /** Origin of the page that plays the business system. */
  readonly origin: string;
  /** Seconds the pad invites. */
  readonly timeoutSeconds: number;
  readonly say: (line: string) => void;
  /** Path of the link to the pad's tty; by default in the folder. */
  readonly padLink?: string;
}

const WINDOW_NO = "1";
const PATIENCE = 60_000;

export const setStage = async ({ folder, origin, timeoutSeconds, say, padLink = join(folder, "pad-1") }: StageOptions): Promise<Stage> => {
  const centralData = join(folder, "central");
  const hostData = join(folder, "window-1");
  const padStore = join(folder, "pad-1.store");
  for (const path of [centralData, hostData]) mkdirSync(path, { recursive: true });
  await using undo = new AsyncDisposableStack();

  say("central starts");
  let centralPort = "0";
  const runCentral = (): Promise<Child> => startChild("window-central", ["serve", "--data", centralData, "--port", centralPort, "--json"]);
  let central = await runCentral();
  undo.defer(() => central.end("SIGTERM"));
  const centralUrl = String(central.ready.url);
  centralPort = new URL(centralUrl).port;
  const enrolment = await runCommand("window-central", ["enrol", "--window", WINDOW_NO, "--data", centralData]);

  say("the pad is plugged in");
  const pad = new SimulatedPad({ port: new PtyPort(padLink), storeFile: padStore, serialNumber: "DEMO-0001" });
  undo.defer(() => pad.close());

  say("the window PC starts");
  const pairing = await runCommand("window-host", ["pair", "--name", "业务系统示例", "--origin", origin, "--data", hostData]);
  let deskPort = "0";
  const runHost = (extra: readonly string[] = []): Promise<Child> =>
    startChild(
      "window-host",
      ["--data", hostData, "--pad", pad.path, "--central", centralUrl, "--desk-port", deskPort, "--window", WINDOW_NO, "--json", ...extra],
      {
        WINDOW_RATING_RATING_TIMEOUT_SECONDS: String(timeoutSeconds),
        WINDOW_RATING_SYNC_MAX_DELAY_SECONDS: "5",
      },
    );
  let host = await runHost(["--enrol", String(enrolment.code)]);
  undo.defer(() => host.end("SIGTERM"));
  deskPort = String(host.ready.deskPort);
  const token = String(pairing.token);
  const desk = deskClient(Number(deskPort), token);
  // Ten looks a second: the desk API refuses whoever asks without end.
  const trustNow = async () => {
    await pause(100);
    return (await desk.state()).pad.trust;
  };
  const trust = await until("the pad's answer", PATIENCE, trustNow);
  if (trust !== "paired") {
    say("the pad is paired: key 3 is held, its code is typed at the window PC");
    await pairPad(pad, hostData);
    await until("the paired pad", PATIENCE, async () => (await trustNow()) === "paired");
  }

  const running = undo.move();
  return {
    pad,
    padStore,
    hostData,
    deskPort: Number(deskPort),
    token,
    desk,
    centralUrl,
    consoleDoor: consoleDoor(folder, centralData, centralUrl),
    async crashHost() {
      await host.end("SIGKILL");
      host = await runHost();
    },
    async crashCentral() {
      await central.end("SIGKILL");
    },
    async startCentral() {
      await central.end("SIGKILL");
      central = await runCentral();
    },
    close: () => running.disposeAsync(),
  };
};
