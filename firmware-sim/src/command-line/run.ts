import { findProfile } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { auditStore, type StoreAudit } from "../audit.ts";
import type { BenchControls } from "../bench-controls.ts";
import { realClock } from "../clock/clock.ts";
import { readFaults } from "../faults/read-faults.ts";
import { seededRandom } from "../faults/seeded-random.ts";
import { startFaults } from "../faults/start-faults.ts";
import { readMakerKey } from "../files/maker-key.ts";
import { SimulatedKeypad } from "../keypad/simulated-keypad.ts";
import { PtyPort } from "../ports/pty-port.ts";
import { TcpPort } from "../ports/tcp-port.ts";
import { playScript } from "../script/player.ts";
import { readScript } from "../script/script.ts";
import { SimulatedPad } from "../simulator.ts";
import { readAssetFolder } from "../touchscreen/asset-folder.ts";
import { type Command, HELP, type PanelChoice, type RunCommand, readCommand } from "./arguments.ts";
import type { Surroundings } from "./surroundings.ts";

/** The commands that have flags of their own; each is loaded when it is called, and gives the exit code. */
const COMMANDS: Readonly<Record<string, (given: readonly string[], surroundings: Surroundings) => Promise<number>>> = {
  fleet: async (...all) => (await import("./fleet-command.ts")).runFleet(...all),
  hall: async (...all) => (await import("./hall-command.ts")).runHallCommand(...all),
  record: async (...all) => (await import("./record-command.ts")).runRecord(...all),
  replay: async (...all) => (await import("./replay-command.ts")).runReplay(...all),
};

/** Runs one command line. @returns the exit code: 0 done, 1 failed, 2 not understood */
export const runCommandLine = async (given: readonly string[], surroundings: Surroundings): Promise<number> => {
  try {
    const [name = "", ...rest] = given;
    const other = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (other !== undefined) return await other(rest, surroundings);
    await runCommand(readCommand(given), surroundings);
    return 0;
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    surroundings.err(given.includes("--json") ? `${JSON.stringify({ error })}\n` : `${error.message}\n`);
    return error.code === "WR8002" ? 2 : 1;
  }
};

const runCommand = async (command: Command, surroundings: Surroundings): Promise<void> => {
  const { output } = surroundings;
  switch (command.is) {
    case "help":
      return void output.write(HELP);
    case "audit": {
      const audit = auditStore(command.storeFile);
      return void output.write(command.json ? `${JSON.stringify(countsOf(audit))}\n` : auditText(audit));
    }
    case "run":
      return runPad(command, surroundings);
  }
};

const runPad = async (command: RunCommand, { input, output, err, untilStopped }: Surroundings): Promise<void> => {
  // From here on a signal ends this cleanly, also one that comes with the first line of output.
  const stopped = untilStopped();
  // Read before anything is opened, so that a mistake in a file leaves nothing behind.
  const script = command.scriptFile === undefined ? undefined : readScript(command.scriptFile);
  const faults = readFaults(command.faultsFile, command.faults, command.port.is === "tcp");
  const assets = command.assetFolder === undefined ? undefined : readAssetFolder(command.assetFolder);
  const makerKeys = command.makerKeyFiles.map(readMakerKey);
  const profile = findProfile(command.profileId);
  if (profile.protocol === "keypad" && command.storeFile !== undefined)
    throw new WindowRatingError("WR8002", `--store: ${profile.id} is a pad of another maker, which keeps nothing`);
  const startBoard = command.panel.is === "board" ? await readyBoard(command.panel) : undefined;
  await using running = new AsyncDisposableStack();
  const { profileId, serialNumber, storeFile } = command;
  const port = command.port.is === "pty" ? new PtyPort(command.port.link) : await TcpPort.open(command.port.port);
  running.defer(() => port.close());
  const common = { port, lineRandom: seededRandom(faults.seed), serialNumber };
  const pad =
    profile.protocol === "keypad"
      ? new SimulatedKeypad({ ...common, profile })
      : new SimulatedPad({
          ...common,
          profileId,
          firmware: { ...command.firmware, makerKeys },
          ...(assets === undefined ? {} : { assets }),
          ...(storeFile === undefined ? {} : { storeFile }),
        });
  running.defer(() => pad.close());
  const ends: Promise<void>[] = [stopped];
  let panelUrl: string | null = null;
  if (command.panel.is === "web") {
    const { startWebPanel } = await import("../panels/web.ts");
    const panel = await startWebPanel(pad, { port: command.panel.port });
    running.defer(() => panel.close());
    panelUrl = panel.url;
  }
  if (command.json) output.write(`${JSON.stringify({ port: pad.path, panel: panelUrl })}\n`);
  else output.write(`pad ${serialNumber} on ${pad.path}\n${panelUrl === null ? "" : `panel on ${panelUrl}\n`}`);
  if (startBoard !== undefined) {
    const panel = startBoard(pad, (line) => err(`${line}\n`));
    running.defer(() => panel.close());
  }
  if (command.panel.is === "terminal") {
    const { startTerminalPanel } = await import("../panels/terminal.ts");
    const panel = startTerminalPanel(pad, { input, output });
    running.defer(() => panel.close());
    ends.push(panel.closed);
  }
  // With another seed than the line's, so that the line's faults do not shift when mishaps are added.
  running.defer(startFaults(faults, pad, seededRandom(faults.seed + 1), realClock));
  if (script !== undefined) {
    const play = playScript(script, pad);
    running.defer(() => play.stop());
    play.done.then(
      () => command.panel.is !== "terminal" && err("script played to its end\n"),
      () => {},
    );
  }
  await Promise.race(ends);
};

/** Reads the wiring now, so that a mistake in it is found before anything is opened. */
const readyBoard = async ({ port: path, wiringFile }: Extract<PanelChoice, { is: "board" }>) => {
  const { readWiring, startBoardPanel } = await import("../panels/board.ts");
  const wiring = wiringFile === undefined ? {} : { wiring: readWiring(wiringFile) };
  return (pad: BenchControls, say: (line: string) => void) => startBoardPanel(pad, { path, say, ...wiring });
};

/** The shape in which an audit is printed with `--json`. */
const countsOf = ({ rated, timedOut, pending }: StoreAudit): object => ({
  pressed: rated.length,
  timedOut: timedOut.length,
  pending,
  ratings: rated.map(({ eventNo, requestId, level }) => ({ eventNo, requestId, level })),
});

const auditText = ({ rated, timedOut, pending }: StoreAudit): string =>
  [
    ...rated.map(({ eventNo, requestId, level }) => `event ${eventNo}  level ${level}  request ${requestId}`),
    `${rated.length} pressed, ${timedOut.length} timed out, ${pending} not yet stored by the host`,
    "",
  ].join("\n");
