import { existsSync, writeFileSync } from "node:fs";
import { WindowRatingError } from "@window-rating/protocol/error";
import { makeContactKeys, readContactKeys } from "../../sms/contact-keys.ts";
import { secretOf } from "../../sms/gateway-file.ts";
import { PHONE_TOKEN_ENV, startSimulatedPhone } from "../../sms/simulated-phone.ts";
import { type Administration, openAdministration } from "../administration.ts";
import { JOBS_HELP, type JobCommand, type JobSetting, readJobCommand } from "./arguments.ts";
import { jobSettingsText, jobStatusText, messagesText } from "./text.ts";

/** What these commands are given by their process. */
export interface JobSurroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  out(text: string): void;
  err(text: string): void;
  /** Settles when the process is asked to end. */
  untilStopped(): Promise<void>;
}

/**
 * Runs `window-central jobs …`, `sms`, `phone` or `contact-keys`.
 * @param given from that word on
 * @returns 0 done, 1 failed, 2 not understood
 */
export const runJobCommand = async (given: readonly string[], surroundings: JobSurroundings): Promise<number> => {
  try {
    const command = readJobCommand(given, surroundings.environment.DATABASE_URL);
    if (command.name === "help") surroundings.out(JOBS_HELP);
    else if (command.name === "phone") await servePhone(command, surroundings);
    else surroundings.out(command.name === "contact-keys" ? showKeys(command) : await ask(command));
    return 0;
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    surroundings.err(given.includes("--json") ? `${JSON.stringify({ error })}\n` : `${error.message}\n`);
    return error.code === "WR8002" ? 2 : 1;
  }
};

type Named<N extends JobCommand["name"]> = Extract<JobCommand, { name: N }>;

const ask = async (command: Named<"jobs" | "jobs set" | "sms">): Promise<string> => {
  const central = await openAdministration(command.storage);
  const shown = <T>(data: T, text: (data: T) => string): string => (command.json ? `${JSON.stringify(data)}\n` : text(data));
  try {
    switch (command.name) {
      case "jobs":
        return shown(await central.jobStatus(), jobStatusText);
      case "jobs set":
        return shown(await setJobs(central, command.changes, command.by), jobSettingsText);
      case "sms":
        return shown(await central.messages(command.limit), messagesText);
    }
  } finally {
    await central.close();
  }
};

const setJobs = async (central: Administration, { changes, halls }: JobSetting, by: string) => {
  if (halls.size === 0) return central.setJobs(changes, by);
  const { settings } = await central.jobStatus();
  const hallQuietHours = { ...settings.hallQuietHours };
  for (const [hall, hours] of halls) {
    if (hours === undefined) delete hallQuietHours[hall];
    else hallQuietHours[hall] = hours;
  }
  return central.setJobs({ ...changes, hallQuietHours }, by);
};

const showKeys = ({ file, json }: Named<"contact-keys">): string => {
  const made = !existsSync(file);
  const { publicKey } = made ? makeContactKeys(file) : readContactKeys(file);
  if (json) return `${JSON.stringify({ file, made, publicKey })}\n`;
  return `${made ? `Made ${file}; keep a copy of it in a safe place\n` : ""}Public key, for window PCs and business systems: ${publicKey}\n`;
};

const servePhone = async (
  { port, central, save, json }: Named<"phone">,
  { environment, out, untilStopped }: JobSurroundings,
): Promise<void> => {
  const stopped = untilStopped();
  const token = secretOf(environment, PHONE_TOKEN_ENV);
  const phone = await startSimulatedPhone({ port, centralUrl: central, token });
  try {
    if (save !== undefined) saveFile(save, `${JSON.stringify(phone.gatewayFile, undefined, 2)}\n`);
    out(json ? `${JSON.stringify({ ready: true, url: phone.url })}\n` : `ready ${phone.url}\n`);
    await stopped;
  } finally {
    await phone.close();
  }
};

const saveFile = (path: string, content: string): void => {
  try {
    writeFileSync(path, content);
  } catch (error) {
    throw new WindowRatingError("WR8002", `--save ${path}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
};
