import { accessSync, constants, existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { type ListedPort, loadProfiles, matchPorts, type Profile, type Proposal } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import {
  type Group,
  type PortRemedy,
  type PortUserIds,
  permissionAdvice,
  permits,
  portRemedy,
  readGroups,
  readUsers,
} from "./port-permission.ts";

/** Who may open a port. */
export interface PortAccess {
  readonly owner: string;
  readonly group: string;
  /** As chmod writes it: `0660`. */
  readonly mode: string;
  /** Whether this very user may. */
  readonly mayOpen: boolean;
  /** Whether the window-host that runs may; null if none runs. */
  readonly serviceMayOpen: boolean | null;
  /** What to do if one of them may not: as facts, and as a sentence. */
  readonly remedy?: PortRemedy;
  readonly advice?: string;
}

/** One serial port of this PC. */
export interface FoundPort {
  readonly port: ListedPort;
  /** Names that stay when the port's number changes, best first: /dev/serial/by-id, by-path, /dev/window-rating. */
  readonly stablePaths: readonly string[];
  /** null where the system has no such rights, as Windows. */
  readonly access: PortAccess | null;
  /** Which pads may be behind it, likeliest first. */
  readonly proposals: readonly Proposal[];
}

export interface PortListOptions {
  readonly list?: () => Promise<readonly ListedPort[]>;
  readonly profiles?: readonly Profile[];
  /** Process of the window-host that runs. */
  readonly service?: PortUserIds | null;
  /** Folders of names that stay. */
  readonly stableFolders?: readonly string[];
}

const STABLE_FOLDERS = ["/dev/serial/by-id", "/dev/window-rating/by-serial", "/dev/serial/by-path", "/dev/window-rating/by-path"];

const listSerialPorts = async (): Promise<readonly ListedPort[]> => (await import("serialport")).SerialPort.list();

/**
 * Every serial port of this PC, with who may open it and which pads may be behind it. Opens nothing.
 * @throws WR3001 if the system cannot list them, WR2001 if a profile is broken
 */
export const listPorts = async (options: PortListOptions = {}): Promise<FoundPort[]> => {
  const { list = listSerialPorts, profiles = loadProfiles(), service = null, stableFolders = STABLE_FOLDERS } = options;
  let ports: readonly ListedPort[];
  try {
    ports = await list();
  } catch (error) {
    // On Linux serialport asks udevadm.
    throw new WindowRatingError("WR3001", `the ports of this PC cannot be listed: ${(error as Error).message}`, error);
  }
  const proposals = matchPorts(ports, profiles, true);
  const stable = readStableNames(stableFolders);
  return ports.map((port) => ({
    port,
    stablePaths: stable.get(realPath(port.path)) ?? [],
    access: portAccess(port.path, service),
    proposals: proposals.filter(({ path }) => path === port.path),
  }));
};

/** Who may open the port at a path; null where the path is no file, as on Windows, or there is none. */
export const portAccess = (path: string, service: PortUserIds | null): PortAccess | null => {
  if (process.platform === "win32" || !existsSync(path)) return null;
  const { uid, gid, mode } = statSync(path);
  const groups = textOf("/etc/group", readGroups);
  const owner = textOf("/etc/passwd", readUsers).find((user) => user.uid === uid)?.name ?? String(uid);
  const mayOpen = isOpenable(path);
  const serviceMayOpen = service === null ? null : permits({ uid, gid, mode }, service);
  const denied = !mayOpen ? userInfo().username : serviceMayOpen === false ? (service?.name ?? "the service") : undefined;
  return {
    owner,
    group: nameOf(groups, gid),
    mode: (mode & 0o777).toString(8).padStart(4, "0"),
    mayOpen,
    serviceMayOpen,
    ...(denied === undefined
      ? {}
      : { remedy: portRemedy({ gid, mode }, denied, groups), advice: permissionAdvice({ path, gid, mode }, denied, groups) }),
  };
};

/** The user and groups that a process has; null if it is gone or the system does not tell. */
export const idsOfProcess = (pid: number): PortUserIds | null => {
  try {
    const lines = readFileSync(`/proc/${pid}/status`, "utf8").split("\n");
    const numbers = (name: string): number[] =>
      (lines.find((line) => line.startsWith(`${name}:`)) ?? "").split(/\s+/).slice(1).filter(Boolean).map(Number);
    // Real, effective, saved and file-system ids: the effective ones open files.
    const uid = numbers("Uid")[1];
    const gid = numbers("Gid")[1];
    if (uid === undefined || gid === undefined) return null;
    const name = textOf("/etc/passwd", readUsers).find((user) => user.uid === uid)?.name ?? String(uid);
    return { name, uid, gids: [gid, ...numbers("Groups")] };
  } catch {
    return null;
  }
};

const isOpenable = (path: string): boolean => {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
};

const textOf = <T>(file: string, read: (text: string) => T[]): T[] => (existsSync(file) ? read(readFileSync(file, "utf8")) : []);

const nameOf = (groups: readonly Group[], gid: number): string => groups.find((group) => group.gid === gid)?.name ?? String(gid);

const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
};

/** Names under which udev keeps a device whatever its number: real path → stable paths. */
const readStableNames = (folders: readonly string[]): Map<string, string[]> => {
  const names = new Map<string, string[]>();
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) {
      const link = join(folder, name);
      if (existsSync(link)) names.set(realpathSync(link), [...(names.get(realpathSync(link)) ?? []), link]);
    }
  }
  return names;
};
