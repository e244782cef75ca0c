import { resolve } from "node:path";
import type { PadPort } from "../ports/pad-port.ts";
import { PtyPort } from "../ports/pty-port.ts";
import { TcpPort } from "../ports/tcp-port.ts";
import { refuse } from "./flags.ts";

/**
 * Opens what a host takes for a pad's port.
 * @param where path of a link to a tty, or tcp:port
 * @throws WR8002, WR8004, WR9003
 */
export const openListenPort = async (where: string): Promise<PadPort> => {
  const tcp = /^tcp:(\d{1,5})$/.exec(where)?.[1];
  if (tcp === undefined && !/^tcp:/.test(where)) return new PtyPort(resolve(where));
  if (tcp === undefined || Number(tcp) > 65_535) throw refuse(`--listen ${where}: give a path, or tcp:7001`);
  return TcpPort.open(Number(tcp));
};
