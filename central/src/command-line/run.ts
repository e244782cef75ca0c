import { readFileSync, statSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import { LARGEST_ENTRY_FILE } from "@window-rating/protocol/sync";
import { type Logger, pino } from "pino";
import { startCentral } from "../central.ts";
import { openAdministration } from "./administration.ts";
import { type Command, HELP, readCommand } from "./arguments.ts";
import { codeText, entryFileText, incidentsText, setAsideText, statusText } from "./text.ts";

/** What a command line is given by its process. */
export interface Surroundings {
  readonly databaseUrl: string | undefined;
  out(text: string): void;
  err(text: string): void;
  /** Settles when the process is asked to end. */
  untilStopped(): Promise<void>;
}

/** Runs one command line. @returns the exit code: 0 done, 1 failed, 2 not understood */
export const runCommandLine = async (given: readonly string[], surroundings: Surroundings): Promise<number> => {
  try {
    await runCommand(readCommand(given, surroundings.databaseUrl), surroundings);
    return 0;
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    surroundings.err(given.includes("--json") ? `${JSON.stringify({ error })}\n` : `${error.message}\n`);
    return error.code === "WR8002" ? 2 : 1;
  }
};

type AskingCommand = Exclude<Command, { name: "help" | "serve" }>;

const runCommand = async (command: Command, surroundings: Surroundings): Promise<void> => {
  if (command.name === "help") surroundings.out(HELP);
  else if (command.name === "serve") await serve(command, surroundings);
  else surroundings.out(await ask(command));
};

const serve = async (command: Extract<Command, { name: "serve" }>, { out, untilStopped }: Surroundings): Promise<void> => {
  const log: Logger = pino({ level: command.logLevel, base: null }, pino.destination(2));
  const { port, host, contactKeys, smsGateway, oidc, proxies } = command;
  // From here on a signal ends this cleanly, also one that comes with the first line of output.
  const stopped = untilStopped();
  const central = await startCentral({ ...command.storage, port, host, log, contactKeys, smsGateway, oidc, proxies });
  out(command.json ? `${JSON.stringify({ ready: true, url: central.url })}\n` : `ready ${central.url}\n`);
  await stopped;
  await central.close();
};

const ask = async (command: AskingCommand): Promise<string> => {
  const central = await openAdministration(command.storage);
  const shown = <T>(data: T, text: (data: T) => string): string => (command.json ? `${JSON.stringify(data)}\n` : text(data));
  try {
    switch (command.name) {
      case "enrol":
        return shown(await central.makeEnrolmentCode(command.windowNo, command.validMinutes), codeText);
      case "status":
        return shown(await central.summary(), statusText);
      case "retire": {
        const { windowPcId, by, reason } = command;
        const windowNo = await central.retireWindowPc({ windowPcId, by, reason });
        return shown({ windowPcId, windowNo }, () => `Nobody waits for window PC ${windowPcId} of window ${windowNo} any more\n`);
      }
      case "entries":
        return shown(await central.takeEntryFile(fileBytes(command.file), command.by), entryFileText);
      case "incidents":
        return shown(await central.incidents(command.limit), incidentsText);
      case "set-aside":
        return shown(await central.setAside(command.limit), setAsideText);
    }
  } finally {
    await central.close();
  }
};

/** @throws WindowRatingError WR7031 if it cannot be read, WR7013 before one that is too large is */
const fileBytes = (path: string): Buffer => {
  try {
    const { size } = statSync(path);
    if (size > LARGEST_ENTRY_FILE)
      throw new WindowRatingError("WR7013", `${path} has ${size} bytes, ${LARGEST_ENTRY_FILE} at most are taken`);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof WindowRatingError) throw error;
    throw new WindowRatingError("WR7031", `${path}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
};
