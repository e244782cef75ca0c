import { type KeypadProfile, type ListedPort, matchPorts } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { deviceAt } from "./device-id.ts";
import type { OpenPort, PortEvents } from "./pad-port.ts";

export interface KeypadPortOptions {
  readonly profile: KeypadProfile;
  /** `auto`, or a path. */
  readonly path: string;
  /** Serial number of the USB adapter; null: any. */
  readonly adapter: string | null;
  readonly list: () => Promise<readonly ListedPort[]>;
  readonly open: (path: string, events: PortEvents) => Promise<OpenPort>;
}

/**
 * How to open the port of another maker's pad. Nothing is asked there, for such a pad has no handshake: it is known by its adapter's
 * serial number, or by its profile's USB ids where one port alone fits, or by its path.
 * @throws WR3001 if no port fits, or several do; what `open` throws
 */
export const keypadPort =
  ({ profile, path, adapter, list, open }: KeypadPortOptions) =>
  async (events: PortEvents): Promise<OpenPort> => {
    const ports = await listed(list, path !== "auto" && adapter === null);
    const port = adapter !== null ? byAdapter(ports, adapter) : path === "auto" ? byProfile(ports, profile) : undefined;
    const chosen = port?.path ?? path;
    const serialNumber = (port ?? ports.find((one) => isSame(one.path, chosen)))?.serialNumber;
    const opened = await open(chosen, events);
    return serialNumber === undefined || serialNumber === "" ? opened : { ...opened, adapter: serialNumber };
  };

/** @param mayFail a port that is named can be opened without the list */
const listed = async (list: KeypadPortOptions["list"], mayFail: boolean): Promise<readonly ListedPort[]> => {
  try {
    return await list();
  } catch (error) {
    if (mayFail) return [];
    throw new WindowRatingError("WR3001", `the ports of this PC cannot be listed: ${(error as Error).message}`, error);
  }
};

const byAdapter = (ports: readonly ListedPort[], adapter: string): ListedPort => {
  const found = ports.find(({ serialNumber }) => serialNumber === adapter);
  if (found === undefined) throw new WindowRatingError("WR3001", `no port of this PC has an adapter with serial number ${adapter}`);
  return found;
};

const byProfile = (ports: readonly ListedPort[], profile: KeypadProfile): ListedPort => {
  const proposals = matchPorts(ports, [profile], true);
  const best = proposals.filter(({ verdict }) => verdict === proposals[0]?.verdict);
  const [only, ...others] = best;
  const found = ports.find((port) => port.path === only?.path);
  if (found === undefined) throw new WindowRatingError("WR3001", `no port of this PC looks like ${profile.id}; name its port`);
  if (others.length === 0) return found;
  const names = best.map((one) => one.path).join(", ");
  throw new WindowRatingError(
    "WR3001",
    `${names} may all lead to ${profile.id}, which cannot be asked; name its port or the serial number of its adapter`,
  );
};

const isSame = (one: string, other: string): boolean => {
  const device = deviceAt(one);
  return one === other || (device !== undefined && device === deviceAt(other));
};
