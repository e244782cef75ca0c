import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type PadOptions, SimulatedPad, TcpPort } from "@window-rating/firmware-sim";
import type { DeskState } from "@window-rating/protocol/desk";
import { pino } from "pino";
import { loadConfig } from "../../config/index.ts";
import { readControl } from "../../desk/control-file.ts";
import { Pairings } from "../../desk/pairings.ts";
import { type RunningHost, startHost } from "../../host.ts";
import type { OpenedScreen } from "../screens.ts";

export interface StageOptions {
  readonly windows?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
  /** What is special of the pad of a window, by its number. */
  readonly pads?: Readonly<Record<string, Partial<Omit<PadOptions, "port">>>>;
  /** More windows, with pads that are the test's own business. */
  readonly others?: readonly { readonly windowNo: string; readonly pad: { readonly port: string; readonly profile?: string } }[];
}

/** A clerk of the tests: invented, with a PIN of their own. */
export interface TestClerk {
  readonly staffNo: string;
  readonly name: string;
  readonly pin: string;
  readonly card: string;
}

export const ZHANG: TestClerk = { staffNo: "1001", name: "张三样例", pin: "730518", card: "0004721935" };
export const LI: TestClerk = { staffNo: "1002", name: "李四样例", pin: "961427", card: "0008153926" };

/** A window PC with a simulated pad at each window; the pads outlive it, so that it can be stopped and started again. */
export const setScreenStage = async ({ windows = ["12"], settings = {}, pads: special = {}, others = [] }: StageOptions = {}) => {
  const undo = new AsyncDisposableStack();
  const dataDir = mkdtempSync(join(tmpdir(), "window-rating-screens-"));
  undo.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const pads = new Map<string, SimulatedPad>();
  for (const windowNo of windows) {
    const pad = new SimulatedPad({ port: await TcpPort.open(0), serialNumber: `PAD-${windowNo}`, ...special[windowNo] });
    undo.defer(() => pad.close());
    pads.set(windowNo, pad);
  }
  const padOf = (windowNo: string): SimulatedPad => {
    const pad = pads.get(windowNo);
    if (pad === undefined) throw new Error(`no pad at window ${windowNo}`);
    return pad;
  };
  const list = windows.map((windowNo) => ({ windowNo, pad: { port: padOf(windowNo).path, serialNumber: `PAD-${windowNo}` } }));
  const { token } = new Pairings(dataDir).add("hall system", [], Date.now());

  let host: RunningHost | undefined;
  const start = async (changed: Readonly<Record<string, string>> = {}): Promise<RunningHost> => {
    const config = loadConfig({
      dataDir,
      env: { WINDOW_RATING_WINDOWS: JSON.stringify([...list, ...others]) },
      flags: { "desk-port": "0", "screens-port": "0", "pad-unpaired": "admit", ...settings, ...changed },
    });
    host = await startHost({ config, dataDir, logger: pino({ level: "silent" }) });
    return host;
  };
  const stop = async (): Promise<void> => {
    await host?.close();
    host = undefined;
  };
  undo.defer(stop);
  await start();

  const call = async <Answer>(bearer: string, path: string, body: object): Promise<Answer> => {
    const { deskPort } = host as RunningHost;
    const answer = await fetch(`http://127.0.0.1:${deskPort}/desk/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const content = (await answer.json()) as Answer;
    if (!answer.ok) throw new Error(JSON.stringify(content));
    return content;
  };
  return {
    dataDir,
    padOf,
    start,
    stop,
    /** As a business system calls the desk API. */
    desk: <Answer = unknown>(path: string, body: object = {}) => call<Answer>(token, path, body),
    state: async (windowNo?: string): Promise<DeskState> => {
      const { deskPort } = host as RunningHost;
      const query = windowNo === undefined ? "" : `?windowNo=${encodeURIComponent(windowNo)}`;
      const answer = await fetch(`http://127.0.0.1:${deskPort}/desk/v1/state${query}`, { headers: { authorization: `Bearer ${token}` } });
      return (await answer.json()) as DeskState;
    },
    /** As the commands of window-host call it. */
    it: <Answer = unknown>(path: string, body: object = {}) => call<Answer>(readControl(dataDir)?.token ?? "", path, body),
    /** The address that `window-host screen strip` prints. */
    openStrip: async (windowNo?: string): Promise<string> => {
      const about = windowNo === undefined ? {} : { windowNo };
      const { url } = await call<OpenedScreen>(readControl(dataDir)?.token ?? "", "/screens/open", { screen: "strip", ...about });
      return url;
    },
    /** The address that `window-host screen console` prints. */
    openConsole: async (): Promise<string> =>
      (await call<OpenedScreen>(readControl(dataDir)?.token ?? "", "/screens/open", { screen: "console" })).url,
    /** Known here, with a PIN of their own and a card. */
    hire: async ({ staffNo, name, pin, card }: TestClerk): Promise<void> => {
      const control = readControl(dataDir)?.token ?? "";
      await call(control, "/clerks/add", { staffNo, name });
      await call(control, "/clerks/card", { staffNo, card });
      const { code } = await call<{ code: string }>(control, "/clerks/code", { staffNo });
      await call(token, "/clerk/pin/set", { windowNo: windows[0], staffNo, code, newPin: pin });
    },
    close: () => undo.disposeAsync(),
  };
};

export type ScreenStage = Awaited<ReturnType<typeof setScreenStage>>;
