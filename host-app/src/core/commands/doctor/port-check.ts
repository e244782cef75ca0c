import type { ListedPort } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type FoundPort, listPorts, portAccess } from "../../pads/port-list.ts";
import type { PortUserIds } from "../../pads/port-permission.ts";
import { type Finding, fail, failure, ok, warn } from "./finding.ts";

/** Whether this user, and the service that runs, may open the port, with the fix if not. */
const accessFinding = (path: string, known: string, service: PortUserIds | null): Finding => {
  const access = portAccess(path, service);
  if (access === null) return process.platform === "win32" ? ok("Port", `${path}${known}`) : fail("Port", `${path} is not there`, "WR3001");
  const { owner, group, mode, mayOpen, serviceMayOpen, advice } = access;
  const rights = `${owner}:${group} ${mode}`;
  if (serviceMayOpen === false) return fail("Port", `${path}${known} (${rights}) may not be opened by ${service?.name}`, "WR3002", advice);
  // What counts is the service; who asks may be somebody else.
  if (mayOpen || serviceMayOpen === true) return ok("Port", `${path}${known}, may be opened`);
  return fail("Port", `${path}${known} (${rights}) may not be opened by this user`, "WR3002", advice);
};

const knownOf = ({ stablePaths: [stable], proposals: [proposal] }: FoundPort): string => {
  const looks =
    proposal === undefined ? "" : proposal.verdict === "match" ? `, looks like ${proposal.profileId}` : `, may be ${proposal.profileId}`;
  return `${stable === undefined ? "" : ` (${stable})`}${looks}`;
};

/**
 * Every serial adapter of this PC, and the ports that are configured.
 * @param configured for each window `auto`, a path, `tcp://…` or `rfc2217://…`
 * @param service the window-host that runs
 */
export const portFindings = async (
  configured: readonly string[],
  service: PortUserIds | null = null,
  list?: () => Promise<readonly ListedPort[]>,
): Promise<Finding[]> => {
  const findings: Finding[] = [];
  const paths: string[] = [];
  try {
    // Ports on the mainboard exist without anything behind them; a USB adapter tells its maker.
    const found = await listPorts(list === undefined ? {} : { list });
    for (const port of found.filter(({ port: { path, vendorId } }) => vendorId !== undefined || configured.includes(path))) {
      findings.push(accessFinding(port.port.path, knownOf(port), service));
      paths.push(port.port.path);
    }
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    if (error.code === "WR3001") findings.push(warn("Ports", error.detail, "WR3001", "Name the port: --pad /dev/ttyUSB0"));
    else findings.push(failure("Ports", error));
  }
  for (const port of configured) {
    if (port === "browser") findings.push(ok("Port", "a page on a tablet or a second monitor (pad.port browser)"));
    else if (port.includes("://")) findings.push(ok("Port", `${port}, over the network`));
    else if (port !== "auto" && !paths.includes(port)) findings.push(accessFinding(port, ", as configured", service));
  }
  if (findings.length === 0) findings.push(warn("Ports", "no serial adapter is plugged in", "WR3001"));
  return findings;
};
