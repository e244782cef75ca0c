import { randomBytes } from "node:crypto";
import { findProfile, type ListedPort } from "@window-rating/device-profiles";
import { WindowRatingError } from "@window-rating/protocol/error";
import { answersHello, type SerialOpener } from "../pads/pad-finder.ts";
import { type FoundPort, idsOfProcess, listPorts } from "../pads/port-list.ts";
import { settingsOf } from "../pads/port-settings.ts";
import { probePort } from "../pads/probed-port.ts";
import type { Command } from "./command.ts";
import { COMMON_FLAGS, dataDirOf, readFlags } from "./flags.ts";
import { askRunningHost, type HostAnswer } from "./running-host.ts";
import { table } from "./table.ts";

const HELP = `Usage: window-host ports [--probe] [--data <dir>] [--json]

Lists the serial ports of this PC: USB ids and serial number, names that stay when the number changes, who may open the port, and
which pads may be behind it. Opens none of them, unless --probe is given.

  --probe       ask at every port that a device profile claims which pad is there; all at once, within three seconds. Nothing is
                written to other ports, and DTR and RTS are left as the profile says
  --data <dir>  the data folder of a window-host that runs: says which window has which port, and whether the service may open it
  --json        print JSON

Exit codes: 0 listed, 1 failed (WR3001), 2 bad usage.

Examples:
  window-host ports
  window-host ports --probe
  window-host ports --probe --json | jq -r '.ports[].pad.serialNumber'`;

/** What --probe found at one port. */
export type Asked =
  | { readonly is: "pad"; readonly model: string; readonly serialNumber: string; readonly firmware: string; readonly paired: boolean }
  | { readonly is: "silent" }
  | { readonly is: "foreign" }
  | { readonly is: "not-asked" }
  | { readonly is: "failed"; readonly code: string; readonly text: string };

export const portsCommand: Command = async (args, { env, print }) => {
  const flags = readFlags(args, { ...COMMON_FLAGS, probe: { type: "boolean", default: false } });
  if (flags.help) {
    print(HELP);
    return 0;
  }
  const named = flags.data ?? env.WINDOW_RATING_DATA;
  const host = named === undefined || named === "" ? null : await askRunningHost(dataDirOf(flags.data, env));
  const ports = await listPorts({ service: host?.is === "running" ? idsOfProcess(host.pid) : null });
  const { openSerialPort } = await import("../pads/serial-port.ts");
  const asked = flags.probe ? await askAll(ports, windowsAt(host), openSerialPort) : null;
  print(flags.json ? JSON.stringify({ ports: ports.map((port) => asJson(port, host, asked)) }, null, 2) : report(ports, host, asked));
  return 0;
};

/** Asks at the ports that a profile claims, all at once; not at those that a window of the running host has. By path. */
export const askAll = async (
  ports: readonly FoundPort[],
  inUse: ReadonlyMap<string, string>,
  open: SerialOpener,
  patienceMs?: number,
): Promise<ReadonlyMap<string, Asked>> =>
  new Map(
    await Promise.all(
      ports
        .filter(({ port }) => !inUse.has(port.path))
        .map(async (port): Promise<[string, Asked]> => [port.port.path, await ask(port, open, patienceMs)]),
    ),
  );

const ask = async ({ port: { path }, proposals }: FoundPort, open: SerialOpener, patienceMs?: number): Promise<Asked> => {
  const profile = proposals.map(({ profileId }) => findProfile(profileId)).find(answersHello);
  if (profile === undefined) return { is: "not-asked" };
  try {
    const probed = await probePort((events) => open(path, settingsOf(profile), events), randomBytes, patienceMs);
    await probed.release();
    if (probed.answer.is !== "pad") return probed.answer;
    const { model, serialNumber, firmware, paired } = probed.answer.pad;
    return { is: "pad", model, serialNumber, firmware, paired };
  } catch (error) {
    if (!(error instanceof WindowRatingError)) throw error;
    return { is: "failed", code: error.code, text: error.message };
  }
};

/** Which window of the running host has which port. */
const windowsAt = (host: HostAnswer | null): ReadonlyMap<string, string> =>
  new Map(
    host?.is !== "running"
      ? []
      : host.status.windows.flatMap(({ windowNo, pad }): [string, string][] => (pad.port === undefined ? [] : [[pad.port, windowNo]])),
  );

const asJson = ({ port, stablePaths, access, proposals }: FoundPort, host: HostAnswer | null, asked: ReadonlyMap<string, Asked> | null) => {
  const answer = asked?.get(port.path);
  return {
    ...port,
    stablePaths,
    access,
    proposals: proposals.map(({ path: _, ...proposal }) => proposal),
    window: windowsAt(host).get(port.path) ?? null,
    ...(answer === undefined
      ? {}
      : { probe: answer.is, ...(answer.is === "pad" ? { pad: answer } : answer.is === "failed" ? { error: answer } : {}) }),
  };
};

const report = (ports: readonly FoundPort[], host: HostAnswer | null, asked: ReadonlyMap<string, Asked> | null): string => {
  if (ports.length === 0) return "There is no serial port on this PC.";
  const windows = windowsAt(host);
  const rows = ports.flatMap(({ port, stablePaths, access, proposals }) => {
    const windowNo = windows.get(port.path);
    const answer = asked?.get(port.path);
    const [proposal] = proposals;
    return [
      [
        port.path,
        usbText(port),
        access === null ? "" : `${access.owner}:${access.group} ${access.mode}`,
        [
          windowNo === undefined ? undefined : `in use by window ${windowNo}`,
          access === null || access.mayOpen ? undefined : "may not be opened by this user",
          access?.serviceMayOpen === false ? "may not be opened by the service" : undefined,
          answer !== undefined && answer.is !== "not-asked"
            ? answerText(answer)
            : proposal === undefined
              ? "no profile claims it"
              : `${proposal.verdict === "match" ? "looks like" : "may be"} ${proposal.profileId}`,
        ]
          .filter(Boolean)
          .join("; "),
      ],
      ...stablePaths.map((path) => ["", "", "", `also ${path}`]),
      ...(access?.advice === undefined ? [] : [["", "", "", `→ ${access.advice}`]]),
    ];
  });
  return table(rows);
};

export const usbText = ({ vendorId, productId, serialNumber }: ListedPort): string =>
  vendorId === undefined ? "" : [`${vendorId}:${productId}`.toLowerCase(), serialNumber].filter(Boolean).join(" ");

export const answerText = (answer: Exclude<Asked, { is: "not-asked" }>): string => {
  switch (answer.is) {
    case "pad":
      return `pad ${answer.model} ${answer.serialNumber}, firmware ${answer.firmware}, ${answer.paired ? "paired" : "unpaired"}`;
    case "silent":
      return "no pad answers";
    case "foreign":
      return "sends what is not the pad protocol";
    case "failed":
      return answer.text;
  }
};
