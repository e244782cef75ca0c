import { accessSync, constants, existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { type ListedPort, loadProfiles, matchPorts } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { permissionAdvice, readGroups } from "../../pads/port-permission.ts";
import { type Finding, fail, failure, ok, warn } from "./finding.ts";

/** Whether this user may open the port, with the fix if not. */
const portFinding = (path: string, known: string): Finding => {
  if (!existsSync(path)) return fail("Port", `${path} is not there`, "WR3001");
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return ok("Port", `${path}${known}, may be opened`);
  } catch {
    const { gid, mode } = statSync(path);
    const groups = readGroups(existsSync("/etc/group") ? readFileSync("/etc/group", "utf8") : "");
    return fail(
      "Port",
      `${path}${known} may not be opened by ${userInfo().username}`,
      "WR3002",
      permissionAdvice({ path, gid, mode }, userInfo().username, groups),
    );
  }
};

const listSerialPorts = async (): Promise<ListedPort[]> => (await import("serialport")).SerialPort.list();

/**
 * Every serial adapter of this PC, and the port that is configured.
 * @param configured `auto`, a path, or `tcp://…`
 */
export const portFindings = async (configured: string, list: () => Promise<ListedPort[]> = listSerialPorts): Promise<Finding[]> => {
  const findings: Finding[] = [];
  const paths: string[] = [];
  try {
    const ports = await list();
    const proposals = matchPorts(ports, loadProfiles());
    const stableNames = readStableNames("/dev/serial/by-id");
    // Ports on the mainboard exist without anything behind them; a USB adapter tells its maker.
    for (const { path } of ports.filter(({ path, vendorId }) => vendorId !== undefined || path === configured)) {
      const proposal = proposals.find((candidate) => candidate.path === path);
      const looks =
        proposal === undefined
          ? ""
          : proposal.verdict === "match"
            ? `, looks like ${proposal.profileId}`
            : `, may be ${proposal.profileId}`;
      findings.push(portFinding(path, `${stableNames.has(path) ? ` (${stableNames.get(path)})` : ""}${looks}`));
      paths.push(path);
    }
  } catch (error) {
    if (error instanceof WindowRatingError) findings.push(failure("Ports", error));
    else findings.push(warn("Ports", `cannot be listed: ${(error as Error).message}`, "WR3001", "Name the port: --pad /dev/ttyUSB0"));
  }
  if (configured.startsWith("tcp://")) findings.push(ok("Port", `${configured}, over the network`));
  else if (configured !== "auto" && !paths.includes(configured)) findings.push(portFinding(configured, ", as configured"));
  else if (findings.length === 0) findings.push(warn("Ports", "no serial adapter is plugged in", "WR3001"));
  return findings;
};

/** Names under which udev keeps a device whatever its number: real path → stable path. */
const readStableNames = (folder: string): Map<string, string> => {
  const names = new Map<string, string>();
  if (!existsSync(folder)) return names;
  for (const name of readdirSync(folder)) {
    const link = join(folder, name);
    if (existsSync(link)) names.set(realpathSync(link), link);
  }
  return names;
};
