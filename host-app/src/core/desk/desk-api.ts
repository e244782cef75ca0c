import { randomBytes } from "node:crypto";
import { publishControl } from "./control-file.ts";
import { type DeskServer, type DeskServerOptions, startDeskServer } from "./desk-server.ts";
import { Pairings } from "./pairings.ts";

export interface DeskApiOptions extends Omit<DeskServerOptions, "pairings" | "controlToken"> {
  /** Holds pairings.json, and control.json while the API runs. */
  readonly dataDir: string;
}

/** A full disk is tried again: without the file no command and no screen of this PC finds a window-host that works. */
const PUBLISH_AGAIN_MS = 2000;

/**
 * The desk API of a data folder: its pairings, and a control file by which the commands of window-host find it.
 * @throws WR8004 if the port is taken on either loopback
 */
export const startDeskApi = async ({ dataDir, ...options }: DeskApiOptions): Promise<DeskServer> => {
  const controlToken = randomBytes(32).toString("base64url");
  const server = await startDeskServer({ ...options, pairings: new Pairings(dataDir), controlToken });
  let withdraw = (): void => undefined;
  let again: NodeJS.Timeout | undefined;
  const publish = (isFirst: boolean): void => {
    try {
      withdraw = publishControl(dataDir, { pid: process.pid, deskPort: server.port, token: controlToken });
      if (!isFirst) options.logger.info("control.json is written now: status, doctor and screens reach this window-host again");
    } catch (error) {
      // A full disk must not keep the window from working: ratings go on, only commands and screens cannot ask meanwhile.
      if (isFirst) options.logger.error({ err: error }, "control.json not written; tried again until it is");
      again = setTimeout(publish, PUBLISH_AGAIN_MS, false).unref();
    }
  };
  publish(true);
  return {
    ...server,
    close: async () => {
      clearTimeout(again);
      withdraw();
      await server.close();
    },
  };
};
