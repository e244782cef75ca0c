import { randomBytes } from "node:crypto";
import { publishControl } from "./control-file.ts";
import { type DeskServer, type DeskServerOptions, startDeskServer } from "./desk-server.ts";
import { Pairings } from "./pairings.ts";

export interface DeskApiOptions extends Omit<DeskServerOptions, "pairings" | "controlToken"> {
  /** Holds pairings.json, and control.json while the API runs. */
  readonly dataDir: string;
}

/**
 * The desk API of a data folder: its pairings, and a control file by which the commands of window-host find it.
 * @throws WR8004 if the port is taken on either loopback
 */
export const startDeskApi = async ({ dataDir, ...options }: DeskApiOptions): Promise<DeskServer> => {
  const controlToken = randomBytes(32).toString("base64url");
  const server = await startDeskServer({ ...options, pairings: new Pairings(dataDir), controlToken });
  let withdraw = (): void => undefined;
  try {
    withdraw = publishControl(dataDir, { pid: process.pid, deskPort: server.port, token: controlToken });
  } catch (error) {
    // A full disk must not keep the window from working: ratings go on, only status and doctor cannot ask.
    options.logger.error({ err: error }, "control.json not written");
  }
  return {
    ...server,
    close: async () => {
      withdraw();
      await server.close();
    },
  };
};
