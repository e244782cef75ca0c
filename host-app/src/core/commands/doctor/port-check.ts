import type { ListedPort } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { type FoundPort, listPorts, portAccess } from "../../pads/port-list.ts";
import type { PortUserIds } from "../../pads/port-permission.ts";
import { type Finding, fail, failure, ok, warn } from "./finding.ts";

const NEEDS = { "give-to-group": "portNeedsRule", "join-group": "portNeedsGroup", "log-in-again": "portNeedsLogIn" } as const;

/** Whether this user, and the service that runs, may open the port, with the fix if not. */
const accessFinding = (path: string, about: string | null, service: PortUserIds | null): Finding => {
  const access = portAccess(path, service);
  const facts = { path, about: about ?? "" };
  if (access === null) return process.platform === "win32" ? ok("portThere", facts) : fail("portAbsent", "WR3001", facts);
  const { owner, group, mode, mayOpen, serviceMayOpen, remedy } = access;
  // What counts is the service; who asks may be somebody else.
  const isOpen = serviceMayOpen ?? mayOpen;
  if (isOpen) return ok(about === null ? "portConfigured" : "portFine", facts);
  const denied = remedy ?? ({ is: "give-to-group", user: service?.name ?? "" } as const);
  // Whoever asks may open it, or may not either: the one that must is the service.
  const user = serviceMayOpen === false ? (service?.name ?? denied.user) : denied.user;
  return fail(NEEDS[denied.is], "WR3002", {
    ...facts,
    rights: `${owner}:${group} ${mode}`,
    user,
    ...("group" in denied ? { group: denied.group } : {}),
  });
};

/** " (a name that stays; the profile that it looks like, with a question mark where another one may be it too)" */
const aboutOf = ({ stablePaths: [stable], proposals: [proposal] }: FoundPort): string => {
  const looks = proposal === undefined ? undefined : `${proposal.profileId}${proposal.verdict === "match" ? "" : "?"}`;
  const known = [stable, looks].filter((part) => part !== undefined);
  return known.length === 0 ? "" : ` (${known.join("; ")})`;
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
      findings.push(accessFinding(port.port.path, aboutOf(port), service));
      paths.push(port.port.path);
    }
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    if (error.code === "WR3001") findings.push(warn("portsUnlisted", "WR3001", { detail: error.detail }));
    else findings.push(failure("portsBad", error));
  }
  for (const port of configured) {
    if (port === "browser") findings.push(ok("portIsPage"));
    else if (port.includes("://")) findings.push(ok("portIsNetwork", { path: port }));
    else if (port !== "auto" && !paths.includes(port)) findings.push(accessFinding(port, null, service));
  }
  if (findings.length === 0) findings.push(warn("portsNone", "WR3001"));
  return findings;
};
