import { accessSync, constants, existsSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { loadProfiles, matchPorts } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type Finding, fail, failure, ok, warn } from "./finding.ts";
import { permissionAdvice, readGroups } from "./port-permission.ts";

/** Whether this user may open the port, with the fix if not. */
export const portFinding = (path: string, known: string): Finding => {
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

/** Every serial port of this PC that can be a pad, and the one that is configured. @param configured `auto`, a path, or `tcp://…` */
export const portFindings = async (configured: string): Promise<Finding[]> => {
  const findings: Finding[] = [];
  const stableNames = readStableNames("/dev/serial/by-id");
  let paths: string[] = [];
  try {
    const { SerialPort } = await import("serialport");
    const ports = await SerialPort.list();
    const proposals = matchPorts(ports, loadProfiles());
    // Ports on the mainboard exist without anything behind them; a USB adapter tells its maker.
    paths = ports.filter(({ path, vendorId }) => vendorId !== undefined || path === configured).map(({ path }) => path);
    for (const path of paths) {
      const profile = proposals.find(({ port }) => port.path === path)?.profile;
      const stable = stableNames.get(path);
      findings.push(
        portFinding(path, `${stable === undefined ? "" : ` (${stable})`}${profile === undefined ? "" : `, looks like ${profile.id}`}`),
      );
    }
  } catch (error) {
    findings.push(
      error instanceof WindowRatingError
        ? failure("Ports", error)
        : warn("Ports", `cannot be listed: ${(error as Error).message}`, "WR3001", "Name the port: --pad /dev/ttyUSB0"),
    );
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
