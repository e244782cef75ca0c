import { prepareDataDir } from "../config/data-dir.ts";
import { configOf, misspeltVariables, SETTING_LIST, type SettingInForce, settingsInForce } from "../config/index.ts";
import { doubtText, settingDoubts } from "../config/setting-doubts.ts";
import { publishPort } from "../desk/desk-port.ts";
import type { Running } from "../window-pc.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { createHostLogger } from "./logger.ts";

const SETTING_FLAGS = Object.fromEntries(SETTING_LIST.map(({ flag }) => [flag, { type: "string" }] as const));

/** Runs the window PC, or the rescue of its database, until SIGINT or SIGTERM. A second signal ends it at once, which loses nothing that was accepted. */
export const runCommand: Command = async (args, { env, print }) => {
  const flags = readFlags(args, { ...COMMON_FLAGS, ...SETTING_FLAGS, enrol: { type: "string" } });
  if (flags.help) return (await import("./help-command.ts")).helpCommand([], { env, print });
  const dataDir = dataDirOf(flags.data as string | undefined, env);
  const settings = settingsInForce({ dataDir, env, flags });
  const config = configOf(settings);
  prepareDataDir(dataDir);
  const logger = createHostLogger(config.log, dataDir);
  for (const text of [...doubts(settings, env), ...settingDoubts(config).map(doubtText)]) logger.warn(text);

  // Before anything is started, so that a stop during the start is obeyed too.
  const stop = stopSignal();
  const { startWindowPc } = await import("../window-pc.ts");
  const pc = await startWindowPc({
    config,
    dataDir,
    logger,
    ...(typeof flags.enrol === "string" ? { enrolCode: flags.enrol } : {}),
  });
  const withdrawPort = publishPort(env.RUNTIME_DIRECTORY, pc.running.host.deskPort);
  const tell = (): void => print(flags.json ? JSON.stringify(readiness(pc.running)) : readyText(pc.running));
  tell();
  pc.onChange(tell);
  logger.info({ signal: await Promise.race([stop, pc.failed]) }, "window-host stops");
  withdrawPort();
  await pc.close();
  logger.flush();
  // Nothing should keep the process alive now; if something does, it must not be able to.
  setTimeout(() => process.exit(0), 2000).unref();
  return 0;
};

const readiness = ({ is, host: { deskPort } }: Running): object => ({
  ready: is === "host",
  ...(is === "rescue" ? { code: "WR4001" } : {}),
  deskPort,
  pid: process.pid,
});

const readyText = ({ is, host: { deskPort } }: Running): string =>
  is === "host"
    ? `window-host is ready: desk API on http://127.0.0.1:${deskPort}, process ${process.pid}`
    : `WR4001 the database is damaged: window-host serves nothing but its rescue (window-host screen console), process ${process.pid}`;

const stopSignal = (): Promise<string> => {
  let isStopping = false;
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        if (isStopping) process.exit(1);
        isStopping = true;
        resolve(signal);
      });
    }
  });
};

/** What is allowed, but hardly meant. */
const doubts = (settings: readonly SettingInForce[], env: Readonly<Record<string, string | undefined>>): string[] => {
  const texts = misspeltVariables(env).map(({ name, meant }) => `${name} has no effect; the nearest is ${meant}`);
  const fromDefault = (key: string): boolean => settings.some(({ setting, from }) => setting.key === key && from === "default");
  const several = settings.some(({ setting, value }) => setting.key === "windows" && (value as readonly unknown[]).length > 0);
  const idle = ["windowNo", "pad.port", "pad.profile", "pad.serialNumber"].filter((key) => !fromDefault(key));
  if (several && idle.length > 0)
    texts.push(`${idle.join(", ")} ${idle.length === 1 ? "has" : "have"} no effect: windows lists the windows and their pads`);
  if (!several && fromDefault("windowNo"))
    texts.push("no window number is set: ratings are recorded for window 1 (--window, or window-host config --set windowNo=12)");
  if (fromDefault("central"))
    texts.push("no central is set: ratings wait on this PC (--central, or window-host config --set central=<url>)");
  return texts;
};
