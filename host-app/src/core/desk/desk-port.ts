import { chmodSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readIfPresent, replaceFile } from "../config/durable-file.ts";
import { readControl } from "./control-file.ts";

/** Of the service of the installed package: made by systemd, written by the service, readable by everybody, gone when it stops. */
const SERVICE_FOLDER = "/run/window-rating";
/** As the setting has it. */
const DEFAULT_PORT = 7100;

const portSchema = z.strictObject({ deskPort: z.number().int().min(1).max(65_535) });

const fileIn = (folder: string): string => join(folder, "desk-port.json");

/**
 * Tells every user of this PC the port of the desk API, and nothing else: the token stays in the data folder.
 * @param folder where only the service may write; undefined where there is none, as for a window-host that no systemd runs
 * @returns the function that takes it away again
 */
export const publishPort = (folder: string | undefined, deskPort: number): (() => void) => {
  if (folder === undefined || folder === "") return () => undefined;
  replaceFile(fileIn(folder), `${JSON.stringify({ deskPort })}\n`);
  // The service's own files are for itself alone (UMask); this one is for the others.
  chmodSync(fileIn(folder), 0o644);
  return () => rmSync(fileIn(folder), { force: true });
};

/** Where this user finds the desk API: as the data folder says, if they may read it; as the service tells everybody; or the usual port. */
export const deskPortFor = (dataDir: string, serviceFolder = SERVICE_FOLDER): number => {
  const own = readable(() => (dataDir === "" ? null : readControl(dataDir)));
  const told = own ?? readable(() => portSchema.parse(JSON.parse(readIfPresent(fileIn(serviceFolder)) ?? "")));
  return told?.deskPort ?? DEFAULT_PORT;
};

/** The clerk may read few files of window-host, and need not. */
const readable = <Content>(read: () => Content): Content | null => {
  try {
    return read();
  } catch {
    return null;
  }
};
